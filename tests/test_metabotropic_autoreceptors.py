"""Autoreceptors lower the release of the transmitter that they bind."""

import numpy as np
import pytest
from single_item import Items
from test_metabotropic import B_1_UM, output

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.receptors import Alpha2_Autoreceptor, D2_Autoreceptor, GABA_B_Autoreceptor, HT1A_Autoreceptor

KINDS = [GABA_B_Autoreceptor, D2_Autoreceptor, HT1A_Autoreceptor, Alpha2_Autoreceptor]


def alone(receptor, concentration):
    return Items({"receptor": receptor}, {receptor.transmitter: concentration})


def test_the_tutorials_autoreceptor_binds_and_inhibits_as_it_says():
    items = alone(GABA_B_Autoreceptor(base_release_probability=0.3), 1.0)
    assert output(items, "bound_fraction") == pytest.approx(0.90909, abs=5e-6)
    assert output(items, "release_probability") == pytest.approx(0.21818, abs=5e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_release_falls_from_the_base_probability_to_its_share_as_the_dose_rises(kind):
    receptor = kind(base_release_probability=0.5, inhibition_factor=0.2)
    ec50 = receptor.unbinding_rate / receptor.binding_rate
    found = [output(alone(receptor, dose), "release_probability") for dose in (0.0, ec50, 1e6 * ec50)]
    assert found == pytest.approx([0.5, 0.3, 0.1], rel=1e-5)


@pytest.mark.parametrize(("kind", "instead"), [
    (GABA_B_Autoreceptor, "GABA_B_Receptor"), (D2_Autoreceptor, "D2_Receptor"), (HT1A_Autoreceptor, "HT1A_Receptor"),
    (Alpha2_Autoreceptor, "are not in gpusyn"),
])
def test_an_autoreceptor_on_the_receiving_side_is_refused_and_the_right_receptor_named(kind, instead):
    assert kind(presynaptic_location=True).presynaptic_location is True
    with pytest.raises(ModelError, match=rf"{kind.__name__}\.presynaptic_location: an autoreceptor .*{instead}"):
        kind(presynaptic_location=False)


def test_more_than_all_releases_cannot_be_left():
    with pytest.raises(ModelError, match=r"GABA_B_Autoreceptor\.inhibition_factor: 1\.7 is outside 0\.0 to 1\.0"):
        GABA_B_Autoreceptor(inhibition_factor=1.7)


def test_cells_release_with_the_probability_that_their_autoreceptors_leave():
    """2500 cells fire once in 1 uM GABA: a share of 0.3 (1 - 0.3 * 0.90909) of them releases."""
    model = gs.Model(lattice=(50, 50), dt=0.1)
    still = {"diffusion_coefficient": 0.0, "reuptake_rate": 0.0}
    model.add_transmitter("gaba", gs.GABANeurotransmitter(initial_concentration=1.0, **still))
    model.add_population("cells", gs.IzhikevichNeuron(v=40.0), autoreceptor=GABA_B_Autoreceptor())
    to_itself = gs.Neighbourhood((50, 50), 0, include_self=True)
    model.connect("cells", "gaba", to_itself, probability="cells.autoreceptor.release_probability")
    simulation = gs.Simulation(model, backend="numpy", seed=3)
    simulation.step(1)
    share, expected = (simulation.state["gaba.concentration"] > 1.0).mean(), 0.3 * (1 - 0.3 * B_1_UM)
    assert abs(share - expected) < 5 * np.sqrt(expected * (1 - expected) / 2500)
