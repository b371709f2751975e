"""Looks for impossible values in the states: NaN, infinity, and negative where that cannot be."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gpusyn.backends.numpy_ops.reductions import REPORT_ROWS, check_finite, first_report
from gpusyn.backends.paired import front_of
from gpusyn.backends.plan import Call


@dataclass(frozen=True)
class Impossible:
    """One impossible value: which state, at which sweep point and site."""

    path: str
    point: int
    site: int


class Watch:
    """Looks at all states at once; on a device only a report of 1.5 kB crosses to the host."""

    def __init__(self, assembly):
        self.assembly, self.paths = assembly, list(assembly.state)
        self.on_host = assembly.backend.on_host
        self.report = self.clean() if self.on_host else assembly.backend.asarray(self.clean())
        calls = [Call("check_finite", self.arguments(k)) for k in range(len(self.paths))]
        self.runner = None if self.on_host else assembly.backend.runner(calls, assembly.precision)

    @staticmethod
    def clean():
        """A report of nothing."""
        return np.full((REPORT_ROWS, 3), -1, np.int64)

    def arguments(self, k):
        """Arguments of `check_finite` for state number k."""
        held = self.assembly.state[self.paths[k]]
        watched = int(self.paths[k] in self.assembly.watched)
        return [held, self.report, k, *held.shape, watched]

    def look(self, step: int) -> Impossible | None:
        """The first impossible value, if there is any."""
        report = self.host_report(step) if self.on_host else self.device_report(step)
        found = first_report(report)
        if found is None:
            return None
        path = self.paths[found[1]]
        return Impossible(path, *divmod(found[2], self.assembly.state[path].shape[1]))

    def host_report(self, step):
        """The report of what is suspicious; extremes tell that fast, and need nothing compiled."""
        report = self.clean()
        for k in range(len(self.paths)):
            held, _, *rest = self.arguments(k)
            values = front_of(held)
            with np.errstate(invalid="ignore"):
                low, high = values.min(), values.max()  # NaN if any is
            if not (np.isfinite(low) and np.isfinite(high)) or (rest[-1] and low < 0):
                check_finite(step, values, report, *rest)
        return report

    def device_report(self, step):
        """The report that the device wrote."""
        self.runner.run(step, 1)
        report = self.assembly.backend.to_host(self.report)
        if (report != -1).any():
            self.report[...] = self.assembly.backend.asarray(self.clean())
        return report
