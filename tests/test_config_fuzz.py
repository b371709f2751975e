"""Whatever is written into a config, the answer is a model or a list of problems: never a traceback or a hang."""

import datetime
import time

import pytest
from config_text import LEAST, RICH, SHAPED, SMALL
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gpusyn.config import Config, ConfigError, loads
from gpusyn.config.toml_text import toml_text

SLOWEST = 8.0  # s, on a machine that does other things too
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)

WORDS_OF_CONFIGS = """
    run lattice populations transmitters sources connections sweep record kind name duration dt seed shape spacing
    edges neurons glutamate ampa conductance wiring radius from to weight delay uniform normal values file min max
    mode points groups excitatory preset integrator quantity every sites reduce histogram IzhikevichNeuron Poisson
    SpikeFile steady sparse neighbourhood random pre post periodic . .. / con nan mechanisms lattices lattice synapse
    STDPRule probability pharmacology disorders target potency neurotransmitter_deficit dopamine meaning based_on
    trees dendrite beam branch tree morphology er count refine nodes region beyond cells rall ratio gap n length levels
"""
WORDS = st.sampled_from(WORDS_OF_CONFIGS.split())
NAMED_SECTIONS = """
    populations.neurons run sweep lattice lattices.l mechanisms.Own connections.c pharmacology.p disorders.d
    trees.dendrite trees.dendrite.pump
"""
SECTIONS = st.sampled_from(NAMED_SECTIONS.split())
QUANTITIES = st.sampled_from(["1 ms", "2 nS", "-3 mV", "1e400 ms", "1 ms/s^9", "9" * 90])
TEXTS = st.one_of(WORDS, st.text(max_size=12), QUANTITIES)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([0, 1, -1, 2**31, 2**64, 10**30]))
LEAVES = st.one_of(NUMBERS, TEXTS, st.booleans(), st.just(datetime.date(2020, 1, 1)), st.just(datetime.time(1, 2)))
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def answer(text, overrides=()):
    """What a config comes to, in a reasonable time: a `Config` or a `ConfigError`."""
    started = time.process_time()
    try:
        found = loads(text, overrides)
    except ConfigError as error:
        found = error
    assert isinstance(found, Config) or all(found.problems)
    assert time.process_time() - started < SLOWEST
    return found


@FUZZ
@given(st.text(max_size=200))
@example("[" * 2000)
@example("a" + ".a" * 2000 + " = 1")
@example("[[record]]\n" * 500)
@example('x = """' + "\n" * 2000)
@example("x = 1e999999999")
def test_any_text_is_answered(text):
    assert isinstance(answer(text), ConfigError)


@FUZZ
@given(st.data())
def test_any_line_of_a_config_may_be_damaged(data):
    lines = data.draw(st.sampled_from([SMALL, RICH, SHAPED])).split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(0, len(lines) - 1))
        cut = data.draw(st.integers(0, len(lines[number])))
        end = cut + data.draw(st.integers(0, 4))
        lines[number] = lines[number][:cut] + data.draw(st.text(max_size=3)) + lines[number][end:]
    answer("\n".join(lines))


@FUZZ
@given(st.data())
def test_any_value_of_a_config_may_be_something_else(data):
    text = data.draw(st.sampled_from([SMALL, RICH, SHAPED])).split("\n")
    keys = [number for number, line in enumerate(text) if " = " in line]
    number = data.draw(st.sampled_from(keys))
    key = text[number].partition(" = ")[0]
    text[number] = f"{key} = {_toml(data.draw(TREES))}"
    answer("\n".join(text))


@FUZZ
@given(st.dictionaries(WORDS, TREES, max_size=5))
def test_any_tree_is_answered(tree):
    answer("\n".join(f"{_toml_key(key)} = {_toml(value)}" for key, value in tree.items()))


@FUZZ
@given(st.dictionaries(WORDS, TREES, min_size=1, max_size=3), SECTIONS)
def test_any_keys_may_be_added_to_a_section(more, section):
    added = "\n".join(f"{_toml_key(key)} = {_toml(value)}" for key, value in more.items())
    header = f"[{section}]"
    answer(LEAST.replace(header, f"{header}\n{added}") if header in LEAST else f"{LEAST}\n{header}\n{added}")


@FUZZ
@given(st.lists(st.one_of(st.text(max_size=30), st.tuples(TEXTS, TEXTS).map("=".join)), max_size=3))
@example(["neurons.a=[[[[[[[[[[[[[1]]]]]]]]]]]]]"])
@example(["record=[]", "sweep=1"])
@example(["populations.neurons=3"])
@example(["lattice.shape=[100000, 20000]", "neurons.a={ uniform = [0, 1] }"])
@example(["sweep.neurons.a={ from = 1, to = 2, points = 1000000 }", "sweep.neurons.b={ from = 1, to = 2, points = 9 }"])
@example(["neurons.a={ values = [1, 2] }", "neurons.kind=os:path"])
@example(["neurons.kind=:", "neurons.integrator=[]"])
def test_any_override_is_answered(overrides):
    answer(LEAST, overrides)


def _toml(value):
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml_key(key)} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return toml_text({"x": value}).partition("=")[2].strip()


def _toml_key(key):
    return toml_text({key: 0}).rpartition("=")[0].strip()


@pytest.mark.parametrize("text", [SMALL, LEAST, RICH])
def test_the_configs_that_are_damaged_here_are_right(text):
    assert isinstance(answer(text), Config)
