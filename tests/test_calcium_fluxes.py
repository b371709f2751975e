"""Fluxes of calcium at given concentrations and potentials: published tables, closed forms, signs, courses in time.

The tables are those of SPINE's flux functions (flux_tables.csv: J_PMCA, J_NCX, J_SERCA, J_IP3R, RyR_*) and of
NeuroBox's voltage-gated channels (vdcc_tables.csv: corrected_*).
"""
import numpy as np
import pytest
from single_item import Items
from single_output import value
from test_metabotropic import output

from gpusyn.calcium import (
    NCX,
    PMCA,
    SERCA,
    CalciumPulseTrain,
    CalciumSource,
    ERLeak,
    IP3PulseTrain,
    IP3Receptor,
    IP3Source,
    LiRinzelIP3Receptor,
    LTypeCalciumChannel,
    PlasmaMembraneLeak,
    RyanodineReceptor,
    StoreOperatedCalciumEntry,
    VoltageGatedCalciumChannel,
)
from gpusyn.errors import ModelError

TABLE_DIGITS = 1e-8


# pumps and leaks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ca", "pmca", "ncx"), [
    (0.001, 2.36045543e-06, 2.08217657e-05), (1.0, 0.00846950976, 0.0133928571), (100.0, 0.00849999694, 0.0368369352),
    (0.05, 3.48361e-3, 1.01351e-3),
])
def test_pumps_of_the_plasma_membrane_take_out_what_the_table_says(ca, pmca, ncx):
    digits = 5e-6 if ca == 0.05 else TABLE_DIGITS
    assert value(PMCA(), "flux_from_outside", ca=ca) == pytest.approx(-pmca, rel=digits)
    assert value(NCX(), "flux_from_outside", ca=ca) == pytest.approx(-ncx, rel=digits)


@pytest.mark.parametrize(("ca", "ca_er", "flux"), [
    (0.001, 15.0, 0.00572191529), (1.0, 15.0, 0.877683616), (1.0, 250.0, 0.0526610169), (100.0, 15.0, 1.03380582),
])
def test_serca_pumps_into_the_er_what_the_table_says(ca, ca_er, flux):
    assert value(SERCA(), "flux_from_er", ca=ca, ca_er=ca_er) == pytest.approx(-flux, rel=TABLE_DIGITS)


def test_pumps_are_half_as_fast_at_their_half_activation_and_still_without_calcium():
    for pump, name in [(PMCA(preset="Graupner2003"), "flux_from_outside"), (NCX(), "flux_from_outside"),
                       (SERCA(), "flux_from_er")]:
        fast, half, still = (value(pump, name, ca=c, ca_er=100.0) for c in (1e9, pump.k_m, 0.0))
        assert half == pytest.approx(fast / 2, rel=1e-6)
        assert (still, fast < 0) == (0.0, True)
    assert np.isfinite(value(SERCA(), "flux_from_er", ca=1.0, ca_er=0.0))


def test_leaks_go_down_the_difference_of_concentrations():
    assert value(PlasmaMembraneLeak(), "flux_from_outside", ca=0.05) == pytest.approx(4.49712e-3, rel=1e-5)
    assert value(ERLeak(), "flux_from_er", ca=0.05, ca_er=250.0) == pytest.approx(9.4640e-3, rel=1e-5)
    assert value(ERLeak(permeability=0.1), "flux_from_er", ca=3.0, ca_er=1.0) == pytest.approx(-0.2)
    assert value(ERLeak(density=0.0), "flux_from_er", ca=3.0, ca_er=1.0) == 0.0


# receptors of the ER -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ca", "ca_er", "ip3", "flux"), [
    (0.001, 15.0, 0.04, 2.53119596e-09), (1.0, 15.0, 0.2, 0.000236999256), (1.0, 250.0, 0.04, 7.12385233e-05),
    (1.0, 250.0, 5.0, 0.148883261), (100.0, 15.0, 1.0, -1.00476487e-07), (0.05, 250.0, 0.04, 6.4623e-4),
])
def test_ip3_and_calcium_open_the_receptor_as_the_table_says(ca, ca_er, ip3, flux):
    digits = 1e-5 if ca == 0.05 else TABLE_DIGITS
    for receptor in (IP3Receptor(), IP3Receptor(preset="LiRinzel1994")):  # whose steady state is the same
        assert value(receptor, "flux_from_er", ca=ca, ca_er=ca_er, ip3=ip3) == pytest.approx(flux, rel=digits)
    assert value(IP3Receptor(density=0.0), "flux_from_er", ca=ca, ca_er=ca_er, ip3=ip3) == 0.0


def test_ip3_at_rest_is_what_a_receptor_sees_where_there_is_no_other():
    assert value(IP3Receptor(), "open_fraction", ca=0.05, ca_er=250.0) == pytest.approx(3.396520e-4, rel=1e-6)


def test_calcium_inhibits_the_slow_receptor_with_the_time_constant_of_its_rates():
    receptor = IP3Receptor(preset="LiRinzel1994")
    assert type(receptor) is LiRinzelIP3Receptor
    items = Items({"m": receptor}, {"ca": 0.05, "ca_er": 250.0, "ip3": 1.0}, dt=10.0)
    start = items["m.h"][0]
    items.inputs["ca"] = 2.0
    unbinding, binding = 2e-4 * 1.05 * 1.13 / 1.94, 2e-4 * 2.0
    end = unbinding / (unbinding + binding)
    items.run(1000.0)
    assert items["m.h"] == pytest.approx(end + (start - end) * np.exp(-1000.0 * (unbinding + binding)), rel=1e-12)
    inhibited = (1.0 / 1.13 * 2.0 / 2.0823 * items["m.h"][0]) ** 3
    assert output(items, "open_fraction", "m") == pytest.approx(inhibited, rel=1e-12)


@pytest.mark.parametrize(("ca", "o1", "o2", "c1", "c2", "flux"), [
    (0.001, 5.20833333e-11, 2.02448821e-19, 0.999999999, 9.11458242e-10, 3.28103126e-11),
    (1.0, 0.0446304695, 0.17347941, 0.000856905014, 0.781033216, 0.128248609),
    (100.0, 2.57265442e-07, 0.999995241, 4.93949649e-17, 4.50214524e-06, -3.56998393),
])
def test_the_ryanodine_receptor_settles_as_the_table_says(ca, o1, o2, c1, c2, flux):
    items = Items({"m": RyanodineReceptor()}, {"ca": ca, "ca_er": 15.0})
    found = [items[f"m.{state}"][0] for state in ("O1", "O2", "C1", "C2")]
    assert found == pytest.approx([o1, o2, c1, c2], rel=2e-7, abs=0)  # C2 in the table is 1e-7 off 17.5 O1
    assert output(items, "flux_from_er", "m") == pytest.approx(flux, rel=TABLE_DIGITS)


# voltage-gated channels ----------------------------------------------------------------------------------------

VDCC = [  # type, v, influx through open channels, m, h, flux
    ("N", -100.0, 2.84672186, 4.29565565e-05, 0.988929137, 5.19480356e-09),
    ("N", -40.0, 1.19799962, 0.0817834711, 0.5, 0.00400643189),
    ("N", 0.0, 0.379981, 0.935409803, 0.0476581374, 0.0158453844),
    ("N", 20.0, 0.16393771, 0.994614056, 0.0110708625, 0.00179543425),
    ("T", -70.0, 1.00109487, 0.0214896463, 0.596122168, 0.000275593545),
    ("T", 0.0, 0.1899905, 0.98275903, 1.78279145e-06, 3.27134626e-07),
    ("L", -40.0, 1.79699944, 0.0012099114, 1.0, 2.63060159e-06),
    ("L", 0.0, 0.5699715, 0.542945192, 1.0, 0.168021603),
    ("L", 60.0, 0.0288606209, 0.999972588, 1.0, 0.0288590387),
]


@pytest.mark.parametrize(("preset", "v", "influx", "m", "h", "flux"), VDCC)
def test_voltage_gated_channels_let_in_what_the_table_says(preset, v, influx, m, h, flux):
    items = Items({"m": VoltageGatedCalciumChannel(preset=preset)}, {"ca": 0.05, "v": v})
    assert items["m.m"] == pytest.approx(m, rel=TABLE_DIGITS)
    if preset != "L":
        assert items["m.h"] == pytest.approx(h, rel=TABLE_DIGITS)
    assert output(items, "flux_from_outside", "m") == pytest.approx(flux, rel=TABLE_DIGITS)
    assert flux / output(items, "open_fraction", "m") == pytest.approx(influx, rel=2 * TABLE_DIGITS)
    # 2 F: 1 uM um/ms is 1e-18 mol/(um^2 s)
    expected = -2 * 96485.33212 * 1e-6 * output(items, "flux_from_outside", "m")
    assert output(items, "calcium_current_density", "m") == pytest.approx(expected, rel=1e-9)


def open_influx(v, ca=0.05, ca_outside=1000.0):
    """Through one fully open channel of type L."""
    channel = LTypeCalciumChannel(m=1.0, ca_outside=ca_outside)
    return value(channel, "flux_from_outside", ca=ca, v=v) / channel.permeability


def test_the_influx_has_its_limit_at_zero_potential_and_vanishes_at_the_reversal_potential():
    assert open_influx(0.0) == pytest.approx(999.95, rel=1e-12)
    slope = (open_influx(1e-3) - open_influx(-1e-3)) / 2e-3
    assert slope == pytest.approx(-(1000.05) / 2 / 13.356169, rel=1e-6)  # of the series at 0
    assert open_influx(1e-7) - open_influx(-1e-7) == pytest.approx(2e-7 * slope, rel=1e-3)
    assert open_influx(13.356169 * np.log(1000.0 / 0.05)) == pytest.approx(0.0, abs=1e-3)
    assert open_influx(150.0) < 0 < open_influx(100.0)
    assert open_influx(30.0, ca=5.0, ca_outside=5.0) == pytest.approx(-5.0 * 30.0 / 13.356169, rel=1e-6)


def test_gates_follow_a_step_of_the_potential_exactly():
    items = Items({"m": VoltageGatedCalciumChannel()}, {"ca": 0.05, "v": -72.0}, dt=0.5)
    m, h = items["m.m"][0], items["m.h"][0]
    items.inputs["v"] = 0.0
    items.run(3.0)
    assert items["m.m"] == pytest.approx(0.935409803 + (m - 0.935409803) * np.exp(-2.0), rel=TABLE_DIGITS)
    assert items["m.h"] == pytest.approx(0.0476581374 + (h - 0.0476581374) * np.exp(-3.0 / 75.0), rel=TABLE_DIGITS)


def test_a_type_of_channel_that_there_is_not_is_an_error():
    assert type(VoltageGatedCalciumChannel(preset="L")) is LTypeCalciumChannel
    with pytest.raises(ModelError, match=r"VoltageGatedCalciumChannel: no preset 'R'; valid: L, N, T"):
        VoltageGatedCalciumChannel(preset="R")


# store-operated entry ------------------------------------------------------------------------------------------


def test_an_empty_er_opens_store_operated_channels_and_nothing_makes_them_take_calcium_out():
    def entry(ca_er, **values):
        return value(StoreOperatedCalciumEntry(**values), "flux_from_outside", ca_er=ca_er)

    assert [entry(0.0), entry(200.0)] == pytest.approx([5e-3, 2.5e-3])
    assert entry(250.0) == pytest.approx(5e-3 / (1 + 1.25**4))
    assert entry(169.0, preset="Luik2008") == pytest.approx(2.5e-3)
    levels = [entry(c) for c in (0.0, 50.0, 150.0, 250.0, 1000.0)]
    assert (np.diff(levels) < 0).all()
    assert levels[-1] > 0


# sources -------------------------------------------------------------------------------------------------------


STEPS = 0.1 * np.arange(250)


@pytest.mark.parametrize(("source", "name"), [(CalciumSource, "flux_from_outside"), (IP3Source, "ip3_flux")])
def test_sources_pulse_and_fall(source, name):
    on = (STEPS > 1.95) & (STEPS < 6.95)
    pulse = value(source(amplitude=2.0, start=2.0, duration=5.0), name, STEPS)
    assert pulse == pytest.approx(2.0 * on)
    linear = value(source(preset="linear", amplitude=2.0, start=2.0, duration=5.0), name, STEPS)
    assert linear == pytest.approx(2.0 * on * (1 - (STEPS - 2.0) / 5.0), abs=1e-12)
    exponential = value(source(preset="exponential", amplitude=2.0, start=2.0), name, STEPS)
    assert exponential == pytest.approx(2.0 * (STEPS > 1.95) * np.exp(-(STEPS - 2.0) / 10.0))


@pytest.mark.parametrize(("source", "name"), [(CalciumPulseTrain, "flux_from_outside"), (IP3PulseTrain, "ip3_flux")])
def test_trains_pulse_at_the_beginning_of_each_period(source, name):
    train = source(amplitude=3.0, start=1.0, frequency=200.0, pulse_duration=0.5, n_pulses=3)
    assert np.flatnonzero(value(train, name, STEPS)).tolist() == [f + k for f in (10, 60, 110) for k in range(5)]
