"""Membranes: point neurons against an independent solver, currents and reversal potentials, rest, electrodes.

The rows hh_point_exact and hh_rest of the reference cases: sodium, potassium and leak at their defaults.
"""
import textwrap

import numpy as np
import pytest

import gpusyn as gs
import gpusyn.membrane
from gpusyn.errors import ModelError
from gpusyn.membrane.channels import CalciumChannel, PotassiumChannel, SodiumChannel
from gpusyn.registry import find_kind

CHANNELS = {"sodium": gs.SodiumChannel, "potassium": gs.PotassiumChannel, "leak": gs.MembraneLeak}


def point(dt=0.01, lattice=(1, 1), cable=None, sweep=None, **members):
    model = gs.Model(lattice=lattice, dt=dt, sweep=gs.Sweep(sweep or {}))
    members = {name: kind() for name, kind in CHANNELS.items()} | members
    model.add_population("cell", cable or gs.Cable(), **members)
    return model


def crossings(model, n_step, backend="numpy", precision="float64", name="cell.v"):
    """Times of upward crossings of 0 mV, and the highest potential."""
    sim = gs.Simulation(model, backend=backend, precision=precision)
    v, times, peak = sim.state[name].item(), [], -100.0
    for step in range(n_step):
        sim.step(1)
        new = sim.state[name].item()
        if v < 0 <= new:
            times.append((step - v / (new - v)) * model.dt)
        v, peak = new, max(peak, new)
    return times, peak


def test_a_pyramidal_point_neuron_fires_as_an_independent_solver_says(precision):
    """+5 mV/ms from 10 to 90 ms."""
    model = point(clamp=gs.CurrentClamp(density=0.05, start=10.0, duration=80.0))
    times, peak = crossings(model, 10_000, precision=precision)
    assert len(times) == 13
    assert times[0] == pytest.approx(15.0026, abs=0.03)
    assert times[1] == pytest.approx(21.1782, abs=0.03)
    assert times[12] == pytest.approx(87.8447, abs=0.03)
    assert peak == pytest.approx(48.0368, abs=0.2)


def test_second_order_in_time():
    found = [crossings(point(dt, clamp=gs.CurrentClamp(density=0.05, start=10.0)), round(40 / dt))[0][2]
             for dt in (0.04, 0.02, 0.01)]
    assert np.log2((found[0] - found[1]) / (found[1] - found[2])) == pytest.approx(2.0, abs=0.25)


def test_spikes_of_the_point_neuron_are_counted_on_every_backend(backend):
    clamp = gs.CurrentClamp(density=np.array([0.05, 0.0]), start=10.0, duration=80.0)
    model = point(0.02, lattice=(1, 2), clamp=clamp)
    sim = gs.Simulation(model, backend=backend, precision="float32")
    sim.run(100.0)
    assert sim.spike_counts("cell").tolist() == [13]


def test_at_rest_the_potential_hardly_moves_and_not_at_all_with_a_resting_current():
    for members, allowed in (({}, 1e-3), ({"rest": gs.RestingCurrent()}, 1e-9)):
        sim = gs.Simulation(point(**members), backend="numpy", precision="float64")
        sim.run(50.0)
        assert sim.state["cell.v"] == pytest.approx(-72.0, abs=allowed)
    sodium, potassium = SodiumChannel(), PotassiumChannel()
    gates = [r[0] / (r[0] + r[1]) for r in (sodium.m_rates(-72.0, -60.0), sodium.h_rates(-72.0, -60.0),
                                            potassium.n_rates(-72.0, -60.0))]
    np.testing.assert_allclose(gates, [1.061580e-3, 0.9998102, 4.502954e-3], rtol=1e-6)
    held = point(rest=gs.RestingCurrent()).values("cell.rest.amplitude")
    assert held == pytest.approx(7.259e-6 * 0.01, rel=1e-3)  # SPINE: -7.259e-6 mV/ms are added


def test_a_resting_current_balances_whatever_flows_at_every_site_and_sweep_point():
    model = point(
        lattice=(1, 3), cable=gs.Cable(resting_potential=np.array([-70.0, -60.0, -65.0]), v=-50.0),
        sweep={"cell.leak.conductance_density": [5e-5, 1e-3]}, rest=gs.RestingCurrent(),
        calcium=gs.CalciumCompartment(), n_type=gs.VoltageGatedCalciumChannel(), calcium_channel=gs.CalciumChannel(),
        clamp=gs.CurrentClamp(amplitude=5.0, start=1.0))
    amplitude = model.values("cell.rest.amplitude")
    assert amplitude.shape == (2, 3)
    assert np.unique(amplitude).size == 6
    for mechanism in model.populations["cell"].members.values():
        mechanism.initial.pop("v", None)
    model.populations["cell"].members["clamp"].amplitude = 0.0
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    sim.step(1)
    np.testing.assert_allclose(sim.state["cell.v"], np.tile([-70.0, -60.0, -65.0], (2, 1)), atol=1e-10)


def test_calcium_channels_charge_the_membrane_with_what_they_let_in():
    """Two charges for each ion: dv = -2 F (calcium that came in) / capacitance, whatever the channel."""
    area, volume = np.pi, 0.7
    model = gs.Model(lattice=(1, 2), dt=0.001)
    model.add_population(
        "cell", gs.Cable(resting_potential=-20.0), calcium=gs.CalciumCompartment(
            calbindin_total=0.0, membrane_area=area, cytosol_volume=volume, integrator="rk4"),
        goldman=gs.VoltageGatedCalciumChannel(density=np.array([1.0, 0.0])),
        ohmic=gs.CalciumChannel(conductance_density=np.array([0.0, 0.003])))
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    sim.step(100)
    moved = sim.state["cell.calcium.ca"] - 0.05
    charged = 2 * 96.485e-3 * moved * volume / (0.01 * area)  # 1 uM um^3 = 1e-21 mol, 2 F of it 1.93e-4 pC
    assert (moved > 1e-3).all()
    np.testing.assert_allclose(sim.state["cell.v"] + 20.0, charged, rtol=0.02)


def test_calcium_reverses_the_ohmic_channel_where_nernst_says_and_inactivates_it():
    channel = CalciumChannel()
    assert channel.quantities["reversal"].function(0.05, 1000.0, 310.0) == pytest.approx(132.27, abs=0.01)
    current = channel.quantities["current_density"].function
    assert current(1.0, 0.0, 10.0, 100.0, 0.03, 10.0) == pytest.approx(-1.5)  # half of 0.03 * -100
    opening, closing = channel.q_rates(-6.0)
    assert 1 / (opening + closing) == pytest.approx(3.9)  # ms; at 3 mV half the channels are open
    opening, closing = channel.q_rates(3.0)
    assert opening == pytest.approx(closing)


def test_a_current_clamp_gives_pulses_of_each_sites_own():
    clamp = gs.CurrentClamp.quantities["injection"].function
    times = np.arange(0.0, 12.0, 0.5)
    given = clamp(times, 2.0, 0.5, 4.0, 1.0, 1.5, 4.0, 2.0)
    assert times[given > 0].tolist() == [1.0, 1.5, 2.0, 5.0, 5.5, 6.0]
    assert set(given) == {0.0, 4.0}


def test_a_prescribed_voltage_follows_its_table_and_opens_channels(backend):
    model = gs.Model(lattice=(1, 2), dt=0.01)
    model.add_population("cell", gs.CalciumCompartment(), voltage=gs.PrescribedVoltage(),
                         n_type=gs.VoltageGatedCalciumChannel())
    model.play("potential", "cell", [0.0, 1.0, 2.0], np.array([[-72.0, -72.0], [-72.0, 0.0], [-72.0, 0.0]]))
    sim = gs.Simulation(model, backend=backend, precision="float64")
    start = sim.state["cell.n_type.m"]
    assert start[0] == start[1] == pytest.approx(1 / (1 + np.exp(3.4 * 51 / (8.314 / 96.485 * 310))))
    sim.run(2.0)
    assert sim.state["cell.n_type.m"][0] == pytest.approx(start[0])
    assert sim.state["cell.ca"][1] > 2 * sim.state["cell.ca"][0]


@pytest.mark.parametrize(("members", "words"), [
    ({"rest": gs.RestingCurrent(), "rest_too": gs.RestingCurrent()}, ["cell.rest", "'rest_too' is balanced too"]),
])
def test_rests_that_cannot_be_are_refused(members, words):
    with pytest.raises(ModelError) as refused:
        point(**members).values("cell.rest.amplitude")
    assert all(word in str(refused.value) for word in words), refused.value
    model = gs.Model()
    model.add_population("cell", gs.CalciumCompartment(), rest=gs.RestingCurrent())
    with pytest.raises(ModelError, match=r"cell\.rest: there is no potential"):
        model.values("cell.rest.amplitude")


def test_a_channel_of_ones_own_is_a_class_with_a_current_density(tmp_path):
    """The example of the package's documentation, as it stands there."""
    text = gpusyn.membrane.__doc__.partition("    class ")
    example = textwrap.dedent(text[1] + text[2].partition("    model.add_trees")[0])
    words = "from gpusyn import Mechanism, gate, given, output, parameter\nfrom gpusyn.lang import exp\n\n\n"
    (tmp_path / "mine.py").write_text(words + example)
    kind = find_kind("mine.py:SlowPotassiumChannel", tmp_path)
    sim = gs.Simulation(point(mine=kind(), rest=gs.RestingCurrent()), backend="numpy", precision="float64")
    sim.step(100)
    assert sim.state["cell.v"] == pytest.approx(-72.0, abs=1e-9)
    assert sim.state["cell.mine.p"] == pytest.approx(1 / (1 + np.exp(3.7)))
