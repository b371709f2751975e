"""Glycine as a co-agonist of NMDA receptors, and glycine's own channel."""

import pytest
from receptor_runs import MM, Alone, Trace, value_of
from single_item import Items

from gpusyn.neurons import LeakyIntegrateAndFire
from gpusyn.receptors import GlycineChannel, GlycineReceptor, NMDA_Receptor

NMDA_FORMS = [None, "Destexhe1998FiveState"]


def depolarization(preset=None, site=True, **agonists):
    """How far 10 uM of glutamate moves a cell with NMDA receptors in a step, with these co-agonists (uM) around."""
    members = {"": LeakyIntegrateAndFire(v_init=-60.0, e_l=-60.0), "nmda": NMDA_Receptor(preset=preset)}
    cell = Items(members | ({"site": GlycineReceptor()} if site else {}), {"glutamate": 10.0, **agonists})
    cell.step()
    return cell["v"][0] + 60.0


@pytest.mark.parametrize("preset", NMDA_FORMS)
def test_without_glycine_nmda_receptors_have_no_current(preset):
    assert depolarization(preset) == 0.0
    assert depolarization(preset, glycine=0.0) == 0.0
    assert depolarization(preset, glycine=10.0) > 0.0


@pytest.mark.parametrize("preset", NMDA_FORMS)
def test_without_a_co_agonist_site_nothing_is_missing(preset):
    assert depolarization(preset, site=False) == pytest.approx(depolarization(preset, glycine=1e9), rel=1e-6)


def test_the_site_is_half_taken_at_its_dissociation_constant():
    full = depolarization(site=False)
    assert depolarization(glycine=0.2) == pytest.approx(full / 2, rel=1e-9)  # 0.02 / 0.1 uM
    assert depolarization(glycine=1.8) == pytest.approx(full * 0.9, rel=1e-9)


def test_glycine_and_d_serine_add():
    assert depolarization(glycine=0.5, d_serine=1.3) == pytest.approx(depolarization(glycine=1.8), rel=1e-12)
    weak = GlycineReceptor(d_serine_potency=0.5)
    assert value_of(weak, "r_rates", glycine=1.0, d_serine=2.0) == value_of(weak, "r_rates", glycine=2.0)


def test_the_site_binds_as_the_tutorial_says():
    site = Items({"site": GlycineReceptor(r=0.0)}, {"glycine": 1.0}, dt=0.5)
    site.run(5.0)
    assert site["site.r"] == pytest.approx(1 / 1.2 * (1 - 2.718281828459045**-0.6), rel=1e-12)
    assert value_of(site.members["site"], "coagonist", r=0.3) == 0.3


def test_the_simple_channel_after_1_mM_for_1_ms():  # receptor2_glycine_2state_1ms_1mM
    trace = Trace(GlycineChannel(), (MM, 1.0), [(50.0, 0.5)])
    wanted = {0.5: 0.2230677114, 1.0: 0.3794768667, 2.0: 0.3169657227, 5.0: 0.1847112209, 10.0: 0.07509797825,
              50.0: 5.60670848e-05}
    assert [trace.y[round(t / 0.5)] for t in wanted] == pytest.approx(list(wanted.values()), rel=1e-6)
    assert trace.t_peak == 1.0


def test_glycine_inhibits_above_the_chloride_potential():
    assert value_of(GlycineChannel(), "current", r=1.0, v=-60.0) == pytest.approx(20.0)
    assert value_of(GlycineChannel(preset="LegendreType"), "current", O1=0.3, O2=0.2, v=-60.0) == pytest.approx(5.0)
    assert Alone(GlycineChannel(), 340.0).output("open_fraction") == pytest.approx(340 * 5.3e-4 / (340 * 5.3e-4 + 0.18))
