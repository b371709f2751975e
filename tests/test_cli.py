"""The command line, in this process and in processes of its own."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from config_text import LEAST, SMALL
from typer.testing import CliRunner

from gpusyn import __version__
from gpusyn.backends.cuda_on_host import Module, unavailable_reason
from gpusyn.cli import app
from gpusyn.kernel_files import inline_includes

NOISE = """
drive = { kind = "WhiteNoiseCurrent", mean = 40, sigma = 20 }
[[record]]
quantity = "neurons.v"
"""
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def gpusyn():
    """Runs the command line with some words; gives the result with exit_code, stdout and stderr."""
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def process(*words, cwd):
    """The command line in a process of its own."""
    command = [sys.executable, "-m", "gpusyn", *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)


def test_help_names_every_command(gpusyn):
    result = gpusyn("--help")
    assert result.exit_code == 0
    for command in ("run", "resume", "check", "show", "plot", "info"):
        assert re.search(rf"^  {command} ", result.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", ["run", "resume", "check", "show", "plot", "info"])
def test_every_command_has_help_for_every_option(gpusyn, command):
    result = gpusyn(command, "--help")
    assert result.exit_code == 0
    options = re.findall(r"^  (--\S+)(.*(?:\n {4,}.*)*)", result.stdout, re.MULTILINE)
    assert options
    for option, words in options:
        assert len(words.split()) > 1, f"{command}: no help for {option}"


def test_the_version_is_printed(gpusyn):
    assert gpusyn("--version").stdout.strip() == f"gpusyn {__version__}"


def test_help_imports_no_heavy_library():
    code = (
        "import sys\nfrom gpusyn.cli import app\n"
        "try:\n    app(['run', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"numpy", "numba", "cupy", "pint", "matplotlib", "h5py", "scipy"} & set(done.stderr.split())


def test_info_tells_versions_backends_cores_caches_and_kernels(gpusyn):
    result = gpusyn("info")
    assert result.exit_code == 0
    for word in (__version__, "numba", "cuda-on-host", "cores", "cache", "wiring.cu", "auto"):
        assert word in result.stdout
    assert re.search(r"^  cuda +(ready|not here: .+)$", result.stdout, re.MULTILINE)


# config errors


def test_problems_of_a_config_are_printed_without_a_traceback_and_nothing_is_written(gpusyn, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "wrong.toml"
    path.write_text(SMALL.replace('dt = "0.1 ms"', 'dt = "0.1 mS"').replace("seed = 3", "seed = -3"))
    for command in ("run", "check", "show"):
        result = gpusyn(command, path)
        assert result.exit_code == 2
        assert result.stderr.startswith(f"error: 2 problems\n{path}:5: run.dt: '0.1 mS' is an electric conductance")
        assert f"{path}:6: run.seed: -3 must be at least 0" in result.stderr
        assert "Traceback" not in result.output
    assert [one.name for one in tmp_path.iterdir()] == ["wrong.toml"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "none.toml"], "error: none.toml: there is no such file"),
        (["check", "small.toml", "--set", "nurons.a=1"], "error: --set nurons.a: there is no 'nurons'; did you mean"),
        (["run", "small.toml", "--backend", "gpu"], "error: --backend: run.backend: 'gpu' is not one of auto, cuda"),
        (["run", "small.toml", "--seed", "-1"], "error: --seed: run.seed: -1 must be at least 0"),
        (["show", "small.toml", "nuerons"], "there is no population, transmitter or plastic connection 'nuerons'; did"),
        (["run", "small.toml", "--sed", "3"], "No such option"),
    ],
)
def test_wrong_words_on_the_command_line_exit_with_2(gpusyn, small, monkeypatch, words, message):
    monkeypatch.chdir(small.parent)
    result = gpusyn(*words)
    assert result.exit_code == 2
    assert message.replace("auto, cuda", "auto, numpy") in result.stderr
    assert not (small.parent / "runs").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["plot", "none.h5"], "error: none.h5"),
        (["plot", "."], "there is no run.h5 in this folder"),
        (["resume", "."], "error: "),
    ],
)
def test_commands_that_fail_exit_with_1_and_say_why(gpusyn, small, monkeypatch, words, message):
    monkeypatch.chdir(small.parent)
    result = gpusyn(*words)
    assert (result.exit_code, message in result.stderr) == (1, True), result.stderr


# check and show


def test_check_tells_what_would_be_simulated(gpusyn, small):
    result = gpusyn("check", small)
    assert result.exit_code == 0
    for part in (
        "5 ms in 50 steps of 0.1 ms", "4 x 6 = 24 sites, 2 um apart, edges periodic", "IzhikevichNeuron",
        "24 connections", "delay 0.5 ms", "neurons.v", "every 1 ms", "sum", "no problems",
    ):  # fmt: skip
        assert part in result.stdout, part


def test_check_of_a_huge_model_takes_no_memory(tmp_path):
    """16 million cells would take gigabytes; looking at them must not."""
    resource = pytest.importorskip("resource", reason="memory of this process is read through POSIX")
    path = tmp_path / "huge.toml"
    path.write_text(SMALL.replace("shape = [4, 6]", "shape = [4096, 4096]").partition("[populations.targets]")[0]
                    .replace("a = {", "# a = {").replace("v_init = {", "# v_init = {").replace("groups = {", "# {"))
    code = (
        "import resource, sys\nfrom gpusyn.commands.checking import check\n"
        f"check({str(tmp_path / 'least.toml')!r}, [], {{}})\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"check({str(path)!r}, [], {{}})\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, file=sys.stderr)"
    )
    (tmp_path / "least.toml").write_text(LEAST)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "16777216 sites" in done.stdout
    assert int(done.stderr.split()[-1]) < 100_000, "kilobytes"
    assert resource is not None


def test_a_model_that_does_not_fit_is_refused_with_the_sum(gpusyn, tmp_path):
    path = tmp_path / "huge.toml"
    path.write_text(LEAST.replace("[2, 2]", "[40000, 40000]"))
    points = ["--set", "sweep.neurons.a={ from = 0.01, to = 0.1, points = 1000 }"]
    result = gpusyn("check", path, *points)
    assert "does NOT fit" in result.stdout
    result = gpusyn("run", path, *points, "--out", tmp_path / "o")
    assert result.exit_code == 2
    assert "are free" in result.stderr
    assert not (tmp_path / "o").exists()


def test_show_prints_python_that_parses(gpusyn, small):
    for form in ([], ["--python"], ["--numba"]):
        result = gpusyn("show", small, "neurons", *form)
        assert result.exit_code == 0
        names = [node.name for node in ast.walk(ast.parse(result.stdout)) if isinstance(node, ast.FunctionDef)]
        assert "step_neurons" in names


@pytest.mark.skipif(unavailable_reason() is not None, reason=str(unavailable_reason()))
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_show_prints_cuda_that_compiles(gpusyn, small, precision):
    result = gpusyn("show", small, "neurons", "--cuda", "--precision", precision)
    assert result.exit_code == 0
    assert 'extern "C" __global__' in result.stdout
    source = inline_includes(result.stdout, "shown.cu")
    assert Module(source, precision).kernel("step_neurons").name == "step_neurons"


def test_show_lists_every_quantity_with_unit_value_and_meaning(gpusyn, small):
    lines = gpusyn("show", small, "--quantities").stdout.split("\n")
    (row,) = [line for line in lines if line.startswith("neurons.ampa.conductance ")]
    assert re.search(r"1 to 2 +nS +conductance with every receptor open", row)
    (row,) = [line for line in lines if line.startswith("neurons.ampa.glutamate ")]
    assert "read from glutamate" in row


def test_show_config_prints_a_config_that_is_read_back(gpusyn, small, tmp_path):
    text = gpusyn("show", small, "--config").stdout
    (tmp_path / "again.toml").write_text(text)
    assert gpusyn("show", tmp_path / "again.toml", "--config").stdout == text


# run


def test_a_run_leaves_a_file_pictures_and_a_table(small, tmp_path):
    done = process("run", "small.toml", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for word in ("simulated time", "wall time", "steps/s", "real time", "memory", "spikes of neurons", "ledger"):
        assert word in done.stdout
    folder = tmp_path / "runs" / "small"
    assert (folder / "run.h5").is_file()
    assert list((folder / "plots").glob("*.png"))

    import gpusyn as gs

    with gs.open(folder / "run.h5") as run:
        assert run["neurons.v"].shape == (5, 6, 24)
        assert run.config["populations"]["neurons"]["ampa"]["conductance"] == "2.0 nS"

    again = process("run", "small.toml", cwd=tmp_path)
    assert again.returncode == 1
    assert "a run is already there" in again.stderr
    forced = process("run", "small.toml", "--force", "--no-plots", "--quiet", cwd=tmp_path)
    assert (forced.returncode, forced.stdout) == (0, "")


def test_a_run_speaks_json_if_it_is_asked_to(gpusyn, small, tmp_path):
    result = gpusyn("run", small, "--out", tmp_path / "out", "--no-plots", "--log-json", "--set", "run.duration=1 ms")
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.stdout.strip().split("\n")]
    (summary,) = [event for event in events if event["event"] == "summary"]
    assert (summary["status"], summary["steps"]) == ("finished", 10)


def test_an_interrupted_run_exits_with_75_and_is_resumed_to_the_same_result(tmp_path):
    import signal
    import time

    import numpy as np

    import gpusyn as gs

    long = LEAST.replace('"1 ms"', '"100 ms"') + NOISE
    (tmp_path / "long.toml").write_text(long)
    whole = process("run", "long.toml", "--no-plots", "--out", "whole", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    command = [sys.executable, "-m", "gpusyn", "run", "long.toml", "--no-plots", "--out", "cut"]
    child = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    assert child.stderr is not None
    child.stderr.readline()  # the first 5 %
    child.send_signal(signal.SIGTERM)
    child.communicate(timeout=60)
    if child.returncode == 0:
        pytest.skip("the run was over before the signal came")
    assert child.returncode == 75
    time.sleep(0.1)
    resumed = process("resume", "cut", "--no-plots", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    with gs.open(tmp_path / "whole" / "run.h5") as one, gs.open(tmp_path / "cut" / "run.h5") as two:
        assert np.array_equal(one["neurons.v"][:], two["neurons.v"][:])
        assert one["neurons.v"][:].std() > 0
