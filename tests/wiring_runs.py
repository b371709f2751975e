"""Runs the calls of a connection set on one backend, for the tests of wiring."""
import numpy as np
from operations import run_operation

from gpusyn.wiring import SpikeHistory


def run_calls(backend: str, calls, step: int, precision: str, **options) -> None:
    """Run calls in order; arrays are updated in place."""
    for call in calls:
        after = run_operation(backend, call.operation, step, call.args, precision, **options)
        for arg, new in zip(call.args, after, strict=True):
            if isinstance(arg, np.ndarray) and arg.size:
                arg[...] = new


class Delivered:
    """One connection set between two populations, with all arrays on the host.

    Args:
        wiring: the connection set.
        spikes: (n_point, n_source) uint8, the flags of the step.
        shape: sites of the sources.
        n_target: sites of the targets.
        precision: type of `target`.
        n_part: parts of the ledger.
        named: passed to `wiring.calls`.
    """

    def __init__(
        self, wiring, spikes, shape, n_target, precision, n_part, amount=None, delay=0, max_delay=None, **named
    ):
        n_point = len(spikes)
        self.spikes = np.ascontiguousarray(spikes, np.uint8)
        self.target = np.zeros((n_point, n_target), precision)
        self.released = np.zeros((n_point, n_part))
        history = SpikeHistory(n_point, shape, delay if max_delay is None else max_delay)
        amount = np.ones(1, precision) if amount is None else np.asarray(amount, precision)
        named = {key: np.asarray(v, precision) if key in ("probability", "weights") else v for key, v in named.items()}
        deliver = wiring.calls(history, self.target, amount, delay=delay, released=self.released, **named)
        self.calls = history.calls(self.spikes) + deliver

    def run(self, backend, step, precision, **options):
        """Run one step; returns this object."""
        run_calls(backend, self.calls, step, precision, **options)
        return self
