"""Dotted names of recorded quantities, and where they lie in a file."""
from gpusyn.recording.errors import RecordingError


def split_name(name):
    """'neurons.nmda.conductance' -> ('neurons', 'nmda.conductance').

    Raises:
        RecordingError: the name has no dot, an empty part, or a slash (which HDF5 would read as a folder).
    """
    owner, _, rest = name.partition(".")
    if not all(name.split(".")) or not rest or "/" in name:
        raise RecordingError(f"recorded name '{name}' must read <population>.<quantity>, like 'neurons.v'")
    return owner, rest


def spike_group(population, point, n_point):
    """Name of the SONATA population of one sweep point: 'neurons', or 'neurons_point0003' in a sweep."""
    return population if n_point == 1 else f"{population}_point{point:04d}"
