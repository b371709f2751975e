"""Callables of two positions, evaluated for many pairs of sites at once wherever that gives the same answers."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattices.places import Place, apart

MOST_CALLS = 4_000_000  # of one callable, pair by pair: some seconds
N_CHECKED = 400
SEED = 20240817  # of the pairs that are checked; no result depends on it

ALTERNATIVES = ("write it for arrays of positions (&, | and numpy functions), or pass wiring=Neighbourhood(...) (by "
                "distance), AllToAll(...) or SparseConnections(...) (from arrays), or use connect_where")


def by_displacement(function: Callable, steps: np.ndarray) -> np.ndarray | None:
    """What a callable says of displacements, (n, n_axis), each from source to target; None if it asks for more.

    More is where the sites are. A callable that cannot take arrays is called once per displacement.
    """
    result = _attempt(lambda: function(*apart(tuple(steps.T))), len(steps))
    if result is None and len(steps) <= MOST_CALLS:
        result = _attempt(lambda: [function(*apart(step)) for step in steps.tolist()], len(steps))
    return result


def by_references(function: Callable, steps: np.ndarray, shape: tuple[int, ...]) -> np.ndarray | None:
    """As `by_displacement`, for a callable that wants to know where the sites are: asked at three places for each.

    The places are the first and the last source from which the displacement stays on a lattice of this shape, and the
    one in the middle. None if the answers differ, or if there are more than `MOST_CALLS` of them.
    """
    if 3 * len(steps) > MOST_CALLS:
        return None
    first, last = np.maximum(0, -steps), np.array(shape) - 1 - np.maximum(0, steps)
    answers = [_attempt(lambda at=at: [function(tuple(a), tuple(b)) for a, b in pairs_of(at, at + steps)], len(steps))
               for at in (first, last, (first + last) // 2)]
    same = all(a is not None and answers[0] is not None and np.array_equal(a, answers[0]) for a in answers)
    return answers[0] if same else None


def pairs_of(pre: np.ndarray, post: np.ndarray):
    """Pairs of positions as lists of plain numbers."""
    return zip(pre.tolist(), post.tolist(), strict=True)


def by_arrays(function: Callable, pre: np.ndarray, post: np.ndarray) -> np.ndarray | None:
    """What a callable says of pairs of positions, (n, n_axis) each, if it takes arrays; else None."""
    return _attempt(lambda: function(Place(pre.T), Place(post.T)), len(pre))


def pair_by_pair(function: Callable, pre: np.ndarray, post: np.ndarray, place: str) -> np.ndarray:
    """What a callable says of pairs of positions, (n, n_axis) each, called once per pair: always what it means.

    Raises:
        ModelError: more than `MOST_CALLS` pairs, or the callable returns something that is no number.
    """
    if len(pre) > MOST_CALLS:
        raise ModelError(f"{place}: cannot be called with arrays of positions, and {len(pre)} pairs are more than the "
                         f"{MOST_CALLS} that are called one by one; {ALTERNATIVES}")
    answers = [function(tuple(a), tuple(b)) for a, b in pairs_of(pre, post)]
    try:
        return np.asarray(answers, np.float64).reshape(len(pre))
    except (TypeError, ValueError):
        raise ModelError(f"{place}: returned {answers[0]!r} for {tuple(pre[0].tolist())} and "
                         f"{tuple(post[0].tolist())}; one number or truth value is asked for") from None


def agrees(function: Callable, pre: np.ndarray, post: np.ndarray, answers: np.ndarray) -> bool:
    """Whether single calls give the same answers, for pairs of positions (n, n_axis).

    They do not where a callable draws random numbers, or takes a norm over all pairs at once.
    """
    chosen = np.random.default_rng(SEED).permutation(len(pre))[:N_CHECKED]
    try:
        single = [float(function(tuple(pre[k].tolist()), tuple(post[k].tolist()))) for k in chosen]
    except Exception:
        return True  # it takes arrays only
    return bool(np.allclose(single, answers[chosen].astype(np.float64), rtol=1e-6, atol=1e-12))


def _attempt(evaluate, n: int) -> np.ndarray | None:
    """The numbers that an evaluation gives, (n,); None if it fails or gives something else."""
    try:
        result = np.asarray(evaluate())
        return np.broadcast_to(result, (n,)) if result.dtype.kind in "biuf" else None
    except Exception:  # whatever a callable does that was not written for this
        return None
