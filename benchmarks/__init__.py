"""How fast gpusyn is, beside the simulators that people of the field use; `python -m benchmarks --help`."""
