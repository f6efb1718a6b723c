"""Figures, measured: `python -m bench` prints a table."""
