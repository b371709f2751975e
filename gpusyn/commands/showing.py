"""``gpusyn show``: the equations of a config as they run, and every quantity with its unit and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import typer

from gpusyn.config import ConfigError, load
from gpusyn.config.programs import all_programs, layouts_of, program_of
from gpusyn.errors import nearest
from gpusyn.model import Model
from gpusyn.parts import Connection, Field, Population
from gpusyn.quantities import Given, Option, Output, Parameter, Scheme, State, path_of

Part = Population | Field | Connection


def show(path: str, sets: Iterable[str], part: str | None, forms: list[str], options: Mapping[str, Any]) -> None:
    """Print the forms asked for (the fused Python if none is) of one part of a config, or of all."""
    config = load(path, sets, options)
    if "config" in forms:
        typer.echo(config.text, nl=False)
        forms = [form for form in forms if form != "config"]
        if not forms:
            return
    for one in parts_of(config.model, part):
        for form in forms or ["python"]:
            typer.echo(FORMS[form](config.model, one, config.run.precision))


def parts_of(model: Model, name: str | None) -> list[Part]:
    """What a model has equations of: populations, transmitters, plastic connections; all, or the one of this name.

    Raises:
        ConfigError: there is no such part.
    """
    plastic = {n: connection for n, connection in model.connections.items() if connection.synapse is not None}
    parts: dict[str, Part] = {**model.populations, **model.transmitters, **plastic}
    if name is None:
        still = [n for n, part in model.transmitters.items() if not program_of(model, part).updates]
        return [part for n, part in parts.items() if n not in still]
    if name not in parts:
        rule = f"there is no population, transmitter or plastic connection '{name}'"
        raise ConfigError([f"{rule}{nearest(name, parts)}"])
    return [parts[name]]


def python_of(model, part, precision) -> str:
    """The fused program of one item, with the functions that it calls."""
    return "\n\n".join(program.listing() for program in all_programs(model, part).values())


def numba_of(model, part, precision) -> str:
    """The source that Numba compiles: a loop over the items of a block, and the operation around it."""
    from gpusyn.translate.numba_source import DRAWS, HEADER, numba_source

    layouts = layouts_of(model, part)
    header = HEADER.format(precision=precision) + (DRAWS if any(layout.draws for layout in layouts) else "")
    return "\n\n".join([header, *map(numba_source, layouts)])


def cuda_of(model, part, precision) -> str:
    """The CUDA C of a program; its includes are in the kernels folder, and `real` is defined before it is compiled."""
    from gpusyn.translate.cuda_source import cuda_source

    real = "float" if precision == "float32" else "double"
    return "\n\n".join(f"// typedef {real} real;\n{cuda_source(layout)}" for layout in layouts_of(model, part))


def quantities_of(model, part, precision) -> str:
    """Every quantity of a part: dotted name, value, unit, meaning and source."""
    rows = [("name", "value", "unit", "meaning", "source")]
    members = {"": part.synapse} if isinstance(part, Connection) else part.members
    for member, mechanism in members.items():
        for name, quantity in mechanism.quantities.items():
            if isinstance(quantity, Scheme):
                continue
            path = path_of(part.name, member, name)
            source = getattr(quantity, "source", "") or ""
            value, unit = value_of(model, mechanism, quantity, path), getattr(quantity, "unit", "")
            rows.append((path, value, unit, quantity.meaning, str(source)))
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return "\n".join(
        "  ".join(f"{word:<{width}}" for word, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def value_of(model, mechanism, quantity, path) -> str:
    """What a quantity is, starts from, or is read from."""
    if isinstance(quantity, Parameter):
        values = model.values(path)
        return f"{values.min():g}" if values.size == 1 else f"{values.min():g} to {values.max():g}"
    if isinstance(quantity, Option):
        return repr(mechanism.get(quantity.name))
    if isinstance(quantity, State):
        start = mechanism.initial.get(quantity.name, quantity.initial)
        text = start if isinstance(start, str) else f"{np.min(start):g}" + (" ..." if np.size(start) > 1 else "")
        return f"starts at {text}"
    if isinstance(quantity, Given) and quantity.kind == "given":
        return f"read from {mechanism.bindings.get(quantity.name, quantity.name)}"
    return "computed" if isinstance(quantity, Output) or quantity.kind == "total" else "drawn"


FORMS = {"python": python_of, "numba": numba_of, "cuda": cuda_of, "quantities": quantities_of}
