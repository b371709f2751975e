"""Mechanisms given as text when a program runs: equations as strings, in TOML or as tables of plain Python.

    SlowNMDA = gs.mechanism_from_text('''
        name = "SlowNMDA"
        meaning = "NMDA receptor whose block by magnesium follows the potential at once"
        gates.r = "fraction of receptors that have bound glutamate"
        givens.glutamate = { unit = "uM", meaning = "glutamate that the receptor sees" }
        ...
        rates.r = ["binding_rate * glutamate", "unbinding_rate"]
        outputs.current = { unit = "pA", meaning = "outward > 0", equation = "conductance * r * (v - e)" }
    ''')

The result is a `Mechanism` like any other: fused, compiled, recorded, swept. Equations are read into syntax trees and
checked word by word; nothing of a text is ever run as Python (see `gpusyn.text_mechanism.equation`).

parsing.py expression.py equation.py    one equation, from its text to the checked form; nodes.py
names.py tables.py entries.py           what is declared
dynamics.py                             the equations of a table
fitting.py building.py                  the class
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpusyn.errors import ModelError, nearest
from gpusyn.mechanism import Mechanism
from gpusyn.text_mechanism.building import build
from gpusyn.text_mechanism.equation import TextEquation

__all__ = ["TextEquation", "build", "mechanism_from_text"]


def mechanism_from_text(
    text: str | Mapping[str, Any], name: str | None = None, *, folder: str | Path = ".", file: str = "text"
) -> type[Mechanism]:
    """The class of a mechanism that is given as text.

    Args:
        text: TOML, or the same as plain Python: the table that a config has under ``[mechanisms.<name>]`` with a key
            `name`, or such sections themselves.
        name: of the class; needed where the text has no name, or several mechanisms.
        folder: where files are looked for that `based_on` names.
        file: what messages call the text.

    Raises:
        ModelError: with every problem of the text, each with its line and key.
    """
    from gpusyn.config.kinds import SECTION, Kinds
    from gpusyn.config.problems import Problems
    from gpusyn.config.reading import parse, start_problems

    tree = parse(text, file) if isinstance(text, str) else dict(text)
    problems = start_problems(text, file) if isinstance(text, str) else Problems(file)
    if SECTION not in tree:
        given = name or tree.get("name")
        name = given if isinstance(given, str) else "Mechanism"
        tree = {SECTION: {name: {key: value for key, value in tree.items() if key != "name"}}}
        problems.lines = {(SECTION, name, *keys): line for keys, line in problems.lines.items()}
    kinds = Kinds(tree[SECTION], Path(folder), problems)
    if name is None and len(kinds.tables) == 1:
        name = next(iter(kinds.tables))
    if name not in kinds.tables:
        wanted = f"there is no '{name}'" if name else "say which mechanism is meant"
        raise ModelError(f"{file}: {wanted}{nearest(name or '', kinds.tables)}")
    made = kinds.own(name)
    problems.raise_if_any()
    assert made is not None  # else there is a problem
    return made
