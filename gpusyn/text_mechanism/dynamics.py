"""The equations of a table: derivatives, rates, transitions, the condition that fires, events and outputs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from gpusyn.declaration import CLOCK, EVENTS
from gpusyn.errors import EquationError, ModelError, nearest, shown
from gpusyn.quantities import Option, Scheme, State
from gpusyn.text_mechanism.equation import EquationReader, TextEquation
from gpusyn.text_mechanism.names import check_name
from gpusyn.text_mechanism.tables import Note
from gpusyn.translate.pointwise import Pointwise

DERIVATIVE = re.compile(r"\s*(?:(\w+)\s*[* ]\s*)?d\s?(\w+)\s*/\s*dt\s*")  # "dv/dt", "tau dv/dt"
ARROW = re.compile(r"\s*(\w+)\s*(<?->)\s*(\w+)\s*")
HEADER = re.compile(r"\s*(\w+)\s*\(([\w\s,]*)\)\s*")
RATE_WORDS = ({"opening", "closing"}, {"steady", "tau"})
SETTABLE = ("state", "gate", "countdown", "stopwatch", "count")  # by events
SECTIONS = ("functions", "equations", "starts", "rates", "transitions", "spikes", *EVENTS)


class Dynamics:
    """Reads the equations of one mechanism.

    Args:
        name: of the mechanism.
        quantities: all that it has, the base's included.
        note: takes what is wrong.
        lost: names whose declarations are wrong; what refers to them is not complained about again.

    Attributes:
        equations: by the names that a class gives them ("d_v", "r_rates", "transitions", "spikes", "current").
        tried: the names of all that the table has, the wrong ones included.
    """

    def __init__(self, name: str, quantities: Mapping[str, Any], note: Note, lost: Iterable[str] = ()):
        self.name, self.quantities, self.note, self.lost = name, quantities, note, set(lost)
        self.readable = [n for n, q in quantities.items() if not isinstance(q, Scheme | Option)]
        self.readable += [*CLOCK, *(f"{n}_before" for n in self._states()), *self.lost]
        self.functions: dict[str, Pointwise] = {}
        self.conditions: set[str] = set()
        self.equations: dict[str, TextEquation] = {}
        self.tried: set[str] = set()

    def read(self, table: Mapping[str, Any], outputs: Mapping[str, tuple[tuple, Any]]) -> None:
        """Take in the equations of a table, and those of its outputs, by name with their keys."""
        readers = {
            "functions": self._function, "equations": self._derivative, "starts": self._start, "rates": self._rates,
        }  # fmt: skip
        for section in (*readers, *EVENTS):
            entries = table.get(section, {})
            if not isinstance(entries, Mapping):
                self.note((section,), f"{shown(entries)} is not a table")
            elif section in EVENTS:
                self._event(section, entries)
            else:
                for key, entry in entries.items():
                    readers[section]((section, key), entry)
        if "transitions" in table:
            self._transitions(("transitions",), table["transitions"])
        if "spikes" in table:
            self._one("spikes", ("spikes",), table["spikes"], condition=True)
        for name, (keys, text) in outputs.items():
            self._one(name, keys, text)

    def _states(self, *kinds: str) -> list[str]:
        return [n for n, q in self.quantities.items() if isinstance(q, State) and (not kinds or q.kind in kinds)]

    def _reader(self, name) -> EquationReader:
        return EquationReader(f"{self.name}_{name}", self.readable, self.functions, self.conditions)

    def _result(self, keys, read, text) -> ast.expr | None:
        """What one text computes; None, and the problem noted, if something is wrong with it."""
        if not isinstance(text, str):
            text = repr(float(text)) if isinstance(text, int | float) and not isinstance(text, bool) else text
        if not isinstance(text, str):
            self.note(keys, f"{shown(text)} is not an equation; write it as text")
            return None
        try:
            return read(text)
        except EquationError as error:
            self.note(keys, str(error))
            return None

    def _results(self, reader, texts: Mapping[tuple, Any]) -> list[ast.expr] | None:
        """What several texts compute, of which all are looked at."""
        found = [self._result(keys, reader.number_of, text) for keys, text in texts.items()]
        return None if any(one is None for one in found) else [one for one in found if one is not None]

    def _keep(self, name, keys, reader, results, labels=None):
        if name in self.tried:
            self.note(keys, "there is a second equation for it")
        elif results is not None:
            self.equations[name] = TextEquation(reader.function(results, labels), f"`{name}` of {self.name}.")
        self.tried.add(name)

    def _one(self, name, keys, text, condition=False):
        """An equation of one value."""
        reader = self._reader(name)
        found = self._result(keys, reader.condition_of if condition else reader.number_of, text)
        self._keep(name, keys, reader, None if found is None else [found])

    def _function(self, keys, text):
        """A function of the user's own, "block(v, mg)", which later ones and all equations may call."""
        match = HEADER.fullmatch(keys[1])
        try:
            if match is None:
                raise ModelError('write the function as "name(x, y)"')
            name, arguments = match[1], [one.strip() for one in match[2].split(",") if one.strip()]
            for one in (name, *arguments):
                check_name(one, object)
            if name in self.functions or name in self.readable or len(set(arguments)) < len(arguments):
                raise ModelError("a name is used twice")
        except ModelError as error:
            self.note(keys, str(error))
            return
        reader = EquationReader(f"{self.name}_{name}", arguments, self.functions, self.conditions)
        found = self._result(keys, reader.any_of, text)
        if found is not None:
            self.functions[name] = replace(reader.function([found]), parameters=tuple(arguments))
            self.conditions |= {name} if reader.is_condition(found) else set()

    def _derivative(self, keys, text):
        """ "dv/dt", or "c_m dv/dt" whose right side is divided by c_m."""
        match, states = DERIVATIVE.fullmatch(keys[1]), self._states("state")
        if match is None:
            self.note(keys, 'write the left side as "dx/dt", or "tau dx/dt"')
            return
        factor, name = match.groups()
        if name in self.lost:
            self.tried.add(f"d_{name}")
            return
        if name not in states:
            rule = f"'{name}' is a gate; give rates.{name} = [opening, closing], or declare it in states"
            known = f"'{name}' is not of the states{nearest(name, states)}"
            self.note(keys, rule if name in self._states("gate") else known)
            return
        if factor is not None and factor not in self.readable:
            self.note(keys, f"'{factor}' is not declared{nearest(factor, self.readable)}")
            return
        reader = self._reader(f"d_{name}")
        found = self._result(keys, reader.number_of, text)
        if found is not None and factor is not None:
            reader.arguments[factor] = factor
            found = ast.BinOp(found, ast.Div(), ast.Name(factor, ast.Load()))
        self._keep(f"d_{name}", keys, reader, None if found is None else [found])

    def _start(self, keys, text):
        """Where a state starts, computed from parameters and other states."""
        name, states = keys[1], self._states("state")
        if name in states:
            self._one(f"start_{name}", keys, text)
        elif name not in self.lost:
            self.note(keys, f"'{name}' is not of the states{nearest(name, states)}")

    def _rates(self, keys, entry):
        """A gate's two rates, or its steady state and time constant."""
        name, gates = keys[1], self._states("gate")
        if name not in gates:
            if name not in self.lost:
                self.note(keys, f"'{name}' is not of the gates{nearest(name, gates)}")
            return
        if isinstance(entry, list | tuple) and len(entry) == 2:
            entry = dict(zip(("opening", "closing"), entry, strict=True))
        if not isinstance(entry, Mapping) or set(entry) not in RATE_WORDS:
            self.note(keys, "write [opening, closing], { opening, closing } or { steady, tau }, rates in 1/ms")
            return
        reader = self._reader(f"{name}_rates")
        order = ("opening", "closing") if "opening" in entry else ("steady", "tau")
        found = self._results(reader, {(*keys, word): entry[word] for word in order})
        if found is not None and order[0] == "steady":
            steady, tau = reader.let(f"{name}_steady", found[0]), reader.let(f"{name}_tau", found[1])
            rest = ast.BinOp(ast.Constant(1.0), ast.Sub(), steady)
            found = [ast.BinOp(steady, ast.Div(), tau), ast.BinOp(rest, ast.Div(), tau)]
        self._keep(f"{name}_rates", keys, reader, found, (0, 1))

    def _transitions(self, keys, entries):
        """Rates of a Markov scheme, or between counts: "C -> O" = "rate", or "C <-> O" = ["rate", "rate back"]."""
        states = [s for q in self.quantities.values() if isinstance(q, Scheme) for s in q.states]
        states = states or self._states("count")
        self.tried.add("transitions")
        if not isinstance(entries, Mapping) or not entries:
            self.note(keys, 'write "C -> O" = "rate" for each transition')
            return
        if self.lost and not states:
            return
        reader, texts = self._reader("transitions"), {}
        for key, entry in entries.items():
            for place, ends, text in self._arrows((*keys, key), key, entry, states):
                if ends in {known for known, _ in texts}:
                    self.note(place, f"the rate from {ends[0]} to {ends[1]} is given twice")
                texts[ends, place] = text
        found = self._results(reader, {place: text for (_, place), text in texts.items()})
        if found and len(found) == len(texts):
            made = reader.function(found, tuple(ends for ends, _ in texts))
            self.equations["transitions"] = TextEquation(made, f"Rates between the states of {self.name}.")

    def _arrows(self, keys, key, entry, states):
        """(keys, ends, text) of each direction of an arrow."""
        match = ARROW.fullmatch(key)
        if match is None or match[1] == match[3]:
            self.note(keys, 'write a transition as "C -> O", or both ways as "C <-> O"')
            return
        for end in (match[1], match[3]):
            if end not in states:
                self.note(keys, f"'{end}' is not a state of the scheme or a count{nearest(end, states)}")
                return
        if match[2] == "->":
            yield keys, (match[1], match[3]), entry
        elif isinstance(entry, list | tuple) and len(entry) == 2:
            yield (*keys, 0), (match[1], match[3]), entry[0]
            yield (*keys, 1), (match[3], match[1]), entry[1]
        else:
            self.note(keys, "write the two rates as [there, back]")

    def _event(self, event, entries):
        """What an event does: new values by state."""
        if not entries:
            return
        states, reader, texts = self._states(*SETTABLE), self._reader(event), {}
        for key, text in entries.items():
            if key in states:
                texts[event, key] = text
            elif key not in self.lost:
                self.note((event, key), f"'{key}' is not a state{nearest(key, states)}")
        found = self._results(reader, texts)
        self._keep(event, (event,), reader, found if texts else None, tuple(key for _, key in texts))
