"""``[sweep]``: which values of which quantities are simulated together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gpusyn.config.problems import SECTIONS_OF_NAMES, Keys, Problems
from gpusyn.config.trees import WORDS
from gpusyn.config.values import as_text, check_limits, to_number, without_prefix
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.model import Model
from gpusyn.pharmacology.targets import REUPTAKE
from gpusyn.quantities import Parameter
from gpusyn.sweep import MODES, Sweep
from gpusyn.trees import Trees

RANGE = ("from", "to", "points", "spacing")
SPACINGS = ("lin", "log")
MOST_POINTS = 1_000_000
LARGEST_SWEPT_SEED = 2**53  # axes are float64


def read_sweep(table: Any, model: Model, broken: set[str], problems: Problems) -> tuple[Sweep, dict]:
    """The sweep of a config and its table in full.

    Args:
        broken: names whose tables have problems of their own; nothing more is said of them.
    """
    if not isinstance(table, dict):
        problems.add(("sweep",), f"{shown(table)} is not a table")
        return Sweep(), {}
    mode = table.get("mode", "product")
    if mode not in MODES:
        problems.add(("sweep", "mode"), f"{shown(mode)} is not one of {', '.join(MODES)}{nearest(str(mode), MODES)}")
        mode = "product"
    axes: dict[str, list] = {}
    written: dict[str, Any] = {"mode": mode}
    for path, values, keys in axes_of({key: value for key, value in table.items() if key != "mode"}):
        if path.partition(".")[0] in broken:
            continue
        path = "seed" if path == "run.seed" else path
        try:
            axes[moved(path, model)], written[path] = read_axis(moved(path, model), values, model)
        except ModelError as error:
            problems.add(("sweep", *keys), without_prefix(str(error), f"'{path}'"))
    n_point = math.prod(len(values) for values in axes.values()) if mode == "product" else 1
    if n_point > MOST_POINTS:
        problems.add(("sweep",), f"{n_point} points; {MOST_POINTS} at most")
        return Sweep(), {}
    try:
        return Sweep(axes, mode), written
    except ModelError as error:
        problems.add(("sweep",), without_prefix(str(error), "sweep"))
        return Sweep(), {}


def moved(path: str, model: Model) -> str:
    """The name under which something is swept: a drug has made a transmitter's first-order reuptake a member."""
    field = model.transmitters.get(path.removesuffix(".reuptake_rate"))
    return f"{field.name}.{REUPTAKE}.rate" if field is not None and REUPTAKE in field.members else path


def axes_of(table: Mapping, keys: Keys = ()) -> Iterator[tuple[str, Any, Keys]]:
    """Dotted names and values; a name may be one key in quotes, or keys that TOML nests."""
    for key, value in table.items():
        if isinstance(value, Mapping) and value and not set(value) & set(RANGE):
            yield from axes_of(value, (*keys, key))
        else:
            yield ".".join((*map(str, keys), key)), value, (*keys, key)


def read_axis(path: str, values: Any, model: Model) -> tuple[list, Any]:
    """The values of one swept quantity in its unit, whole numbers for "seed"; and the same as TOML."""
    if path == "seed":
        return _seeds(values), values
    unit = swept_unit(path, model)
    if isinstance(values, Mapping):
        numbers, written = _range(values, unit, path)
    elif isinstance(values, list) and values:
        numbers = [to_number(one, unit, path) for one in values]
        written = [as_text(number, unit) for number in numbers]
    else:
        raise ModelError('give a list of values, or { from, to, points, spacing = "lin" or "log" }')
    first, _, rest = path.partition(".")
    if first not in {**model.gap_junctions, **model.links} and not (first in model.connections and rest == "weight"):
        quantity = model.quantity(path)
        assert isinstance(quantity, Parameter)
        check_limits(quantity, np.array(numbers))
    return numbers, written


def _seeds(values):
    if not isinstance(values, list) or not values:
        raise ModelError("give a list of whole numbers")
    for one in values:
        if isinstance(one, bool) or not isinstance(one, int) or not 0 <= one <= LARGEST_SWEPT_SEED:
            raise ModelError(f"{shown(one)} must be a whole number from 0 to {LARGEST_SWEPT_SEED}")
    return list(values)


def swept_unit(path: str, model: Model) -> str:
    """The unit of a quantity that can be swept.

    Raises:
        ModelError: there is no such quantity, or it cannot differ between sweep points.
    """
    first, _, rest = path.partition(".")
    if first in SECTIONS_OF_NAMES:
        raise ModelError(f"names begin with what is below '{first}': {rest}")
    connection = model.connections.get(first)
    if connection is not None:
        if rest == "weight":
            return weight_unit(model, connection.target)
        if connection.synapse is None:
            raise ModelError(f"only the weight of a connection can be swept, not '{rest}'")
    if first in model.gap_junctions:
        if rest != "conductance":
            raise ModelError(f"only the conductance of gap junctions can be swept, not '{rest}'")
        return "nS"
    if first in model.links:
        if rest != "weight":
            raise ModelError(f"only the weight of a link can be swept, not '{rest}'")
        return "1"
    if first in model.played:
        raise ModelError("a table is the same at all sweep points; link it with a weight, or sweep its reader")
    if first in model.sources:
        raise ModelError("sources are the same at all sweep points; sweep the weight of their connections")
    if isinstance(model.populations.get(first), Trees) and rest.partition(".")[0] in WORDS:
        raise ModelError("the shape of trees is the same at all sweep points; put several cells into one population")
    quantity = model.quantity(path)
    if not isinstance(quantity, Parameter):
        _, mechanism, _ = model.owner(path)
        parameters = [name for name, one in mechanism.quantities.items() if isinstance(one, Parameter)]
        raise ModelError(f"only parameters can be swept{nearest(path.rpartition('.')[2], parameters)}")
    return quantity.unit


def weight_unit(model: Model, target: str) -> str:
    """The unit of a connection's weight: vesicles of a transmitter are counted, other states are added to."""
    return "1" if target.partition(".")[0] in model.transmitters else model.quantity(target).unit


def _range(table, unit, path):
    for key in table:
        if key not in RANGE:
            raise ModelError(f"unknown key '{key}'{nearest(key, RANGE)}")
    for key in ("from", "to", "points"):
        if key not in table:
            raise ModelError(f"the key `{key}` is missing")
    low, high = to_number(table["from"], unit, path), to_number(table["to"], unit, path)
    points, spacing = table["points"], table.get("spacing", "lin")
    if isinstance(points, bool) or not isinstance(points, int) or not 1 <= points <= MOST_POINTS:
        raise ModelError(f"points: {shown(points)} must be a whole number from 1 to {MOST_POINTS}")
    if spacing not in SPACINGS:
        raise ModelError(f"spacing: {shown(spacing)} is not one of lin, log")
    written = {"from": as_text(low, unit), "to": as_text(high, unit), "points": points, "spacing": spacing}
    if spacing == "lin":
        return np.linspace(low, high, points).tolist(), written
    if not (low > 0 and high > 0):
        raise ModelError(f"spacing log needs limits above 0, not {low:g} to {high:g} {unit}")
    return np.geomspace(low, high, points).tolist(), written
