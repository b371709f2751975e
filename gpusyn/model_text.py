"""A model as text: every name with its value, so that two models can be compared and their difference shown.

The text is TOML, one dotted name per line; arrays are named by a digest of their content.
"""
from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.mechanism import Mechanism

LONGEST = 16  # values that are written out; longer arrays are named by their digest


def model_text(model) -> str:
    """Every number and choice of a model built in Python, as TOML text under ``[model]``."""
    rows = {name: value for part in _parts(model) for name, value in part}
    return "\n".join(["[model]", *(f"{json.dumps(name)} = {value}" for name, value in rows.items()), ""])


@dataclass(frozen=True)
class Described:
    """A model with the text that tells it from others; `config` is the validated file that it was made from, if any."""

    model: Any
    text: str
    config: Any = None

    @property
    def seed(self) -> int:
        """The seed that comes with the model."""
        return 0 if self.config is None else self.config.run.seed


def describe(model) -> Described:
    """Give a `Model`, a validated configuration (`gpusyn.config`), or the path of a TOML file its text."""
    if isinstance(model, Described):
        return model
    if isinstance(model, str | Path):
        from gpusyn.config import load

        model = load(model)
    if hasattr(model, "model") and hasattr(model, "text"):
        return Described(model.model, model.text, model)
    return Described(model, model_text(model))


def _parts(model):
    yield [("name", json.dumps(model.name)), ("dt", _value(float(model.dt))), ("lattice", _value(model.lattice))]
    for part in (*model.populations.values(), *model.transmitters.values()):
        yield _part_rows(part)
    joins = (model.connections, model.gap_junctions, model.links, model.played)
    for part in (*model.sources.values(), *(part for parts in joins for part in parts.values())):
        yield [(f"{part.name}.{key}", _value(value)) for key, value in vars(part).items() if key != "name"]
    yield [(f"sweep.{path}", _value(np.asarray(values))) for path, values in model.sweep.axes.items()]
    yield [("sweep.mode", json.dumps(model.sweep.mode))]


def _part_rows(part) -> Iterator[tuple[str, str]]:
    yield f"{part.name}.lattice", _value(part.lattice)
    if hasattr(part, "scheme"):
        yield f"{part.name}.scheme", json.dumps(part.scheme)
    if getattr(part, "scheme", "") == "adaptive":
        yield f"{part.name}.adaptive", _value(part.adaptive)
    for member, mechanism in part.members.items():
        place = f"{part.name}.{member}" if member else part.name
        yield f"{place}.kind", json.dumps(_kind(mechanism))
        yield f"{place}.integrator", json.dumps(mechanism.integrator)
        for name, value in mechanism_values(mechanism).items():
            yield f"{place}.{name}", _value(value)


def mechanism_values(mechanism) -> dict[str, Any]:
    """Everything that was set on a mechanism, by name."""
    return {**mechanism.values, **mechanism.options, **mechanism.initial, **mechanism.bindings}


def _kind(thing) -> str:
    return f"{type(thing).__module__}:{type(thing).__qualname__}"


def _value(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return repr(float(value)) if math.isfinite(value) else str(float(value))
    if value is None or isinstance(value, str):
        return json.dumps("none" if value is None else value)
    if isinstance(value, np.ndarray):
        return _value(value.tolist()) if value.size <= LONGEST else json.dumps(_digest(value))
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return _object(value)


def _object(value) -> str:
    """Something with parts: a mapping, a dataclass, a mechanism, or any object with attributes."""
    if isinstance(value, Mapping):
        parts = value
    elif dataclasses.is_dataclass(value):
        parts = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    elif isinstance(value, Mechanism):
        parts = mechanism_values(value)
    elif callable(value):
        return json.dumps(f"{value.__module__}:{value.__qualname__}")
    else:
        parts = vars(value)
    rows = [f"{json.dumps(str(k))} = {_value(v)}" for k, v in parts.items() if not str(k).startswith("_")]
    return "{ " + ", ".join([f"kind = {json.dumps(_kind(value))}", *rows]) + " }"


def _digest(array) -> str:
    array = np.ascontiguousarray(array)
    return f"{array.dtype.name} {array.shape} sha256 {hashlib.sha256(array.tobytes()).hexdigest()[:16]}"
