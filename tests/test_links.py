"""What populations read of others and from tables: values, order in the step, totals, resuming, sweeps, messages."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.config import loads
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, given, output, parameter, state, total
from gpusyn.wiring import AllToAll, Neighbourhood, SparseConnections


class Clock(Mechanism):
    """Counts time from a start that differs between sites; twice that is an output."""

    x = state("1", "start + t", initial="start")
    start = parameter(0.0, "1", "where it starts")

    @staticmethod
    def d_x(start):
        """One per ms."""
        return 1.0 + 0.0 * start

    @output("1", "twice the state")
    @staticmethod
    def twice(x):
        """Two times x."""
        return 2.0 * x


class Reader(Mechanism):
    """Integrates what it reads, beside the sum of all that is called `twice`."""

    seen = state("1", "integral of what it reads")
    sums = state("1", "integral of the total")
    started = state("1", "what it read at time 0")
    heard = given("1", "what it reads")
    doubled = total("twice", "1", "all that is called twice")

    @staticmethod
    def start_started(heard):
        """What there was."""
        return heard

    @staticmethod
    def d_seen(heard):
        """It."""
        return heard

    @staticmethod
    def d_sums(doubled):
        """The total."""
        return doubled


def clocks(wiring, source="clocks.x", sweep=None, **options):
    model = gs.Model(lattice=(1, 3), dt=0.5, sweep=gs.Sweep(sweep or {}))
    model.add_population("readers", Reader(integrator="euler"), lattice=gs.Lattice((1, 2)))
    model.add_population("clocks", Clock(start=np.array([0.0, 10.0, 100.0]), integrator="euler"))
    model.link("heard", source, "readers", wiring, **options)
    return model


LIST = SparseConnections([0, 1, 2, 2], [0, 0, 0, 1], [1.0, 2.0, 3.0, 0.5], n_source=3, n_target=2)


def test_a_link_carries_weighted_sums_as_they_stand_at_the_start_of_the_step(backend, precision):
    sim = gs.Simulation(clocks(LIST, weight=2.0), backend=backend, precision=precision)
    assert sim.state["readers.started"].tolist() == [640, 100]  # 2 (0 + 2 * 10 + 3 * 100), 2 (0.5 * 100)
    sim.step(3)  # at t = 0, 0.5, 1: 12 t and t more
    assert sim.state["readers.seen"].tolist() == [0.5 * (3 * 640 + 12 * 1.5), 0.5 * (3 * 100 + 1.5)]
    assert sim.state["readers.sums"].tolist() == [0, 0]


@pytest.mark.parametrize("into", ["", "twice"])
def test_an_output_is_linked_and_joins_the_sum_of_its_name(backend, into):
    source = "clocks.x" if into else "clocks.twice"
    sim = gs.Simulation(clocks(LIST, source, into=into, weight=2.0 if into else 1.0), backend=backend,
                        precision="float64")
    sim.step(2)
    assert sim.state["readers.seen"].tolist() == [0.5 * (2 * 640 + 6), 0.5 * (2 * 100 + 0.5)]
    assert sim.state["readers.sums"].tolist() == sim.state["readers.seen"].tolist()


def test_a_concentration_is_linked_to_sites_of_another_lattice_and_its_start_is_seen():
    model = gs.Model(lattice=(2, 2), dt=0.1)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(concentration=np.array([1.0, 2.0, 3.0, 4.0])))
    model.add_population("readers", Reader(heard="near"), lattice=gs.Lattice((1, 2)))
    model.link("near", "glutamate", "readers", SparseConnections([1, 3], [0, 1], n_source=4, n_target=2))
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    assert sim.state["readers.started"].tolist() == [2, 4]


def test_neighbourhoods_and_all_to_all_with_masks_are_wirings_too():
    ring = Neighbourhood((1, 3), 1, edges="periodic", to_sites=np.array([1.0, 0.0, 2.0]))
    model = gs.Model(lattice=(1, 3), dt=1.0)
    model.add_population("clocks", Clock(start=np.array([0.0, 10.0, 100.0])))
    model.add_population("readers", Reader())
    model.add_population("others", Reader(heard="heard_by_all"))
    model.link("heard", "clocks.x", "readers", ring)
    everyone = AllToAll(3, 3, include_self=True, from_sites=np.array([1.0, 1.0, 0.0]))
    model.link("heard_by_all", "clocks.x", "others", everyone)
    sim = gs.Simulation(model, backend="numpy", precision="float64")
    assert sim.state["readers.started"].tolist() == [110, 0, 20]
    assert sim.state["others.started"].tolist() == [10, 10, 10]


def tabled(values, sweep=None):
    model = gs.Model(lattice=(1, 2), dt=0.5, sweep=gs.Sweep(sweep or {}))
    model.add_population("readers", Reader(integrator="euler"))
    model.play("heard", "readers", [0.5, 1.5, 1.5], values, into="twice")
    return model


def test_a_table_is_read_at_the_start_of_each_step(backend, precision):
    sim = gs.Simulation(tabled([[1, 2], [3, -4], [8, 0]]), backend=backend, precision=precision)
    assert sim.state["readers.started"].tolist() == [1, 2]
    sim.step(5)  # 1, 1, 2, 8, 8; 2, 2, -1, 0, 0
    assert sim.state["readers.seen"].tolist() == [10, 1.5]
    assert sim.state["readers.sums"].tolist() == [10, 1.5]


def test_a_run_in_pieces_is_the_run(tmp_path, backend):
    model = clocks(LIST, "clocks.twice", sweep={"heard.weight": [1.0, -3.0]})
    model.play("table", "clocks", [0, 3], [0, 1])
    whole = gs.Simulation(model, backend=backend)
    whole.step(7)
    first = gs.Simulation(model, backend=backend)
    first.step(4)
    first.save(tmp_path / "half.ckpt")
    second = gs.Simulation.resume(tmp_path / "half.ckpt", model=model)
    second.step(3)
    for name in ("readers.seen", "readers.sums"):
        assert np.array_equal(whole.state[name], second.state[name])
        assert np.array_equal(whole.state[name][1], -3 * whole.state[name][0])


def test_a_balanced_leak_knows_what_is_linked_and_what_is_played_before_it_begins():
    def permeability(play):
        model = gs.Model(lattice=(1, 1), dt=0.1)
        model.add_population("cell", gs.HodgkinHuxley(v_init=-50.0))
        model.add_population("spine", gs.CalciumCompartment(), pump=gs.PMCA(), leak=gs.PlasmaMembraneLeak(),
                             channel=gs.VoltageGatedCalciumChannel())
        play(model)
        return model.values("spine.leak.permeability")[0, 0]

    played = permeability(lambda model: model.play("v", "spine", [0.0, 1.0], [-50.0, 0.0]))
    one = SparseConnections([0], [0], n_source=1, n_target=1)
    linked = permeability(lambda model: model.link("v", "cell.v", "spine", one))
    assert 0 < played == linked < permeability(lambda model: None)  # at -50 mV the channel lets in more than at -72


@pytest.mark.parametrize(("change", "words"), [
    (lambda m: m.link("a", "clocks.y", "readers", LIST), ["clocks.y", "no 'y'"]),
    (lambda m: m.link("a", "clocks.start", "readers", LIST), ["a.source", "'clocks.start'", "neither a state", "x"]),
    (lambda m: m.link("a", "clocks.x", "reader", LIST), ["link", "'reader'", "did you mean 'readers'"]),
    (lambda m: m.link("heard", "clocks.x", "readers", LIST), ["'heard'", "already", "link"]),
    (lambda m: m.link("a", "clocks.x", "clocks", LIST), ["a.wiring", "3 sites to 2", "'clocks' 3"]),
    (lambda m: m.link("a", "clocks.x", "readers", LIST, weight=[1, 2]), ["a.weight", "[1, 2]", "one finite number"]),
    (lambda m: m.link("a", "clocks.x", "clocks", Neighbourhood((1, 3), 1, probability=0.5)), ["a.wiring", "chance"]),
    (lambda m: m.link("a", "clocks.x", "readers", SparseConnections([0], [1], delay=3, n_source=3, n_target=2)),
     ["a.wiring", "delay 3 steps"]),
    (lambda m: m.play("a", "reader", [0], [1]), ["play", "'reader'", "readers"]),
    (lambda m: m.play("a", "readers", [0, 1], [1]), ["a.values", "(1,)", "(2,)", "(2, 2)", "readers"]),
    (lambda m: m.play("a", "readers", [0, 2, 1], [1, 2, 3]), ["a.times", "1 ms at entry 2", "ascend"]),
    (lambda m: m.play("a", "readers", [0, np.nan], [1, 2]), ["a.times", "nan at entry 1", "finite"]),
    (lambda m: m.play("a", "readers", [], []), ["a.times", "list of times"]),
])
def test_what_cannot_be_linked_or_played_is_refused(change, words):
    with pytest.raises(ModelError) as refused:
        change(clocks(LIST))
    assert all(word in str(refused.value) for word in words), refused.value


CONFIG = """
[run]
duration = "1 ms"
dt = "0.1 ms"
backend = "numpy"

[lattice]
shape = [1, 3]

[transmitters.glutamate]
kind = "GlutamateNeurotransmitter"

[populations.neurons]
kind = "IzhikevichNeuron"

[populations.spines]
kind = "CalciumCompartment"
shape = [1, 2]
nmda = { kind = "NMDA_Receptor", glutamate = "spilled", v = "potential" }
channel = { kind = "VoltageGatedCalciumChannel", v = "command" }

[links.spilled]
source = "glutamate"
population = "spines"
wiring = { kind = "sparse", pre = [0, 2], post = [0, 1], weight = [1.0, 0.5] }

[links.potential]
source = "neurons.v"
population = "spines"
weight = 0.5
wiring = { kind = "all_to_all" }

[played.command]
population = "spines"
times = [0, "1 ms"]
values = ["-0.07 V", -60]
"""


def test_a_config_links_and_plays_and_is_written_in_full(tmp_path):
    (tmp_path / "v.csv").write_text("time, one, two\n0, -70, -60\n1, -60, -50  # end\n")
    sweep = "[sweep]\n\"spilled.weight\" = [1, 2]\n"
    config = loads(CONFIG.replace('times = [0, "1 ms"]\nvalues = ["-0.07 V", -60]', 'file = "v.csv"') + sweep,
                   folder=tmp_path)
    assert config.model.links["potential"].listed().n_connections() == 6
    assert config.model.played["command"].values.tolist() == [[-70, -60], [-60, -50]]
    assert loads(config.text, folder=tmp_path).text == config.text
    inline = loads(CONFIG)
    assert inline.model.played["command"].values.tolist() == [-70, -60]
    assert loads(inline.text).text == inline.text
    gs.Simulation(config.model, backend="numpy").step(2)


@pytest.mark.parametrize(("old", "new", "words"), [
    ('source = "glutamate"', 'source = "glutamat"', ["spilled.source", "did you mean 'glutamate'"]),
    ('source = "neurons.v"', 'source = "neurons.w"', []),
    ('source = "neurons.v"', 'source = "neurons.vv"', ["potential.source", "no 'vv'"]),
    ("post = [0, 1]", "post = [0, 7]", ["spilled.wiring.post", "site 7"]),
    ("weight = 0.5\n", 'weight = "much"\n', ["potential.weight", "much"]),
    ("[played.command]\npopulation", "[played.comand]\npopulation", ["comand", "nothing in 'spines' reads"]),
    ('times = [0, "1 ms"]', "", ["command", "either `times` and `values`, or `file`"]),
    ('times = [0, "1 ms"]', 'times = [0, "1 mV"]', ["command.times", "1 mV"]),
    ('times = [0, "1 ms"]', "times = [1, 0]", ["command.times", "must ascend"]),
    ("values = [", "values = [0.0, ", ["command.values", "(3,)"]),
    ('times = [0, "1 ms"]\nvalues = ["-0.07 V", -60]', 'file = "none.csv"', ["command.file", "No such file"]),
])
def test_a_config_that_cannot_be_says_where(old, new, words):
    assert old in CONFIG
    if not words:
        loads(CONFIG.replace(old, new))
        return
    with pytest.raises(ModelError) as refused:
        loads(CONFIG.replace(old, new))
    assert all(word in str(refused.value) for word in words), refused.value


@pytest.mark.parametrize(("name", "content", "words"), [
    ("a.csv", "t v\n1 2\n3\n", ["a.csv:3", "1 columns", "2"]), ("a.txt", "1 2\n3 x\n", ["a.txt:2", "'3 x'"]),
    ("a.txt", "1\n2\n", ["a.txt", "(2, 1)", "time in ms"]), ("a.npy", "1 2\n", ["a.npy", "NumPy"]),
])
def test_a_file_that_is_no_table_is_refused(tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    with pytest.raises(ModelError) as refused:
        gs.read_table(tmp_path / name)
    assert all(word in str(refused.value) for word in words), refused.value
