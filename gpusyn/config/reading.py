"""TOML text and values from the command line, put together into one tree of plain Python."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from gpusyn.config.problems import SECTIONS_OF_NAMES, ConfigError, Keys, Problems, lines_of
from gpusyn.errors import nearest

SECTIONS = ("run", "lattice", *SECTIONS_OF_NAMES, "sweep", "record", "output", "plots")
LONGEST_TEXT = 4_000_000
DEEPEST = 12


def find_file(name: str | Path) -> Path:
    """The config of this path, or the one of this name that gpusyn brings.

    Raises:
        ConfigError: there is neither; the message lists what gpusyn brings.
    """
    path = Path(name)
    if path.is_file():
        return path
    brought = {file.stem: file for file in configs_folder().glob("*.toml")}
    if path.stem in brought and path.suffix in ("", ".toml") and path.parent.name in ("", "configs"):
        return brought[path.stem]
    raise ConfigError([f"{name}: there is no such file{nearest(path.stem, brought)}"])


def configs_folder() -> Path:
    """The folder of configs that come with gpusyn."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_configs"
    return inside if inside.is_dir() else package.parent / "configs"


def read_text(path: Path) -> str:
    """The text of a config file.

    Raises:
        ConfigError: it cannot be read, is not UTF-8, or is far too long.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError([f"{path}: {error.strerror}"]) from None
    if len(data) > LONGEST_TEXT:
        raise ConfigError([f"{path}: {len(data)} bytes; put long lists into .npy files, {LONGEST_TEXT} at most"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ConfigError([f"{path}:{line}: not UTF-8 text"]) from None


def parse(text: str, file: str) -> dict[str, Any]:
    """The tree of a TOML text.

    Raises:
        ConfigError: it is not TOML, or is nested absurdly; the message has the line.
    """
    try:
        tree = tomllib.loads(text)
    except RecursionError:
        raise ConfigError([f"{file}: nested deeper than any config"]) from None
    except ValueError as error:
        rule, _, place = str(error).partition(" (at ")
        line = place.partition("line ")[2].partition(",")[0]
        if not line.isdigit() and place:
            line = str(text.count("\n") + 1)
        raise ConfigError([f"{file}{':' + line if line else ''}: this is not TOML: {rule}"]) from None
    if _depth(tree) > DEEPEST:
        raise ConfigError([f"{file}: nested deeper than {DEEPEST} levels"])
    return tree


def _depth(tree) -> int:
    level, depth = [tree], 0
    while level:
        depth += 1
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
    return depth


def start_problems(text: str, file: str) -> Problems:
    """An empty list of problems that knows the lines of a text."""
    return Problems(file, lines_of(text))


def apply_overrides(tree: dict, overrides: Iterable[str] | Mapping[str, Any], problems: Problems) -> None:
    """Put values from the command line ("neurons.ampa.conductance=2 nS") or from a mapping into the tree."""
    pairs = list(overrides.items()) if isinstance(overrides, Mapping) else [_pair(one, problems) for one in overrides]
    for name, value in pairs:
        if name:
            _put(tree, name.strip(), value, problems)


def _pair(text: str, problems: Problems) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        problems.found.append((0, f'--set {text}: write NAME=VALUE, as in neurons.ampa.conductance="2 nS"'))
        return "", None
    return name, _value(value.strip())


def _value(text: str) -> Any:
    """A TOML value, or plain text: a shell takes the quotes of "2 nS" away."""
    try:
        tree = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return tree["value"] if list(tree) == ["value"] and _depth(tree) <= DEEPEST else text


def _put(tree, name, value, problems):
    keys = find_keys(tree, name)
    if keys is None:
        names = [one for section in SECTIONS_OF_NAMES for one in _table_of(tree, section)]
        first = name.partition(".")[0]
        problems.found.append((0, f"--set {name}: there is no '{first}'{nearest(first, [*SECTIONS, *names])}"))
        return
    table = tree
    for n, key in enumerate(keys[:-1]):
        if key not in table and n == 0:
            table[key] = {}  # a section that the file leaves out
        inner = table.get(key)
        if not isinstance(inner, dict):
            tables = [other for other, one in table.items() if isinstance(one, dict)]
            where = ".".join(map(str, keys[1:n] if keys[0] in SECTIONS_OF_NAMES else keys[:n]))
            problems.found.append((0, f"--set {name}: '{where}' has no '{key}'{nearest(str(key), tables)}"))
            return
        table = inner
    table[keys[-1]] = value
    problems.set_by[keys] = "--set"


def find_keys(tree: dict, name: str) -> Keys | None:
    """Where a dotted name stands in the tree: a section's key, or something of a named population, transmitter, ..."""
    first, _, rest = name.partition(".")
    if first == "sweep" and rest:
        return ("sweep", rest.strip("\"'"))
    keys = tuple(name.split("."))
    if not rest or "" in keys:
        return None
    if first in SECTIONS:
        return keys
    for section in SECTIONS_OF_NAMES:
        if first in _table_of(tree, section):
            return (section, *keys)
    return None


def _table_of(tree, section) -> dict:
    table = tree.get(section)
    return table if isinstance(table, dict) else {}
