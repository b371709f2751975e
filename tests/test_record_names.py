"""One quantity recorded several times: each record under a name of its own, in memory, on disk and in configs."""
import numpy as np
import pytest
from config_text import SHAPED, SMALL
from small_models import talking_lattice

import gpusyn as gs
from gpusyn.config import ConfigError, loads
from gpusyn.recording.errors import RecordingError
from gpusyn.recording.record import Record, histogram
from gpusyn.recording.recorder import Recorder

RECORDS = (
    Record("neurons.v", every=10),
    Record("neurons.v", sites=[3, 7], name="v_of_two"),
    Record("neurons.v", reduce=("mean", "max"), every="0.5 ms"),
    Record("neurons.v", reduce="mean", name="v_often"),
    Record("neurons.ampa.r", sites=[0], name="r_first"),
    Record("neurons.v", reduce=histogram(4, -90.0, 40.0), name="v_coarse"),
    Record("glutamate", sites=[1], name="nearby"),
)
NAMES = ["glutamate.nearby", "neurons.ampa.r_first", "neurons.v", "neurons.v.max", "neurons.v.mean",
         "neurons.v_coarse.histogram", "neurons.v_of_two", "neurons.v_often.mean"]


def test_every_record_is_found_under_its_name():
    simulation = gs.Simulation(talking_lattice(), backend="numpy", seed=3, recorder=Recorder(RECORDS, spikes=False))
    simulation.step(41)
    recorder = simulation.recorder
    assert list(recorder) == NAMES
    assert recorder["neurons.v"].shape == (5, 54)
    assert np.array_equal(recorder["neurons.v_of_two"][::10], recorder["neurons.v"][:, [3, 7]])
    assert recorder["neurons.v_often.mean"][::5] == pytest.approx(recorder["neurons.v.mean"])
    assert recorder.time("neurons.v_of_two")[-1] == pytest.approx(40 * simulation.model.dt)
    assert recorder["glutamate.nearby"].shape == recorder["neurons.ampa.r_first"].shape == (41, 1)


def test_a_run_file_keeps_the_names_and_what_was_recorded(tmp_path):
    gs.run(talking_lattice(), tmp_path, duration="4 ms", backend="numpy", seed=3, record=RECORDS, progress=False)
    with gs.open(tmp_path / "run.h5") as run:
        assert [name for name in run if not name.startswith("ledger")] == NAMES
        assert run.sites("neurons.v_of_two").tolist() == [3, 7]
        assert run.attribute("neurons.v_of_two", "quantity") == "neurons.v"
        assert run.attribute("neurons.v", "quantity") is None
        assert (run.units("neurons.v_of_two"), run.file["/traces/neurons/v_of_two"].shape) == ("mV", (40, 2))
        assert np.array_equal(run["neurons.v_of_two"][::10], run["neurons.v"][:][:, [3, 7]])
        assert run.edges("neurons.v_coarse.histogram").size == 5


def test_traces_per_neuron_of_synapses_keep_their_number_under_another_name():
    model = talking_lattice()
    wiring = gs.SparseConnections(np.arange(54), np.arange(54)[::-1], np.full(54, 0.5), n_source=54, n_target=54)
    model.connect("neurons", "glutamate", wiring, name="learning", synapse=gs.STDPRule(), post="neurons")
    trace = next(n for n, q in gs.STDPRule.quantities.items() if getattr(q, "at", "item") == "post")
    records = [f"learning.{trace}", Record(f"learning.{trace}", sites=[2], name="second")]
    simulation = gs.Simulation(model, backend="numpy", recorder=Recorder(records, spikes=False))
    simulation.step(3)
    assert simulation.recorder[f"learning.{trace}"].shape == (3, 54)
    assert simulation.recorder["learning.second"].shape == (3, 1)


@pytest.mark.parametrize(("records", "message"), [
    (("neurons.v", Record("neurons.v", sites=[1])),
     r"^'neurons\.v' would be recorded twice; name all of its sites in one record, or give one of them a name of its "
     r"own: Record\('neurons\.v', \.\.\., name='\.\.\.'\)$"),
    ((Record("neurons.v", reduce=("min", "mean")), Record("neurons.v", reduce="mean")), r"^'neurons\.v\.mean' w"),
    ((Record("neurons.v", name="x"), Record("neurons.w", name="x")), r"^'neurons\.x' would be recorded twice"),
    ((Record("neurons.v", name="w"),),
     r"^neurons\.v\.name: 'neurons\.w' is a quantity of its own; choose another name$"),
])  # fmt: skip
def test_two_records_of_one_name_are_refused(records, message):
    with pytest.raises(RecordingError, match=message):
        gs.Simulation(talking_lattice(), backend="numpy", recorder=Recorder(records))


def test_a_name_is_one_word():
    with pytest.raises(RecordingError, match=r"^neurons\.v\.name: 'a\.b' cannot be a name: use letters, digits and _$"):
        Record("neurons.v", name="a.b")


def test_a_config_names_records_too():
    text = f'{SHAPED}\n[[record]]\nquantity = "dendrite.ca"\nevery = "0.02 ms"\nname = "ca_seldom"\n'
    config = loads(text)
    assert [record.key for record in config.records] == ["dendrite.ca", "dendrite.ca_seldom"]
    assert [record.key for record in loads(config.text).records] == ["dendrite.ca", "dendrite.ca_seldom"]


@pytest.mark.parametrize(("name", "key", "rule"), [
    ("", "quantity", "'neurons.v' is recorded by record[0] already; name all of its sites there, or give this one a "
                     "`name` of its own"),
    ("w", "name", "'neurons.w' is a quantity of its own; choose another name"),
    ("a-b", "name", "'a-b' cannot be a name: use letters, digits and _"),
])  # fmt: skip
def test_a_clash_in_a_config_is_named_with_its_line(name, key, rule):
    text = f'{SMALL}\n[[record]]\nquantity = "neurons.v"\nevery = "2 ms"\nname = "{name}"\n'
    number, line = SMALL.count("[[record]]"), text.split("\n").index(
        f'name = "{name}"' if key == "name" else 'every = "2 ms"') + (1 if key == "name" else 0)
    with pytest.raises(ConfigError) as caught:
        loads(text, name="x.toml")
    assert caught.value.problems == [f"x.toml:{line}: record[{number}].{key}: {rule}"]
