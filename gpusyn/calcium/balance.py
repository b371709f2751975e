"""What flows at rest, and the permeability of a leak that balances it.

Rest is what mechanisms declare, not what a run starts from: states that a class names in `rests` are at their resting
concentrations, buffers in equilibrium with those, gates and schemes steady, and time is long before any stimulus. A
potential rests at the value that it starts from.
"""
from __future__ import annotations

import copy
from collections.abc import Callable

import numpy as np

from gpusyn.backends.numpy_ import compile_python
from gpusyn.errors import ModelError
from gpusyn.fuse import Fusion, Values
from gpusyn.initial import initial_states
from gpusyn.mechanism import Mechanism
from gpusyn.program import Program
from gpusyn.quantities import Output, State

LONG_BEFORE = -1e12  # ms
ROUNDING = 1e-12  # of the largest flux; less than that is no flux


def balanced_permeability(model, part, member: str, output: str) -> np.ndarray:
    """The permeability of a leak at which outputs of this name add up to 0 at rest; broadcasts to (n_point, n_site).

    Args:
        part: the population, `member` its leak, whose `output` is proportional to its parameter `permeability`.

    Raises:
        ModelError: a second balanced leak, or fluxes that a leak cannot balance because they go its way already.
    """
    own, density = f"{part.name}.{member}.permeability", f"{part.name}.{member}.density"
    for other, mechanism in part.members.items():
        if other != member and getattr(mechanism, "balances", "") == output and mechanism.get("balanced"):
            raise ModelError(f"{own}: '{other}' is balanced too; give one of the two a permeability")
    unit = np.ones((1, 1))
    fluxes = resting_fluxes(part.name, part.members, model.inputs_of(part), output,
                            lambda path: unit if path in (own, density) else value_at_rest(model, path))
    per_permeability = fluxes.pop(member)
    others = sum(fluxes.values(), np.zeros((1, 1)))
    largest = max((np.abs(flux).max() for flux in fluxes.values()), default=0.0)
    silent = (np.abs(others) <= ROUNDING * largest) | (model.values(density) == 0)
    permeability = np.where(silent, 0.0, -others / np.where(silent, 1.0, per_permeability))
    if not (np.isfinite(permeability) & (permeability >= 0)).all():
        inward = np.where(silent, 0.0, others).max()
        raise ModelError(f"{own}: at rest {', '.join(fluxes)} let {inward:.3g} uM um/ms into the cytosol, "
                         "which no leak balances; add what takes calcium out, or give a permeability")
    return permeability


def resting_fluxes(
    name: str, members: dict[str, Mechanism], inputs, output: str, values: Callable[[str], np.ndarray]
) -> dict[str, np.ndarray]:
    """The outputs of this name of a population's members at rest, by member; each broadcasts to (n_point, n_site).

    Args:
        name, members, inputs, values: as for `gpusyn.initial.initial_states`.
    """
    rested = {member: at_rest(mechanism) for member, mechanism in members.items()}
    starts = initial_states(name, rested, inputs, values)
    fusion = Fusion(name, rested, inputs)
    at = Values(dict(fusion.old.variables))
    found = {member: fusion.find(member, output, at) for member, mechanism in rested.items()
             if isinstance(mechanism.quantities.get(output), Output)}
    updates = [(variable, fusion.path(member, output)) for member, variable in found.items()]
    program = Program(f"{name}_at_rest", list(fusion.arguments.values()), fusion.lines, updates, fusion.functions)
    with np.errstate(all="ignore"):
        results = compile_python(program)(*[_value(a, starts, values) for a in program.arguments])
    return {member: np.atleast_2d(np.asarray(result, float)) for member, result in zip(found, results, strict=True)}


def at_rest(mechanism: Mechanism) -> Mechanism:
    """The mechanism without starts of its own in states whose rest is declared."""
    copied = copy.copy(mechanism)
    copied.initial = {n: start for n, start in mechanism.initial.items() if not _declares_rest(type(mechanism), n)}
    return copied


def _declares_rest(cls, name):
    steady = getattr(cls.quantities[name], "initial", None) == "steady"
    return steady or name in getattr(cls, "rests", ()) or f"start_{name}" in cls.functions


def value_at_rest(model, path: str) -> np.ndarray:
    """A parameter's values, or where a field or another part's state starts; nothing flows through gap junctions.

    A table says what it says before it begins.
    """
    first = path.partition(".")[0]
    if first in model.gap_junctions:
        return np.zeros((1, 1))
    if first in model.played:
        return model.played[first].first()
    if first in model.links:
        return linked_at_rest(model, model.links[first])
    _, mechanism, name = model.owner(path)
    if not isinstance(mechanism.quantities[name], State):
        return model.values(path)
    start = mechanism.get(name)
    return model.values(f"{path.rpartition('.')[0]}.{start}") if isinstance(start, str) else np.reshape(start, (1, -1))


def linked_at_rest(model, link) -> np.ndarray:
    """What is linked of another part at rest: of a state where it starts, of an output and of gates nothing."""
    _, mechanism, name = model.owner(link.source)
    quantity = mechanism.quantities[name]
    if not isinstance(quantity, State) or mechanism.get(name) == "steady":
        return np.zeros((1, 1))
    return link.gathered(value_at_rest(model, link.source)) * model.values(f"{link.name}.weight")


def _value(argument, starts, values):
    if argument.kind == "state":
        return starts[argument.path]
    if argument.kind == "time":
        return LONG_BEFORE
    return values(argument.path) if argument.kind in ("parameter", "input") else 0.0
