"""The vesicle pool of the crate synapse-models, in meaning, on arrays of synapses."""
from __future__ import annotations

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.vesicles.evaluating import evaluate
from gpusyn.vesicles.hill import CalciumTsodyksMarkram, hill


class VesiclePool:
    """A pool of releasable vesicles per synapse, released by calcium, outside of any model: one call, one event.

    The equations are those of `CalciumTsodyksMarkram`; between calls of `update` and `release` they are solved exactly,
    so that no step is too long. What differs from synapse-models 0.1, and why:

    - `depressing()` and `facilitating()`: there the time constants of the two are exchanged, and "facilitating"
      depresses. Here they are Markram2015-E2 (U 0.5, 671 ms, 17 ms) and Tsodyks1998-facilitating (0.03, 130, 530).
    - The default is Tsodyks1998-depressing: U 0.5 as there, but 800 ms and no facilitation; 800 and 1000 ms belong to
      no synapse that is known.
    - `release` gives the expected number as it is, not cut to a whole one, and takes from the pool just what it gives:
      with little calcium the pool does not empty.
    - There is one account: `available_vesicles` and `recovering_vesicles` add up to `total_vesicles`. For docked,
      recycling and reserve pools take `VesicleCycle`.

    Args:
        n: synapses; all arrays have shape (n,).
        total_vesicles: vesicles that a pool can release when full.
        preset: of `TsodyksMarkram`; further parameters (U, tau_rec, tau_facil in ms, half in uM, cooperativity), one
            number or one per synapse, replace its values.

    Attributes:
        available_fraction, utilization: x and u now, float64.

    Raises:
        ModelError: a probability outside 0 to 1, a time constant that is not positive, an unknown preset.
    """

    def __init__(self, n: int = 1, *, total_vesicles: float = 100.0, preset: str | None = None, **parameters):
        if n != int(n) or n < 1:
            raise ModelError(f"VesiclePool.n: {n} is not a number of synapses; give 1 or more")
        if not 0 < total_vesicles < np.inf:
            raise ModelError(f"VesiclePool.total_vesicles: {total_vesicles} must be a positive number")
        self.n, self.total_vesicles = int(n), float(total_vesicles)
        self.mechanism = CalciumTsodyksMarkram(preset=preset, **parameters)
        for name, value in self.mechanism.values.items():
            if np.size(value) not in (1, self.n):
                shape = np.shape(value)
                raise ModelError(f"VesiclePool.{name}: {shape} values for {n} synapses; give one, or one each")
        self.reset()

    @classmethod
    def depressing(cls, n: int = 1, **parameters) -> VesiclePool:
        """A synapse that depresses: high U, slow recovery (Markram2015-E2, verified)."""
        return cls(n, preset="Markram2015-E2", **parameters)

    @classmethod
    def facilitating(cls, n: int = 1, **parameters) -> VesiclePool:
        """A synapse that facilitates: low U, fast recovery, slow decay of u (Tsodyks1998-facilitating, verified)."""
        return cls(n, preset="Tsodyks1998-facilitating", **parameters)

    def reset(self) -> None:
        """Fill every pool and forget all facilitation."""
        self.available_fraction = np.ones(self.n)
        self.utilization = self._each(self.mechanism.values["U"])

    def update(self, dt: float) -> None:
        """Let `dt` ms pass: vesicles recover, u returns to U; exact for any dt."""
        if not 0 <= dt < np.inf:
            raise ModelError(f"VesiclePool.update: dt {dt} ms must be a time from 0 on")
        available, utilization = self._evaluate("available", float(dt)), self._evaluate("utilisation", float(dt))
        self.available_fraction, self.utilization = self._each(available), self._each(utilization)

    def release(self, calcium) -> np.ndarray:
        """A spike with this calcium (uM, one number or one per synapse); gives back the vesicles released, expected."""
        calcium = self._calcium(calcium)
        released = self._evaluate("released_fraction", calcium=calcium)
        after = self._evaluate("on_pre", calcium=calcium)
        self.available_fraction, self.utilization = self._each(after["x"]), self._each(after["u"])
        return self.total_vesicles * released

    def release_probability(self) -> np.ndarray:
        """u x: the fraction of a full pool that a spike with much calcium would release."""
        return self.available_fraction * self.utilization

    def calcium_release_probability(self, calcium) -> np.ndarray:
        """The Hill function of calcium (uM)."""
        values = self.mechanism.values
        return hill(self._calcium(calcium), values["half"], values["cooperativity"])

    @property
    def available_vesicles(self) -> np.ndarray:
        """Vesicles ready to be released."""
        return self.total_vesicles * self.available_fraction

    @property
    def recovering_vesicles(self) -> np.ndarray:
        """Vesicles on their way back."""
        return self.total_vesicles - self.available_vesicles

    def _calcium(self, calcium):
        """Calcium as an array of one for each synapse, not below zero."""
        calcium = np.asarray(calcium, float)
        if not (calcium >= 0).all() or np.isinf(calcium).any():
            bad = calcium[~((calcium >= 0) & np.isfinite(calcium))].flat[0]
            raise ModelError(f"VesiclePool: calcium {bad} uM is not a concentration; give 0 or more")
        if calcium.size not in (1, self.n):
            raise ModelError(f"VesiclePool: {calcium.shape} values of calcium for {self.n} synapses; give one, or one "
                             "each")
        return self._each(calcium)

    def _evaluate(self, name, since=0.0, calcium: float | np.ndarray = 0.0):
        """An equation of the mechanism, `since` ms after the states that are kept."""
        known = {"x": self.available_fraction, "u": self.utilization, "since": since, "calcium": calcium}
        return evaluate(self.mechanism, name, known)

    def _each(self, values) -> np.ndarray:
        """One value for each synapse, in an array of its own."""
        return np.broadcast_to(np.asarray(values, float), (self.n,)).copy()
