"""More of a receptor's transmitter makes a cell fire more, or less: spike counts of spiking-neural-networks.

Its receptors are as open as it says, r = t, in a neuron with dv/dt = -0.1 v, c_m = 1 pF and steps of 1 ms, which
starts at 0 mV and therefore with a spike.
"""

import numpy as np
import pytest
from single_item import Items

from gpusyn.currents import ConstantCurrent
from gpusyn.neurons import SimpleLeakyIntegrateAndFire
from gpusyn.receptors import AMPAReceptor, GABA_A_Receptor, NMDA_Receptor

N_STEP = 10_000
LEVELS = np.round(np.arange(11) / 10, 1)
STILL = {"binding_rate": 0.0, "unbinding_rate": 0.0}  # the gate stays where it starts


def fixed(kind, r, **values):
    """A receptor with the fractions `r` open for ever, with the conductances of spiking-neural-networks."""
    return kind(preset="Destexhe1998", **STILL, r=r, **values)


def nmda(r, mg=0.3):
    return fixed(NMDA_Receptor, r, mg_concentration=mg, mg_block_voltage=-np.log(3.75) / 0.062)


def counts(n=11, **receptors):
    """Spikes in 10,000 steps of `n` cells with these receptors."""
    members = {"": SimpleLeakyIntegrateAndFire(c_m=1.0, v_init=0.0), **receptors}
    cells = Items(members, {"glutamate": 0.0, "gaba": 0.0}, n=n, dt=1.0)
    total = np.zeros(n, int)
    for _ in range(N_STEP):
        cells.step()
        total += cells.spiked
    return list(total)


def test_the_neuron_alone_fires_every_third_step():
    cell = Items(SimpleLeakyIntegrateAndFire(), dt=1.0)
    potentials = cell.run(6.0, record="v")[:, 0]
    assert potentials == pytest.approx([-67.5, -60.75, -75.0, -67.5, -60.75, -75.0])  # -54.675 mV is a spike
    assert cell.run(9.0) == [[9, 12, 15]]


def test_injected_currents_add_to_its_slope():
    neuron = SimpleLeakyIntegrateAndFire(v_init=-70.0, injection_gain=0.5)
    cell = Items({"": neuron, "drive": ConstantCurrent(amplitude=4.0)}, dt=0.1)
    cell.step()
    assert cell["v"] == pytest.approx(-70.0 + 0.1 * (7.0 + 2.0))


def test_more_ampa_more_spikes():
    found = counts(ampa=fixed(AMPAReceptor, LEVELS))
    assert found[:3] == [3334, 5000, 10000]
    assert found == sorted(found)


def test_more_nmda_more_spikes():
    assert counts(nmda=nmda(LEVELS)) == [3334] * 6 + [5000] * 5


def test_more_magnesium_fewer_spikes():
    assert counts(nmda=nmda(1.0, mg=LEVELS)) == [10000] + [5000] * 6 + [3334] * 4


def test_ampa_and_nmda_help_each_other():
    ampa, glutamate = np.meshgrid(LEVELS, LEVELS)
    found = np.reshape(counts(n=ampa.size, ampa=fixed(AMPAReceptor, ampa.ravel()), nmda=nmda(glutamate.ravel())),
                       ampa.shape)
    assert (np.diff(found, axis=0) >= 0).all()
    assert (np.diff(found, axis=1) >= 0).all()


@pytest.mark.parametrize("excitation", [0.0, 0.1, 1.0])
def test_gaba_never_adds_spikes(excitation):
    found = counts(ampa=fixed(AMPAReceptor, excitation), gaba_a=fixed(GABA_A_Receptor, LEVELS))
    assert found == sorted(found, reverse=True)
    if excitation < 1:  # else it fires in every step, whatever inhibits it
        assert found[-1] < found[0]
