"""Parameters of short-term plasticity that differ from synapse to synapse."""
import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.vesicles.drawing import draw
from gpusyn.vesicles.presets import PRESETS


def spread(preset: str, n: int, seed: int, cv: float = 0.5) -> dict[str, np.ndarray]:
    """Parameters of n synapses around a preset: independent truncated normals, each parameter's SD cv times its mean.

        TsodyksMarkram(**spread("Maass2002-EI", n=1000, seed=7))

    Times are above 0 and U between 0 and 1: values outside are drawn again, which moves the mean up by a few per cent
    at cv = 0.5. A time that is 0 in the preset stays 0. Synapse i gets the same values whatever n is.

    Source: Maass, Natschlaeger & Markram (2002) Neural Comput. 14:2531, where the SD is half the mean (recalled,
    uncertain; 30-60 % have been measured).

    Returns:
        U, tau_rec and tau_facil (ms), float64 of shape (n,).

    Raises:
        ModelError: no such preset, or a cv below 0.
    """
    if preset not in PRESETS:
        raise ModelError(f"spread: no preset '{preset}'{nearest(preset, PRESETS)}")
    if not 0 <= cv < np.inf:
        raise ModelError(f"spread: cv {cv} must be a number from 0 on")
    upper = {"U": 1.0}
    return {name: _truncated(name, mean, cv * mean, upper.get(name, np.inf), n, seed)
            for name, mean in PRESETS[preset].items()}


def _truncated(name, mean, deviation, high, n, seed):
    """Normal numbers within (0, high); all equal to the mean if they do not vary."""
    values = np.full(n, mean)
    waiting, attempt = np.arange(n if deviation > 0 else 0), 0
    while waiting.size:
        values[waiting] = mean + deviation * draw("normal", f"spread.{name}", n, seed, attempt)[waiting]
        waiting = waiting[(values[waiting] <= 0) | (values[waiting] >= high)]
        attempt += 1
    return values
