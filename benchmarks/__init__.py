"""How fast cadence is, measured: `make bench`, or `python -m benchmarks --count 1000`."""
