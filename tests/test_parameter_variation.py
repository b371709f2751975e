"""How a program is given a parameter: as one number wherever all values are the same."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.assembly import alike, varies


def pulsed(amplitude, sweep=None):
    model = gs.Model(lattice=(2, 3), dt=0.1, sweep=gs.Sweep(sweep or {}))
    model.add_population("neurons", gs.IzhikevichNeuron(), drive=gs.PulseCurrent(amplitude=amplitude, stop=20.0))
    return model


def variation(model, backend):
    """How the program is given the amplitude, and the states after 200 steps."""
    sim = gs.Simulation(model, backend=backend)
    sim.step(200)
    slots = next(call for call in sim.calls if call.generated).operation.slots
    how = next(slot.varies for slot in slots if slot.argument.path == "neurons.drive.amplitude")
    return how, {name: sim.state[name] for name in sim.state}


def test_equal_values_are_one_number(backend):
    _, one = variation(pulsed(10.0), backend)
    how, equal = variation(pulsed(np.full(6, 10.0)), backend)
    assert how == "scalar"
    for name in one:
        assert np.array_equal(equal[name], one[name]), name
    how, two = variation(pulsed([10.0, 10.0, 10.0, 10.0, 10.0, 5.0]), backend)
    assert how == "site"
    assert np.array_equal(two["neurons.v"][:5], one["neurons.v"][:5])


def test_points_with_equal_values_too():
    how, found = variation(pulsed(0.0, {"neurons.drive.amplitude": [10.0, 10.0]}), "numpy")
    assert how == "scalar"
    assert found["neurons.v"].shape == (2, 6)


@pytest.mark.parametrize(("shape", "how"), [((1, 1), "scalar"), ((4, 1), "point"), ((1, 4), "site"), ((4, 4), "item")])
def test_variation_by_shape(shape, how):
    assert varies(shape) == how


def test_nothing_is_not_alike():
    assert not alike(np.zeros((1, 0)))
    assert not alike(np.array([[1.0, np.nan]]))
    assert alike(np.ones((3, 2)))
