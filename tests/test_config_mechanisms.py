"""Mechanisms of a config's own: written in TOML, used like any other, kept with the results."""

import sys
from contextlib import suppress

import pytest
from config_text import LEAST
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from text_mechanisms import AMPA, IZHIKEVICH, PAIR_RULE, SIX_STATES
from typer.testing import CliRunner

import gpusyn as gs
from gpusyn.cli import app
from gpusyn.config import ConfigError, loads
from gpusyn.config.toml_text import toml_text

OWN = f"""
[run]
name = "own"
duration = "5 ms"
backend = "numpy"
[lattice]
shape = [3, 4]
[mechanisms.TextNeuron]
{IZHIKEVICH}
[mechanisms.TextAMPA]
{AMPA}
[mechanisms.SlowAMPA]
meaning = "AMPA receptor that closes slowly"
based_on = "TextAMPA"
parameters.unbinding_rate = "10 1/s"
[transmitters.glutamate]
kind = "GlutamateNeurotransmitter"
[populations.neurons]
kind = "TextNeuron"
c = {{ uniform = ["-65 mV", "-60 mV"] }}
ampa = {{ kind = "SlowAMPA", conductance = "2 nS", preset = "Destexhe1998" }}
drive = {{ kind = "ConstantCurrent", amplitude = "10 pA" }}
[connections.excite]
from = "neurons"
to = "glutamate"
wiring = {{ kind = "neighbourhood", radius = "1 um" }}
[sweep]
"neurons.ampa.unbinding_rate" = [0.1, 0.2]
[[record]]
quantity = ["neurons.v", "neurons.ampa.current", "glutamate"]
every = "1 ms"
"""


def problems(text):
    with pytest.raises(ConfigError) as caught:
        loads(text, name="x.toml")
    return caught.value.problems


def test_a_mechanism_of_the_config_is_a_kind_like_any_other():
    config = loads(OWN)
    members = config.model.populations["neurons"].members
    assert [type(one).__name__ for one in members.values()] == ["TextNeuron", "SlowAMPA", "ConstantCurrent"]
    assert members["ampa"].conductance == 2.0
    assert members["ampa"].unbinding_rate == 0.19  # of the preset, which the base has
    assert members[""].c.shape == (12,)
    assert config.model.sweep.axes == {"neurons.ampa.unbinding_rate": [0.1, 0.2]}
    assert [record.path for record in config.records][1] == "neurons.ampa.current"


def test_the_resolved_config_keeps_the_text():
    config = loads(OWN)
    again = loads(config.text)
    assert again.text == config.text
    assert again.digest == config.digest
    assert "[mechanisms.TextNeuron.equations]" in config.text
    assert loads(OWN.replace("w + d", "w + d + d")).digest != config.digest


def test_such_a_config_runs_shows_and_resumes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own.toml").write_text(OWN)
    (tmp_path / "lab.toml").write_text(f"[mechanisms.Six]\n{SIX_STATES}")
    command = CliRunner()
    six = 'neurons.six={ kind = "lab.toml:Six" }'
    result = command.invoke(app, ["run", "own.toml", "--no-plots", "--set", six], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    with gs.open("runs/own/run.h5") as run:
        assert run["neurons.v"][:].shape == (5, 2, 12)
        assert "w + d" in run.config["mechanisms"]["TextNeuron"]["on_spike"]["w"]
    shown = command.invoke(app, ["show", "own.toml"], catch_exceptions=False).stdout
    assert "def TextNeuron_d_v(v, w, receptor_current, injection, c_m):" in shown
    listed = command.invoke(app, ["show", "own.toml", "--quantities"], catch_exceptions=False).stdout
    assert "speed of recovery" in listed
    whole = gs.Simulation(tmp_path / "own.toml", backend="numpy")
    whole.step(20)
    whole.save("half.ckpt")
    whole.step(20)
    resumed = gs.Simulation.resume("half.ckpt")
    resumed.step(20)
    assert (resumed.state["neurons.v"] == whole.state["neurons.v"]).all()
    assert loads(OWN, [six], folder=tmp_path).files == ["lab.toml"]


def test_problems_of_the_text_have_the_lines_of_the_config():
    text = OWN.replace("a * (b * v - w)", "a * (b * vv - w)").replace('"10 1/s"', '"10 mV"')
    first, second = problems(text)
    line = next(n for n, line in enumerate(text.split("\n"), 1) if "b * vv" in line)
    assert first.startswith(f"x.toml:{line}: TextNeuron.equations.tau_m dw/dt: 'vv' is not declared; did you mean 'v'?")
    assert first.endswith("\n    a * (b * vv - w)\n             ^")
    assert "SlowAMPA.parameters.unbinding_rate.default: '10 mV' is an electric potential" in second


@pytest.mark.parametrize(("old", "new", "message"), [
    ('kind = "SlowAMPA"', 'kind = "SlowAMPAR"', "neurons.ampa.kind: there is no 'SlowAMPAR'; did you mean 'SlowAMPA'?"),
    ('based_on = "TextAMPA"', 'based_on = "SlowAMPA"', "SlowAMPA.based_on: 'SlowAMPA' would be based on itself"),
    ("[mechanisms.SlowAMPA]", "[mechanisms.AMPAReceptor]", "'AMPAReceptor' is a mechanism of gpusyn's"),
    ("[mechanisms.SlowAMPA]", "[mechanism.SlowAMPA]", "mechanism: unknown section; did you mean 'mechanisms'?"),
    ('meaning = "AMPA receptor that closes slowly"', "", "SlowAMPA.meaning: is missing; say in a sentence"),
    ('"neurons.v", "neurons.ampa', '"neurons.u", "neurons.ampa', "'neurons.u': TextNeuron has no 'u'"),
    ("conductance = \"2 nS\"", "conductanse = 2", "neurons.ampa.conductanse: unknown key; SlowAMPA has no"),
])  # fmt: skip
def test_what_is_wrong_around_them_is_told(old, new, message):
    assert OWN.count(old) == 1
    found = problems(OWN.replace(old, new))
    assert any(message in one for one in found), found
    assert len(found) <= 2


# whatever the text, nothing happens ------------------------------------------------------------------------------

FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
WORDS = """
    x w v tau exp where ( ) , + - * / ** < > == and or not = ; : . [ ] { } lambda import open eval exec __import__
    'os' "a" 1 2.5 1e400 0 True None for in if else yield await @ ~ % ^ // := ... \\ # x.__class__ __builtins__
    globals() print(1) 9**9**9
"""
ALL_TABLES = """
    states gates countdowns stopwatches counts schemes parameters options givens totals white_noise uniform_draws
    normal_draws chance_draws outputs fluxes functions equations starts rates transitions spikes on_spike on_pre on_post
    presets integrator based_on meaning
"""
KEYS = "x w dx/dt v -> <-> A initial unit meaning __class__ set spikes A->B states default os:path lab.py:X"
PIECES = st.sampled_from(WORDS.split())
EQUATIONS = st.one_of(
    st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=6).map("".join), st.text(max_size=30),
)  # fmt: skip
NAMES = st.one_of(st.sampled_from(KEYS.split()), st.text(max_size=8))
ENTRIES = st.recursive(
    EQUATIONS | NAMES | st.integers() | st.floats() | st.booleans(),
    lambda inner: st.dictionaries(NAMES, inner, max_size=3) | st.lists(inner, max_size=3), max_leaves=6,
)  # fmt: skip
BASE = {"meaning": "m", "states": {"x": {"unit": "1", "meaning": "x"}, "w": {"unit": "1", "meaning": "w"}},
        "parameters": {"tau": {"default": "1 ms", "meaning": "tau"}}}  # fmt: skip


@pytest.fixture(scope="module")
def watching():
    """A list that is not empty while a text is read: then whatever Python runs, opens or imports fails the test."""
    for warm in ({"default": "1 mV", "unit": "nS"}, {"default": "1 parsec", "unit": "nx"}):  # what is imported once
        answer({**BASE, "parameters": {"k": warm}, "based_on": "Nothing"}, [])
    watched: list[bool] = []

    def hook(event, arguments):
        if watched and event in ("exec", "import", "open", "os.system", "subprocess.Popen", "os.exec", "os.remove"):
            raise AssertionError(f"{event} {arguments}")

    sys.addaudithook(hook)
    return watched


def answer(table, watched):
    """A class, or a list of problems, and nothing was run meanwhile."""
    watched.append(True)
    try:
        found = gs.mechanism_from_text(table, "Fuzzed")
    except ConfigError as error:
        found = error
    finally:
        watched.clear()
    assert not isinstance(found, ConfigError) or all(found.problems)


@FUZZ
@given(text=EQUATIONS)
@example(text="__import__('os').system('touch gpusyn_was_here')")
@example(text="().__class__.__bases__[0].__subclasses__()")
def test_any_equation_is_answered_and_none_is_run(text, watching):
    answer({**BASE, "equations": {"dx/dt": text}, "spikes": text}, watching)


@FUZZ
@given(tables=st.dictionaries(st.sampled_from(ALL_TABLES.split()), ENTRIES, max_size=4))
@example(tables={"based_on": "os:path"})
@example(tables={"based_on": "lab.py:X"})
def test_any_tables_are_answered(tables, watching):
    answer({**BASE, **tables}, watching)


@FUZZ
@given(data=st.data())
def test_any_line_of_a_mechanism_may_be_damaged(data):
    lines = OWN.split("\n")
    number = data.draw(st.integers(6, 55))
    cut = data.draw(st.integers(0, len(lines[number])))
    damage = data.draw(st.one_of(PIECES, st.text(max_size=3)))
    lines[number] = lines[number][:cut] + damage + lines[number][cut + data.draw(st.integers(0, 4)):]
    with suppress(ConfigError):
        loads("\n".join(lines))


def test_a_rule_of_a_synapse_can_be_written_too():
    config = loads(f"{LEAST}\n[mechanisms.Pair]\n{PAIR_RULE}")
    assert "[mechanisms.Pair]\n" in toml_text({"mechanisms": {"Pair": {"meaning": "m"}}})
    assert loads(config.text).text == config.text
