"""Quantities as people write them ("100 us", "0.5 mM"), turned into the bare floats that gpusyn computes with.

Units are read here, at the edge, and nowhere else. The text is taken apart by a small grammar of our own before pint is
asked for the meaning of a single name: pint evaluates expressions, and ``2**9**9`` in a config file must not run.
pint is imported on the first conversion that needs it (0.3 s); a quantity already in its canonical unit does not.

    quantity = number [unit]                    unit   = ("1" | factors) {"/" (factor | "(" factors ")")}
    factors  = factor {("*" | " ") factor}      factor = name ["^" power]

Conversion is exact arithmetic, rounded once: "100 us" and "0.1 ms" are the same float.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from fractions import Fraction
from functools import cache, lru_cache
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from gpusyn.constants import AVOGADRO
from gpusyn.errors import ModelError, nearest

LONGEST_TEXT = 80
NUMBER = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
FACTOR = r"([A-Za-z_]+)(?:(?:\^|\*\*)(-?[1-9]))?"
FACTORS = rf"{FACTOR}(?:(?: ?\* ?| ){FACTOR})*"
QUANTITY = re.compile(rf"({NUMBER})(?![0-9]) ?(.*)", re.DOTALL)
UNIT = re.compile(rf"(?:1|{FACTORS})(?: ?/ ?(?:{FACTOR}|\( ?{FACTORS} ?\)))*")
# Other spellings of the same thing; Unicode has two micro signs and two omegas.
SPELLINGS = {
    "\u00b5": "u", "\u03bc": "u", "\u03a9": "ohm", "\u2126": "ohm", "°C": "degC", "%": "percent",
    "⁻¹": "^-1", "⁻²": "^-2", "²": "^2", "³": "^3", "·": "*", "⋅": "*",
}  # fmt: skip
# Things that are counted: they say what a pure number means.
COUNTED = {name + end for name in ("molecule", "vesicle", "channel", "receptor", "spike") for end in ("", "s")}
DIMENSIONS = {
    "1": "a pure number", "ms": "a time", "1/ms": "a rate", "K": "a temperature", "mol": "an amount of substance",
    "mV": "an electric potential", "mV/ms": "a change of potential in time", "1/mV": "an inverse potential",
    "nS": "an electric conductance", "nS/mV": "a conductance per potential", "mS/cm^2": "a conductance per area",
    "pA": "an electric current", "uA/cm^2": "a current per area", "fC": "an electric charge",
    "pF": "an electric capacitance", "uF/cm^2": "a capacitance per area",
    "Mohm": "an electric resistance", "ohm cm": "an electric resistivity",
    "uM": "a concentration", "uM/ms": "a change of concentration in time", "1/uM": "an inverse concentration",
    "1/(uM ms)": "a binding rate", "um^2/ms": "a diffusion coefficient", "um/ms": "a velocity",
    "um": "a length", "um^2": "an area", "um^3": "a volume", "1/um": "an inverse length",
    "kg": "a mass", "J": "an energy", "W": "a power", "N": "a force", "Pa": "a pressure",
}  # fmt: skip
COMMON = (
    "s", "ms", "us", "min", "h", "Hz", "kHz", "V", "mV", "uV", "S", "mS", "uS", "nS", "pS", "A", "uA", "nA", "pA", "fA",
    "F", "uF", "nF", "pF", "M", "mM", "uM", "nM", "m", "cm", "mm", "um", "nm", "L", "ohm", "kohm", "Mohm", "K", "degC",
    "C", "mol", "J", "percent",
)  # fmt: skip


class UnitError(ModelError):
    """A quantity that is no number, has an unknown unit, or has a unit of another dimension than its place asks for."""


class _UnreadableUnitError(ValueError):
    """A rule that a unit's text breaks, worded to follow the quoted value."""


class _Unit(NamedTuple):
    """What a unit means in SI: ``si = number * factor + offset``; ``dimension`` is a set of (base, power)."""

    factor: Fraction
    offset: Fraction
    dimension: frozenset


def to_canonical(quantity: str | float, unit: str, where: str = "value") -> float:
    """The number that a quantity is when it is expressed in ``unit``.

    Args:
        quantity: a number, meant in ``unit`` already, or text such as ``"100 us"`` or ``"5 1/(uM ms)"``.
        unit: the unit wanted, such as ``"ms"``; ``"1"`` or ``""`` for a pure number.
        where: dotted name of the place, for messages: ``"run.dt"``.

    Raises:
        UnitError: the quantity is not a finite number, its unit is unknown, or it is of another dimension.
    """
    if isinstance(quantity, str):
        return _from_text(quantity, unit, where)
    if isinstance(quantity, bool) or not isinstance(quantity, Real):
        kind = type(quantity).__name__
        raise UnitError(f"{where}: {_shown(quantity)} ({kind}) is not a number with a unit; {_example(unit, where)}")
    return _finite(lambda: float(quantity), quantity, where)


def check_unit(unit: str, where: str = "unit") -> None:
    """Raise `UnitError` unless the text is a unit that `to_canonical` can convert to."""
    try:
        _meaning(_spelled(unit))
    except _UnreadableUnitError as problem:
        raise UnitError(f"{where}: {_shown(unit)} {problem}") from None


def molecules_to_uM(molecules, volume_um3: float | np.ndarray):
    """Concentration in uM of some molecules in a volume in um^3; 5000 in 1 um^3 are 8.30 uM.

    Args:
        molecules: a number or an array of numbers of molecules.
        volume_um3: a number or an array, above zero.

    Raises:
        UnitError: the volume is not above zero.
    """
    return molecules / _molecules_at_1_uM(volume_um3)


def uM_to_molecules(concentration, volume_um3: float | np.ndarray):
    """Number of molecules (not rounded) in a volume in um^3 at a concentration in uM: `molecules_to_uM` backwards."""
    return concentration * _molecules_at_1_uM(volume_um3)


def _molecules_at_1_uM(volume_um3):
    if not np.all(np.asarray(volume_um3) > 0):
        raise UnitError(f"volume: {volume_um3!r} um^3 is not above zero")
    return AVOGADRO * 1e-21 * volume_um3  # 1 um^3 is 1e-15 L, 1 uM is 1e-6 mol/L


def _from_text(quantity: str, unit: str, where: str) -> float:
    match = QUANTITY.fullmatch(_spelled(quantity)) if len(quantity) <= LONGEST_TEXT else None
    if match is None:
        raise UnitError(f"{where}: {_shown(quantity)} is not a number with a unit; {_example(unit, where)}")
    number, text, wanted = match[1], match[2].strip(), _spelled(unit)
    text = "1" + text if text.startswith("/") else text
    if text in ("", wanted):
        return _finite(lambda: float(number), quantity, where)
    check_unit(unit, where)
    try:
        given, target = _meaning(text), _meaning(wanted)
    except _UnreadableUnitError as problem:
        raise UnitError(f"{where}: {_shown(quantity)} {problem}") from None
    if given.dimension != target.dimension:
        rule = f"{_shown(quantity)} is {_noun(given, text)}; {_example(unit, where, number)}"
        raise UnitError(f"{where}: {rule}")
    exact = (Fraction(number) * given.factor + given.offset - target.offset) / target.factor
    return _finite(lambda: float(exact), quantity, where)


def _finite(convert, quantity, where: str) -> float:
    try:
        number = convert()
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise UnitError(f"{where}: {_shown(quantity)} is not a finite number")
    return number


def _spelled(text: str) -> str:
    for other, usual in SPELLINGS.items():
        text = text.replace(other, usual)
    return " ".join(text.split())


@lru_cache(maxsize=1024)
def _meaning(unit: str) -> _Unit:
    """What a unit's text means; the text is spelled as `_spelled` does."""
    if unit in ("", "1"):
        return _Unit(Fraction(1), Fraction(0), frozenset())
    if unit == "degC":
        return _meaning("K")._replace(offset=Fraction(27315, 100))
    if len(unit) > LONGEST_TEXT or not UNIT.fullmatch(unit):
        raise _UnreadableUnitError(
            f"has the unit {_shown(unit)}, which is not written like '1/ms', 'um^2/ms' or '1/(uM ms)'"
        )
    powers: Counter[str] = Counter()
    for position, part in enumerate(unit.split("/")):
        for name, power in re.findall(FACTOR, part):
            powers[name] += int(power or 1) * (-1 if position else 1)
    return _product(powers)


def _product(powers: Counter[str]) -> _Unit:
    factor, dimension = Fraction(1), Counter()
    for name, power in powers.items():
        one = _named(name)
        factor *= one.factor**power
        for base, base_power in one.dimension:
            dimension[base] += base_power * power
    return _Unit(factor, Fraction(0), frozenset((base, power) for base, power in dimension.items() if power))


@lru_cache(maxsize=1024)
def _named(name: str) -> _Unit:
    """What pint knows of one name; names have no operators in them, so pint has nothing to evaluate."""
    if name in COUNTED:
        return _meaning("1")
    candidates = _registry().parse_unit_name(name)
    if not candidates:
        raise _UnreadableUnitError(f"has the unknown unit '{name}'{nearest(name, COMMON)}")
    container = _registry().UnitsContainer({candidates[0][0] + candidates[0][1]: 1})
    factor, root = _registry().get_root_units(container)
    if not _is_proportional(container, root):  # degC within a product, degF, dB
        raise _UnreadableUnitError(f"has the unit '{name}', which has no fixed size here; use K, or degC alone")
    dimension = _registry().get_dimensionality(container)
    return _Unit(Fraction(factor), Fraction(0), frozenset(dimension.items()))


def _is_proportional(container, root) -> bool:
    """Whether zero of a unit is zero of its root unit."""
    try:
        return _registry().convert(Fraction(0), container, root) == 0
    except (ArithmeticError, TypeError, ValueError):  # logarithms do not take fractions
        return False


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry(non_int_type=Fraction)  # pyright: ignore[reportArgumentType]


def _noun(unit: _Unit, text: str) -> str:
    for known, noun in DIMENSIONS.items():
        if _meaning(known).dimension == unit.dimension:
            return noun
    return f"in {text}"


def _example(unit: str, where: str, number: str = "1") -> str:
    """What belongs here, and how to write it: ``dt is a time: write e.g. '0.1 ms'``."""
    check_unit(unit, where)
    wanted = _spelled(unit)
    written = number if wanted in ("", "1") else f"{number} {wanted}"
    return f"{where.rpartition('.')[2]} is {_noun(_meaning(wanted), wanted)}: write e.g. '{written}'"


def _shown(quantity) -> str:
    """A value as its writer knows it, not longer than a line's worth."""
    try:
        text = repr(quantity)
    except ValueError:  # an int of more digits than Python prints
        return "this number"
    return text if len(text) <= LONGEST_TEXT else f"{text[:40]}...{text[-10:]}"
