"""Definitions: the YAML files that people write, read so that every fault can name its file, line and column."""
