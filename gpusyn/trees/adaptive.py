"""What steps of adaptive length may be, and what a model must be for them."""
from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log2
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.links import Played
from gpusyn.program import DRAW_WORDS
from gpusyn.quantities import State, path_of
from gpusyn.units import to_canonical

UNEQUAL = 1e-9  # by which slopes of a table differ beyond rounding, of their size


@dataclass(frozen=True)
class Adaptive:
    """Steps as long as a tolerance allows: ``model.add_trees(..., scheme=gs.Adaptive(tolerance=1e-3))``.

    A step is model.dt times a power of two, and model.dt itself at the least. It ends where something is recorded,
    where a source or clamp begins or ends, and where a table bends.

    Args:
        tolerance: error of one step, as a part of each state; a state counts as 0.01 uM, 0.01 (gates and fractions) or
            10 mV at the least. Errors add up over steps as they do in any such method.
        longest: the longest step, in ms or as text.

    Raises:
        ModelError: a tolerance that is not between 0 and 1, or a step that is not positive.
    """

    tolerance: float = 1e-3
    longest: Any = 20.0

    def __post_init__(self):
        if not (isinstance(self.tolerance, float | int) and 0 < self.tolerance < 1):
            raise ModelError(f"Adaptive.tolerance: {self.tolerance!r} must be between 0 and 1")
        longest = to_canonical(self.longest, "ms", where="Adaptive.longest")
        if not (longest > 0 and isfinite(longest)):
            raise ModelError(f"Adaptive.longest: {self.longest!r} must be a positive time")
        object.__setattr__(self, "longest", longest)

    def rungs(self, dt: float, name: str) -> int:
        """How often `dt`, ms, can be doubled.

        Raises:
            ModelError: it is too long already.
        """
        if self.longest < dt * (1 - UNEQUAL):
            raise ModelError(f"{name}.scheme: steps of at most {self.longest:g} ms are shorter than model.dt, which is "
                             f"{dt:g} ms and the shortest step; use a smaller dt")
        return int(log2(self.longest / dt) + UNEQUAL)


def require_adaptable(model, trees) -> None:
    """Raise a `ModelError` if anything in a model of adaptive `trees` counts in steps of model.dt, or jumps unseen."""
    rule = f"'{trees.name}' takes adaptive steps, which "
    for parts in (model.transmitters, model.sources, model.connections, model.gap_junctions, model.links):
        for part in parts.values():
            raise ModelError(f"{part.name}: {rule}no {type(part).__name__.lower()} can follow; use scheme 'sbdf2'")
    for part in model.populations.values():
        if getattr(part, "scheme", "") != "adaptive":
            raise ModelError(f"{part.name}: {rule}only trees of the same scheme can follow; give it the scheme "
                             "'adaptive', or all trees 'sbdf2'")
    for member, mechanism in trees.members.items():
        place, kind = path_of(trees.name, member), type(mechanism).__name__
        if "on_spike" in type(mechanism).functions:
            raise ModelError(f"{place}: {kind} answers to spikes, in steps of model.dt; {rule}it cannot follow; use "
                             "'sbdf2'")
        for name, quantity in mechanism.quantities.items():
            counting = isinstance(quantity, State) and quantity.kind in ("countdown", "stopwatch", "count")
            if counting or getattr(quantity, "kind", "") in (*DRAW_WORDS, "noise"):
                raise ModelError(f"{place}.{name}: a {quantity.kind} goes by steps of model.dt; {rule}"
                                 f"{kind} cannot follow; use 'sbdf2'")
        if reads_time(mechanism) and not hasattr(mechanism, "next_jump"):
            raise ModelError(f"{place}: {kind} reads the time t, and {rule}must not pass over a jump: give it a method "
                             "next_jump(value, t), the first time after t at which it jumps, or use 'sbdf2'")


def reads_time(mechanism) -> bool:
    """Whether an equation of a mechanism depends on the time."""
    return "t" not in mechanism.quantities and any(
        "t" in function.__code__.co_varnames[:function.__code__.co_argcount]
        for function in type(mechanism).functions.values())


def jumps_of(model, trees) -> list:
    """Functions of the time, each giving the next at which a source of the trees, or a table, jumps or bends."""
    found = []
    for member, mechanism in trees.members.items():
        if hasattr(mechanism, "next_jump"):
            place = f"{trees.name}.{member}" if member else trees.name
            values = {name: model.values(f"{place}.{name}") for name in mechanism.values}
            found.append(lambda t, of=mechanism, values=values: of.next_jump(values.__getitem__, t))
    for played in model.played.values():
        if played.population == trees.name:
            found.append(lambda t, at=bends(played): min(at[at > t], default=np.inf))  # noqa: B008
    return found


def bends(played: Played) -> np.ndarray:
    """The times at which a table is not straight, ms."""
    times, values = played.times, played.values.reshape(played.times.size, -1)
    with np.errstate(all="ignore"):
        slopes = np.diff(values, axis=0) / np.diff(times)[:, None]
    still = np.zeros_like(values[:1])
    before, after = np.concatenate([still, slopes]), np.concatenate([slopes, still])
    size = np.nanmax(np.abs(slopes), initial=0.0, where=np.isfinite(slopes))
    return times[~(np.abs(after - before) <= UNEQUAL * size).all(axis=1)]  # slopes that are no numbers are jumps
