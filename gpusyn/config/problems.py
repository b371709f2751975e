"""What is wrong with a config: all of it at once, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from gpusyn.errors import ModelError

SECTIONS_OF_NAMES = (
    "mechanisms", "lattices", "populations", "trees", "transmitters", "sources", "connections", "gap_junctions",
    "links", "played", "pharmacology", "disorders",
)  # fmt: skip
BARE = r"[A-Za-z0-9_-]+"
WORD = rf"(?:{BARE}|\"[^\"]*\"|'[^']*')"
KEY = re.compile(rf"\s*({WORD}(?:\s*\.\s*{WORD})*)\s*=(.*)", re.DOTALL)
HEADER = re.compile(rf"\s*(\[\[?)\s*({WORD}(?:\s*\.\s*{WORD})*)\s*\]")
QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'[^']*'")
LONGEST_LINE = 2000  # of which this much is looked at

Keys = tuple[str | int, ...]


class ConfigError(ModelError):
    """A config that cannot be simulated; `problems` has one line for each thing that is wrong."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        head = [] if len(problems) == 1 else [f"{len(problems)} problems"]
        super().__init__("\n".join([*head, *problems]))


@dataclass
class Problems:
    """Problems found so far.

    Args:
        file: name of the file for messages.
        lines: line of every key (`lines_of`).
        set_by: keys whose value came from the command line, and what to call their place.
    """

    file: str
    lines: dict[Keys, int] = field(default_factory=dict)
    set_by: dict[Keys, str] = field(default_factory=dict)
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, keys: Iterable[str | int], rule: str) -> None:
        """Note what is wrong with the value (or the absence) of a key."""
        keys = tuple(keys)
        name = dotted(keys)
        text = f"{name}: {rule}" if name else rule
        found = (self.line(keys), f"{self.place(keys)}: {text}")
        if found not in self.found:
            self.found.append(found)

    def line(self, keys: Keys) -> int:
        """The line of a key, or of the table it is missing from; 0 if there is none."""
        while keys and keys not in self.lines:
            keys = keys[:-1]
        return self.lines.get(keys, 0)

    def place(self, keys: Keys) -> str:
        """``file:line``, or the option of the command line that gave the value."""
        for n in range(len(keys), 0, -1):
            if keys[:n] in self.set_by:
                return self.set_by[keys[:n]]
        line = self.line(keys)
        return f"{self.file}:{line}" if line else self.file

    def raise_if_any(self) -> None:
        """Raise a `ConfigError` with everything found, in the order of the file."""
        if self.found:
            raise ConfigError([text for _, text in sorted(self.found, key=lambda one: one[0])])


def dotted(keys: Iterable[str | int]) -> str:
    """The name of a key in messages: sections of named things are left out, as in ``neurons.ampa.conductance``."""
    keys = tuple(keys)
    if len(keys) > 1 and keys[0] in SECTIONS_OF_NAMES:
        keys = keys[1:]
    name = ""
    for key in keys:
        name += f"[{key}]" if isinstance(key, int) else f".{key}" if name else str(key)
    return name


def lines_of(text: str) -> dict[Keys, int]:
    """The line on which each table and key of a TOML text begins; keys within inline tables are not looked for."""
    lines: dict[Keys, int] = {}
    table: Keys = ()
    inside, depth = None, 0  # a multi-line string, brackets that are still open
    for number, line in enumerate(text.split("\n"), 1):
        line = line[:LONGEST_LINE]
        if inside is None and depth <= 0:
            header, key = HEADER.match(line), KEY.match(line)
            if header:
                table = _table(header, lines)
                lines.setdefault(table, number)
                continue
            if key:
                parts = _parts(key[1])
                for n in range(1, len(parts) + 1):
                    lines.setdefault(table + parts[:n], number)
                line, depth = key[2], 0
        inside, depth = _after(line, inside, depth)
    return lines


def _table(header, lines) -> Keys:
    parts = _parts(header[2])
    if header[1] == "[":
        return parts
    number = 0
    while (*parts, number) in lines:
        number += 1
    return (*parts, number)


def _parts(key: str) -> Keys:
    return tuple(part.strip("\"'") for part in re.findall(WORD, key))


def _after(line, inside, depth):
    """What is open at the end of a line: the quotes of a multi-line string, the number of brackets."""
    while True:
        if inside is not None:
            _, closed, line = line.partition(inside)
            if not closed:
                return inside, depth
            inside = None
        opening = [(line.find(quotes), quotes) for quotes in ('"""', "'''") if quotes in line]
        if not opening:
            code = QUOTED.sub("", line).partition("#")[0]
            return None, depth + sum(code.count(c) for c in "[{") - sum(code.count(c) for c in "]}")
        at, inside = min(opening)
        code = QUOTED.sub("", line[:at])
        if "#" in code:
            return None, depth
        depth += sum(code.count(c) for c in "[{") - sum(code.count(c) for c in "]}")
        line = line[at + 3 :]
