"""Measurements of the running service: `python -m benchmarks`. What they mean is in README.md beside this file."""
