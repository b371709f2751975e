"""The parameter axis: its points, its order, and what may be swept."""
import numpy as np
import pytest
from small_models import talking_lattice

import gpusyn as gs


def test_a_product_takes_every_combination_and_its_last_axis_runs_fastest():
    sweep = gs.Sweep({"a.x": [1.0, 2.0], "b.y": [5.0, 6.0, 7.0]})
    assert sweep.n_point == 6
    assert sweep.table() == {"a.x": [1.0, 1.0, 1.0, 2.0, 2.0, 2.0], "b.y": [5.0, 6.0, 7.0, 5.0, 6.0, 7.0]}
    assert np.array_equal(sweep.values("b.y"), [[5.0], [6.0], [7.0], [5.0], [6.0], [7.0]])


def test_zip_takes_values_side_by_side():
    sweep = gs.Sweep({"a.x": [1.0, 2.0], "b.y": [5.0, 6.0]}, mode="zip")
    assert sweep.table() == {"a.x": [1.0, 2.0], "b.y": [5.0, 6.0]}


@pytest.mark.parametrize(
    ("axes", "mode", "message"),
    [({"a.x": [1.0], "b.y": [1.0, 2.0]}, "zip", "all axes need one length"), ({"a.x": []}, "product", "has no values"),
     ({"a.x": [1.0]}, "produkt", "did you mean 'product'")],
)
def test_a_sweep_that_cannot_be_is_refused(axes, mode, message):
    with pytest.raises(gs.ModelError, match=message):
        gs.Sweep(axes, mode=mode)


@pytest.mark.parametrize(
    ("path", "message"),
    [("neurons.v", "'neurons.v' is not a parameter of neurons and cannot be swept; did you mean 'v_"),
     ("neurons.ampa.conductanse", "has no 'conductanse'; did you mean 'conductance'"),
     ("neurones.a", "there is no 'neurones'; did you mean 'neurons'")],
)
def test_only_parameters_can_be_swept(path, message):
    with pytest.raises(gs.ModelError, match=message):
        gs.Simulation(talking_lattice(**{path: [1.0, 2.0]}), backend="numpy")


def test_weights_and_gap_conductances_can_be_swept(backend):
    swept = gs.Simulation(talking_lattice(**{"excite.weight": [1.0, 3.0]}), backend=backend, seed=1)
    swept.step(30)
    model = talking_lattice()
    model.set("excite.weight", 3.0)
    single = gs.Simulation(model, backend=backend, seed=1)
    single.step(30)
    for path in single.state:
        assert np.array_equal(swept.state[path][1], single.state[path]), path
