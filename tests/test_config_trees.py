"""Trees in configs: shapes from files or made up, groups of nodes, and what is said of a wrong one."""
from pathlib import Path

import numpy as np
import pytest
from config_text import SHAPED
from typer.testing import CliRunner

import gpusyn as gs
from gpusyn.cli import app
from gpusyn.config import ConfigError, load, loads

CONFIGS = Path(__file__).parent.parent / "configs"
SWC = "1 1 0 0 0 5 -1\n2 3 0 8 0 0.5 1\n3 3 0 20 0 0.4 2\n4 4 0 -9 0 0.6 1\n5 4 0 -30 0 0.3 4\n"
PLAIN = '[run]\nduration = 1\ndt = 0.01\n[trees.cell]\nmorphology = "cell.swc"\n'


def problems(text, folder="."):
    """The problems of a config, as lines."""
    with pytest.raises(ConfigError) as caught:
        loads(text, name="x.toml", folder=folder)
    return caught.value.problems


def test_a_made_up_tree_has_its_shape_its_er_and_its_groups():
    config = loads(SHAPED)
    trees = config.model.populations["dendrite"]
    cell = gs.gen_branch(20.0, gs.morphology.taper(0.6, 0.2), 21)
    assert trees.scheme == "euler"
    assert (trees.forest.n_cell, trees.n_site) == (2, 62)
    assert np.array_equal(trees.forest.distinct[0].radius, cell.radius)
    assert np.array_equal(trees.reticula[0].volume, gs.reticulum(cell, 0.5).volume)
    density = config.model.values("dendrite.pump.density")[0]
    assert np.flatnonzero(density == 0).tolist() == [31 + 3, 31 + 5]
    far = np.tile(cell.path_distance >= 15, 2)
    assert (density[far] == 250).all()
    assert ((density[~far] >= 400) | (density[~far] == 0)).all()
    assert config.records[0].sites.nonzero()[0].tolist() == [34, 36]
    assert config.model.values("dendrite.pump.k_m").ravel() == pytest.approx([0.06, 0.12])


def test_the_resolved_config_is_the_same_model():
    config = loads(SHAPED)
    again = loads(config.text)
    assert again.text == config.text
    for path in ("membrane_area", "er_volume", "leak.permeability", "pump.density", "resting_ca"):
        assert np.array_equal(again.model.values(f"dendrite.{path}"), config.model.values(f"dendrite.{path}"))
    assert "membrane_area" not in config.text                       # it would be given, and no longer the morphology's
    assert 'membrane_area = "2.0 um^2"' in loads(SHAPED.replace("scheme =", "membrane_area = 2\nscheme =")).text


def test_a_tree_from_a_file_is_refined_and_known_by_its_regions(tmp_path):
    (tmp_path / "cell.swc").write_text(SWC)
    text = f'{PLAIN}refine = "2 um"\ncalbindin_total = {{ soma = 40, basal = 160, apical = "80 uM" }}\n'
    config = loads(text, folder=tmp_path)
    trees = config.model.populations["cell"]
    assert trees.forest.distinct[0].length.max() <= 2.0
    sites = config.model.values("cell.calbindin_total")[0]
    kind = trees.forest.gather("kind")
    assert [set(sites[kind == one]) for one in (1, 3, 4)] == [{40.0}, {160.0}, {80.0}]
    assert config.files == ["cell.swc"]                             # a changed file is another run
    both = loads(text.replace('"cell.swc"', '["cell.swc", { file = "cell.swc", scale = 2 }]'), folder=tmp_path)
    first, second = both.model.populations["cell"].forest.distinct
    assert second.length.sum() == pytest.approx(2 * first.length.sum())


# a file -> what its problem says
BAD_FILES = {
    "1 3 0 0 0 1 2\n2 3 1 0 0 1 1\n": "its parents form a cycle",
    "1 3 0 0 0 1 -1\n2 3 1 0 0 1 -1\n": "a second root",
    "1 3 0 0 0 1 -1\n2 3 1 0 0 0 1\n": "radius 0 um; a radius must be above 0",
    "1 3 0 0 0 1 -1\n2 3 0 0 0 1 1\n": "length 0 um",
    "1 3 0 0 0 1 -1\n2 3 1 0 0 1 7\n": "parent 7",
    "1 3 0 0 zero 1 -1\n": "'zero'",
    "# nothing\n": "no samples",
}  # fmt: skip


@pytest.mark.parametrize("file", BAD_FILES)
def test_a_bad_morphology_is_refused_with_the_line_of_the_config_and_of_the_file(file, tmp_path):
    (tmp_path / "cell.swc").write_text(file)
    found = problems(PLAIN, tmp_path)
    assert all(one.startswith("x.toml:5: cell.morphology: cell.swc") for one in found)
    assert any(BAD_FILES[file] in one for one in found), found


# (what stands in the config, what stands there instead, the problem; {n} is the place of the change)
WRONG = {
    "no shape": ("branch = {", "# {", "x.toml:6: dendrite: give one of morphology, beam, branch, tree: trees need"),
    "two shapes": ("count = 2", "beam = {}", "dendrite.beam: give one of morphology, beam, branch, tree, not beam and"),
    "shape's key": ("n = 21", "nn = 21", "{n} dendrite.branch.nn: unknown key; did you mean 'n'?"),
    "shape's size": ("n = 21", "n = 2", "{n} dendrite.branch: gen_branch: n 2 must be a whole number of at least 3"),
    "shape's unit": ('length = "20 um"', 'length = "20 ms"', "{n} dendrite.branch.length: '20 ms' is a time"),
    "radius": ('to = "0.2 um"', "to = 0", "{n} dendrite.branch:"),
    "count": ("count = 2", "count = 0", "{n} dendrite.count: 0 must be a whole number of at least 1"),
    "refine": ("count = 2", "refine = -1", "{n} dendrite.refine: -1 um must be above 0"),
    "scheme": ('scheme = "euler"', 'scheme = "sbdf"', "{n} dendrite.scheme: 'sbdf' is not a scheme; did you mean"),
    "law of the ER": ("er = { ratio =", "er = { rato =", "{n} dendrite.er: unknown key 'rato'; did you mean 'ratio'?"),
    "ER": ("basal = 0.5", "basal = 1", "{n} dendrite.er: ratio 1 must be at least 0 and below 1"),
    "region of the ER": ("basal = 0.5", "basl = 0.5", "{n} dendrite.er: ratio: there is no region 'basl'; did you"),
    "unknown key": ("resting_ca =", "resting_calcium =", "{n} dendrite.resting_calcium: unknown key;"),
    "group's key": ("nodes = [3, 5]", "node = [3]", "{n} dendrite.groups: stimulus: unknown key 'node'; did you mean"),
    "group's node": ("nodes = [3, 5]", "nodes = [31]", "{n} dendrite.groups: stimulus: nodes = [31] must be a list of"),
    "group's cell": ("cells = [1]", "cells = [2]", "{n} dendrite.groups: stimulus: cells = [2] must be a list"),
    "groups twice": ("nodes = [3, 5]", "nodes = [20]", "{n} dendrite.groups: far: node 51 is in group 'stimulus'"),
    "empty group": ('beyond = "15 um"', 'beyond = "99 um"', "{n} dendrite.groups: far: no node is all of"),
    "value of a group": ("density = { stimulus = 0,", "density = {",
                         "{n} dendrite.pump.density: no value for group 'stimulus'"),
    "kind": ('kind = "PMCA"', 'kind = "PCMA"', "{n} dendrite.pump.kind: there is no 'PCMA'; did you mean 'PMCA'?"),
    "nothing spreads": ("resting_ca =", 'kind = "LeakyIntegrateAndFire"\n# ', "dendrite: nothing spreads along the"),
    "given": ('kind = "PMCA"', 'kind = "PMCA"\nca = "calcium"', "dendrite.pump: needs 'calcium', which nothing in"),
    "recorded twice": ('sites = "stimulus"', 'sites = "stimulus"\n[[record]]\nquantity = "dendrite.ca"',
                       "record[1].quantity: 'dendrite.ca' is recorded by record[0] already; name all of its sites"),
    "swept shape": ('"dendrite.pump.k_m" = ["60 nM", "120 nM"]', '"dendrite.branch.radius" = [0.2, 0.3]',
                    "sweep.dendrite.branch.radius: the shape of trees is the same at all sweep points"),
    "swept section": ('"dendrite.pump.k_m" = ["60 nM", "120 nM"]', '"trees.dendrite.ca_diffusion" = [0.2]',
                      "sweep.trees.dendrite.ca_diffusion: names begin with what is below 'trees': dendrite.ca_diff"),
    "record": ('sites = "stimulus"', 'sites = "stimuli"', "{n} record[0].sites: there is no group 'stimuli'; did you"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_value_is_named_with_its_line_its_rule_and_what_was_meant(case):
    old, new, message = WRONG[case]
    assert SHAPED.count(old) == 1, old
    text = SHAPED.replace(old, new)
    line = next(number for number, one in enumerate(text.split("\n"), 1) if new.split("\n")[0] in one)
    found = problems(text)
    assert any(message.replace("{n} ", f"x.toml:{line}: ") in one for one in found), found


def test_a_command_with_a_bad_morphology_writes_nothing(tmp_path):
    (tmp_path / "cell.swc").write_text("1 3 0 0 0 1 2\n2 3 1 0 0 1 1\n")
    (tmp_path / "x.toml").write_text(PLAIN)
    done = CliRunner().invoke(app, ["run", str(tmp_path / "x.toml"), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "cycle" in done.output
    assert not (tmp_path / "out").exists()


def test_the_calcium_wave_is_the_readmes():
    config = load(CONFIGS / "calcium_wave.toml")
    model, trees = config.model, config.model.populations["dendrite"]
    assert trees.forest.distinct[0].spacing[1:] == pytest.approx(64 / 999)
    assert np.flatnonzero(model.values("dendrite.calcium_source.amplitude")).tolist() == [500]
    assert model.values("dendrite.pm_leak.permeability") == pytest.approx(4.497345e-6, rel=1e-6)        # SPINE's own
    assert model.values("dendrite.er_leak.permeability") == pytest.approx(3.786353e-5, rel=1e-6)
    assert (model.dt, config.run.duration) == pytest.approx((0.005, 25.0))


def test_the_calcium_wave_runs_is_drawn_and_exported(tmp_path):
    smaller = ["dendrite.beam.n=101", "dendrite.beam.length=6.4 um", "dendrite.groups.stimulus.nodes=[50]",
               "run.duration=2 ms", "run.backend=numpy", "plots.movie=false"]
    sets = [word for one in smaller for word in ("--set", one)]
    done = CliRunner().invoke(app, ["run", str(CONFIGS / "calcium_wave.toml"), "--out", str(tmp_path), *sets])
    assert done.exit_code == 0, done.output
    assert {file.name for file in (tmp_path / "plots").iterdir()} == {
        "traces.png", *(f"{picture}_dendrite.{name}.png" for picture in ("kymograph", "tree_map")
                        for name in ("ca", "ca_er"))}
    with gs.open(tmp_path / "run.h5") as run:
        trees = run.trees["dendrite"]
        assert trees.within("dendrite.ca_er") == "er"
        when = trees.crossing("ca", 1.0)
        assert np.isfinite(when[40:61]).all()                       # the wave is on its way, in both directions
        assert when[50] == when[40:61].min()
        assert when[:50] == pytest.approx(when[:50:-1], nan_ok=True, abs=1e-6)
    assert CliRunner().invoke(app, ["check", str(CONFIGS / "calcium_wave.toml")]).exit_code == 0
    shown = CliRunner().invoke(app, ["show", str(CONFIGS / "calcium_wave.toml"), "dendrite", "--cuda"])
    assert shown.exit_code == 0
    assert shown.output.count('extern "C" __global__') >= 2           # before and after the axial solve
