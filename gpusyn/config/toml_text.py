"""A tree of plain Python as TOML text, for the resolved config that results keep."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from gpusyn.config.problems import SECTIONS_OF_NAMES


def toml_text(tree: Mapping[str, Any]) -> str:
    """TOML of a config's tree; tables with a ``kind`` get a header, other tables within them stand in one line."""
    return "\n".join(_section((), tree)).strip("\n") + "\n"


def _section(keys: tuple[str, ...], table: Mapping) -> Iterator[str]:
    plain = {key: value for key, value in table.items() if not _has_header(keys, key, value)}
    if keys and (plain or not table):
        yield f"\n[{'.'.join(map(_key, keys))}]"
    for key, value in plain.items():
        yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        if key in plain:
            continue
        if isinstance(value, list):
            for one in value:
                yield f"\n[[{_key(key)}]]"
                yield from (f"{_key(name)} = {_value(inner)}" for name, inner in one.items())
        else:
            yield from _section((*keys, key), value)


def _has_header(keys, key, value) -> bool:
    if not keys:
        return isinstance(value, Mapping | list)
    if not isinstance(value, Mapping) or key == "wiring":
        return False
    if keys[0] == "mechanisms":
        return len(keys) <= 2
    return "kind" in value or (len(keys) == 1 and keys[0] in SECTIONS_OF_NAMES)


def _key(key: str) -> str:
    return key if key and all(c.isascii() and (c.isalnum() or c in "_-") for c in key) else _string(key)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return repr(value)
