"""From equations in Python to source for each target, by way of the standard `ast` module."""
