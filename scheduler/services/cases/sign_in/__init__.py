"""Signing in: one module a way, and what all ways share."""
