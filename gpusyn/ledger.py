"""The ledger: where every amount of transmitter came from and went.

initial + released + supplied = present + taken_up + decayed + escaped, in uM um^3 (= 1e-21 mol), summed over sites.
"""
from __future__ import annotations

import numpy as np

from gpusyn.backends.paired import Paired

SOURCES = ("initial", "released", "supplied")
SINKS = ("present", "taken_up", "decayed", "escaped")


class Ledger:
    """Amounts per transmitter and kind; each is (n_point,) in uM um^3."""

    unit = "uM um^3"

    def __init__(self, assembly):
        self._assembly = assembly
        self._initial = {name: self._present(name) for name in assembly.model.transmitters}

    def _volume(self):
        lattice = self._assembly.model.lattice
        return lattice.spacing**3  # um^3 per site; a two-dimensional lattice is one site thick

    def _on_host(self, array):
        return self._assembly.backend.to_host(array.front if isinstance(array, Paired) else array)

    def _present(self, name):
        return self._on_host(self._assembly.state[f"{name}.concentration"]).sum(axis=1, dtype=np.float64) * self._volume()

    def __getitem__(self, name: str) -> dict[str, np.ndarray]:
        """All amounts of one transmitter."""
        amounts = {kind: np.zeros(self._assembly.n_point) for kind in (*SOURCES, *SINKS)}
        amounts["initial"], amounts["present"] = self._initial[name], self._present(name)
        for account in self._assembly.accounts:
            if account.transmitter == name:
                amounts[account.kind] = amounts[account.kind] + self._on_host(account.partial).sum(axis=1) * self._volume()
        return amounts

    def residual(self, name: str) -> np.ndarray:
        """(sources - sinks) / sources, per sweep point: round-off if nothing was lost uncounted."""
        amounts = self[name]
        gained = sum(amounts[kind] for kind in SOURCES)
        lost = sum(amounts[kind] for kind in SINKS)
        return (gained - lost) / np.maximum(gained, np.finfo(np.float64).tiny)

    def __iter__(self):
        return iter(self._initial)

    def snapshot(self) -> dict[str, dict[str, np.ndarray]]:
        """All amounts of all transmitters."""
        return {name: self[name] for name in self}
