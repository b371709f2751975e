"""All pictures of a run at once."""
from dataclasses import dataclass, field
from pathlib import Path

from gpusyn.plots.amounts import ledger
from gpusyn.plots.choice import NothingToDraw, concentrations, full_traces, potentials, tree_traces
from gpusyn.plots.field import concentration_field
from gpusyn.plots.lattice import lattice_map
from gpusyn.plots.lines import traces
from gpusyn.plots.movie import lattice_movie
from gpusyn.plots.raster import spike_raster
from gpusyn.plots.receptors import open_fractions, receptor_states
from gpusyn.plots.space_time import kymograph
from gpusyn.plots.style import DPI
from gpusyn.plots.summaries import counted, distribution, reduced, reduction
from gpusyn.plots.sweep import figures_of_merit, sweep_map
from gpusyn.plots.tree import tree_map
from gpusyn.plots.tree_film import tree_movie


@dataclass
class Drawn:
    """Pictures that were made, and why others were not."""
    paths: list[Path] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)

    def __iter__(self):
        return iter(self.paths)

    def __len__(self):
        return len(self.paths)


def draw_all(run, folder, point=0, ending="png", movie=True):
    """Make every picture that the run has data for: one per population, transmitter and mapped quantity.

    Args:
        run: a `Run`.
        folder: where they go; made if it is not there.
        point: sweep point of all pictures but the sweep's own.
        ending: png, pdf or svg.
        movie: whether to film as well; films take longest.

    Returns:
        `Drawn`: iterating gives the paths; `left_out` is {picture: reason}.
    """
    folder, drawn = Path(folder), Drawn()
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in _pictures(run, point):
        try:
            figure = draw()
        except NothingToDraw as reason:
            drawn.left_out[name] = str(reason)
            continue
        drawn.paths.append(folder / f"{name}.{ending}")
        figure.savefig(drawn.paths[-1], dpi=DPI)
    if movie:
        _film(run, folder, point, drawn)
    return drawn


def _pictures(run, point):
    """(name, function without arguments) of each picture; one that asks for data in general if there are none."""
    full = full_traces(run)
    fields = concentrations(run, full)
    maps = [name for name in full if name not in fields]
    live = potentials(run, [name for name in run.traces() if len(run[name]) > 1])
    for population in run.spikes or [None]:
        yield _named("spike_raster", population), lambda p=population: spike_raster(run, p, point)
    for name in maps or [None]:
        yield _named("lattice_map", name), lambda n=name: lattice_map(run, n, point=point)
    for name in fields or [None]:
        yield _named("concentration_field", name), lambda n=name: concentration_field(run, n, point=point)
    for name in tree_traces(run):
        yield f"kymograph_{name}", lambda n=name: kymograph(run, n, point=point)
        yield f"tree_map_{name}", lambda n=name: tree_map(run, n, point=point)
    for name in live or [None]:
        yield _named("traces", name), lambda n=name: traces(run, n, point=point)
    for name in [name for name in reduced(run) if name not in open_fractions(run)] or [None]:
        yield _named("reduction", name), lambda n=name: reduction(run, n, point)
    for name in counted(run) or [None]:
        yield _named("distribution", name), lambda n=name: distribution(run, n, point)
    yield "receptor_states", lambda: receptor_states(run, point=point)
    for transmitter in run.ledger or [None]:
        yield _named("ledger", transmitter), lambda t=transmitter: ledger(run, t, point)
    for merit in (figures_of_merit(run) if run.n_point > 1 else {}) or [None]:
        yield _named("sweep_map", merit), lambda m=merit: sweep_map(run, m)


def _named(picture, subject):
    return picture if subject is None else f"{picture}_{subject}"


def _film(run, folder, point, drawn):
    for name, film in (("lattice_movie", lattice_movie), ("tree_movie", tree_movie)):
        if film is tree_movie and not run.trees:
            continue
        try:
            drawn.paths.append(film(run, folder / name, point=point))
        except NothingToDraw as reason:
            drawn.left_out[name] = str(reason)
