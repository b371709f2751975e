"""Every code block of the neurotransmitter tutorial runs as printed, and does what it says."""
import importlib
import warnings
from pathlib import Path

import numpy as np
import pytest
from tutorial_text import BLOCKS

import gpusyn as gs

UNDEFINED = """
def distance_connection(x, y):
    return np.sqrt((x[0] - y[0]) ** 2 + (x[1] - y[1]) ** 2) <= 3 and x != y
"""


class Awake(gs.IzhikevichLattice):
    """The tutorial's lattice on a given backend, whose cells fire: the tutorial leaves out what drives them."""

    backend_to_use, most_steps, drive = "numpy", 600, 200.0

    def __init__(self, *args, **named):
        super().__init__(*args, **{"backend": self.backend_to_use, **named})

    def populate(self, neuron, rows, cols):
        super().populate(neuron, rows, cols)
        rng = np.random.default_rng(2)
        self.apply(lambda cell: setattr(cell, "current_voltage", rng.uniform(-55.0, 30.0)))
        self.add_current(gs.ConstantCurrent(amplitude=self.drive))

    def run_lattice(self, iterations):
        super().run_lattice(min(iterations, self.most_steps))


@pytest.fixture
def tutorial(monkeypatch):
    """A function that runs blocks of the tutorial in order, in one namespace, which it gives back."""
    import matplotlib.pyplot as plt

    def run(lattice_class, *titles):
        monkeypatch.setattr(gs, "IzhikevichLattice", lattice_class, raising=False)
        monkeypatch.setattr(plt, "show", lambda: None)
        space = {}
        exec("import numpy as np" + UNDEFINED, space)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            for title in titles:
                exec(compile(BLOCKS[title], f"<{title}>", "exec"), space)
        space["warnings"] = [str(warning.message) for warning in caught]
        plt.close("all")
        return space

    return run


def on(backend, **settings):
    """The awake lattice for a backend."""
    return type("Awake", (Awake,), {"backend_to_use": backend, **settings})


ORDER = list(BLOCKS)[:-1]  # the last, Validation, needs one line more


def test_every_block_runs_on_every_backend_and_passes_its_validation(backend, tutorial):
    n_step = 40 if backend.name == "cuda-on-host" else 600  # of the 2000
    space = tutorial(on(backend, most_steps=n_step), *ORDER)
    lattice = space["lattice"]
    assert space["concentrations"].shape == space["currents"].shape == (n_step, 25)
    assert space["concentrations"].max() > 1.0
    assert np.abs(space["currents"]).max() > 0.01  # nA
    said = " | ".join(space["warnings"])
    assert "conductance: -5.0 nS is negative; its magnitude is used" in said
    assert "there is no dopamine here, so that its deficit changes nothing; valid: glutamate" in said
    assert "nothing is called 'serotonin_transporter' here" in said
    assert not lattice.treatments
    lattice.run_lattice(20)  # with transporters and second messengers
    space["receptor_states"] = lattice.get_receptor_states()
    exec(BLOCKS["Validation"], space)
    assert lattice.simulation.ledger["glutamate"]["taken_up"][0] > 0


def test_as_printed_the_cells_rest_and_the_run_says_so(tutorial):
    space = tutorial(on("numpy", populate=gs.IzhikevichLattice.populate), "Glutamate (Excitatory)", "Basic Simulation")
    assert any("no cell has spiked in 60 ms" in text for text in space["warnings"])
    assert space["concentrations"].shape == (600, 25)
    assert not space["concentrations"].any()


def test_the_numbers_of_the_tutorial_arrive_in_the_model(tutorial):
    space = tutorial(on("numpy"), *ORDER[:5])
    model = space["lattice"].model
    expected = {
        "glutamate.release_probability": 0.5, "glutamate.quantum_size": 5000, "glutamate.diffusion_coefficient": 0.1,
        "glutamate.reuptake_rate": 0.01, "dopamine.reuptake_rate": 0.005 + 0.01, "dopamine.quantum_size": 1000,
        "neurons.ampa.conductance": 10.0, "neurons.ampa.binding_rate": 0.1, "neurons_to_glutamate.weight": 1.0,
        "neurons_to_glutamate_2.weight": 0.8, "neurons_to_substance_p.weight": 0.2,
    }
    assert {path: model.get(path) for path in expected} == pytest.approx(expected)
    assert model.transmitters["dopamine"].lattice.edges == ("absorbing", "absorbing")
    assert isinstance(model.connections["neurons_to_glutamate"].wiring, gs.AllToAll)
    assert model.connections["neurons_to_substance_p"].wiring.n_connections() == space["lattice"].get_synapse_count(
        "substance_p")


def test_defaults_are_the_tutorials_values():
    made = {name: value for name, value in vars_of_the_tutorial().items() if isinstance(value, gs.Mechanism)}
    assert len(made) >= 12
    for name, mechanism in made.items():
        plain = type(mechanism)()
        changed = {key: (value, plain.values[key]) for key, value in mechanism.values.items()
                   if np.any(value != plain.values[key])}
        assert not changed or (name == "gaba_a" and set(changed) == {"conductance"}), name


def vars_of_the_tutorial():
    """What the blocks define that build no lattice."""
    space = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec("import numpy as np" + UNDEFINED, space)
        exec(BLOCKS["Glutamate (Excitatory)"], space)
        for title in ("GABA (Inhibitory)", "Dopamine (Modulatory)", "Ionotropic Receptors", "Metabotropic Receptors",
                      "Autoreceptors"):
            exec(BLOCKS[title], space)
        exec("glutamate_transporter = ln.GlutamateTransporter(v_max=1.0, k_m=10.0, energy_cost=1.0, "
             "localization='perisynaptic')", space)
    return space


@pytest.fixture(scope="module")
def example():
    """The example's functions, and its pictures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent.parent / "examples"))
        yield importlib.import_module("neurotransmitter_tutorial"), importlib.import_module(
            "neurotransmitter_tutorial_pictures")


SHORT = {
    "3_volume": {"steps": 320, "size": 25}, "6_rewards": {"pauses": (None, 20.0)}, "11_antidepressant": {"steps": 120},
}


@pytest.mark.parametrize("name", [
    "1_glutamate", "2_glutamate_and_gaba", "3_volume", "4_co_release", "5_receptors", "6_rewards", "7_autoreceptor",
    "8_transporter", "9_second_messengers", "10_parkinson", "11_antidepressant",
])
def test_every_section_of_the_example_runs_and_is_drawn(name, example, tmp_path):
    tutorial, pictures = example
    assert list(tutorial.SECTIONS) == list(pictures.PICTURES)
    simulated = tutorial.SECTIONS[name]("numpy", **SHORT.get(name, {"steps": 60}))
    figure = pictures.draw(name, simulated)
    figure.savefig(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").stat().st_size > 10_000
    assert all(axes.get_title(loc="left") for axes in figure.axes if axes.get_label() != "<colorbar>")


def test_the_example_shows_what_it_says(example):
    tutorial, _ = example
    free, held = tutorial.with_and_without_autoreceptor("numpy", steps=500)
    assert sum(map(len, free.get_spike_times())) == sum(map(len, held.get_spike_times()))
    released = [lattice.simulation.ledger["gaba"]["released"][0] for lattice in (free, held)]
    assert released[1] < 0.8 * released[0]
    weights = tutorial.rewarded_and_unrewarded("numpy", pauses=(None, 20.0))
    assert weights[None][-1] == 1.0
    assert weights[20.0][-1] - 1.0 == pytest.approx(2 * 0.006065 * np.exp(-0.2) / 1.1, rel=0.02)
