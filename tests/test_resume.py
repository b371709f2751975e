"""Stopping and going on: whatever stops a run, what follows is what would have followed."""
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import h5py
import numpy as np
import pytest
from recorded_run import contents
from resumed_model import RECORDS, small_model, start
from small_models import talking_lattice

import gpusyn as gs
from gpusyn.mechanism import state
from gpusyn.recording.checkpoint import previous_of
from gpusyn.recording.errors import CheckpointError, RecordingError
from gpusyn.recording.recorder import Recorder
from gpusyn.recording.recovery import part_of

KILLS = 20
N_STEP = 300
SCRIPT = Path(__file__).with_name("resumed_model.py")
TALKING_RECORDS = (
    gs.Record("neurons.v", every=3), gs.Record("neurons.ampa.current", every=7), gs.Record("glutamate", every=5)
)


def assert_same_files(one, other):
    """Every dataset of two finished runs has the same bits."""
    with h5py.File(one) as first, h5py.File(other) as second:
        assert_same_contents(first, second)


def assert_same_contents(first, second):
    expected, found = contents(first), contents(second)
    assert expected.keys() == found.keys()
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def opened(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return gs.open(path)


def talking_run(folder, backend, **options):
    return gs.run(talking_lattice(), folder, duration=N_STEP * 0.1, backend=backend, seed=5, record=TALKING_RECORDS,
                  progress=False, **options)


# a simulation and its checkpoint --------------------------------------------------------------------------------


def test_a_saved_simulation_goes_on_bit_for_bit(tmp_path, backend, precision):
    whole = gs.Simulation(talking_lattice(), backend=backend, precision=precision, seed=1)
    first = gs.Simulation(talking_lattice(), backend=backend, precision=precision, seed=1)
    whole.step(150)
    first.step(77)
    first.save(tmp_path / "now.ckpt")
    second = gs.Simulation.resume(tmp_path / "now.ckpt", talking_lattice())
    assert (second.steps_done, second.backend.name, second.precision, second.seed) == (77, backend.name, precision, 1)
    second.step(73)
    for path in whole.state:
        np.testing.assert_array_equal(second.state[path], whole.state[path], err_msg=path)
    assert second.spike_counts("neurons") == whole.spike_counts("neurons")
    for name in whole.ledger:
        for kind, amount in whole.ledger[name].items():
            np.testing.assert_array_equal(second.ledger[name][kind], amount, err_msg=f"{name}.{kind}")


def test_a_recorder_in_memory_goes_on_at_its_step(tmp_path):
    simulation = gs.Simulation(talking_lattice(), backend="numpy")
    simulation.step(10)
    simulation.save(tmp_path / "now.ckpt")
    recorder = Recorder([gs.Record("neurons.v", every=4)], ledger=5)
    resumed = gs.Simulation.resume(tmp_path / "now.ckpt", talking_lattice(), recorder=recorder)
    resumed.step(11)
    np.testing.assert_allclose(recorder.time("neurons.v"), [1.2, 1.6, 2.0])
    np.testing.assert_allclose(recorder.time("ledger.gaba.present"), [1.5, 2.0])


def test_a_model_built_in_python_must_be_given_again(tmp_path):
    gs.Simulation(talking_lattice(), backend="numpy").save(tmp_path / "now.ckpt")
    with pytest.raises(CheckpointError, match=r"now\.ckpt: the model was built in Python.*resume\(path, model="):
        gs.Simulation.resume(tmp_path / "now.ckpt")


def test_another_model_is_refused_with_what_differs(tmp_path):
    gs.Simulation(talking_lattice(), backend="numpy").save(tmp_path / "now.ckpt")
    other = talking_lattice()
    other.set("neurons.ampa.conductance", 0.5)
    with pytest.raises(CheckpointError) as refused:
        gs.Simulation.resume(tmp_path / "now.ckpt", other)
    assert '-"neurons.ampa.conductance" = 0.02' in str(refused.value)
    assert '+"neurons.ampa.conductance" = 0.5' in str(refused.value)
    assert gs.Simulation.resume(tmp_path / "now.ckpt", other, allow_config_change=True).steps_done == 0


def test_changed_equations_are_refused(tmp_path):
    class Decay(gs.Mechanism):
        x = state("mV", "a decaying quantity", initial=1.0)

        @staticmethod
        def d_x(x):
            return -x

    def model():
        made = gs.Model(lattice=(2, 2))
        made.add_population("cells", Decay())
        return made

    gs.Simulation(model(), backend="numpy").save(tmp_path / "now.ckpt")

    def d_x(x):
        return -2.0 * x

    Decay.functions["d_x"] = d_x
    with pytest.raises(CheckpointError, match=r"the equations of cells have changed since it was saved"):
        gs.Simulation.resume(tmp_path / "now.ckpt", model())


def test_a_checkpoint_of_another_shape_of_arrays_names_the_backend(tmp_path):
    from gpusyn.backends.cuda_on_host import unavailable_reason

    if reason := unavailable_reason():
        pytest.skip(f"cuda-on-host: {reason}")
    model = talking_lattice((20, 30))
    gs.Simulation(model, backend="numpy").save(tmp_path / "now.ckpt")
    with pytest.raises(CheckpointError, match="it was saved on backend numpy"):
        gs.Simulation.resume(tmp_path / "now.ckpt", model, backend="cuda-on-host")


# signals ---------------------------------------------------------------------------------------------------------


class SignalAt:
    """Sends signals to this process while a run goes on: its progress tells how far the run is."""

    def __init__(self, step, *names):
        self.step, self.names = step, names

    def update(self, step):
        while self.names and step >= self.step:
            name, *self.names = self.names
            signal.raise_signal(getattr(signal, name))

    def close(self):
        pass


@pytest.fixture
def signalled(monkeypatch):
    """A function that lets a run get signals at a step."""

    def arrange(step, *names):
        monkeypatch.setattr("gpusyn.running.progress_for", lambda *_: SignalAt(step, *names))

    return arrange


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGUSR1"])
def test_a_signal_writes_a_checkpoint_and_the_resumed_run_is_the_whole_one(tmp_path, signalled, backend, name):
    whole = talking_run(tmp_path / "whole", backend)
    signalled(60, name)
    stopped = talking_run(tmp_path / "stopped", backend)
    assert (stopped.status, stopped.exit_code) == ("interrupted", 75)
    assert 60 <= stopped.steps < N_STEP
    assert not (tmp_path / "stopped" / "run.h5").exists()
    with opened(tmp_path / "stopped" / "run.h5") as run:
        assert run.status == "interrupted"
        assert run.reason == f"{name} at t = {stopped.simulated:g} ms"
        assert run["neurons.v"].shape[0] == -(-stopped.steps // 3)
    signalled(10**9)
    resumed = gs.resume(tmp_path / "stopped", talking_lattice())
    assert (resumed.status, resumed.steps, resumed.spikes) == ("finished", N_STEP, whole.spikes)
    assert resumed.ledger == whole.ledger
    assert_same_files(whole.path, resumed.path)


def test_signals_work_as_before_after_a_run(tmp_path):
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    talking_run(tmp_path / "run", "numpy")
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_second_ctrl_c_stops_at_once_and_the_run_can_be_resumed(tmp_path, signalled):
    signalled(60, "SIGINT", "SIGINT")
    with pytest.raises(KeyboardInterrupt):
        talking_run(tmp_path / "run", "numpy")
    with opened(tmp_path / "run" / "run.h5") as run:
        assert run.status == "interrupted"
    signalled(10**9)
    assert gs.resume(tmp_path / "run", talking_lattice()).status == "finished"


def test_a_run_in_another_thread_leaves_signals_alone(tmp_path):
    done = []
    thread = threading.Thread(target=lambda: done.append(talking_run(tmp_path / "run", "numpy").status))
    thread.start()
    thread.join()
    assert done == ["finished"]


def test_a_run_that_has_finished_or_never_was_cannot_be_resumed(tmp_path):
    talking_run(tmp_path / "run", "numpy")
    with pytest.raises(RecordingError, match=r"run\.h5: this run has finished; there is nothing to resume"):
        gs.resume(tmp_path / "run", talking_lattice())
    with pytest.raises(CheckpointError, match=r"no checkpoint to continue from: .*run\.ckpt: there is no such file"):
        gs.resume(tmp_path / "nothing", talking_lattice())


def test_a_torn_checkpoint_falls_back_on_the_one_before(tmp_path, signalled):
    whole = talking_run(tmp_path / "whole", "numpy")
    signalled(60, "SIGTERM")
    talking_run(tmp_path / "run", "numpy", checkpoint_every="1 ms")
    checkpoint = tmp_path / "run" / "run.ckpt"
    assert previous_of(checkpoint).exists()
    checkpoint.write_bytes(checkpoint.read_bytes()[:-1000])
    signalled(10**9)
    assert_same_files(whole.path, gs.resume(tmp_path / "run", talking_lattice()).path)


# real processes --------------------------------------------------------------------------------------------------


def launched(*words):
    """A process that runs the small model, as soon as it is about to begin."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, str(SCRIPT), *map(str, words)], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    return process


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGUSR1"])
def test_a_process_that_gets_a_signal_ends_with_75_and_can_be_resumed(tmp_path, name):
    process = launched("run", tmp_path / "run", "numpy")
    while not (tmp_path / "run" / "run.ckpt").exists():
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(getattr(signal, name))
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 75, errors
    assert f"interrupted ({name} at t = " in output
    assert errors == ""
    with opened(tmp_path / "run" / "run.h5") as run:
        assert run.status == "interrupted"


@pytest.mark.slow
def test_a_run_killed_again_and_again_ends_as_the_whole_one(tmp_path):
    whole, folder, chance = start(tmp_path / "whole", "numpy"), tmp_path / "killed", random.Random(20)
    kills = 0
    while kills < KILLS or not (folder / "run.h5").exists():
        if (folder / "run.h5").exists() or not (folder / "run.ckpt").exists():
            process = launched("run", folder, "numpy")
        else:
            process = launched("resume", folder)
        if kills < KILLS:
            time.sleep(chance.uniform(0.0, 0.5))
            process.kill()
        _, errors = process.communicate(timeout=120)
        assert errors == ""
        kills += process.returncode == -signal.SIGKILL
        check_what_a_killed_run_left(folder, whole.path)
    assert_same_files(whole.path, folder / "run.h5")


def test_a_run_killed_before_it_had_its_final_name_is_whole_and_can_be_resumed(tmp_path):
    whole, folder = start(tmp_path / "whole", "numpy", 50.0), tmp_path / "killed"
    code = ("import os, sys, resumed_model, gpusyn.recording.hdf5 as hdf5; hdf5.put_in_place = lambda *_: os._exit(9); "
            "resumed_model.start(sys.argv[1], 'numpy', 50.0)")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code, folder], env=environment).returncode == 9
    with opened(part_of(folder / "run.h5")) as run:
        assert run.status == "finished"
    check_what_a_killed_run_left(folder, whole.path)
    gs.resume(folder, small_model(), progress=False)
    assert_same_files(whole.path, folder / "run.h5")


def check_what_a_killed_run_left(folder, whole):
    """A file that looks finished is; one that does not is readable, and holds at least what its checkpoint counts."""
    if (folder / "run.h5").exists():
        assert_same_files(whole, folder / "run.h5")
    elif part_of(folder / "run.h5").exists():
        with opened(folder / "run.h5") as run, gs.open(whole) as complete:
            if run.status == "finished":            # killed after its last word, before it had its final name
                assert_same_contents(complete.file, run.file)
                return
            assert run.status == "running"
            n_row = len(run["neurons.v"])
            np.testing.assert_array_equal(run["neurons.v"][:], complete["neurons.v"][:n_row])
            if (folder / "run.ckpt").exists():
                with h5py.File(folder / "run.ckpt") as checkpoint:
                    rows = json.loads(checkpoint["notes"].asstr()[()])["rows"]
                for place, n in rows.items():
                    assert run.file[place].shape[0] >= n


def test_the_small_model_is_what_it_claims():
    assert small_model().n_point == 2
    assert len(RECORDS) == 4
