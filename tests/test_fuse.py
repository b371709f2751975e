"""Fusing mechanisms into one program: how names bind, and in which order things happen."""

import numpy as np
import pytest
from single_item import Items

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.fuse import fuse_population, fuse_synapses
from gpusyn.mechanism import Mechanism, countdown, gate, given, output, parameter, state, total
from gpusyn.neurons import LeakyIntegrateAndFire
from gpusyn.numerics import gates
from gpusyn.plasticity import GraupnerBrunel, STDPRule
from gpusyn.receptors import AMPAReceptor, NMDA_Receptor
from gpusyn.transmitters import CleftTransmitter


class Cell(Mechanism):
    """A leaky cell whose equation is linear in its potential."""

    v = state("mV", "membrane potential", initial=-70.0)
    receptor_current = total("current", "pA", "sum of the outward currents")
    c_m = parameter(100.0, "pF", "capacitance")
    g_l = parameter(10.0, "nS", "leak conductance")

    @staticmethod
    def d_v(v, receptor_current, c_m, g_l):
        """Leak and receptors."""
        return (g_l * (-70.0 - v) - receptor_current) / c_m


class Conductance(Mechanism):
    """A constant conductance to 0 mV."""

    v = given("mV", "membrane potential")
    conductance = parameter(5.0, "nS", "conductance")

    @output("pA", "current, outward > 0")
    @staticmethod
    def current(v, conductance):
        """Ohm's law."""
        return conductance * v


class Follower(Mechanism):
    """Follows a signal that comes from elsewhere."""

    x = state("1", "copy")
    signal = given("1", "what is followed")

    @staticmethod
    def d_x(x, signal):
        """Decay to the signal."""
        return signal - x


class Signal(Mechanism):
    """Provides a signal."""

    signal = state("1", "signal", initial=2.0)


def source(members, inputs=()):
    return fuse_population("cells", members, {name: (name, "1") for name in inputs}).source


# binding -------------------------------------------------------------------------------------------------------


def test_a_given_is_the_one_mechanism_that_has_it():
    assert "follower_x" in source({"follower": Follower(), "signal": Signal()})
    items = Items({"follower": Follower(), "signal": Signal()})
    items.run(50.0)
    assert items["follower.x"] == pytest.approx(2.0)


def test_a_given_is_an_input_if_no_mechanism_has_it():
    program = fuse_population("cells", {"follower": Follower()}, {"signal": ("field.concentration", "uM")})
    assert ("signal", "field.concentration", "input") in [(a.variable, a.path, a.kind) for a in program.arguments]


def test_a_given_may_be_bound_to_an_input_by_its_dotted_name():
    inputs = {"glutamate": ("glutamate.concentration", "uM"), "aspartate": ("aspartate.concentration", "uM")}
    members = {"follower": Follower(signal="aspartate.concentration")}
    program = fuse_population("cells", members, inputs)
    assert ("aspartate", "aspartate.concentration") in [(a.variable, a.path) for a in program.arguments]


def test_a_given_that_nothing_provides_is_an_error_with_a_suggestion():
    rule = r"cells\.ampa needs 'glutamate', which nothing in 'cells' provides: .*, uM; did you mean 'glutamat'"
    with pytest.raises(ModelError, match=rule):
        source({"": Cell(), "ampa": AMPAReceptor()}, ["glutamat"])


def test_a_given_that_two_mechanisms_have_must_be_bound():
    members = {"follower": Follower(), "a": Signal(), "b": Signal()}
    with pytest.raises(ModelError, match=r"cells.follower.signal: several mechanisms have 'signal'; bind it to "
                                         r"'cells.a.signal' or 'cells.b.signal'"):
        source(members)
    bound = Items({"follower": Follower(signal="b.signal"), "a": Signal(), "b": Signal(signal=7.0)})
    bound.run(50.0)
    assert bound["follower.x"] == pytest.approx(7.0)


def test_the_cell_comes_before_other_mechanisms():
    class Reader(Mechanism):
        """Reads a potential."""

        v = given("mV", "membrane potential")
        x = state("mV", "copy")

        @staticmethod
        def d_x(x, v):
            """Decay to the potential."""
            return v - x

    class Pretender(Mechanism):
        """Has a potential of its own."""

        v = state("mV", "membrane potential", initial=5.0)

    items = Items({"": Cell(), "pretender": Pretender(), "reader": Reader()})
    items.run(100.0)
    assert items["reader.x"] == pytest.approx(-70.0)


def test_a_given_with_a_default_may_be_absent():
    class Optional(Mechanism):
        """Runs with or without a signal."""

        signal = given("1", "signal", default=3.0)
        x = state("1", "copy")

        @staticmethod
        def d_x(x, signal):
            """Decay to the signal."""
            return signal - x

    items = Items({"optional": Optional()})
    items.run(50.0)
    assert items["optional.x"] == pytest.approx(3.0)


def test_totals_add_every_mechanism_and_every_input_of_that_name():
    members = {"": Cell(), "a": Conductance(), "b": Conductance(conductance=7.0)}
    program = fuse_population("cells", members, {"gap": ("links.gap.current", "pA")})
    assert "receptor_current = a_current + b_current + gap_current" in program.source
    assert "receptor_current" not in source({"": Cell()})


def test_two_names_that_would_be_one_variable_are_refused():
    class Odd(Mechanism):
        """A state whose name is another's dotted name with the dot made an underscore."""

        a_x = state("1", "x")

    with pytest.raises(ModelError, match=r"'cells.a_x' and 'cells.a.x' would both be called a_x; rename one"):
        source({"": Odd(), "a": Follower(signal="a_x")})


def test_equations_of_two_classes_with_one_name_stay_apart():
    def halving():
        class Twin(Mechanism):
            """Halves."""

            x = state("1", "x", initial=1.0)

            @staticmethod
            def d_x(x):
                """Slow decay."""
                return -0.5 * x

        return Twin

    def doubling():
        class Twin(Mechanism):
            """Doubles."""

            x = state("1", "x", initial=1.0)

            @staticmethod
            def d_x(x):
                """Growth."""
                return 2.0 * x

        return Twin

    items = Items({"a": halving()(), "b": doubling()()})
    items.run(1.0)
    assert items["a.x"] == pytest.approx(np.exp(-0.5))
    assert items["b.x"] == pytest.approx(np.exp(2.0))


# order within a step -------------------------------------------------------------------------------------------


def test_the_cell_sees_receptors_advanced_and_its_own_potential_old():
    class Switch(Mechanism):
        """Opens within one step."""

        r = gate("open", initial=0.0)
        v = given("mV", "membrane potential")

        @staticmethod
        def r_rates():
            """Fast opening."""
            return 1e6, 0.0

        @output("pA", "current, outward > 0")
        @staticmethod
        def current(r, v):
            """Ohm's law."""
            return 10.0 * r * v

    items = Items({"": Cell(integrator="euler"), "switch": Switch()})
    items.step()
    assert items["v"] == pytest.approx(-70.0 + 0.1 * 10 * 70 / 100)


def test_events_see_the_state_before_any_of_them():
    class Swap(Mechanism):
        """Exchanges two states at every spike."""

        a = state("1", "first", initial=1.0)
        b = state("1", "second", initial=2.0)

        @staticmethod
        def spikes(a):
            """Always."""
            return a > 0.0

        @staticmethod
        def on_spike(a, b):
            """Exchange."""
            return {"a": b, "b": a}

    items = Items(Swap())
    items.step()
    assert (items["a"][0], items["b"][0]) == (2.0, 1.0)


def test_before_is_the_value_at_the_start_of_the_step():
    class Clock(Mechanism):
        """Fires when it crosses a threshold upwards."""

        integrator = "euler"
        x = state("1", "x")

        @staticmethod
        def d_x():
            """One per ms."""
            return 1.0

        @staticmethod
        def spikes(x, x_before):
            """Upward crossing."""
            return (x >= 0.95) & (x_before < 0.95)

    (steps,) = Items(Clock()).run(3.0)
    assert steps == [10]


class Timer(Mechanism):
    """Fires whenever its time is over, and adds up the time that was left in each step."""

    integrator = "euler"
    left = countdown("time until the next spike")
    sum_left = state("ms^2", "integral of the time left")

    @staticmethod
    def d_sum_left(left):
        """The time left at the start of the step."""
        return left

    @staticmethod
    def spikes(left):
        """At zero."""
        return left <= 0.0

    @staticmethod
    def on_spike():
        """Wait again."""
        return {"left": 2.1}


@pytest.mark.parametrize("dt", [0.1, 0.3])
def test_a_countdown_ends_after_whole_steps(dt):
    (steps,) = Items(Timer(), dt=dt).run(50.0)
    assert set(np.diff(steps)) == {round(2.1 / dt)}


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("dt", [0.1, 0.3])
def test_equations_see_a_countdown_in_ms_as_it_is_recorded(backend, precision, dt):
    model, n_step = gs.Model(lattice=(1, 40), dt=dt), round(2.1 / dt)
    model.add_population("timers", Timer(left=2.1))
    simulation = gs.Simulation(model, backend=backend, precision=precision)
    for step in range(1, n_step):
        simulation.step(1)
        assert simulation.state["timers.left"] == pytest.approx(2.1 - step * dt, abs=1e-6)
    simulation.step(1)
    assert (simulation.spike_counts("timers") == 40).all()
    assert simulation.state["timers.left"] == pytest.approx(2.1, abs=1e-6)
    assert simulation.state["timers.sum_left"] == pytest.approx(dt * dt * n_step * (n_step + 1) / 2, rel=1e-5)


@pytest.mark.parametrize("real", [np.float32, np.float64])
@pytest.mark.parametrize("dt", [0.1, 0.025, 1 / 3])
def test_a_long_countdown_ends_on_time(real, dt):
    left, dt, n = real(100_000 * dt), real(dt), 0
    while left > 0:
        left, n = gates.tick(left, dt), n + 1
    assert n == 100_000


# programs as text ----------------------------------------------------------------------------------------------


def test_a_program_reads_like_its_model():
    members = {"": LeakyIntegrateAndFire(), "nmda": NMDA_Receptor(glutamate="cleft.concentration"),
               "cleft": CleftTransmitter()}
    text = source(members)
    assert text.startswith("def step_cells(")
    assert "nmda_r_opening, nmda_r_closing = NMDA_Receptor_r_rates(cleft_concentration, " in text
    assert text == source(members)


def test_a_rule_becomes_what_spikes_do_and_the_traces_of_either_end():
    programs = fuse_synapses("plastic", STDPRule(), {})
    assert list(programs) == ["on_pre", "on_post", "pre", "post"]
    for kind, others in (("on_pre", {"y": "post"}), ("on_post", {"x": "pre"})):
        assert [path for _, path in programs[kind].updates] == ["plastic.weight"]
        assert {a.variable: a.at for a in programs[kind].arguments if a.at != "item"} == others
    assert [path for kind in ("pre", "post") for _, path in programs[kind].updates] == ["plastic.x", "plastic.y"]


def test_a_rule_with_equations_has_a_flow_and_stores_a_weight_that_it_computes():
    programs = fuse_synapses("plastic", GraupnerBrunel(), {})
    assert list(programs) == ["on_pre", "on_post", "flow"]
    assert [path for _, path in programs["flow"].updates] == ["plastic.rho", "plastic.c", "plastic.weight"]


class Entangled(Mechanism):
    """A trace that looks at the other end."""

    weight = state("1", "weight")
    x = state("1", "presynaptic trace", at="pre")
    y = state("1", "postsynaptic trace", at="post")

    @staticmethod
    def on_pre(x, y):
        return {"x": x + y}


def test_a_trace_belongs_to_one_neuron():
    with pytest.raises(ModelError, match=r"the traces of presynaptic neurons read 'plastic\.y', which is not theirs"):
        fuse_synapses("plastic", Entangled(), {})
