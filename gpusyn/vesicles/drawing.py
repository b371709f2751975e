"""Random numbers outside a simulation, from the same Philox as within: for spreads of parameters and for samples."""
import numpy as np

from gpusyn.numerics.draws import drawn
from gpusyn.numerics.philox import philox, seed_words, step_words, stream_of


def draw(kind: str, path: str, n: int, seed: int, attempt: int = 0) -> np.ndarray:
    """`n` numbers of a kind ("normal", "uniform", "chance"), float64, from the stream of a dotted name.

    Number i is a function of kind, path, i, seed and attempt alone: more of them begin with the same.
    """
    words = philox(np.arange(n), stream_of(path), *step_words(attempt), *seed_words(seed))
    return drawn(kind, words, np.float64)
