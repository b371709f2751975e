"""Mechanisms given as text: they are what classes are, bit for bit, and what they may not be is told with its place."""

import inspect

import numpy as np
import pytest
from text_mechanisms import AMPA, IZHIKEVICH, PAIR_RULE, SIX_STATES

import gpusyn as gs
from gpusyn import mechanism
from gpusyn.errors import EquationError, ModelError
from gpusyn.fuse import fuse_synapses
from gpusyn.mechanism import Mechanism
from gpusyn.model_text import model_text
from gpusyn.registry import find_kind
from gpusyn.text_mechanism.equation import EquationReader, TextEquation
from gpusyn.text_mechanism.tables import TABLES

DECAY = """
meaning = "A number that decays"
states.x = { unit = "1", meaning = "the number", initial = 1 }
parameters.tau = { default = "10 ms", meaning = "time constant" }
"""


def talking(neuron, ampa, six):
    """Neurons with two receptors that release glutamate to each other."""
    model = gs.Model(lattice=(3, 5), dt=0.1)
    drive = gs.ConstantCurrent(amplitude=np.linspace(0.0, 20.0, 15))
    model.add_population("neurons", neuron, ampa=ampa, six=six, drive=drive)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter())
    model.connect("neurons", "glutamate", gs.Neighbourhood(model.lattice, radius=1.0))
    return model


def test_texts_give_bit_for_bit_what_the_built_in_classes_give(backend):
    built_in = talking(gs.IzhikevichNeuron(preset="RS"), gs.AMPAReceptor(), gs.AMPAReceptor(preset="PatneauMayer1991"))
    texts = (gs.mechanism_from_text(text, "FromText")() for text in (IZHIKEVICH, AMPA, SIX_STATES))
    runs = [gs.Simulation(model, backend=backend) for model in (built_in, talking(*texts))]
    for run in runs:
        run.step(400)
    assert runs[0].spike_counts("neurons").sum() > 50
    for name in runs[0].state:
        assert np.array_equal(runs[0].state[name], runs[1].state[name]), name


def test_a_synapses_rule_fuses_like_the_class():
    ours = fuse_synapses("s", gs.mechanism_from_text(PAIR_RULE, "Pair")(), {})
    theirs = fuse_synapses("s", gs.STDPRule(weight_max=2.0), {})
    assert {end: [path for _, path in p.updates] for end, p in ours.items()} == {
        end: [path for _, path in p.updates] for end, p in theirs.items()
    }


def test_every_word_of_a_class_has_a_table():
    words = [n for n, f in vars(mechanism).items() if inspect.isfunction(f) and f.__module__ == mechanism.__name__]
    plurals = {"markov": "schemes", "white_noise": "white_noise", "flux": "fluxes", "stopwatch": "stopwatches"}
    tables = {plurals.get(word, f"{word}s") for word in words if not word.startswith("_") and word != "settable"}
    assert tables <= set(TABLES)


def test_every_declaration_can_be_written():
    cls = gs.mechanism_from_text("""
        meaning = "One of each"
        based_on = "Transmitter"
        integrator = "heun"
        countdowns.left = "time that is left"
        options.target = { default = "ampa_conductance", meaning = "what is modulated", choices = ["ampa_conductance"] }
        white_noise.xi = "noise"
        uniform_draws.u = { meaning = "a draw" }
        normal_draws.z = "a draw from the bell"
        chance_draws.c = "a fine draw"
        givens.v = { unit = "mV", meaning = "potential", default = -65 }
        fluxes.leak = { unit = "uM/ms", meaning = "what leaks in", into = "concentration", equation = "xi * u * z * c" }
        outputs.gain = { unit = "1", meaning = "factor", equation = "1 + concentration_before / (1 + t) + v" }
        equations."dconcentration/dt" = "supplied - taken_up + leak"
        starts.concentration = "initial_concentration + v / 100"
        on_spike.left = 2
    """, "Each")
    made = cls(target="ampa_conductance")
    assert (made.integrator, made.target, cls.quantities["v"].default) == ("heun", "ampa_conductance", -65.0)
    assert [cls.quantities[n].kind for n in ("left", "xi", "u", "z", "c")] == [
        "countdown", "noise", "uniform", "normal", "chance"]
    assert cls.start_concentration(1.0, 50.0) == 1.5
    assert cls.quantities["leak"].into == "concentration"
    assert cls.__doc__ == "One of each"
    with pytest.raises(ModelError, match="'other' is not a choice"):
        cls(target="other")


def test_an_equation_can_be_called_as_it_stands():
    cls = gs.mechanism_from_text(AMPA, "A")
    assert isinstance(cls.functions["r_rates"], TextEquation)
    assert cls.r_rates(2.0, 3.0, 4.0) == (6.0, 4.0)
    assert cls.open_fraction(r=np.array([0.5])) == [0.5]
    assert gs.mechanism_from_text(IZHIKEVICH, "I").on_spike(1.0, 2.0, 3.0) == {"v": 1.0, "w": 5.0}


def test_a_gate_may_be_given_by_its_steady_state_and_time_constant():
    cls = gs.mechanism_from_text("""
        meaning = "A channel's gate"
        gates.m = "activation"
        givens.v = { unit = "mV", meaning = "potential" }
        functions."boltzmann(v, half, slope)" = "1 / (1 + exp(-(v - half) / slope))"
        rates.m = { steady = "boltzmann(v, -40, 5)", tau = "x = 2; x * boltzmann(v, 0, 10)" }
    """, "Channel")
    v = np.linspace(-80, 40, 7)
    opening, closing = cls.m_rates(v)
    steady, tau = 1 / (1 + np.exp(-(v + 40) / 5)), 2 / (1 + np.exp(-v / 10))
    assert np.allclose(opening, steady / tau, rtol=1e-14)
    assert np.allclose(1 / (opening + closing), tau, rtol=1e-14)


MEANINGS = {  # what a text means in Python, for two numbers
    "2*x - 3/y + x**2 - y**-2 + x**0.5": "2*x - 3/y + x**2 - y**-2 + x**0.5",
    "-x + +y - -(x)": "-x + y + x",
    "1e-3*x + 2*pi*FARADAY": "1e-3*x + 2*3.141592653589793*96485.33212331001",
    "where(x > 1, x, y)": "x if x > 1 else y",
    "where(x > 1 and y < 2 or not x < 3, 1, 0)": "x > 1 and y < 2 or not x < 3",
    "where(not (x > 1 and (y < 2 or y > 3)), x, 0)": "x if not (x > 1 and (y < 2 or y > 3)) else 0",
    "where(0.5 < x < y, 1, 0)": "0.5 < x < y",
    "where(not 0.5 < x < y, 1, 0)": "not 0.5 < x < y",
    "big = x > 1\nwhere(big & (y > 1) | (y < 0.2), 1, 0)": "x > 1 and y > 1 or y < 0.2",
    "big = x > 1; where(not big, 2, 3)": "3 if x > 1 else 2",
    "a = x*y\nb = a + 1\na * b": "x*y * (x*y + 1)",
    "x *\n(y\n+ 1)": "x * (y + 1)",
    "x\n- y\n* 2  # a remark": "x - y * 2",
    "a = x\n  a\n  + y": "x + y",
    "clip(y, 0, 1) + power(x, y) + minimum(x, y)": "min(max(y, 0), 1) + x**y + min(x, y)",
}


@pytest.mark.parametrize("text", MEANINGS)
def test_expressions_mean_what_python_means_by_them(text):
    reader = EquationReader("f", ["x", "y"])
    function = TextEquation(reader.function([reader.number_of(text)]), "")
    random = np.random.default_rng(3)
    values = {name: random.uniform(0, 4, 50) for name in function.pointwise.parameters}
    found = function(**values)
    for k in range(50):
        scope = {"x": 0.0, "y": 0.0} | {name: float(value[k]) for name, value in values.items()}
        assert found[k] == pytest.approx(float(eval(MEANINGS[text], scope)), rel=1e-13)


# bases, names and places -----------------------------------------------------------------------------------------


def test_a_mechanism_based_on_another_changes_what_it_says_and_keeps_the_rest():
    slow = gs.mechanism_from_text("""
        name = "SlowNMDA"
        meaning = "NMDA receptor with slow unbinding, inhibited by zinc"
        based_on = "NMDA_Receptor"
        parameters.unbinding_rate = "1.3 1/s"
        parameters.zinc = { default = "0 uM", meaning = "zinc in the cleft", low = 0 }
        outputs.current = "conductance * open_fraction * (v - reversal_potential) / (1 + zinc)"
    """)
    assert slow.__name__ == "SlowNMDA"
    assert slow().unbinding_rate == pytest.approx(0.0013)
    assert slow.quantities["unbinding_rate"].meaning == gs.NMDA_Receptor.quantities["unbinding_rate"].meaning
    assert slow.quantities["current"].unit == "pA"
    assert slow(preset="Destexhe1998").reversal_potential == 0.0
    assert issubclass(slow, gs.NMDA_Receptor)
    assert type(slow(preset="Destexhe1998")) is slow


def test_preset_forms_of_a_base_do_not_replace_the_mechanism():
    cls = gs.mechanism_from_text('based_on = "AMPAReceptor"\nmeaning = "mine"\nparameters.conductance = "1 nS"', "Mine")
    with pytest.raises(ModelError, match="no preset 'Jonas1993'"):
        cls(preset="Jonas1993")


def test_plain_python_serves_as_well_as_toml():
    table = {"meaning": "decay", "states": {"x": {"unit": "1", "meaning": "x"}}, "equations": {"dx/dt": "-x"}}
    assert gs.mechanism_from_text(table, "Decay").d_x(2.0) == -2.0
    assert gs.mechanism_from_text({"mechanisms": {"Decay": table}}).__name__ == "Decay"
    with pytest.raises(ModelError, match="text: say which mechanism is meant; valid: A, B"):
        gs.mechanism_from_text({"mechanisms": {"A": table, "B": table}})


def test_the_text_of_a_model_tells_one_mechanism_from_another():
    def text_of(equation):
        model = gs.Model(lattice=(1, 1))
        model.add_population("p", gs.mechanism_from_text(f'{DECAY}\nequations."dx/dt" = "{equation}"', "D")())
        return model_text(model)

    assert text_of("-x / tau") == text_of("-x / tau") != text_of("-x * x / tau")


def test_a_file_of_texts_is_a_library(tmp_path):
    mine = '[mechanisms.Mine]\nbased_on = "Theirs"\nmeaning = "m"\n'
    (tmp_path / "lab.toml").write_text(f"{mine}[mechanisms.Theirs]\n{AMPA}")
    assert find_kind("lab.toml:Mine", tmp_path)().conductance == 10.0
    with pytest.raises(ModelError, match=r"lab.toml: there is no 'Mien'; did you mean 'Mine'"):
        find_kind("lab.toml:Mien", tmp_path)
    with pytest.raises(ModelError, match=r"there is no file 'lob.toml' in .*; did you mean 'lab.toml'"):
        find_kind("lob.toml:Mine", tmp_path)


# what is refused -------------------------------------------------------------------------------------------------

EQUATIONS = {
    "__import__('os').system('x')": "'Attribute' cannot be used in an equation; names have no dots",
    "__import__('os')": "'__import__' is not a word of equations",
    "open('file')": "'open' is not a word of equations",
    "eval(x)": "'eval' is not a word of equations",
    "x.real": "'Attribute' cannot be used",
    "(lambda: x)()": "'Lambda' cannot be used",
    "lambda x: x": "'Lambda' cannot be used",
    "[x for x in tau]": "'ListComp' cannot be used",
    "x[0]": "'Subscript' cannot be used in an equation; an equation sees one item",
    "'text'": "'text' cannot be used in an equation; write a number",
    "f'{x}'": "'JoinedStr' cannot be used",
    "1j * x": "1j cannot be used",
    "None": "None cannot be used",
    "x if x > 0 else tau": "'IfExp' cannot be used in an equation; use where",
    "(y := x)": "'NamedExpr' cannot be used in an equation; assign on a line of its own",
    "x^2": "'BitXor' cannot be used in an equation; write a power as x**2",
    "x % 2": "'Mod' cannot be used in an equation; write x - n * floor(x / n)",
    "x @ x": "'MatMult' cannot be used",
    "x in tau": "'In' cannot be used",
    "exp(*x)": "'Starred' cannot be used",
    "exp(x=1)": "call with plain arguments",
    "exp(x, x)": "exp takes 1 arguments, not 2",
    "where(x, 1, 2)": "this is a number where a condition is needed",
    "x + (x > 1)": "this is a condition where a number is needed; write where(condition, 1, 0)",
    "x > 1": "this is a condition where a number is needed",
    "x and tau": "this is a number where a condition is needed",
    "True": "write a comparison instead of True or False",
    "xx / tau": "'xx' is not declared; did you mean 'x'",
    "exp + x": "'exp' is a function; call it: exp(...)",
    "exq(x)": "'exq' is not a word of equations; did you mean 'exp'",
    "x +": "this is not an expression: invalid syntax",
    "(x": "this is not an expression: '(' was never closed",
    "x\x00": "this is not an expression",
    "": "the equation is empty",
    "y = x": "the last line must be what the equation computes",
    "y = x; y = 2; y": "'y' is assigned twice",
    "x = 2; x": "'x' has a meaning already",
    "exp = 2; exp": "'exp' has a meaning already",
    "y, z = x; y": "an equation is an expression, or lines such as x = ...",
    "import os; x": "an equation is an expression, or lines",
    "for k in range(3): x": "an equation is an expression, or lines",
    "def f(): pass": "an equation is an expression, or lines",
    "del x; x": "an equation is an expression, or lines",
    "x; x": "an equation is an expression, or lines",
    "1 / 0": "this is not a finite number",
    "x / (2 - 2)": "this is not a finite number, or divides by zero",
    "y = 0; 1 / y": "this is not a finite number, or divides by zero",
    "2.0 ** 9 ** 9": "this is not a finite number",
    "(0 - 8) ** 0.5": "this is not a finite number",
    "x + 1e999": "this number is too large",
    "x ** 100000": "the exponent 100000 is too large",
    "x" + " + x" * 500: "nested deeper than 64 operations",
    "-" * 3000 + "x": "nested deeper than 64 operations",
    "(" * 300 + "x" + ")" * 300: "this is not an expression",
    "x + " * 3000 + "x": "12001 characters; 4000 at most",
}  # fmt: skip


@pytest.mark.parametrize("text", EQUATIONS, ids=lambda text: text[:20].replace("\x00", "NUL"))
def test_an_equation_of_more_than_the_vocabulary_is_refused(text):
    with pytest.raises(EquationError) as caught:
        EquationReader("f", ["x", "tau"]).number_of(text)
    assert str(caught.value).startswith(EQUATIONS[text]), str(caught.value)


def test_the_offending_column_is_marked():
    with pytest.raises(EquationError) as caught:
        EquationReader("f", ["x"]).number_of("y = 2 * x\n   x + y + zz * 3")
    _, line, caret = str(caught.value).splitlines()
    assert line == "    x + y + zz * 3"
    assert line[caret.index("^"):] == "zz * 3"


@pytest.mark.parametrize("added", ['equations."dx/dt" = "-x / tau"', "gates.g = 'a gate'\nrates.g = [1, 2]"])
def test_what_the_faults_are_added_to_is_right(added):
    assert issubclass(gs.mechanism_from_text(f"{DECAY}\n{added}", "Decay"), Mechanism)


FAULTS = {
    'equations."dx/dt" = "-x / taw"': "Decay.equations.dx/dt: 'taw' is not declared; did you mean 'tau'",
    'equations."dx/dt" = "-x +"': "Decay.equations.dx/dt: this is not an expression: invalid syntax\n    -x +\n",
    'equations."dx/dt" = "-x"\nequations." dx/dt" = "-x"': "there is a second equation for it",
    'equations."dx/dt" = "-x"\nequations."tau dx/dt" = "-x"': "there is a second equation for it",
    'equations."dy/dt" = "-x"': "'y' is not of the states; valid: x",
    'equations."x" = "-x"': 'write the left side as "dx/dt", or "tau dx/dt"',
    'equations."k dx/dt" = "-x"': "'k' is not declared",
    'equations."dx/dt" = true': "True is not an equation; write it as text",
    'gates.g = "a gate"': "Decay.gates.g: needs rates.g = [opening, closing]",
    'gates.g = "a gate"\nequations."dg/dt" = "-g"': "'g' is a gate; give rates.g = [opening, closing]",
    'gates.g = "a gate"\nrates.g = "1"': "write [opening, closing], { opening, closing } or { steady, tau }",
    'counts.a = { unit = "1", meaning = "a" }\ntransitions."a -> b" = "1"': "'b' is not a state of the scheme or",
    'starts.y = "1"': "Decay.starts.y: 'y' is not of the states; valid: x",
    'rates.x = ["1", "2"]': "'x' is not of the gates",
    'parameters.k = { default = 1, meaning = "k" }': 'Decay.parameters.k.unit: is missing; write unit = "nS"',
    'parameters.k = { default = "1 nS" }': "Decay.parameters.k.meaning: is missing; say in a few words",
    'parameters.k = { unit = "nS", meaning = "k" }': "Decay.parameters.k.default: is missing",
    'parameters.k = { default = "1 mV", unit = "nS", meaning = "k" }': "k.default: '1 mV' is an electric potential",
    'parameters.k = { default = "1 nS", low = 2, meaning = "k" }': "k: 1.0 nS is outside 2.0 to inf",
    'parameters.k = { default = 1, unit = "nx", meaning = "k" }': "k.unit: 'nx' has the unknown unit 'nx'",
    'parameters.k = { default = "1 nS", meening = "k" }': "k.meening: unknown key; did you mean 'meaning'",
    "parameters.k = 3": "Decay.parameters.k: 3 is not a table; write { default = ..., unit = ..., meaning = ... }",
    'parameters.tau = { default = "1 ms", meaning = "t" }': "Cannot overwrite a value",
    'states.tau = { unit = "1", meaning = "t" }': "'tau' is declared in states already",
    'states.exp = { unit = "1", meaning = "t" }': "'exp' is a word of equations; choose another name",
    'states.pi = { unit = "1", meaning = "t" }': "'pi' is a word of equations; choose another name",
    'states.t = { unit = "1", meaning = "t" }': "'t' is the time; choose another name",
    'states.dt = { unit = "1", meaning = "t" }': "'dt' is the time step; choose another name",
    'states.set = { unit = "1", meaning = "t" }': "'set' is what every mechanism calls something of its own",
    'states.__class__ = { unit = "1", meaning = "t" }': "'__class__' cannot be a name",
    'states.lambda = { unit = "1", meaning = "t" }': "'lambda' cannot be a name",
    'states."a-b" = { unit = "1", meaning = "t" }': "'a-b' cannot be a name",
    'states.kind = { unit = "1", meaning = "t" }': "'kind' is a word of configs",
    'states.d_x = { unit = "1", meaning = "t" }': "'d_x' is also the name of an equation",
    'states.y = { unit = "1", meaning = "t", at = "pro" }': "y.at: 'pro' is not one of item, pre, post",
    'states.y = { unit = "1", meaning = "t", initial = "tow" }': "y: cannot start at 'tow'",
    'states.y = { unit = "1", meaning = "t", not_negative = 1 }': "y.not_negative: 1 is not true or false",
    "state.y = 1": "Decay.state: unknown key; did you mean 'states'",
    "gates = 3": "Decay.gates: 3 is not a table of names",
    'spikes = "x"': "Decay.spikes: this is a number where a condition is needed",
    'on_spike.y = "1"': "Decay.on_spike.y: 'y' is not a state; valid: x",
    'options.o = { default = 1, meaning = "o" }': "o.default: 1: an option is text, true or false",
    'options.o = { default = "a", meaning = "o", choices = ["b"] }': "o: 'a' is not a choice",
    'outputs.o = { unit = "1", meaning = "o" }': "Decay.outputs.o.equation: is missing",
    'outputs.o = { unit = "1", meaning = "o", equation = "p" }': "'p' is not declared",
    'fluxes.f = { unit = "1", meaning = "f", into = "y", equation = "x" }': "f.into: 'y' has no differential equation",
    'schemes.s = { states = "A", meaning = "s" }': "s.states: 1 states; a scheme has 2 to 32",
    'schemes.s = { states = "A B", meaning = "s" }': "s: needs transitions, such as",
    'schemes.s = { states = "A B", meaning = "s" }\ntransitions."A -> C" = "1"': "'C' is not a state of the scheme or",
    'schemes.s = { states = "A B", meaning = "s" }\ntransitions."A B" = "1"': 'write a transition as "C -> O"',
    'schemes.s = { states = "A B", meaning = "s" }\ntransitions."A <-> B" = "1"':
        "write the two rates as [there, back]",
    'schemes.s = { states = "A B", meaning = "s" }\ntransitions = { "A->B" = "1", "A <-> B" = ["1", "2"] }':
        "the rate from A to B is given twice",
    'schemes.s = { states = "A x", meaning = "s" }\ntransitions."A -> x" = "1"': "'x' is a state of the scheme and",
    'functions."f" = "1"': 'write the function as "name(x, y)"',
    'functions."f(y, y)" = "1"': "a name is used twice",
    'functions."exp(y)" = "1"': "'exp' is a word of equations",
    'functions."f(y)" = "x * y"': "'x' is not declared",
    'functions."f(y)" = "f(y)"': "'f' is not a word of equations",
    'presets.fast = { taw = "1 ms" }': "Decay.presets.fast.taw: there is no parameter 'taw'; did you mean 'tau'",
    'presets.fast = { tau = "1 mV" }': "Decay.presets.fast.tau: '1 mV' is an electric potential",
    'integrator = "rk5"': "Decay.integrator: 'rk5' is not an integrator; did you mean 'rk4'",
    'based_on = "Transmiter"': "Decay.based_on: there is no 'Transmiter'; did you mean 'Transmitter'",
    'based_on = "Decay"': "Decay.based_on: 'Decay' would be based on itself: Decay <- Decay",
    "based_on = 3": "Decay.based_on: 3 is not the name of a mechanism",
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_with_its_key(fault):
    with pytest.raises(ModelError) as caught:
        gs.mechanism_from_text(f"{fault}\n{DECAY}" if "=" in fault.split(" ")[0] else f"{DECAY}\n{fault}", "Decay")
    assert FAULTS[fault] in str(caught.value)
    assert len(getattr(caught.value, "problems", [""])) <= 2


def test_all_faults_come_together_in_the_order_of_the_lines():
    faults = ['gates.g = "a gate"', 'equations."dx/dt" = "-y"', 'spikes = "x +"', "integrator = 3"]
    with pytest.raises(ModelError) as caught:
        gs.mechanism_from_text(DECAY + "\n".join(faults), "Decay", file="my.toml")
    places = [problem.partition(": ")[0] for problem in caught.value.problems]
    assert places == ["my.toml:5", "my.toml:6", "my.toml:7", "my.toml:8"]


def test_functions_that_multiply_are_stopped():
    doubling = ['functions."f0(x)" = "x + 1"']
    doubling += [f'functions."f{k}(x)" = "f{k - 1}(x) + f{k - 1}(x)"' for k in range(1, 40)]
    with pytest.raises(ModelError, match="more than 20000 operations"):
        gs.mechanism_from_text(DECAY + "\n".join(doubling), "Decay")


def test_functions_are_not_called_with_constants_that_they_cannot_take():
    inverse = f'{DECAY}\nfunctions."inverse(y, z)" = "a = y * 2; z / a"\n'
    assert gs.mechanism_from_text(inverse + 'equations."dx/dt" = "inverse(2, 1)"', "Decay").d_x() == 0.25
    with pytest.raises(ModelError, match="this is not a finite number, or divides by zero"):
        gs.mechanism_from_text(inverse + 'equations."dx/dt" = "inverse(0, x)"', "Decay")


def test_a_name_of_gpusyns_own_is_taken():
    with pytest.raises(ModelError, match="'AMPAReceptor' is a mechanism of gpusyn's; choose another name"):
        gs.mechanism_from_text(DECAY, "AMPAReceptor")
