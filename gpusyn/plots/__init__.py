"""Pictures of a run: one function per picture, each takes a `Run` and returns a matplotlib Figure.

    spike_raster         when each neuron fired, above the population's rate
    lattice_map          one quantity over the lattice at several times
    lattice_movie        the same as a film (returns its path)
    concentration_field  a transmitter in space, with cuts where most of it is
    kymograph            one quantity along a tree: distance against time
    tree_map             trees coloured by one quantity at several times
    tree_movie           the same as a film (returns its path)
    traces               one quantity at some sites over time, stacked
    reduction            mean and range over the sites, over time
    distribution         the values of all sites as a histogram that changes
    receptor_states      open fractions over time
    ledger               where the released transmitter went, and how well the sum closes
    sweep_map            a figure of merit over the sweep

Beside runs, `draw_morphology(morphology, values)` draws a cell, coloured by a value per node.

`draw_all(run, folder)` makes every picture that the run has data for. Every function draws into `figure` if it is given
one (a Figure or a SubFigure), takes a sweep `point`, and raises `NothingToDraw` where the data are missing.
matplotlib is imported when the first picture is drawn; no display is needed.
"""
from importlib import import_module

# No module may have the name of a function: its import would hide the function.
_HOME = {
    "spike_raster": "raster", "lattice_map": "lattice", "lattice_movie": "movie", "concentration_field": "field",
    "traces": "lines", "reduction": "summaries", "distribution": "summaries", "receptor_states": "receptors",
    "ledger": "amounts", "sweep_map": "sweep", "draw_all": "everything", "NothingToDraw": "choice",
    "draw_morphology": "morphology", "kymograph": "space_time", "tree_map": "tree", "tree_movie": "tree_film",
}  # fmt: skip
__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name):
    """Import on first use, so that `import gpusyn.plots` does not import matplotlib."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
