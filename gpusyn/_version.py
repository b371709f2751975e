"""The one place where gpusyn's version is written."""

__version__ = "0.1.0"
