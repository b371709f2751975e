"""Second messengers rise with what makes them, settle where production and removal balance, and are conserved."""

import numpy as np
import pytest
from single_item import Items
from test_metabotropic import output

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, parameter
from gpusyn.mechanism import output as puts_out
from gpusyn.messengers import CalciumDynamics, IP3Dynamics, ProteinKinaseA, cAMPDynamics
from gpusyn.messengers.system import SecondMessengerSystem
from gpusyn.receptors import AMPAReceptor, D1_Receptor, D2_Receptor, mGluR_Receptor


class Channel(Mechanism):
    """A constant influx and a constant current of calcium."""

    influx = parameter(0.0, "uM/ms", "influx")
    amplitude = parameter(0.0, "pA", "current")

    @puts_out("uM/ms", "influx of calcium")
    @staticmethod
    def calcium_influx(influx):
        return 1.0 * influx

    @puts_out("pA", "current of calcium, outward > 0")
    @staticmethod
    def calcium_current(amplitude):
        return 1.0 * amplitude


# calcium -------------------------------------------------------------------------------------------------------


def test_calcium_stays_at_rest_and_settles_where_extrusion_balances_influx():
    items = Items({"calcium": CalciumDynamics(), "channel": Channel()}, n=1)
    items.run(10.0)
    assert items["calcium.calcium"] == 0.1
    items = Items({"calcium": CalciumDynamics(), "channel": Channel(influx=0.3)}, dt=0.5)
    items.run(11.0)  # one time constant, (1 + 0.1) / (0.1 / ms)
    assert items["calcium.calcium"] == pytest.approx(0.1 + 1.5 * -np.expm1(-1.0), rel=1e-12)
    items.run(500.0)
    assert items["calcium.calcium"] == pytest.approx(0.1 + 0.5 * 0.3 / 0.1, rel=1e-12)
    assert output(items, "calcium_entry", "calcium") == pytest.approx(output(items, "calcium_extrusion", "calcium"))


@pytest.mark.parametrize("dt", [0.05, 1.0])
@pytest.mark.parametrize("by", ["calcium_current", "nmda_current"])
def test_a_calcium_current_charges_a_spine(by, dt):
    """Case spine_ca_influx_conversion: 1 pA for 1 ms into 0.1 um^3 with a buffer capacity of 20."""
    spine = {"volume": 0.1, "buffer_capacity": 20.0, "resting_concentration": 0.05, "calcium_fraction": 0.25}
    for extrusion_rate, rise, later in [(0.0, 2.467683252, 2.467683252), (21.0 / 12.0, 2.367660707, 0.8710136977)]:
        calcium = CalciumDynamics(**spine, extrusion_rate=extrusion_rate)
        own, nmda = (Channel(amplitude=-1.0), 0.0) if by == "calcium_current" else (Channel(), -4.0)
        items = Items({"calcium": calcium, "channel": own}, {"nmda_current": nmda}, dt=dt)
        items.run(1.0)
        assert items["calcium.calcium"] - 0.05 == pytest.approx(rise, rel=1e-6)
        own.amplitude, items.inputs["nmda_current"] = 0.0, 0.0
        items.run(12.0)
        assert items["calcium.calcium"] - 0.05 == pytest.approx(later, rel=1e-6)


def test_outward_current_takes_no_calcium_out():
    items = Items({"calcium": CalciumDynamics(volume=1.0), "channel": Channel(amplitude=50.0)}, dt=1.0)
    items.run(20.0)
    assert items["calcium.calcium"] == 0.1


def test_calcium_enters_through_the_receptor_that_it_is_bound_to():
    members = {
        "calcium": CalciumDynamics(nmda_current="nmda.current", volume=100.0), "nmda": gs.NMDA_Receptor(r=0.5),
    }
    items = Items(members, {"glutamate": 1.0, "v": -30.0})
    entry = output(items, "calcium_entry", "calcium")
    assert entry == pytest.approx(-0.11 * output(items, "current", "nmda") * 5.182134828 / 100.0, rel=1e-9)
    assert entry > 0


# IP3 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dt", [0.1, 50.0])
def test_glutamate_makes_ip3_through_mglur_as_the_closed_form_says(dt):
    receptor = mGluR_Receptor(target="", g_protein=0.1 * 1 / (0.1 * 1 + 0.034), unbinding_rate=0.0, r=1.0)
    items = Items({"mglur": receptor, "ip3": IP3Dynamics()}, {"glutamate": 1.0}, dt=dt)
    items.run(500.0)
    made, k = 5e-4 * 0.1 / 0.134, 1 / 7142.0
    assert items["ip3.ip3"] == pytest.approx(0.16 + made / k * -np.expm1(-500.0 * k), rel=1e-10)


def test_ip3_returns_to_rest_and_nothing_is_made_without_a_source():
    items = Items({"ip3": IP3Dynamics(ip3=3.16)}, dt=7.142)
    items.run(7142.0)
    assert items["ip3.ip3"] == pytest.approx(0.16 + 3.0 * np.exp(-1.0), rel=1e-10)


def test_what_is_made_is_there_when_nothing_is_degraded():
    receptor = mGluR_Receptor(target="", g_protein=1.0, g_protein_deactivation=0.0, r=1.0, unbinding_rate=0.0)
    both = {"mglur": receptor, "again": receptor, "ip3": IP3Dynamics(degradation_rate=0.0)}
    items = Items(both, {"glutamate": 1.0}, dt=0.1)
    items.run(100.0)
    assert items["ip3.ip3"] == pytest.approx(0.16 + 2 * 5e-4 * 100.0, rel=1e-12)


# cAMP ----------------------------------------------------------------------------------------------------------


def settled_camp(**receptors):
    items = Items({"camp": cAMPDynamics(), **receptors}, {"dopamine": 1.0}, dt=1.0)
    assert items["camp.camp"] == 0.05
    items.run(2000.0)
    assert output(items, "cyclase", "camp") == pytest.approx(output(items, "degradation", "camp"))
    return items["camp.camp"][0]


def test_d1_raises_camp_and_d2_lowers_it():
    d1, d2 = D1_Receptor(target=""), D2_Receptor(target="")
    bound, k = 0.01 / 0.011, 0.0133
    assert settled_camp() == pytest.approx(0.05)
    assert settled_camp(d1=d1) == pytest.approx(0.05 + 0.01 * bound / k)
    assert settled_camp(d2=d2) == pytest.approx(0.05 - 5e-4 * bound / k)
    assert settled_camp(d1=d1, d2=d2) == pytest.approx(0.05 + (0.01 - 5e-4) * bound / k)


def test_camp_falls_to_nothing_and_not_below_when_more_is_held_back_than_made():
    assert 0 <= settled_camp(d2=D2_Receptor(target="", max_camp_production=-1.0)) < 1e-12


@pytest.mark.parametrize(("camp", "active"), [(0.0, 0.0), (0.1, 0.5), (1.0, 1 / (1 + 0.1**1.6)), (1e6, 1.0)])
def test_camp_activates_the_kinase_by_its_hill_curve(camp, active):
    items = Items({"pka": ProteinKinaseA(target="")}, {"camp": camp}, dt=10.0)
    assert items["pka.active"] == pytest.approx(active, abs=1e-9)
    items.run(1000.0)
    assert output(items, "gain", "pka") == pytest.approx(1 + 0.5 * active, abs=1e-9)


def test_the_kinase_follows_camp_with_its_time_constant():
    items = Items({"pka": ProteinKinaseA(target="", active=0.0)}, {"camp": 0.1}, dt=10.0)
    items.run(1000.0)
    assert items["pka.active"] == pytest.approx(0.5 * -np.expm1(-1.0), rel=1e-12)


# together ------------------------------------------------------------------------------------------------------


def test_a_system_puts_its_messengers_on_a_population_and_dopamine_strengthens_ampa_through_them():
    system = SecondMessengerSystem(calcium=CalciumDynamics(), ip3=IP3Dynamics(), camp=cAMPDynamics())
    model = gs.Model(lattice=(1, 2), dt=1.0)
    still = {"diffusion_coefficient": 0.0, "reuptake_rate": 0.0, "initial_concentration": 1.0}
    for name, transmitter in [("dopamine", gs.DopamineNeurotransmitter), ("glutamate", gs.GlutamateNeurotransmitter)]:
        model.add_transmitter(name, transmitter(**still))
    model.add_population(
        "cells", gs.LeakyIntegrateAndFire(), **system.members, pka=ProteinKinaseA(), d1=D1_Receptor(target=""),
        mglur=mGluR_Receptor(modulation_target=""), ampa=AMPAReceptor(conductance=0.01),
    )
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=["cells.pka.gain"])
    simulation.step(3000)
    gain = simulation.recorder["cells.pka.gain"][:, 0]
    assert gain[0] < 1.13  # 50 nM cAMP at rest activate a quarter
    assert (np.diff(gain) >= 0).all()
    assert gain[-1] > 1.4
    assert simulation.state["cells.ip3.ip3"][0] > 0.5
    assert simulation.state["cells.calcium.calcium"][0] == pytest.approx(0.1)


def test_a_system_knows_its_messengers():
    assert list(SecondMessengerSystem(camp=cAMPDynamics()).members) == ["camp"]
    with pytest.raises(ModelError, match=r"SecondMessengerSystem\.calcium: IP3Dynamics\(\) is not a CalciumDynamics"):
        SecondMessengerSystem(calcium=IP3Dynamics())  # pyright: ignore[reportArgumentType]
    with pytest.raises(ModelError, match="SecondMessengerSystem: give at least one of calcium, ip3, camp"):
        SecondMessengerSystem()
