"""README's first result and the examples run as they are printed."""
import re
import runpy
from pathlib import Path

import numpy as np
import pytest

import gpusyn as gs

ROOT = Path(__file__).parent.parent


@pytest.fixture
def empty_folder(tmp_path, monkeypatch):
    """A folder of its own as the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_result_of_the_readme_runs(empty_folder):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"## A first result in ten lines\n\n```python\n(.*?)```", text, re.DOTALL)[1]
    exec(code, {})
    assert (empty_folder / "first.png").stat().st_size > 10_000
    run = gs.open("runs/first/run.h5")
    assert run["glutamate"][:].max() > 1.0
    assert len(run.spikes["neurons"].times) > 100


def test_the_custom_receptor_is_fused_and_behaves_as_it_says(backend):
    example = runpy.run_path(str(ROOT / "examples" / "custom_receptor.py"))
    slow, plain, zinc = (
        example["simulate"](receptor, backend)
        for receptor in (
            example["SlowNMDA"](preset="Destexhe1998", unbinding_rate=0.0066 / 5, conductance=5.0),
            gs.NMDA_Receptor(preset="Destexhe1998", conductance=5.0),
            example["SlowNMDA"](preset="Destexhe1998", unbinding_rate=0.0066 / 5, conductance=5.0, zinc=1.0),
        )
    )
    assert "SlowNMDA_zinc_left" in slow.assembly.programs["cell"].source
    late = {name: s.recorder["cell.nmda.open_fraction"][-1, 0] for name, s in (("slow", slow), ("plain", plain))}
    assert late["slow"] > 3 * late["plain"]
    depolarised = [np.max(s.recorder["cell.v"]) + 75.0 for s in (slow, zinc)]
    assert depolarised[1] == pytest.approx(depolarised[0] / 2, rel=0.02)  # 1 uM is the half-blocking concentration


def test_the_dendrite_of_the_readme_runs(empty_folder):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"## Calcium in dendrites\n\n```python\n(.*?)```", text, re.DOTALL)[1]
    exec(code.replace('duration="40 ms"', 'duration="1 ms", backend="numpy"'), {})
    assert (empty_folder / "kymograph.png").stat().st_size > 10_000
    assert (empty_folder / "paraview" / "dendrite.pvd").exists()


def test_the_calcium_wave_runs_both_ways_along_a_dendrite(empty_folder):
    example = runpy.run_path(str(ROOT / "examples" / "calcium_wave.py"))
    cell, stimulus = gs.gen_beam(length=6.4, radius=0.2, n=101), np.zeros(101)
    stimulus[50] = 1.0
    with example["simulate"](cell, stimulus, "runs/short", duration="3 ms", backend="numpy", progress=False) as run:
        trees = run.trees["dendrite"]
        when = trees.crossing("ca", 1.0)
        assert np.isfinite(when).all()                              # it has passed everywhere
        assert (np.diff(when[55:]) > 0).all()
        assert when == pytest.approx(when[::-1], rel=1e-3)
        rise = trees.mean("ca")
        assert rise[0] == pytest.approx(0.05, rel=1e-6)
        assert rise.max() > 3.0
        assert trees.mean("ca_er")[-1] < 125.0                      # the ER has let go of most of its calcium


def test_the_custom_receptor_can_be_named_in_a_config(empty_folder):
    text = (ROOT / "configs" / "one_synapse.toml").read_text(encoding="utf-8")
    (empty_folder / "custom_receptor.py").write_text((ROOT / "examples" / "custom_receptor.py").read_text())
    extra = '\n[populations.neurons.slow]\nkind = "custom_receptor.py:SlowNMDA"\nzinc = "2 uM"\n'
    (empty_folder / "mine.toml").write_text(text + extra)
    simulation = gs.Simulation("mine.toml", backend="numpy")
    assert simulation.model.get("neurons.slow.zinc") == 2.0
    simulation.step(5)
