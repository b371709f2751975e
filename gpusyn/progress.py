"""How far a run is: a bar on a terminal, a line for every 5 % elsewhere."""
from __future__ import annotations

import sys
import time

PART = 0.05  # of the run, between lines
UPDATES_PER_SECOND = 10


class Lines:
    """One line per 5 % of the steps.

    Args:
        n_step: steps of the whole run.
        dt: ms.
        first: step at which this part of the run begins.
    """

    def __init__(self, n_step: int, dt: float, first: int = 0, stream=None):
        self.n_step, self.dt, self.first = n_step, dt, first
        self.stream = stream or sys.stderr
        self.started = time.perf_counter()
        self.next_part = int(first / n_step / PART) + 1

    def update(self, step: int) -> None:
        """Say where the run is, if another 5 % are done."""
        part = int(step / self.n_step / PART + 1e-9)
        if part >= self.next_part:
            self.next_part = part + 1
            print(self.line(step), file=self.stream, flush=True)

    def line(self, step) -> str:
        """Share done, simulated time, speed, and the time that is left."""
        wall = max(time.perf_counter() - self.started, 1e-9)
        speed = (step - self.first) / wall
        left = (self.n_step - step) / max(speed, 1e-9)
        return (f"{100 * step // self.n_step:3d} %  t = {step * self.dt:g} of {self.n_step * self.dt:g} ms, "
                f"{speed:.0f} steps/s, {speed * self.dt / 1000:.3g} x real time, {left:.0f} s left")

    def close(self) -> None:
        """Nothing to tidy up."""


class Bar:
    """A progress bar drawn by rich, at most ten times a second; arguments as for `Lines`."""

    def __init__(self, n_step: int, dt: float, first: int = 0):
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

        self.dt, self.end = dt, n_step * dt
        self.lines = Lines(n_step, dt, first)
        columns = [TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()]
        self.progress = Progress(*columns, refresh_per_second=UPDATES_PER_SECOND)
        self.task = self.progress.add_task(f"0 of {self.end:g} ms", total=n_step, completed=first)
        self.progress.start()

    def update(self, step: int) -> None:
        """Move the bar."""
        wall = max(time.perf_counter() - self.lines.started, 1e-9)
        factor = (step - self.lines.first) * self.dt / 1000 / wall
        about = f"{step * self.dt:.5g} of {self.end:g} ms, {factor:.3g} x real time"
        self.progress.update(self.task, completed=step, description=about)

    def close(self) -> None:
        """Leave the bar as it is."""
        self.progress.stop()


class Silence:
    """Says nothing."""

    def update(self, step: int) -> None:
        """Say nothing."""

    def close(self) -> None:
        """Nothing to tidy up."""


def progress_for(wanted: bool, n_step: int, dt: float, first: int = 0):
    """The bar, the lines, or silence: what suits the terminal, if anything is `wanted`."""
    if not wanted:
        return Silence()
    return (Bar if sys.stderr.isatty() and sys.stdout.isatty() else Lines)(n_step, dt, first)
