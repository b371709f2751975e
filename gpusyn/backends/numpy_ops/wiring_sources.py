"""Spikes that no neuron fires: random, regular and listed ones, plainly."""
import numpy as np

from gpusyn.backends.numpy_ops.wiring_sparse import WORDS, four_words


def poisson_spikes(step, spikes, probability, seeds, n_point, n_site, probability_point, probability_site, stream):
    """Each site spikes with its own chance in every step, independently.

    Args:
        spikes: (n_point, n_site) uint8, overwritten with 0 or 1.
        probability: real, at [point * probability_point + site * probability_site].
        seeds: (n_point, 2) uint32.
        stream: Philox stream. Site s takes word s % 4 of the counter (s // 4, stream, step).
    """
    site = np.arange(n_site)
    for point in range(n_point):
        words = four_words(site // 4, stream, step, seeds[point])[site % 4, site]
        chance = probability[point * probability_point + site * probability_site]
        spikes[point] = words < np.floor(chance.astype(np.float64) * WORDS)


def regular_spikes(step, spikes, period, phase, n_point, n_site, period_point, period_site, phase_point, phase_site):
    """Each site spikes at steps ``phase + k * period - 1`` for k = 1, 2, ...; a period of 0 is silence.

    Args:
        spikes: (n_point, n_site) uint8, overwritten with 0 or 1.
        period, phase: int64 steps, at [point * .. + site * ..].
    """
    site = np.arange(n_site)
    for point in range(n_point):
        every = period[point * period_point + site * period_site]
        since = step - phase[point * phase_point + site * phase_site] + 1
        spikes[point] = (every > 0) & (since > 0) & (since % np.maximum(every, 1) == 0)


def cyclic_spikes(step, spikes, cycle, starts, marks, n_point, n_site, site_stride):
    """Each site spikes at the marks of its cycle, counted in steps from 1, again and again; alike in all sweep points.

    Args:
        spikes: (n_point, n_site) uint8, overwritten with 0 or 1.
        cycle: int64 steps, at [site * site_stride]; at least 1.
        starts: int64, where the marks of [site * site_stride] begin, and one entry more.
        marks: int64, ascending within a site, from 1 to its cycle.
    """
    for site in range(n_site):
        row = site * site_stride
        now = step % cycle[row] + 1
        spikes[:, site] = now in marks[starts[row] : starts[row + 1]]


def scheduled_spikes(step, spikes, event_step, event_site, n_point, n_site, n_event):
    """The listed sites spike at the listed steps, alike in all sweep points.

    Args:
        spikes: (n_point, n_site) uint8, overwritten with 0 or 1.
        event_step: (n_event,) int64, ascending.
        event_site: (n_event,) int32, ascending within a step.
    """
    spikes[:] = 0
    spikes[:, event_site[:n_event][event_step[:n_event] == step]] = 1
