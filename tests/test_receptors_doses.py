"""Dose and response: what is open in the steady state, against closed forms; and what every receptor puts out."""

import numpy as np
import pytest
from receptor_runs import Alone, value_of

from gpusyn.quantities import Output
from gpusyn.receptors import (
    AMPAReceptor,
    GABA_A_Receptor,
    GABA_B_Receptor,
    GlycineChannel,
    GlycineReceptor,
    NicotinicReceptor,
    NMDA_Receptor,
)

DOSES = np.array([0.01, 1.0, 30.0, 200.0, 1000.0, 1e5])  # uM
TWO_STATE = [AMPAReceptor, NMDA_Receptor, GABA_A_Receptor, GlycineChannel]
SCHEMES = [
    (AMPAReceptor, "PatneauMayer1991", "O"), (AMPAReceptor, "Jonas1993", "O"),
    (NMDA_Receptor, "Destexhe1998FiveState", "O"), (NMDA_Receptor, "LesterJahr1992Equal", "O"),
    (NMDA_Receptor, "LesterJahr1992Statistical", "O"), (GABA_A_Receptor, "BuschSakmann1990", "O1 O2"),
    (GlycineChannel, "LegendreType", "O1 O2"), (NicotinicReceptor, "alpha4beta2", "O"),
    (NicotinicReceptor, "alpha7", "O"),
]
IONOTROPIC = [(kind, None) for kind in (*TWO_STATE, GABA_B_Receptor)] + [
    (GABA_B_Receptor, "DestexheSejnowski1995"), *((kind, preset) for kind, preset, _ in SCHEMES)]


def equilibrium(receptor, concentration):
    """Occupancies in detailed balance, by state: each link multiplies by the ratio of its rates."""
    rates = value_of(receptor, "transitions", **{receptor.transmitter: concentration})
    weight, waiting = {"C0": 1.0}, ["C0"]
    while waiting:
        here = waiting.pop(0)
        for source, target in rates:
            if source == here and target not in weight:
                weight[target] = weight[here] * rates[here, target] / rates[target, here]
                waiting.append(target)
    return {state: w / sum(weight.values()) for state, w in weight.items()}


@pytest.mark.parametrize("kind", TWO_STATE)
@pytest.mark.parametrize("preset", [None, "Destexhe1998"])
def test_the_dose_response_of_two_states_is_half_at_the_dissociation_constant(kind, preset):
    receptor = kind(preset=preset if preset in kind.presets else None)
    half = receptor.unbinding_rate / receptor.binding_rate
    alone = Alone(receptor, half * DOSES, n=len(DOSES), v=1e4)  # where magnesium blocks nothing
    assert alone.output("open_fraction") == pytest.approx(DOSES / (DOSES + 1), rel=1e-12)


@pytest.mark.parametrize(("kind", "preset", "conducting"), SCHEMES)
def test_the_dose_response_of_a_scheme_is_its_equilibrium(kind, preset, conducting):
    receptor = kind(preset=preset)
    alone = Alone(receptor, DOSES, n=len(DOSES), v=1e4)
    expected = [sum(equilibrium(receptor, dose)[state] for state in conducting.split()) for dose in DOSES]
    # two cycles of Jonas's rates are reversible to 0.6 % only, all other schemes have none; a scheme starts from its
    # steady state to about 1e-10
    rel = 0.01 if preset == "Jonas1993" else 1e-9
    assert alone.output("open_fraction") == pytest.approx(expected, rel=rel, abs=1e-9)


@pytest.mark.parametrize("preset", ["Destexhe1998", "Otis1993", "DestexheSejnowski1995"])
def test_the_dose_response_of_gaba_b_has_the_fourth_power(preset):
    receptor = GABA_B_Receptor(preset=preset)
    doses = np.array([0.1, 1.0, 10.0, 100.0])
    opened = Alone(receptor, doses, n=len(doses)).run(5e3, doses, 10.0, "open_fraction")[-1]
    bound = doses * receptor.binding_rate / receptor.unbinding_rate
    if preset == "DestexheSejnowski1995":
        bound_and_desensitized = bound * receptor.desensitization / receptor.resensitization
    else:
        bound_and_desensitized = 0.0
    s = receptor.g_protein_production / receptor.g_protein_decay * bound / (1 + bound + bound_and_desensitized)
    assert opened == pytest.approx(s**4 / (s**4 + 100.0), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("kind", "preset"), IONOTROPIC)
def test_every_ionotropic_receptor_says_what_is_bound_open_and_desensitized(kind, preset):
    receptor = kind(preset=preset)
    alone = Alone(receptor, DOSES, n=len(DOSES))
    bound, opened, desensitized, current = (
        np.broadcast_to(alone.output(name), len(DOSES))
        for name in ("bound_fraction", "open_fraction", "desensitized_fraction", "current"))
    assert ((opened >= 0) & (desensitized >= 0) & (bound <= 1)).all()
    assert (np.diff(bound) > 0).all()
    assert (opened + desensitized <= bound + 1e-12).all()
    driving = -65.0 - receptor.reversal_potential
    assert current == pytest.approx(abs(receptor.conductance) * opened * driving, rel=1e-12)
    assert receptor.member
    assert type(receptor).quantities[receptor.transmitter].unit == "uM"


def test_the_co_agonist_site_is_no_channel():
    outputs = {name for name, q in GlycineReceptor.quantities.items() if isinstance(q, Output)}
    assert outputs == {"bound_fraction", "desensitized_fraction", "coagonist"}
