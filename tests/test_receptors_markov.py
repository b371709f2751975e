"""Receptors as Markov schemes: their responses to pulses, desensitization and recovery, against reference values.

The tests take 0.01 ms while transmitter is there, and longer steps after it; at 0.1 ms peaks are 0.1 to
2.5 % off.
"""

import numpy as np
import pytest
from receptor_runs import MM, Alone, Trace, value_of
from scipy.linalg import expm

from gpusyn.quantities import Scheme
from gpusyn.receptors import (
    AMPAReceptor,
    DesensitizingGABA_B_Receptor,
    FiveStateGABA_A_Receptor,
    FiveStateNMDA_Receptor,
    GABA_A_Receptor,
    GABA_B_Receptor,
    GlycineChannel,
    NicotinicReceptor,
    NMDA_Receptor,
    SevenStateAMPAReceptor,
    SixStateAMPAReceptor,
    SixStateGlycineChannel,
)

FINE = 0.01  # ms
SCHEMES = [
    SixStateAMPAReceptor, SevenStateAMPAReceptor, FiveStateNMDA_Receptor, FiveStateGABA_A_Receptor,
    SixStateGlycineChannel, NicotinicReceptor, DesensitizingGABA_B_Receptor,
]


def states_of(kind):
    """The names of the states of its scheme."""
    return next(q.states for q in kind.quantities.values() if isinstance(q, Scheme))


def generator(receptor, concentration):
    """The matrix of a receptor's scheme: d fractions/dt = generator @ fractions."""
    states = states_of(type(receptor))
    matrix = np.zeros((len(states), len(states)))
    for (source, target), rate in value_of(receptor, "transitions", **{receptor.transmitter: concentration}).items():
        i, j = states.index(source), states.index(target)
        matrix[j, i] += rate
        matrix[i, i] -= rate
    return matrix


def time_constants(receptor, concentration):
    """Time constants of a receptor's relaxation (ms), the slowest first."""
    return np.sort(-1 / np.sort(np.linalg.eigvals(generator(receptor, concentration)).real)[:-1])[::-1]


# forms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "preset", "form"), [
    (AMPAReceptor, "Jonas1993", SevenStateAMPAReceptor), (AMPAReceptor, "PatneauMayer1991", SixStateAMPAReceptor),
    (NMDA_Receptor, "Destexhe1998FiveState", FiveStateNMDA_Receptor),
    (NMDA_Receptor, "LesterJahr1992Statistical", FiveStateNMDA_Receptor),
    (GABA_A_Receptor, "BuschSakmann1990", FiveStateGABA_A_Receptor),
    (GABA_B_Receptor, "DestexheSejnowski1995", DesensitizingGABA_B_Receptor),
    (GlycineChannel, "LegendreType", SixStateGlycineChannel),
])
def test_a_preset_with_other_equations_makes_its_form(kind, preset, form):
    receptor = kind(preset=preset, conductance=2.5)
    assert type(receptor) is form
    assert receptor.conductance == 2.5
    assert (receptor.member, receptor.transmitter) == (kind.member, kind.transmitter)
    assert type(kind(preset=preset)).presets.keys() >= {preset}


# brief pulses --------------------------------------------------------------------------------------------------

# peak, time of the peak, 10-90 % rise, fall to a half and to 1/e (ms), as far as known; cases of synapse_cases.json
BRIEF = {
    "markov_AMPA_6state_DMS98_1ms_1mM": (
        AMPAReceptor, "PatneauMayer1991", (0.171587, 1.014, 0.70925, 3.602, 5.194), 8.0),
    "markov_AMPA_7state_Jonas93": (AMPAReceptor, "Jonas1993", (0.594868, 1.052, 0.610243, 1.888, 2.67), 4.0),
    "markov_NMDA_5state_LesterJahr92_no_stat_factor_1ms_1mM": (
        NMDA_Receptor, "LesterJahr1992Equal", (0.381522, 17.94, 8.71546, 131.88, 261.6), 300.0),
    "markov_NMDA_5state_LesterJahr92_stat_factor_1ms_1mM": (
        NMDA_Receptor, "LesterJahr1992Statistical", (0.37367, 16.24, 8.10224, 80.0, 129.86), 160.0),
    "NMDA, Destexhe, Mainen & Sejnowski 1998": (
        NMDA_Receptor, "Destexhe1998FiveState", (0.2726, 20.9, None, 77.5, 115.8), 160.0),
    "GABA-A, Busch & Sakmann 1990": (GABA_A_Receptor, "BuschSakmann1990", (0.879, None, None, 3.68, 5.30), 8.0),
}


@pytest.mark.parametrize("case", BRIEF)
def test_a_pulse_of_1_mM_for_1_ms(case):
    kind, preset, expected, decay = BRIEF[case]
    slow = kind is NMDA_Receptor
    stretches = [(1.0, FINE), *([(39.0, 0.02), (decay - 30.0, 0.1)] if slow else [(1.0, FINE), (decay - 1.0, 0.01)])]
    trace = Trace(kind(preset=preset), (MM, 1.0), stretches, "activated_fraction" if slow else "open_fraction")
    found = (trace.peak, trace.t_peak, trace.rise(), trace.fall(0.5), trace.fall(np.exp(-1)))
    for value, wanted in zip(found, expected, strict=True):
        if wanted is not None:
            assert value == pytest.approx(wanted, rel=5e-3)


def test_few_glycine_channels_open_in_the_fitted_set():
    trace = Trace(GlycineChannel(preset="LegendreType"), (MM, 1.0), [(1.0, FINE), (1.0, 0.01)])
    assert trace.peak == pytest.approx(0.0623, rel=5e-3)  # by the matrix exponential of the set's rates


# desensitization and recovery -----------------------------------------------------------------------------------


def held(preset):
    """Open fraction over 100 ms of 1 mM: times and values."""
    return Trace(AMPAReceptor(preset=preset), (MM, 100.0), [(2.0, FINE), (18.0, 0.02), (80.0, 0.1)])


def test_the_six_state_receptor_desensitizes_by_a_half():  # markov_AMPA_6state_desensitisation_100ms
    trace = held("PatneauMayer1991")
    at = [trace.peak, *np.interp([10.0, 50.0, 100.0], trace.t, trace.y)]
    assert at == pytest.approx([0.210697, 0.141185, 0.105366, 0.105296], rel=5e-3)


def test_the_seven_state_receptor_desensitizes_almost_wholly_in_12_ms():  # markov_AMPA_7state_Jonas93
    trace = held("Jonas1993")
    assert [trace.peak, trace.y[-1]] == pytest.approx([0.61034, 0.0174676], rel=5e-3)
    assert trace.fall(np.exp(-1)) == pytest.approx(11.978, rel=5e-3)


@pytest.mark.parametrize(("preset", "slowest"), [("PatneauMayer1991", 2567.56), ("Jonas1993", 42.9116)])
def test_the_slowest_recovery_without_glutamate(preset, slowest):  # markov_AMPA_recovery_comparison
    assert time_constants(AMPAReceptor(preset=preset), 0.0)[0] == pytest.approx(slowest, rel=1e-5)


@pytest.mark.parametrize(("preset", "first", "expected"), [
    # markov_AMPA_recovery_comparison and markov_AMPA_7state_Jonas93 divide by what is open at the end of the first
    # pulse, markov_AMPA_6state_paired_pulse by the first peak, which comes a little later
    ("PatneauMayer1991", "end", {10.0: 0.239068, 20.0: 0.134923, 50.0: 0.12622, 100.0: 0.142868, 200.0: 0.175705}),
    ("Jonas1993", "end", {10.0: 0.545918, 20.0: 0.612699, 50.0: 0.788544, 100.0: 0.932138, 200.0: 0.997635}),
    ("PatneauMayer1991", "peak", {10.0: 0.238396, 50.0: 0.125865, 200.0: 0.17521}),
])
def test_a_second_pulse_finds_what_has_recovered(preset, first, expected):
    alone, rested_for = Alone(AMPAReceptor(preset=preset)), 0.2

    def pulse():
        """1 mM for 1 ms: what is open at its end, and the most, which is up to 0.2 ms later."""
        opened = alone.run(1.0, MM, FINE, "open_fraction")
        return {"end": opened[-1, 0], "peak": max(opened.max(), alone.run(0.2, 0.0, FINE, "open_fraction").max())}

    before, ratios = pulse()[first], []
    for gap in expected:
        alone.run(gap - rested_for, 0.0, 0.01 if gap == 10.0 else 0.05, "open_fraction")
        rested, rested_for = dict(alone.items.state), gap
        ratios.append(pulse()["peak"] / before)
        alone.items.state = rested
    assert ratios == pytest.approx(list(expected.values()), rel=5e-3)


# what holds for every scheme -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SCHEMES)
def test_a_scheme_converges_to_the_matrix_exponential(kind):
    receptor = kind()
    alone = Alone(receptor)
    start = np.array([alone.states()[s][0] for s in states_of(kind)])
    exact = expm(0.5 * generator(receptor, 100.0)) @ start
    errors = []
    for dt in (0.005, 0.0025):
        alone = Alone(receptor)
        alone.run(0.5, 100.0, dt, "bound_fraction")
        errors.append(np.abs([alone.states()[s][0] for s in states_of(kind)] - exact).max())
    assert errors[1] < 1e-4
    assert np.log2(errors[0] / errors[1]) > 1.75


@pytest.mark.parametrize("kind", SCHEMES[:-1])  # the last opens long after the pulse
def test_the_response_to_a_pulse_hardly_depends_on_the_step(kind):
    fine, coarse = (Alone(kind()).run(1.0, MM, dt, "open_fraction").max() for dt in (0.005, 0.1))
    assert coarse == pytest.approx(fine, rel=0.03)


@pytest.mark.parametrize("kind", SCHEMES)
@pytest.mark.parametrize("dt", [0.01, 1.0])
def test_bound_and_unbound_are_all_receptors(kind, dt):
    alone = Alone(kind())
    for concentration in (MM, 0.0):
        bound = alone.run(20.0, concentration, dt, "bound_fraction")
        unbound = alone.states()[states_of(kind)[0]]
        assert bound[-1] + unbound == pytest.approx(1.0, abs=1e-12)
        assert ((bound >= 0) & (bound <= 1)).all()
        assert alone.output("desensitized_fraction") <= bound[-1]


@pytest.mark.parametrize("kind", [k for k in SCHEMES if k is not SevenStateAMPAReceptor])
def test_a_scheme_without_cycles_has_one_link_less_than_states(kind):
    rates = value_of(kind(), "transitions", **{kind.transmitter: 1.0})
    links = {frozenset(ends) for ends in rates}
    assert len(links) == len(states_of(kind)) - 1
    assert len(rates) == 2 * len(links)


@pytest.mark.parametrize(("cycle", "ratio"), [("C1 C2 C4 C3", 1.00599), ("C2 O C5 C4", 0.99862)])
def test_both_cycles_of_the_seven_state_receptor_are_microscopically_reversible(cycle, ratio):
    rates = value_of(SevenStateAMPAReceptor(), "transitions", glutamate=37.0)
    around = list(zip(cycle.split(), [*cycle.split()[1:], cycle.split()[0]], strict=True))
    forwards, backwards = (np.prod([rates[ends[::way]] for ends in around]) for way in (1, -1))
    assert forwards / backwards == pytest.approx(ratio, abs=5e-5)
    assert abs(ratio - 1) < 0.01
