"""mailflow: homework between coaching sessions, by email."""

__version__ = "0.1.0"
