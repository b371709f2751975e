"""Configs of gap junctions that rectify, and of connections whose targets receive the mean."""
import numpy as np
import pytest
from config_text import LEAST

import gpusyn as gs
from gpusyn.config import ConfigError, loads

ONE_WAY = """
v_init = { values = [-50, -70, -60, -60] }

[gap_junctions.there]
population = "neurons"
conductance = "2 nS"
wiring = { kind = "sparse", pre = [0], post = [1] }
rectification = { half = 0, steepness = "200 1/V", least = 0.05, polarity = 1 }

[gap_junctions.back]
population = "neurons"
conductance = "2 nS"
wiring = { kind = "sparse", pre = [1], post = [0] }
rectification = { half = "0 mV", steepness = 0.2, least = 0.05, polarity = -1 }
"""

SHEET = """
[gap_junctions.sheet]
population = "neurons"
normalisation = "mean"
wiring = { kind = "neighbourhood", radius = "1 um" }
rectification = {}
"""


def problems(text):
    """The problems of a config, as lines."""
    with pytest.raises(ConfigError) as caught:
        loads(text, name="x.toml")
    return caught.value.problems


def first_step(config):
    """The simulation of a config after one step."""
    simulation = gs.Simulation(config.model, backend="numpy", precision="float64")
    simulation.step(1)
    return simulation


# gap junctions -------------------------------------------------------------------------------------------------


def test_a_rectifying_junction_passes_current_one_way():
    inputs = first_step(loads(LEAST + ONE_WAY)).assembly.inputs
    current = inputs["there.injection"][0] + inputs["back.injection"][0]
    expected = 2 * 20 * (0.05 + 0.95 / (1 + np.exp(-0.2 * 20)))
    assert current == pytest.approx([-expected, expected, 0, 0], rel=1e-12)


def test_junctions_are_averaged_and_gated_by_default_numbers():
    config = loads(LEAST + "v_init = { values = [-50, -10, -60, -60] }\n" + SHEET)
    junctions = config.model.gap_junctions["sheet"].wiring
    assert (junctions.normalisation, junctions.rectification) == ("mean", gs.Rectification())
    across = np.array([40.0, -10.0])  # of the first cell to its two neighbours
    open_fraction = 0.3 + 0.7 / (1 + np.exp(0.1 * (np.abs(across) - 60)))
    current = first_step(config).assembly.inputs["sheet.injection"][0, 0]
    assert current == pytest.approx(np.sum(across * open_fraction) / 2, rel=1e-12)


@pytest.mark.parametrize("text", [ONE_WAY, SHEET])
def test_the_resolved_config_says_how_junctions_rectify(text):
    config = loads(LEAST + text)
    assert loads(config.text).text == config.text
    assert "[gap_junctions." in config.text
    assert "steepness" in config.text


@pytest.mark.parametrize(("written", "problem"), [
    ("rectification = { half = 60, leest = 0.1 }", "rectification.leest: unknown key; did you mean 'least'?"),
    ("rectification = { least = 1.5 }", "rectification.least: 1.5 must be at most 1"),
    ("rectification = { polarity = 2 }", "rectification.polarity: 2 must be at most 1"),
    ('rectification = { half = "60 nS" }', "rectification.half: '60 nS' is an electric conductance"),
    ('rectification = "yes"', "rectification: 'yes' is not a table"),
    ("rectification = { polarity = 1 }", "rectification: a neighbourhood has each junction in both directions"),
    ('normalisation = "meen"', "normalisation: 'meen' is not one of sum, mean; did you mean 'mean'?"),
])
def test_wrong_junctions_are_told_with_their_place(written, problem):
    text = LEAST + SHEET.replace("rectification = {}", "").replace('normalisation = "mean"\n', "") + written + "\n"
    found = problems(text)
    line = text.rstrip("\n").count("\n") + 1
    assert len(found) == 1
    assert found[0].startswith(f"x.toml:{line}: sheet.{problem}")


# means ---------------------------------------------------------------------------------------------------------

MEANS = """
v_init = 40

[transmitters.glutamate]
kind = "GlutamateNeurotransmitter"
release_probability = 1
diffusion_coefficient = 0
reuptake_rate = 0

[transmitters.gaba]
kind = "GABANeurotransmitter"
release_probability = 1
diffusion_coefficient = 0
reuptake_rate = 0

[connections.first]
from = "neurons"
to = "glutamate"
normalisation = "mean_releasing"
wiring = { kind = "sparse", pre = [0, 1, 2], post = [3, 3, 2], weight = [1, 2, 5] }

[connections.second]
from = "neurons"
to = "glutamate"
wiring = { kind = "sparse", pre = [2], post = [3], weight = [6] }

[connections.other]
from = "neurons"
to = "gaba"
normalisation = "mean_releasing"
synapse = { kind = "STDPRule" }
wiring = { kind = "sparse", pre = [0, 1], post = [3, 3], weight = [1, 2] }
"""


def test_targets_receive_the_mean_over_what_leads_to_them():
    config = loads(LEAST + MEANS)
    state, one_vesicle = first_step(config).state, np.array([5000.0, 3000.0]) / 602.214076
    glutamate, gaba = (state[f"{name}.concentration"] / vesicle
                       for name, vesicle in zip(("glutamate", "gaba"), one_vesicle, strict=True))
    # three connections lead to the last site; the second set, which does not say so, is added as it is
    assert glutamate == pytest.approx([0, 0, 5, (1 + 2) / 3 + 6], rel=1e-9)
    assert gaba == pytest.approx([0, 0, 0, (1 + 2) / 2], rel=1e-9)
    assert state["other.weight"].tolist() == [1, 2]
    assert loads(config.text).text == config.text


def test_an_unknown_normalisation_names_what_there_is():
    wrong = MEANS.replace('normalisation = "mean_releasing"\nsynapse', 'normalisation = "mean_releesing"\nsynapse')
    assert problems(LEAST + wrong)[0].endswith(
        "other.normalisation: 'mean_releesing' is not one of mean_releasing; did you mean 'mean_releasing'?")
