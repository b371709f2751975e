"""Receptors that follow the presynaptic potential, against SPINE's own classes driven alone.

Reference rows receptor_AMPA, receptor_NMDA, receptor_GABA and receptor_CaAMPA, 0.5 %: presynaptic potential -72 mV, +20
mV during 20..22 and 50..52 ms; presynaptic calcium 0.05 + exp(-(t - 20) / 30) + exp(-(t - 50) / 30) uM; -60 mV
postsynaptic; currents per capacitance of 1 uF/cm^2, in mV/ms.
"""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.lang import exp, where
from gpusyn.mechanism import Mechanism, output

CAPACITANCE = 0.01  # pF/um^2
ROWS = {  # receptor: (first peak, second peak)
    "ampa": (gs.GradedAMPA(), -562.51099, -564.38861),
    "nmda": (gs.GradedNMDA(preset="SPINE"), -0.08468713, -0.14481499),
    "gaba": (gs.GradedGABA(), 10.420074, 11.149932),
    "modulated": (gs.CalciumModulatedAMPA(preset="SPINE", conductance_density=0.3, sensitivity=10.0, baseline=0.2),
                  -1294.2762, -1730.2003),
}


class Terminal(Mechanism):
    """What is on either side of the synapse."""

    @output("mV", "presynaptic potential")
    @staticmethod
    def pre_v(t):
        spiking = ((t > 19.995) & (t < 21.995)) | ((t > 49.995) & (t < 51.995))
        return where(spiking, 20.0, -72.0)

    @output("uM", "presynaptic calcium")
    @staticmethod
    def pre_ca(t):
        first = exp(-(t - 20.0) / 30.0)
        second = exp(-(t - 50.0) / 30.0)
        return 0.05 + where(t > 19.995, first, 0.0) + where(t > 49.995, second, 0.0)

    @output("mV", "postsynaptic potential")
    @staticmethod
    def v(t):
        return -60.0 + 0.0 * t


@pytest.fixture(scope="module")
def currents():
    model = gs.Model(lattice=(1, 1), dt=0.01)
    model.add_population("synapse", Terminal(), **{name: row[0] for name, row in ROWS.items()})
    names = [f"synapse.{name}.current_density" for name in ROWS]
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=names)
    simulation.run(80.0)
    return {name: simulation.recorder[f"synapse.{name}.current_density"][:, 0] / CAPACITANCE for name in ROWS}


@pytest.mark.parametrize("name", ROWS)
def test_peaks_and_paired_pulses_are_spines(name, currents):
    _, first, second = ROWS[name]
    sign = np.sign(first)
    found = [sign * (sign * currents[name][begin:begin + 2900]).max() for begin in (2000, 5000)]
    assert found == pytest.approx([first, second], rel=5e-3)


def test_release_is_limited_to_all_of_it():
    modulated = gs.CalciumModulatedAMPA(baseline=0.5, sensitivity=5.0)
    assert modulated.open_fraction(0.5, 10.0, 0.5, 5.0, 0.05, 1.0) == 0.5
    assert modulated.open_fraction(0.5, 0.05, 0.5, 5.0, 0.05, 1.0) == 0.25
    assert modulated.open_fraction(0.5, 0.0, 0.5, 50.0, 0.05, 1.0) == 0.0


def test_transmission_opens_as_destexhes():
    """Steady open fraction at a large potential: opening tau / (1 + opening tau)."""
    model = gs.Model(lattice=(1, 1), dt=0.1)
    model.add_population("synapse", Terminal(), ampa=gs.GradedTransmission(pre_v="synapse.high.high"), high=High())
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.run(50.0)
    assert simulation.state["synapse.ampa.s"] == pytest.approx(0.55 * 2.0 / (1 + 0.55 * 2.0), rel=1e-9)


class High(Mechanism):
    """A terminal that stays depolarised."""

    @output("mV", "potential")
    @staticmethod
    def high(t):
        return 200.0 + 0.0 * t
