"""``wiring = { kind = ... }``: from tables to the objects of `gpusyn.wiring`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.config.values import Sites, as_text, require_room, to_number, without_prefix
from gpusyn.errors import ModelError, nearest, shown
from gpusyn.lattice import Lattice
from gpusyn.wiring import AllToAll, Neighbourhood, SparseConnections
from gpusyn.wiring.laws import LAWS
from gpusyn.wiring.neighbours import METRICS

LENGTHS = ("sigma", "length")
MOST_DRAWN_PAIRS = 2_000_000_000


@dataclass
class Ends:
    """What a wiring joins: a name for streams and messages, lattices, the step, masks per site, where files lie."""

    name: str
    source: Lattice
    target: Lattice
    dt: float
    sites: Sites
    from_sites: np.ndarray | None = None
    to_sites: np.ndarray | None = None

    @property
    def masks(self) -> dict[str, Any]:
        """The masks as arguments of every wiring."""
        return {"from_sites": self.from_sites, "to_sites": self.to_sites}

    @property
    def sizes(self) -> dict[str, int]:
        """Number of sites at both ends."""
        return {"n_source": self.source.n_site, "n_target": self.target.n_site}


class WiringError(ModelError):
    """A problem with one key of a wiring's table."""

    def __init__(self, key: str, rule: str):
        self.key = key
        super().__init__(rule)


def read_wiring(table: Mapping, ends: Ends) -> tuple[Any, dict]:
    """The wiring of a table, and the table in full.

    Raises:
        WiringError, ModelError: a kind or key that does not exist, a value that cannot be, or ends that do not match.
    """
    kind = table.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise WiringError(
            "kind",
            "is missing; valid: " + ", ".join(KINDS)
            if kind is None
            else f"{shown(kind)} is not a kind of wiring{nearest(str(kind), KINDS)}",
        )
    keys, make = KINDS[kind]
    for key in table:
        if key not in ("kind", *keys):
            raise WiringError(key, f"unknown key{nearest(key, ['kind', *keys])}")
    given = {"kind": kind}
    try:
        return make(table, ends, given), given
    except WiringError:
        raise
    except ModelError as error:
        raise _at_key(str(error), ends.name, keys) from None


def _at_key(message, name, keys):
    """An error of `gpusyn.wiring`, whose messages begin with name.key, at its key."""
    rest = without_prefix(message, name).removeprefix(f"{name}.")
    place, colon, rule = rest.partition(": ")
    key, _, entry = place.rstrip("]").partition("[")
    if not colon or key not in keys:
        return ModelError(rest)
    return WiringError(key, f"entry {entry}: {rule}" if entry else rule)


def _neighbourhood(table, ends, given):
    if ends.source.shape != ends.target.shape:
        raise ModelError(
            f"a neighbourhood joins sites of one lattice, not {ends.source.shape} and "
            f"{ends.target.shape}; use all_to_all, one_to_one, random or sparse"
        )
    if "radius" not in table:
        raise WiringError("radius", "is missing")
    radius = _number(table, "radius", "um", given)
    if radius < 0:
        raise WiringError("radius", f"{radius:g} um must not be negative")
    metric = given["metric"] = table.get("metric", "euclidean")
    if not isinstance(metric, str) or metric not in METRICS:
        raise WiringError("metric", f"{shown(metric)} is unknown{nearest(str(metric), METRICS)}")
    include_self = _flag(table, "include_self", given, False)
    laws = {key: _law(table.get(key, 1.0), key, given) for key in ("weight", "probability")}
    if "edges" in table:
        given["edges"] = _words(table["edges"], "edges")
    edges = tuple(given["edges"]) if isinstance(given.get("edges"), list) else given.get("edges")
    return Neighbourhood(
        ends.source,
        radius,
        metric,
        include_self,
        edges=edges,
        seed=ends.sites.seed,
        name=ends.name,
        **laws,
        **ends.masks,
    )


def _all_to_all(table, ends, given):
    include_self = _flag(table, "include_self", given, ends.source != ends.target)
    weight = _number(table, "weight", "1", given, 1.0)
    return AllToAll(**ends.sizes, weight=weight, include_self=include_self, name=ends.name, **ends.masks)


def _one_to_one(table, ends, given):
    if ends.source.n_site != ends.target.n_site:
        raise ModelError(f"one_to_one joins as many sites as sites, not {ends.source.n_site} and {ends.target.n_site}")
    require_room(ends.source.n_site)
    sites = np.arange(ends.source.n_site)
    weight = _number(table, "weight", "1", given, 1.0)
    return SparseConnections(sites, sites, weight, name=ends.name, **ends.sizes, **ends.masks)


def _random(table, ends, given):
    from gpusyn.numerics.draws import bernoulli
    from gpusyn.numerics.philox import philox, seed_words, stream_of

    if "probability" not in table:
        raise WiringError("probability", "is missing")
    chance = _number(table, "probability", "1", given)
    if not 0 <= chance <= 1:
        raise WiringError("probability", f"{chance:g} must be from 0 to 1")
    n_source, n_target = ends.source.n_site, ends.target.n_site
    if n_source * n_target > MOST_DRAWN_PAIRS:
        raise ModelError(f"random draws each of {n_source} x {n_target} pairs, too many; use a neighbourhood")
    require_room(n_source + n_target)
    include_self = _flag(table, "include_self", given, ends.source != ends.target)
    stream, key, targets = stream_of(f"{ends.name}.existence"), seed_words(ends.sites.seed), np.arange(n_target)
    pairs = []
    for source in range(n_source):
        exists = bernoulli(philox(targets, stream, source, 0, *key)[0], chance)
        if not include_self and source < n_target:
            exists[source] = False
        chosen = np.flatnonzero(exists)
        pairs.append(np.stack([np.full(chosen.size, source), chosen]))
    pre, post = np.concatenate(pairs, axis=1)
    weight = _number(table, "weight", "1", given, 1.0)
    return SparseConnections(pre, post, weight, name=ends.name, **ends.sizes, **ends.masks)


def _sparse(table, ends, given):
    arrays: dict[str, Any]
    if ("file" in table) == ("pre" in table):
        raise WiringError("file", "give either `file`, an .npz file, or `pre` and `post`")
    if "file" in table:
        given["file"] = table["file"]
        arrays = _npz(table["file"], ends)
    else:
        arrays = {key: _list(table, key, unit, given) for key, unit in LISTS.items() if key in table}
    for key in ("pre", "post"):
        if key not in arrays:
            raise WiringError(key, "is missing")
    pre, post, delay = arrays["pre"], arrays["post"], np.asarray(arrays.get("delay", 0.0), np.float64) / ends.dt
    return SparseConnections(
        pre, post, arrays.get("weight", 1.0), delay=np.rint(delay), name=ends.name, **ends.sizes, **ends.masks
    )


LISTS = {"pre": "", "post": "", "weight": "1", "delay": "ms"}


def _list(table, key, unit, given):
    values = table[key] if isinstance(table[key], list) or key in ("pre", "post") else [table[key]]
    if not isinstance(values, list):
        raise WiringError(key, f"{shown(values)} is not a list of sites")
    if unit:
        numbers = np.array([_converted(one, unit, key) for one in values])
        given[key] = [as_text(float(one), unit) for one in numbers]
        return numbers
    if not all(isinstance(one, int) and not isinstance(one, bool) and abs(one) < 2**62 for one in values):
        raise WiringError(key, f"{shown(values)}: sites are whole numbers")
    given[key] = values
    return np.array(values, np.int64)


def _npz(name, ends) -> dict[str, Any]:
    """The arrays of a file of connections: pre, post, weight, delay (ms); or a matrix from scipy.sparse.save_npz."""
    if not isinstance(name, str):
        raise WiringError("file", f"{shown(name)} is not the name of a file")
    path = Path(ends.sites.folder) / name
    try:
        with np.load(path, allow_pickle=False) as held:
            if not hasattr(held, "files"):
                raise ValueError
            arrays = {key: held[key] for key in held.files}
        if "format" in arrays:
            from scipy.sparse import load_npz

            entries = load_npz(path).tocoo()
            if entries.shape != (ends.source.n_site, ends.target.n_site):
                raise WiringError(
                    "file",
                    f"'{name}' is a matrix of {entries.shape}; its shape must be "
                    f"{(ends.source.n_site, ends.target.n_site)}, sources by targets",
                )
            arrays = {"pre": entries.row, "post": entries.col, "weight": entries.data}
    except WiringError:
        raise
    except OSError as error:
        raise WiringError("file", f"'{name}' cannot be read: {error.strerror or error}") from None
    except Exception:  # damaged archives fail in many ways inside zipfile, NumPy and SciPy
        raise WiringError("file", f"'{name}' is not an .npz file of arrays or of a sparse matrix") from None
    ends.sites.files.append(name)
    return arrays


def _law(value, key, given):
    """A number, or a law of distance whose lengths may have units."""
    if not isinstance(value, Mapping):
        given[key] = number = _converted(value, "1", key)
        return number
    law = value.get("law", "constant")
    if not isinstance(law, str) or law not in LAWS:
        raise WiringError(key, f"law {shown(law)} is unknown{nearest(str(law), LAWS)}")
    numbers = {
        name: _converted(one, "um" if name in LENGTHS else "1", f"{key}.{name}")
        for name, one in value.items()
        if name != "law"
    }
    given[key] = {"law": law} | {n: as_text(one, "um" if n in LENGTHS else "1") for n, one in numbers.items()}
    return {"law": law, **numbers}


def _number(table, key, unit, given, default=None):
    number = _converted(table.get(key, default), unit, key)
    given[key] = as_text(number, unit)
    return number


def _converted(value, unit, key) -> float:
    try:
        return to_number(value, unit, key)
    except ModelError as error:
        raise WiringError(key.partition(".")[0], str(error)) from None


def _flag(table, key, given, default) -> bool:
    value = given[key] = table.get(key, default)
    if not isinstance(value, bool):
        raise WiringError(key, f"{shown(value)} is not true or false")
    return value


def _words(value, key):
    if not all(isinstance(one, str) for one in (value if isinstance(value, list) else [value])):
        raise WiringError(key, f"{shown(value)} is not a word or a list of words")
    return value


KINDS = {
    "neighbourhood": (("radius", "metric", "include_self", "weight", "probability", "edges"), _neighbourhood),
    "all_to_all": (("weight", "include_self"), _all_to_all),
    "one_to_one": (("weight",), _one_to_one),
    "random": (("probability", "weight", "include_self"), _random),
    "sparse": (("file", "pre", "post", "weight", "delay"), _sparse),
}
