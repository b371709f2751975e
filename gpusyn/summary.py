"""What a run comes to: how long it took, how fast it was, how much it spiked, and whether the ledger closes."""
from __future__ import annotations

from dataclasses import asdict, dataclass, field

import numpy as np

from gpusyn.memory_estimate import count_arrays, readable

MS_PER_SECOND = 1000.0
STATUS_CODES = {"finished": 0, "interrupted": 75, "failed": 1}  # 75, EX_TEMPFAIL: try again, that is, resume


@dataclass
class Summary:
    """Figures of a run.

    Attributes:
        status: "finished", "interrupted" or "failed"; `reason` says by what.
        path: of the run file.
        steps, simulated, wall: steps, simulated time in ms, and seconds that the steps took, earlier parts included.
        memory: bytes of all arrays on the device.
        spikes: number by population, over all sweep points.
        rates: mean rate by population, Hz, (n_point,).
        ledger: amounts by transmitter and term, (n_point,), uM um^3.
        residuals: (sources - fates) / sources by transmitter, (n_point,).
    """

    status: str
    reason: str
    path: str
    steps: int
    simulated: float
    wall: float
    memory: int
    spikes: dict[str, int] = field(default_factory=dict)
    rates: dict[str, list[float]] = field(default_factory=dict)
    ledger: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    residuals: dict[str, list[float]] = field(default_factory=dict)

    @property
    def steps_per_second(self) -> float:
        """Steps per second of wall time."""
        return self.steps / self.wall if self.wall > 0 else 0.0

    @property
    def real_time_factor(self) -> float:
        """Simulated time per wall time."""
        return self.simulated / MS_PER_SECOND / self.wall if self.wall > 0 else 0.0

    @property
    def exit_code(self) -> int:
        """For the command line: 0 if finished, 75 if interrupted and to be resumed, 1 if failed."""
        return STATUS_CODES[self.status]

    def as_json(self) -> dict:
        """For the run file: all figures, those over sweep points under "per_point" too."""
        kept = {key: value for key, value in asdict(self).items() if key not in ("status", "reason", "path")}
        figures = {f"{name}.rate": (rates, "Hz") for name, rates in self.rates.items()}
        figures |= {f"{name}.residual": (values, "1") for name, values in self.residuals.items()}
        per_point = {name: {"values": values, "unit": unit} for name, (values, unit) in figures.items()}
        return {**kept, "steps_per_second": self.steps_per_second, "real_time_factor": self.real_time_factor,
                "per_point": per_point}

    def rows(self) -> list[tuple[str, str]]:
        """Label and value of each line of the table."""
        lines = [
            ("status", self.status + (f" ({self.reason})" if self.reason else "")),
            ("simulated time", f"{self.simulated:g} ms in {self.steps} steps"),
            ("wall time", f"{self.wall:.2f} s"),
            ("speed", f"{self.steps_per_second:.0f} steps/s, {self.real_time_factor:.3g} x real time"),
            ("memory", readable(self.memory)),
        ]
        lines += [(f"spikes of {name}", f"{n}, {span(self.rates[name], 'Hz')}") for name, n in self.spikes.items()]
        for name, residual in self.residuals.items():
            worst = max((abs(r) for r in residual), default=0.0)
            lines.append((f"{name} ledger", f"{', '.join(self._amounts(name))}; closes to {worst:.1e}"))
        return [*lines, ("file", self.path)]

    def _amounts(self, name):
        """Amounts of one transmitter that are not zero."""
        for term, values in self.ledger[name].items():
            if any(values):
                yield f"{term} {span(values, 'uM um^3')}"

    def __str__(self):
        rows = self.rows()
        width = max(len(label) for label, _ in rows)
        return "\n".join(f"{label:<{width}}  {value}" for label, value in rows)


def span(values, unit: str) -> str:
    """One value, or the range over sweep points."""
    low, high = min(values), max(values)
    return f"{low:.4g} {unit}" if len(values) == 1 else f"{low:.4g} to {high:.4g} {unit}"


def summarise(simulation, path, wall: float, status: str, reason: str = "") -> Summary:
    """The figures of a simulation as it is now.

    Args:
        path: of its run file.
        wall: seconds that its steps took.
    """
    populations = simulation.model.populations
    counts = {name: simulation.spike_counts(name) for name in simulation.assembly.spike_counts}
    seconds = simulation.time / MS_PER_SECOND
    rates = {name: (n / populations[name].n_site / seconds if seconds else n * 0.0).tolist()
             for name, n in counts.items()}
    ledger = simulation.ledger
    return Summary(
        status, reason, str(path), simulation.steps_done, simulation.time, wall,
        count_arrays(simulation.assembly, simulation.calls, simulation.recording_calls).total,
        {name: int(n.sum()) for name, n in counts.items()}, rates,
        {name: {term: np.asarray(amount).tolist() for term, amount in ledger[name].items()} for name in ledger},
        {name: ledger.residual(name).tolist() for name in ledger},
    )
