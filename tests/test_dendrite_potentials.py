"""Potentials in the scheme "spine" against SPINE's rows hh_point, hh_rest and cable_passive, to their printed digits.

SPINE sets its injected current after a step has used the old one, so what should begin or end with a step does so with
the next; here currents start one step later instead. What the steps themselves do is in `gpusyn.fusing.spine_steps`.
"""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.morphology import Morphology, gen_beam

CHANNELS = {"sodium": gs.SodiumChannel, "potassium": gs.PotassiumChannel, "leak": gs.MembraneLeak}


def potentials(cell, dt, duration, density, start, length=np.inf, rest=(), **channels):
    """(time, node) in mV, of a membrane into which a current flows from one step after `start`."""
    model = gs.Model(dt=dt)
    clamp = gs.CurrentClamp(density=density, start=start + 0.5 * dt, duration=length)
    model.add_trees("dendrite", cell, gs.Cable(preset="SPINE"), scheme="spine", clamp=clamp, **channels, **dict(rest))
    simulation = gs.Simulation(model, backend="numba", precision="float64", threads=1, recorder=["dendrite.v"])
    simulation.step(round(duration / dt) + 1)
    return simulation.recorder["dendrite.v"]


def excitable(dt, duration, density, start=10.0):
    """Five nodes with all channels, held at rest; the current flows for 80 ms."""
    return potentials(gen_beam(1.0, 0.5, 5), dt, duration, density, start, 80.0, {"rest": gs.RestingCurrent()},
                      **{name: kind() for name, kind in CHANNELS.items()})


def test_spikes_of_a_membrane_come_when_spines_come():
    """hh_point, +5 mV/ms: 13 spikes, their upward crossings of 0 mV; at 2.5 us the highest and the last potential."""
    v = excitable(0.01, 100.0, 0.05)[:, 0]
    up = np.flatnonzero((v[:-1] < 0) & (v[1:] >= 0))
    times = 0.01 * (up - v[up] / (v[up + 1] - v[up]))
    assert times.size == 13
    assert times[[0, 1, 12]] == pytest.approx([15.0101, 21.1864, 87.8563], abs=1e-4)
    v = excitable(0.0025, 100.0, 0.05, start=10.0 - 0.0025)[:, 2]  # SPINE's sum of these steps is past 10 ms earlier
    assert v.max() == pytest.approx(48.032449129629235, rel=1e-8)
    assert v[-1] == pytest.approx(-65.74130370853297, rel=1e-8)


def test_a_membrane_at_rest_stays_as_in_spine():
    """hh_rest: -72 mV after 50 ms, 1e-8."""
    assert excitable(0.01, 50.0, 0.0)[-1] == pytest.approx(-72.0, abs=1e-8)


def test_a_passive_cable_is_spines_with_its_defect_at_the_ends():
    """cable_passive: 60 ms of 20 mV/ms into node 200 of 401. Of the ends SPINE couples half as much as it should.

    That is as if the last node had twice its membrane. With it the rows are met to 1e-8; without, what is far from the
    ends to 1e-6 and the end to 1.5 %.
    """
    beam, n = gen_beam(2000.0, 0.5, 401), 401
    own = np.zeros(n)
    own[[0, -1]] = beam.area[0]
    defect = Morphology(beam.parent, beam.x, beam.y, beam.z, 0.5, own_area=own, own_volume=own)
    for cell, near, far in ((defect, 1e-8, 1e-8), (beam, 1e-6, 0.02)):
        moved = potentials(cell, 0.01, 60.0, np.where(np.arange(n) == 200, 0.2, 0.0), 0.0,
                           leak=gs.MembraneLeak(conductance_density=1e-3))[6000] + 72.0
        assert moved[200] == pytest.approx(2.7369504312926694, rel=near)
        assert moved[[0, 400]] == pytest.approx(0.021616809128531145, rel=far)
