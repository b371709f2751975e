"""Cells that only spike, at random, by the clock, or after given waits: what a `SpikeTrainLattice` consists of."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattices.contents import copied
from gpusyn.mechanism import Mechanism, option, parameter
from gpusyn.wiring.sources import MS_PER_SECOND, CyclicSpikes, PoissonSpikes, RegularSpikes

UPSTREAM = "spiking-neural-networks 0.24"
STEP = 0.1  # ms, for which a chance of firing is meant unless it says otherwise
ROUNDING = 1e-6  # of a step: a time so close below a whole number of steps is one
EFFECTS = ("delta_dirac", "exponential_decay")


class SpikeTrainCell(Mechanism):
    """Base of the cells that only spike. They are presynaptic, and nothing acts on them.

    What a target sees through electrical synapses is a potential that follows the time s since the latest spike:

        delta_dirac:         v_resting + (v_th - v_resting) exp(-s^2 / (k 0.1 ms))
        exponential_decay:   v_resting + (v_th - v_resting) exp(-s / k)

    and v_resting before the first spike. The current into the target is weight * gap_conductance times this potential,
    and not its difference from the target's.

    Source: spiking-neural-networks 0.24 (verified), where the width of the first is that for steps of 0.1 ms.
    """

    v_th = parameter(30.0, "mV", "potential at a spike", source=UPSTREAM)
    v_resting = parameter(0.0, "mV", "potential long after a spike", source=UPSTREAM)
    k = parameter(10000.0, "ms", "how slowly the potential comes back", source=UPSTREAM, low=1e-6)
    refractoriness = option("delta_dirac", "how the potential comes back", choices=EFFECTS)

    @classmethod
    def rule(cls, cells: Sequence[SpikeTrainCell], n_site: int, dt: float, name: str) -> Any:
        """When cells spike (a rule of `gpusyn.wiring.sources`): `cells` are one for all sites, or one per site."""
        raise NotImplementedError


class PoissonNeuron(SpikeTrainCell):
    """Spikes at random, independently in every step: ``PoissonNeuron.from_firing_rate(20.0)`` (Hz).

    `chance_of_firing` is that of a step of `dt`; other steps scale it, so that the rate stays.
    """

    chance_of_firing = parameter(0.0, "1", "chance of a spike in a step of `dt`", source=UPSTREAM, low=0.0, high=1.0)
    dt = option(STEP, "the step for which the chance is meant, ms")

    @classmethod
    def from_firing_rate(cls, hertz: float, dt: float = STEP) -> PoissonNeuron:
        """A cell of a mean rate in Hz, in steps of `dt` ms.

        Raises:
            ModelError: a rate of more than one spike per step.
        """
        return cls(chance_of_firing=PoissonSpikes.of_rate(hertz, dt, cls.__name__).probability[0], dt=dt)

    @classmethod
    def rule(cls, cells, n_site, dt, name) -> PoissonSpikes:
        """Independent draws with each site's chance."""
        chance = column(cells, "chance_of_firing") * dt / np.array([cell.options["dt"] for cell in cells])
        if (chance > 1).any():
            rate = chance.max() / dt * MS_PER_SECOND
            raise ModelError(f"{name}.chance_of_firing: {rate:g} Hz is more than one spike per step of {dt:g} ms")
        return PoissonSpikes(chance.reshape(1, -1), name)


class RateSpikeTrain(SpikeTrainCell):
    """Spikes by the clock: `rate` is the time between spikes in ms (other programs' name for it), 0 is silence."""

    rate = parameter(0.0, "ms", "time between spikes, rounded to steps; 0 for silence", source=UPSTREAM, low=0.0)
    step = parameter(0.0, "ms", "time on the clock at the start", source=UPSTREAM, low=0.0)

    @classmethod
    def rule(cls, cells, n_site, dt, name) -> RegularSpikes:
        """Clocks in whole steps; one that is over its time at the start spikes in the first step."""
        rate, gone = column(cells, "rate"), np.floor(column(cells, "step") / dt + ROUNDING)
        period = RegularSpikes.of_period(rate, dt, name=f"{name}.rate").period
        return RegularSpikes(period.reshape(1, -1), -np.minimum(gone, np.maximum(period - 1, 0)).reshape(1, -1), name)


class PresetSpikeTrain(SpikeTrainCell):
    """Spikes after given waits in ms, which begin again after the last: ``PresetSpikeTrain(firing_times=[50.0])``.

    A spike comes in the first step by which more than the wait has passed: 50 ms in steps of 0.1 ms are 501 steps.
    """

    firing_times = option((), "waits between spikes, ms")

    def set(self, name: str, value: Any) -> None:
        """Set a parameter or an option; waits may be given as any sequence of numbers.

        Raises:
            ModelError: a wait below 0, or something that is no number.
        """
        super().set(name, waits(value, f"{type(self).__name__}.{name}") if name == "firing_times" else value)

    @classmethod
    def rule(cls, cells, n_site, dt, name) -> CyclicSpikes:
        """Waits in whole steps."""
        steps = [np.floor(np.array(cell.options["firing_times"]) / dt + ROUNDING) + 1 for cell in cells]
        return CyclicSpikes(steps, name)


class TrainRule:
    """When the cells of a lattice of spike trains spike, as a source of a `gpusyn.Model`."""

    def __init__(self, cells: Sequence[SpikeTrainCell]):
        self.cells = [copied(cell) for cell in cells]

    def bind(self, dt: float, n_site: int, name: str) -> Any:
        """The rule for steps of `dt` ms.

        Raises:
            ModelError: values that cannot be with such steps.
        """
        return type(self.cells[0]).rule(self.cells, n_site, dt, name)

    def __repr__(self):
        return f"TrainRule({self.cells[0]!r}{', ...' if len(self.cells) > 1 else ''})"


def column(cells: Sequence[SpikeTrainCell], name: str) -> np.ndarray:
    """A parameter of cells, (1,) or (n_site,)."""
    values = [np.asarray(cell.values[name], np.float64).reshape(-1) for cell in cells]
    return values[0] if len(values) == 1 else np.concatenate(values)


def waits(value: Any, place: str) -> tuple[float, ...]:
    """Waits as they are kept.

    Raises:
        ModelError: a wait below 0, or something that is no number.
    """
    try:
        times = tuple(float(time) for time in value)
    except (TypeError, ValueError):
        raise ModelError(f"{place}: {value!r} must be a list of times in ms, such as [50.0, 60.0]") from None
    for position, time in enumerate(times):
        if not 0 <= time < float("inf"):
            raise ModelError(f"{place}[{position}]: {time:g} ms must be finite and not negative")
    return times
