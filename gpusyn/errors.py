"""The exceptions of gpusyn. Every message names the place, the value, the rule and the nearest valid choice."""
import sys
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any


class GpusynError(Exception):
    """Base of all errors that gpusyn raises on purpose."""


class ModelError(GpusynError, ValueError):
    """A model that cannot be simulated as it is written."""


class EquationError(GpusynError, ValueError):
    """An equation that uses more than the vocabulary, with its file, line and column."""


class BackendError(GpusynError, RuntimeError):
    """A device or compiler that is missing or does not do what it was asked for."""


class SimulationError(GpusynError, RuntimeError):
    """A step that produced something impossible: the message has the quantity, the site and the time."""


def nearest(word: str, choices: Iterable[str]) -> str:
    """A suggestion to append to a message: the closest valid choice, else all of them (at most 12)."""
    choices = sorted(str(choice) for choice in choices)
    same = [choice for choice in choices if choice.lower() == str(word).lower()]
    close = same or get_close_matches(str(word), choices, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    if not choices:
        return ""
    return "; valid: " + ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")


def users_level() -> int:
    """How far up the stack the first frame is that is not gpusyn's, as `warnings.warn` of the caller counts."""
    level, frame = 1, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == "gpusyn":
        frame, level = frame.f_back, level + 1
    return level


def shown(value: Any) -> str:
    """A value as its writer knows it, in a line's worth."""
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python prints
        return "this number"
    return text if len(text) <= 60 else f"{text[:40]}...{text[-10:]}"
