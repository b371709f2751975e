"""Declaring a mechanism: what is inherited, what is refused, and in which words."""

import numpy as np
import pytest

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.mechanism import (
    Mechanism,
    countdown,
    flux,
    gate,
    given,
    markov,
    output,
    parameter,
    state,
    total,
    uniform_draw,
    white_noise,
)
from gpusyn.receptors import NMDA_Receptor
from gpusyn.registry import all_mechanisms
from gpusyn.units import check_unit


class Leak(Mechanism):
    """A leak conductance with one preset."""

    presets = {"strong": {"conductance": 50.0}}  # noqa: RUF012
    v = given("mV", "membrane potential")
    conductance = parameter(10.0, "nS", "leak conductance", low=0.0, high=100.0)
    reversal_potential = parameter(-70.0, "mV", "reversal potential")

    @output("pA", "leak current, outward > 0")
    @staticmethod
    def current(v, conductance, reversal_potential):
        """Ohm's law."""
        return conductance * (v - reversal_potential)


def refused(message):
    return pytest.raises(ModelError, match=message)


# instances -----------------------------------------------------------------------------------------------------


def test_an_instance_takes_values_presets_and_bindings():
    leak = Leak(preset="strong", reversal_potential=-60.0, v="soma.v")
    assert (leak.conductance, leak.reversal_potential, leak.v) == (50.0, -60.0, "soma.v")
    leak.conductance = 20.0
    assert leak.conductance == 20.0
    assert repr(leak) == "Leak(conductance=20.0, reversal_potential=-60.0)"
    assert Leak().conductance == 10.0


def test_equations_can_be_called_as_they_stand():
    assert Leak.current(-50.0, 10.0, -70.0) == 200.0


def test_an_output_need_not_be_marked_static():
    class Bare(Mechanism):
        x = state("1", "x", initial=2.0)

        @output("1", "its double")
        def double(x):
            return 2 * x

    assert Bare.double(3.0) == Bare().double(3.0) == 6.0
    assert list(Bare.functions) == ["double"]


def test_a_subclass_changes_one_number_and_keeps_the_rest():
    class SlowNMDA(NMDA_Receptor):
        """Unbinds five times more slowly."""

        unbinding_rate = parameter(0.002, "1/ms", "unbinding rate")

    assert SlowNMDA().unbinding_rate == 0.002
    assert SlowNMDA().binding_rate == NMDA_Receptor().binding_rate
    assert NMDA_Receptor().unbinding_rate == 0.01


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Leak(conductanse=1.0), "Leak has no parameter 'conductanse'; did you mean 'conductance'"),
    (lambda: Leak(preset="stong"), "Leak: no preset 'stong'; did you mean 'strong'"),
    (lambda: Leak(integrator="rk5"), "Leak.integrator: 'rk5' is not an integrator; did you mean 'rk4'"),
    (lambda: Leak(conductance=-1.0), "Leak.conductance: -1.0 nS is outside 0.0 to 100.0"),
    (lambda: Leak(conductance=[1.0, 200.0]), "Leak.conductance: 200.0 nS is outside 0.0 to 100.0"),
    (lambda: Leak(conductance=float("nan")), "Leak.conductance: nan nS is outside"),
    (lambda: Leak(conductance="10 nS"), "Leak.conductance: '10 nS' is not a number; write it in nS"),
    (lambda: Leak(conductance=True), "Leak.conductance: True is not a number"),
    (lambda: setattr(Leak(), "conductanse", 1.0), "Leak has no parameter 'conductanse'; did you mean 'conductance'"),
])
def test_wrong_values_are_refused_with_the_place_and_the_rule(make, message):
    with refused(message):
        make()


# classes -------------------------------------------------------------------------------------------------------


def test_an_argument_must_be_declared():
    with refused(r"Typo.current asks for 'conductanse', which Typo does not declare; did you mean 'conductance'"):
        class Typo(Mechanism):
            conductance = parameter(1.0, "nS", "conductance")

            @output("pA", "current")
            @staticmethod
            def current(conductanse):
                return conductanse


def test_a_function_must_be_an_equation_of_something():
    with refused(r"Typo.d_caclium is not the name of an equation; did you mean 'd_calcium'"):
        class Typo(Mechanism):
            calcium = state("uM", "calcium")

            @staticmethod
            def d_caclium(calcium):
                return -calcium


def test_a_gate_needs_its_rates():
    with refused(r"NoRates: gate 'r' needs a static function r_rates\(\.\.\.\)"):
        class NoRates(Mechanism):
            r = gate("open")


def test_rates_are_two():
    with refused("OneRate.r_rates must return two values: opening rate, closing rate"):
        class OneRate(Mechanism):
            r = gate("open")

            @staticmethod
            def r_rates(r):
                return 1.0


def test_a_derivative_is_one_value():
    with refused("Two.d_x must return one value, not 2"):
        class Two(Mechanism):
            x = state("1", "x")

            @staticmethod
            def d_x(x):
                return x, 1.0


def test_a_scheme_needs_transitions():
    with refused(r"NoRates: scheme 's' needs a static function transitions\(\.\.\.\)"):
        class NoRates(Mechanism):
            s = markov("C O", "states")


def test_transitions_run_between_states_of_the_scheme():
    with refused("Typo.transitions: 'P' is not a state of the scheme; valid: C, O"):
        class Typo(Mechanism):
            s = markov("C O", "states")

            @staticmethod
            def transitions():
                return {("C", "O"): 1.0, ("O", "P"): 1.0}


@pytest.mark.parametrize(("result", "found"), [("one", "one value"), ("named", "the key 'C'")])
def test_transitions_are_keyed_by_pairs(result, found):
    with refused(rf"Wrong.transitions must return \{{\('from', 'to'\): rate, ...\}}, not {found}"):
        if result == "one":
            class Wrong(Mechanism):
                s = markov("C O", "states")

                @staticmethod
                def transitions():
                    return 1.0
        else:
            class Wrong(Mechanism):
                s = markov("C O", "states")

                @staticmethod
                def transitions():
                    return {"C": 1.0}


def test_a_mechanism_has_one_scheme():
    with refused("Two: one mechanism has one scheme, not a and b"):
        class Two(Mechanism):
            a = markov("A B", "first")
            b = markov("C D", "second")

            @staticmethod
            def transitions():
                return {("A", "B"): 1.0, ("C", "D"): 1.0}


def test_events_set_states():
    with refused("Typo.on_spike sets 'ca', which is not a state; valid: calcium"):
        class Typo(Mechanism):
            calcium = state("uM", "calcium")

            @staticmethod
            def on_spike(calcium):
                return {"ca": calcium}


def test_events_name_what_they_set():
    with refused(r"Bare.on_spike must return dict\(state=new_value, ...\)"):
        class Bare(Mechanism):
            calcium = state("uM", "calcium")

            @staticmethod
            def on_spike(calcium):
                return calcium


def test_a_flux_flows_into_something_with_an_equation():
    with refused("Typo.pumped flows into 'calcum', which has no equation d_calcum; did you mean 'calcium'"):
        class Typo(Mechanism):
            calcium = state("uM", "calcium")

            @flux("uM/ms", "pumped", into="calcum")
            @staticmethod
            def pumped(calcium):
                return calcium

            @staticmethod
            def d_calcium(pumped):
                return -pumped


# initial values ------------------------------------------------------------------------------------------------


class Starts(Mechanism):
    """A quantity of every kind that starts somewhere."""

    x = state("mV", "free", initial="x_init")
    c = state("uM", "concentration", not_negative=True)
    r = gate("open")
    left = countdown("time left")
    scheme = markov("C O", "fractions")
    x_init = parameter(-70.0, "mV", "where x starts")

    @staticmethod
    def r_rates(x):
        """Some rates."""
        return x, 1.0

    @staticmethod
    def transitions(x):
        """Some rates."""
        return {("C", "O"): x, ("O", "C"): 1.0}


@pytest.mark.parametrize(("name", "value", "message"), [
    ("r", 2, r"Starts\.r: 2 is outside 0\.0 to 1\.0"),
    ("r", [0.5, -0.1], r"Starts\.r: -0\.1 is outside 0\.0 to 1\.0"),
    ("r", True, r"Starts\.r: True is not a number; give a pure number"),
    ("r", "stedy", r"Starts\.r: cannot start at 'stedy'; .*; did you mean 'steady'"),
    ("x", "steady", r"Starts\.x: cannot start at 'steady'; write it in mV, or the name of a parameter"),
    ("x", "-70 mV", r"Starts\.x: cannot start at '-70 mV'; write it in mV"),
    ("x", float("nan"), r"Starts\.x: nan mV is outside"),
    ("x", float("inf"), r"Starts\.x: inf must be a finite number"),
    ("x", None, r"Starts\.x: None is not a number; write it in mV"),
    ("x", [[1.0], [2.0, 3.0]], r"Starts\.x: .* is not a number; write it in mV"),
    ("c", -1.0, r"Starts\.c: -1\.0 uM is outside 0\.0 to inf"),
    ("left", -0.1, r"Starts\.left: -0\.1 ms is outside 0\.0 to inf"),
    ("O", 0.5, r"Starts\.O: fractions of a scheme are set together; give scheme, e\.g\. \{'O': 1\.0\}"),
    ("scheme", "D", r"Starts\.scheme: 'D' is not a state of the scheme; valid: C, O, steady"),
    ("scheme", 0.5, r"Starts\.scheme: 0\.5 is not a start; give 'steady', a state's name, or fractions by state"),
    ("scheme", {"C": 0.5, "D": 0.5}, r"Starts\.scheme: 'D' is not a state of the scheme"),
    ("scheme", {"C": 1.5, "O": -0.5}, r"Starts\.scheme: C = 1\.5 must be a fraction from 0 to 1"),
    ("scheme", {"C": 0.5}, r"Starts\.scheme: the fractions add up to 0\.5; they must add up to 1"),
])
def test_initial_values_that_cannot_be(name, value, message):
    with refused(message):
        Starts(**{name: value})
    with refused(message):
        setattr(Starts(), name, value)


def test_initial_values_that_can_be():
    starts = Starts(x=[1, 2], c=0, r="steady", left=2.0, scheme={"C": 0.25, "O": 0.75})
    assert starts.get("x") == [1, 2]
    for value in (0, 1.0, np.float32(0.5), np.array([0.0, 1.0]), "x_init"):
        starts.r = value
    for value in ("steady", "O"):
        starts.scheme = value


def test_a_default_initial_value_is_checked_with_the_class():
    with refused(r"Wrong\.x: cannot start at 'x_start'; .*; valid: x_init"):
        class Wrong(Starts):
            x = state("mV", "free", initial="x_start")


@pytest.mark.parametrize("n", [5, 7])
def test_initial_values_are_one_or_one_per_site(n):
    model = gs.Model(lattice=(2, 3))
    model.add_population("cells", gs.IzhikevichNeuron(), ampa=gs.AMPAReceptor(r=np.full(n, 0.5)))
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter())
    with refused(rf"'cells\.ampa\.r': \({n},\) values for 6 sites; give one, or one per site"):
        gs.Simulation(model, backend="numpy")
    model.set("cells.ampa.r", np.full((2, 3), 0.5))
    assert (gs.Simulation(model, backend="numpy").state["cells.ampa.r"] == 0.5).all()


# every built-in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", all_mechanisms(), ids=lambda kind: kind.__name__)
def test_built_in_mechanisms_say_what_they_are_and_in_which_units(kind):
    assert kind.__doc__
    for name, function in kind.functions.items():
        assert function.__doc__, f"{kind.__name__}.{name}"
    for name, quantity in kind.quantities.items():
        assert quantity.meaning, f"{kind.__name__}.{name}"
        if hasattr(quantity, "unit") and getattr(quantity, "kind", "") != "noise":
            check_unit(quantity.unit, f"{kind.__name__}.{name}")


@pytest.mark.parametrize("kind", all_mechanisms(), ids=lambda kind: kind.__name__)
def test_built_in_defaults_and_presets_lie_within_their_limits(kind):
    kind(**kind().values)
    for preset in kind.presets:
        kind(preset=preset)


def test_every_kind_of_quantity_can_be_declared():
    class Everything(Mechanism):
        """All words at once."""

        x = state("1", "x")
        refractory = countdown("refractory time")
        r = gate("open")
        s = markov("C O", "states")
        xi = white_noise("noise")
        u = uniform_draw("draw")
        sum_ = total("current", "pA", "sum")

        @staticmethod
        def r_rates(x):
            return x, 1.0

        @staticmethod
        def transitions(x):
            return {("C", "O"): x, ("O", "C"): 1.0}

        @staticmethod
        def d_x(x, xi, u, sum_, refractory, t):
            return xi * u - sum_ - x + refractory + t

    kinds = {name: getattr(q, "kind", "scheme") for name, q in Everything.quantities.items()}
    assert kinds == {
        "x": "state", "refractory": "countdown", "r": "gate", "s": "scheme", "xi": "noise", "u": "uniform",
        "sum_": "total", "C": "occupancy", "O": "occupancy",
    }
