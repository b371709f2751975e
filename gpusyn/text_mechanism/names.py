"""Names that a text may give to its quantities."""

from __future__ import annotations

import keyword
import re

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism
from gpusyn.text_mechanism.expression import CONSTANTS
from gpusyn.translate.pointwise import WORDS

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
KEYS = ("kind", "preset", "integrator", "shape", "groups")  # of tables that use the mechanism
CLOCK = ("t", "dt")
OF_INSTANCES = ("values", "options", "bindings", "initial")


def check_name(name: str, base: type) -> None:
    """Raise a `ModelError` unless a quantity of a mechanism based on `base` can have this name."""
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ModelError(f"'{name}' cannot be a name: use up to 60 letters, digits and _, a letter first")
    if name in WORDS or name in CONSTANTS:
        raise ModelError(f"'{name}' is a word of equations; choose another name")
    if name in CLOCK:
        raise ModelError(f"'{name}' is the {'time' if name == 't' else 'time step'}; choose another name")
    if name in KEYS:
        raise ModelError(f"'{name}' is a word of configs; choose another name")
    own = hasattr(Mechanism, name) or name in OF_INSTANCES
    if own or (hasattr(base, name) and name not in getattr(base, "quantities", {})):
        raise ModelError(f"'{name}' is what every mechanism calls something of its own; choose another name")
