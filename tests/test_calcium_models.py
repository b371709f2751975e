"""Compartments in models: their geometry, and sheets of cells that release calcium on every backend."""
import numpy as np
import pytest
from test_calcium_leaks import ALL

import gpusyn as gs
from gpusyn.errors import ModelError

# geometry ------------------------------------------------------------------------------------------------------


def test_ratios_of_surface_and_volume_are_those_of_a_dendrite():
    sizes = gs.cylinder_with_er(0.2, length=3.0)
    assert sizes["membrane_area"] / sizes["cytosol_volume"] == pytest.approx(11.63636, rel=1e-6)
    assert sizes["er_area"] / sizes["cytosol_volume"] == pytest.approx(4.363636, rel=1e-6)
    assert sizes["er_area"] / sizes["er_volume"] == pytest.approx(26.66667, rel=1e-6)
    default = gs.CalciumCompartment()
    for name, size in gs.cylinder_with_er(0.2).items():
        assert default.get(name) == pytest.approx(size, rel=1e-14)
    ball = gs.sphere_with_er(np.array([1.0, 3.0]), er_scale=0.5)
    assert ball["membrane_area"] / (ball["cytosol_volume"] + ball["er_volume"]) == pytest.approx([3.0, 1.0])
    assert ball["er_area"] / ball["er_volume"] == pytest.approx([6.0, 2.0])


@pytest.mark.parametrize(("make", "message"), [
    (lambda: gs.cylinder_with_er(np.array([0.2, 0.0])), "cylinder_with_er: radius 0.0 um must be above 0"),
    (lambda: gs.cylinder_with_er(0.2, length=-1.0), "cylinder_with_er: length -1.0 um must be above 0"),
    (lambda: gs.cylinder_with_er(float("nan")), "cylinder_with_er: radius nan um must be above 0"),
    (lambda: gs.sphere_with_er(0.2, er_scale=1.0), "sphere_with_er: er_scale 1.0 must be above 0 and below 1"),
    (lambda: gs.CalciumCompartment(cytosol_volume=0.0), r"CalciumCompartment.cytosol_volume: 0.0 um\^3 is outside"),
])
def test_impossible_sizes_are_errors(make, message):
    with pytest.raises(ModelError, match=message):
        make()


# in models -----------------------------------------------------------------------------------------------------


def sheet():
    """Neurons on a lattice, each with calcium and an ER of its own size; NMDA receptors and a pulse start release."""
    lattice = gs.Lattice((1, 3))
    built = gs.Model(lattice, dt=0.05, sweep=gs.Sweep({"cells.serca.density": [1500.0, 2390.0]}))
    built.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(initial_concentration=50.0))
    members = {name: kind() for name, kind in ALL.items()}
    pulse = gs.CalciumSource(amplitude=np.array([0.0, 0.5, 2.0]), duration=1.0)
    built.add_population(
        "cells", gs.IzhikevichNeuron(preset="RS"), calcium=gs.CalciumCompartment(
            **gs.sphere_with_er(np.array([0.3, 0.4, 0.5]))), pulse=pulse, nmda=gs.NMDA_Receptor(conductance=0.01),
        part=gs.CalciumPartOfCurrent(current="nmda.current"), **members)
    return built


def run_sheet(backend):
    """Calcium in the cytosol, all calcium in time, and what the ledger says has entered by the time of the last row."""
    names = ["cells.calcium.ca", "cells.calcium.total_calcium"]
    simulation = gs.Simulation(sheet(), backend=backend, precision="float64", recorder=names)
    simulation.run("10 ms")
    (entered,) = [a.partial for a in simulation.assembly.accounts if a.transmitter == "cells"]
    entered = simulation.backend.to_host(entered).sum(axis=1)
    simulation.step(1)  # which records the state after the run
    return [simulation.recorder[name] for name in names] + [entered]


@pytest.fixture(scope="module")
def expected():
    return run_sheet("numpy")


def test_a_sheet_of_cells_releases_calcium_alike_on_every_backend(backend, expected):
    ca, total, entered = run_sheet(backend)
    np.testing.assert_allclose(ca, expected[0], rtol=1e-9)
    assert ca[:, :, 2].max() > 3.0 > 1.0 > ca[:, :, 0].max()
    np.testing.assert_allclose((total[-1] - total[0]).sum(axis=1), entered, rtol=1e-9)
