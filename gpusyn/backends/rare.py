"""Calls that are due only now and then, beside the calls of every step."""
from __future__ import annotations

from gpusyn.backends.plan import Call

WORTH = 8  # steps between rows from which a loop of its own is cheaper than looking in every step whether a row is due


class RareRunner:
    """Runs `rare` before each step that is a multiple of `every`, and `each` in all steps.

    A generated program that is alone in a step runs through the steps between without leaving the cache, and what is
    computed only to be recorded is computed only then.
    """

    def __init__(self, rare, each, every: int):
        self.rare, self.each, self.every = rare, each, every

    def run(self, first_step: int, n_step: int) -> None:
        """Run the steps, in pieces that begin at multiples of `every`."""
        step, end = first_step, first_step + n_step
        while step < end:
            if step % self.every == 0:
                self.rare.run(step, 1)
            size = min(end, step - step % self.every + self.every) - step
            self.each.run(step, size)
            step += size


def recording_runner(backend, precision: str, calls: list[Call], before: list[Call], after: list[Call], every: int):
    """The runner of a step's `calls` with those that record it.

    Args:
        before: what records states as the equations see them; acts in steps that are multiples of `every`.
        after: what records every step as it has ended.
    """
    # Sources and gap junctions come first in a step: they only prepare what the equations read.
    at = next((k for k, call in enumerate(calls) if call.generated), len(calls))
    if not before or every < WORTH:
        return backend.runner([*calls[:at], *before, *calls[at:], *after], precision)
    rare = backend.runner([*calls[:at], *before], precision)
    return RareRunner(rare, backend.runner([*calls, *after], precision), every)
