"""The state of a simulation by dotted name, read and written from the host."""
from __future__ import annotations

from collections.abc import MutableMapping

import numpy as np

from gpusyn.backends.paired import front_of
from gpusyn.catching_up import caught_up, lagging_states
from gpusyn.errors import ModelError, nearest


def on_host(backend, held) -> np.ndarray:
    """A host copy of a device array, or of the half of a `Paired` that holds the data."""
    return backend.to_host(front_of(held))


def put(backend, held, values) -> None:
    """Copy host values of the same shape and type into a device array, or into the half that holds the data."""
    device = front_of(held)
    device[...] = backend.asarray(values)


class StateView(MutableMapping):
    """The state by dotted name: reading copies to the host, (site,) or (point, site); writing copies to the device."""

    def __init__(self, assembly, ledger):
        self._backend, self._state, self._ledger = assembly.backend, assembly.state, ledger
        self._lagging = lagging_states(assembly)

    def on_host(self, path) -> np.ndarray:
        """A host copy, always (n_point, n_site); of what synapses keep as of their latest event, the value of now."""
        if path in self._lagging:
            return caught_up(self._lagging[path])[path]
        return on_host(self._backend, self._state[path])

    def __getitem__(self, path):
        values = self.on_host(self._known(path))
        return values[0] if values.shape[0] == 1 else values

    def __setitem__(self, path, value):
        held = self._state[self._known(path)]
        value = np.asarray(value, held.dtype)
        if value.size == held.shape[1]:
            value = value.reshape(1, -1)
        try:
            full = np.broadcast_to(value, held.shape)
        except ValueError:
            raise ModelError(f"{path}: cannot set {held.shape} values from an array of shape {value.shape}") from None
        if path in self._lagging and path.endswith(".weight"):  # what was due before has come and gone
            for lagging, now in caught_up(self._lagging[path]).items():
                put(self._backend, self._state[lagging], now)
        with self._ledger.put_by_hand(path):
            put(self._backend, held, full)

    def _known(self, path):
        if path not in self._state:
            raise KeyError(f"no state '{path}'{nearest(path, self._state)}")
        return path

    def __delitem__(self, path):
        raise ModelError(f"{path}: a state cannot be removed")

    def __iter__(self):
        return iter(self._state)

    def __len__(self):
        return len(self._state)
