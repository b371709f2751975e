"""Which class a `kind` means: one of gpusyn's, or one from a file or module of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from gpusyn import sources
from gpusyn.errors import EquationError, ModelError, nearest
from gpusyn.mechanism import Mechanism
from gpusyn.registry import FOLDERS, find_kind, kinds

SOURCES = {"Poisson": sources.Poisson, "Regular": sources.Regular, "SpikeFile": sources.SpikeFile}
HOMES = {"populations": ("neurons",), "transmitters": ("transmitters",)}


def mechanism_class(kind: Any, section: str, folder: Path) -> type[Mechanism]:
    """The mechanism of this kind: a name of gpusyn's, "module:Class", or "file.py:Class" relative to the config.

    Raises:
        ModelError: it is not text, there is no such mechanism, or the user's file fails.
    """
    if not isinstance(kind, str) or not kind:
        raise ModelError(f"{kind!r} is not the name of a mechanism")
    try:
        return find_kind(kind, folder)
    except SyntaxError as error:
        raise ModelError(f"'{kind}': {Path(error.filename or kind).name}, line {error.lineno}: {error.msg}") from None
    except (ModelError, EquationError) as error:
        if ":" not in kind:
            raise ModelError(f"there is no '{kind}'{nearest(kind, choices(section))}") from None
        raise ModelError(str(error).removeprefix("kind ")) from None
    except Exception as error:  # a user's file may fail in any way, and its author wants to know in which
        raise ModelError(f"'{kind}': {type(error).__name__}: {error}") from None


def choices(section: str) -> list[str]:
    """Names of gpusyn's mechanisms that a section is made for; all of them if it is for several folders'."""
    return [name for folder in HOMES.get(section, FOLDERS) for name in kinds(folder)]


def source_class(kind: Any) -> type:
    """The rule of a spike source."""
    if not isinstance(kind, str) or kind not in SOURCES:
        raise ModelError(f"{kind!r} is not a source{nearest(str(kind), SOURCES)}")
    return SOURCES[kind]
