"""Quantities may be called what generated source calls its own things."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.fuse import fuse_population
from gpusyn.mechanism import Mechanism, parameter, state
from gpusyn.translate.reserved import IN_STEP


class Awkward(Mechanism):
    """States named like a loop's index, a type, a word, a flag and a random draw, each of which decays."""

    i = state("1", "index", initial=1.0)
    double = state("1", "type", initial=2.0)
    where = state("1", "word", initial=3.0)
    spike = state("1", "flag", initial=4.0)
    normal = state("1", "draw", initial=5.0)
    real = parameter(10.0, "ms", "time constant")

    @staticmethod
    def spikes(i):
        """Never."""
        return i > 1e9

    @staticmethod
    def d_i(i, double, real):
        """Decay."""
        item = double - i
        return -i / real + 0.0 * item

    @staticmethod
    def d_double(double, real):
        """Decay, by way of a variable that is a word of C++."""
        new = double / real
        return -new

    @staticmethod
    def d_where(where, real):
        """Decay."""
        return -where / real

    @staticmethod
    def d_spike(spike, real):
        """Decay."""
        return -spike / real

    @staticmethod
    def d_normal(normal, real):
        """Decay."""
        return -normal / real


def test_no_name_is_in_the_way_of_a_backend(backend):
    model = gs.Model(lattice=(1, 3), dt=0.1)
    model.add_population("cells", Awkward())
    simulation = gs.Simulation(model, backend=backend, precision="float64")
    simulation.step(10)
    for start, name in enumerate(("i", "double", "where", "spike", "normal"), start=1):
        np.testing.assert_allclose(simulation.state[f"cells.{name}"], start * np.exp(-0.1), rtol=1e-13)


def test_reserved_names_get_another_in_the_program_alone():
    program = fuse_population("cells", {"": Awkward()}, {})
    assert [a.path for a in program.arguments][:2] == ["cells.i", "cells.double"]
    variables = {a.variable for a in program.arguments if a.kind != "dt"}
    assert not variables & IN_STEP
    assert {"i_value", "double_value", "real_value"} <= variables


@pytest.mark.parametrize("kind", [state, parameter])
def test_a_name_that_the_program_gives_to_a_value_is_refused(kind):
    class Clash(Mechanism):
        """The new value of x would have the name of another quantity."""

        x = state("1", "x")
        x_next = state("1", "not what comes next") if kind is state else parameter(1.0, "1", "not what comes next")

        @staticmethod
        def d_x(x):
            """Decay."""
            return -x

        @staticmethod
        def spikes(x, x_next):
            """When they meet."""
            return x > x_next

    with pytest.raises(ModelError, match="cells: 'x_next' is also what the program calls a value of its own; rename"):
        fuse_population("cells", {"": Clash()}, {})
