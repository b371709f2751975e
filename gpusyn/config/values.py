"""Values of one quantity as a config writes them: a number for all sites, or one per site, drawn or given.

    2.0    "2 nS"                                    one number
    { uniform = ["1 nS", "2 nS"] }                   drawn between two limits
    { normal = ["2 nS", "0.5 nS"], min = 0 }         mean and standard deviation, between limits if they are given
    { values = [...] }    { file = "g.npy" }         one per site
    { excitatory = "2 nS", inhibitory = 0 }          one of the above per group of the population

Draws are Philox words of (run.seed, the dotted name, the site): they depend on no other quantity and on no order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.backends.host_memory import free_memory
from gpusyn.errors import ModelError, nearest
from gpusyn.numerics.draws import uniform_float64
from gpusyn.numerics.philox import philox, seed_words, stream_of
from gpusyn.units import to_canonical

FORMS = ("uniform", "normal", "values", "file")
MOST_INDICES = 2**31 - 1
BLOCK = 1_000_000  # sites that are drawn for at once
BYTES_PER_VALUE = 40  # of a number per site and the temporary arrays on the way to it


@dataclass
class Sites:
    """What values per site are made for: how many sites, the seed, where files lie, the population's groups.

    `groups` are masks (n_site,) by name; `files` collects the paths that were read.
    """

    n_site: int
    seed: int
    folder: Path
    groups: dict[str, np.ndarray] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def read_value(written: Any, unit: str, path: str, sites: Sites) -> tuple[float | np.ndarray, Any]:
    """The value of a quantity, and how the resolved config writes it.

    Args:
        written: a number, text with a unit, or one of the tables above.
        unit: that the quantity is declared in.
        path: dotted name, for the random stream and for messages.

    Returns:
        A float, or (n_site,) float64; and the same as TOML with units.

    Raises:
        ModelError: it is none of these, or there are not as many values as sites; the path is not repeated.
    """
    if isinstance(written, list):
        raise ModelError("a list; write { values = [...] } for one per site, or put the name into [sweep]")
    if not isinstance(written, Mapping):
        number = to_number(written, unit, path)
        return number, as_text(number, unit)
    if sites.groups and set(written) & set(sites.groups):
        return _by_group(written, unit, path, sites)
    form = next((form for form in FORMS if form in written), None)
    if form is None:
        found = ", ".join(f"'{key}'" for key in written) or "an empty table"
        word = next(iter(written), "")
        raise ModelError(f"{found} says nothing about values per site{nearest(word, [*FORMS, *sites.groups])}")
    require_room(sites.n_site)
    allowed = (form, "min", "max") if form == "normal" else (form,)
    for key in written:
        if key not in allowed:
            raise ModelError(f"unknown key '{key}' beside '{form}'{nearest(key, allowed)}")
    return {"uniform": _uniform, "normal": _normal, "values": _listed, "file": _from_file}[form](
        written, unit, path, sites
    )


def to_number(written: Any, unit: str, path: str) -> float:
    """One number in the declared unit; the message of its error does not begin with the path."""
    try:
        return to_canonical(written, unit, where=path)
    except ModelError as error:
        raise ModelError(without_prefix(str(error), path)) from None


def check_limits(quantity, value: float | np.ndarray) -> None:
    """Raise a `ModelError` unless a parameter's value, or each of them, is within its declared limits."""
    unit = "" if quantity.unit in ("", "1") else f" {quantity.unit}"
    for number, rule, limit, kept in (
        (np.min(value), "at least", quantity.low, np.min(value) >= quantity.low),
        (np.max(value), "at most", quantity.high, np.max(value) <= quantity.high),
    ):
        if not kept:
            raise ModelError(f"{number:g}{unit} must be {rule} {limit:g}{unit}")


def without_prefix(message: str, path: str) -> str:
    """A message without the name of its place, which the list of problems gives already."""
    return message.removeprefix(f"{path}: ")


def as_text(number: float, unit: str) -> Any:
    """A number as the resolved config writes it: with its unit, or bare if it is a pure number."""
    return number if unit in ("", "1") else f"{number!r} {unit}"


def uniform_draws(path: str, sites: Sites) -> np.ndarray:
    """One number between 0 and 1 per site, (n_site,) float64, of the stream of this name."""
    draws, stream, key = np.empty(sites.n_site), stream_of(f"{path}.value"), seed_words(sites.seed)
    for first in range(0, sites.n_site, BLOCK):
        words = philox(np.arange(first, min(first + BLOCK, sites.n_site)), stream, 0, 0, *key)
        draws[first : first + BLOCK] = uniform_float64(words[0], words[1])
    return draws


def require_room(n_site: int) -> None:
    """Raise a `ModelError` if a number per site, and what making it takes, would not fit into free memory."""
    needed, free = n_site * BYTES_PER_VALUE, free_memory()
    if needed > free:
        raise ModelError(
            f"{n_site} sites: a value for each takes {needed / 1e9:.3g} GB, and {free / 1e9:.3g} GB are free"
        )


def _uniform(written, unit, path, sites):
    low, high = _pair(written["uniform"], unit, path, "uniform = [low, high]")
    if not low <= high:
        raise ModelError(f"uniform: {low:g} to {high:g} {unit} runs backwards; write the lower limit first")
    values = low + (high - low) * uniform_draws(path, sites)
    return values, {"uniform": [as_text(low, unit), as_text(high, unit)]}


def _normal(written, unit, path, sites):
    from scipy.special import ndtr, ndtri

    mean, deviation = _pair(written["normal"], unit, path, "normal = [mean, standard deviation]")
    if deviation < 0:
        raise ModelError(f"normal: the standard deviation {deviation:g} {unit} must not be negative")
    limits = {key: to_number(written[key], unit, path) for key in ("min", "max") if key in written}
    low, high = limits.get("min", -np.inf), limits.get("max", np.inf)
    if not low < high:
        raise ModelError(f"normal: min {low:g} {unit} must be below max {high:g} {unit}")
    spec = {"normal": [as_text(mean, unit), as_text(deviation, unit)]}
    spec |= {key: as_text(value, unit) for key, value in limits.items()}
    if deviation == 0:
        return np.full(sites.n_site, np.clip(mean, low, high)), spec
    below, above = ndtr((low - mean) / deviation), ndtr((high - mean) / deviation)
    if not above - below > 1e-6:
        raise ModelError(f"normal: almost nothing of it lies between min and max ({above - below:.1g})")
    draws = ndtri(below + (above - below) * uniform_draws(path, sites))  # the part of the bell between the limits
    return np.clip(mean + deviation * draws, low, high), spec


def _pair(written, unit, path, form) -> tuple[float, float]:
    if not isinstance(written, list) or len(written) != 2:
        raise ModelError(f"write {form}")
    return to_number(written[0], unit, path), to_number(written[1], unit, path)


def _listed(written, unit, path, sites):
    if not isinstance(written["values"], list):
        raise ModelError("write values = [...] with one value per site")
    values = np.array([to_number(one, unit, path) for one in written["values"]])
    _check_size(values, sites)
    return values, {"values": [as_text(float(one), unit) for one in values]}


def _from_file(written, unit, path, sites):
    values = load_array(written["file"], sites.folder)
    sites.files.append(written["file"])
    if values.dtype.kind not in "iuf":
        raise ModelError(f"file '{written['file']}' holds {values.dtype}, not numbers")
    values = values.astype(np.float64).ravel()
    _check_size(values, sites)
    if not np.isfinite(values).all():
        raise ModelError(f"file '{written['file']}': {values[~np.isfinite(values)][0]} is not a finite number")
    return values, {"file": written["file"]}


def load_array(name: Any, folder: Path) -> np.ndarray:
    """The array of an .npy file beside the config; a file of objects (which could run code) is refused."""
    if not isinstance(name, str):
        raise ModelError(f"file: {name!r} is not the name of a file")
    try:
        array = np.load(folder / name, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        reason = getattr(error, "strerror", None) or "it is not a NumPy array of numbers"
        raise ModelError(f"file '{name}' cannot be read: {reason}") from None
    if not isinstance(array, np.ndarray):
        raise ModelError(f"file '{name}' holds several arrays; save one, as .npy")
    return array


def _check_size(values, sites):
    if values.size != sites.n_site:
        raise ModelError(f"{values.size} values for {sites.n_site} sites; give one per site")


def _by_group(written, unit, path, sites):
    for key in written:
        if key not in sites.groups:
            raise ModelError(f"there is no group '{key}'{nearest(key, sites.groups)}")
    for name in sites.groups:
        if name not in written:
            raise ModelError(f"no value for group '{name}'; give one to every group")
    total, spec = np.zeros(sites.n_site), {}
    for name, mask in sites.groups.items():
        value, spec[name] = read_value(written[name], unit, path, sites)
        total = np.where(mask, value, total)
    return total, spec


def read_groups(written: Any, path: str, sites: Sites) -> dict[str, np.ndarray]:
    """Masks of a population's groups, from their shares: ``{ excitatory = 0.8, inhibitory = 0.2 }``.

    Which cell is of which group is drawn; how many are, is not: each group has its share, rounded.

    Raises:
        ModelError: a share is no number from 0 to 1, or they do not add up to 1.
    """
    if not isinstance(written, Mapping) or not written:
        raise ModelError("write the shares of the groups, such as { excitatory = 0.8, inhibitory = 0.2 }")
    shares = {}
    for name, share in written.items():
        if not str(name).isidentifier() or name in (*FORMS, "min", "max"):
            raise ModelError(f"'{name}' cannot be the name of a group")
        shares[name] = to_number(share, "1", f"{path}.{name}")
        if not 0 <= shares[name] <= 1:
            raise ModelError(f"{name} = {shares[name]:g} must be a share from 0 to 1")
    if abs(sum(shares.values()) - 1) > 1e-9:
        raise ModelError(f"the shares add up to {sum(shares.values()):g}; they must add up to 1")
    require_room(sites.n_site)
    order = np.argsort(uniform_draws(path, sites), kind="stable")
    ends = np.rint(np.cumsum([0.0, *shares.values()]) * sites.n_site).astype(int)
    masks = {}
    for name, first, last in zip(shares, ends[:-1], ends[1:], strict=True):
        masks[name] = np.zeros(sites.n_site, bool)
        masks[name][order[first:last]] = True
    return masks
