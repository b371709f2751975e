"""What to draw when the caller does not say: which recording, which times, which sites."""
import numpy as np

from gpusyn.errors import GpusynError
from gpusyn.plots.style import CONCENTRATIONS


class NothingToDraw(GpusynError, LookupError):  # noqa: N818   says what is the case, and is no fault
    """The run has no data for a picture; the message says what would have to be recorded."""


def full_traces(run):
    """Names of quantities of which there are maps, at two times or more."""
    return [name for name in run.traces() if has_maps(run, name) and len(run[name]) > 1]


def has_maps(run, name):
    """Whether a quantity was recorded at every site of a lattice that extends in two directions."""
    shape = run.lattice_shape(name)
    return name in run.traces() and run[name].shape[-1] == run.n_site(name) and len(shape) > 1 < min(shape[-2:])


def tree_traces(run):
    """Names of quantities recorded at every node of trees, at two times or more; concentrations first."""
    names = [name for trees in run.trees.values() for name in trees.quantities() if len(run[name]) > 1]
    free = concentrations(run, names)
    return free + [name for name in names if name not in free]


def potentials(run, names):
    """Those of `names` that are electric potentials."""
    return [name for name in names if run.units(name) == "mV"]


def concentrations(run, names):
    """Those of `names` that are concentrations."""
    return [name for name in names if run.units(name) in CONCENTRATIONS]


def pick(run, quantity, candidates, wanted):
    """`quantity` if it is given, else the first candidate.

    Raises:
        NothingToDraw: no candidate; `wanted` says what is missing.
        UnknownRecordingError: `quantity` was not recorded.
    """
    if quantity is not None:
        run[quantity]                           # an unknown name is an error with a suggestion
        return quantity
    if not candidates:
        raise NothingToDraw(f"{run.path.name}: {wanted}")
    return candidates[0]


def pick_rows(run, name, times, n):
    """Indices of the rows nearest to `times` in ms, or `n` rows spread over the run, its first moment left out."""
    stored = run.time(name)
    if len(stored) == 0:
        raise NothingToDraw(f"{run.path.name}: no row of '{name}' was recorded")
    if times is None:
        spread = np.linspace(0, len(stored), min(n, len(stored)) + 1)[1:].round().astype(int)
        return np.unique(np.minimum(spread, len(stored) - 1))
    return np.abs(stored[:, None] - np.atleast_1d(times)).argmin(axis=0)


def rows_at(run, name, rows, point):
    """Some rows of a quantity as (row, *lattice) arrays."""
    recorded = run[name]
    if not has_maps(run, name):
        raise NothingToDraw(f"{run.path.name}: '{name}' was not recorded at every site of a lattice in two directions")
    where = (lambda row: (row, point)) if run.n_point > 1 else (lambda row: row)
    return np.stack([recorded[where(int(row))] for row in rows]).reshape(-1, *run.lattice_shape(name))


def duration(run):
    """Time of the last thing recorded, ms."""
    ends = [run.time(name)[-1] for name in run if len(run[name])]
    for population in run.spikes.values():
        for point in range(population.n_point):
            times = population.point(point).times
            ends += [times[-1]] if len(times) else []
    return float(max(ends, default=0.0))
