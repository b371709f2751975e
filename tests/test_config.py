"""Configs: what is read from them, and that the resolved text says the same."""

import numpy as np
import pytest
from config_text import LEAST, SMALL

from gpusyn.config import ConfigError, load, loads
from gpusyn.config.reading import configs_folder
from gpusyn.sources import Poisson, Regular
from gpusyn.wiring import Neighbourhood, SparseConnections


@pytest.fixture(scope="module")
def small():
    return loads(SMALL)


def test_times_and_choices_of_a_run_are_read_with_units(small):
    assert (small.run.duration, small.run.dt, small.run.seed, small.run.backend) == (5.0, 0.1, 3, "numpy")
    assert small.model.dt == 0.1
    assert small.model.name == "small"
    assert (small.output.compression, small.plots.movie, small.plots.draw) == ("none", False, True)


def test_the_lattice_has_its_shape_spacing_and_edges(small):
    lattice = small.model.lattice
    assert (lattice.shape, lattice.spacing, lattice.edges) == ((4, 6), 2.0, ("periodic", "periodic"))
    assert small.model.populations["targets"].lattice.shape == (1, 3)


def test_parameters_are_converted_to_their_declared_units(small):
    model = small.model
    assert model.get("neurons.ampa.conductance") == 2.0
    assert model.get("glutamate.reuptake_rate") == 0.05
    assert model.get("glutamate.transporters.v_max") == pytest.approx(0.1)  # 0.1 mM/s = 0.1 uM/ms
    assert model.get("neurons.d") == 8.0  # of the preset


def test_values_per_group_and_per_site_are_drawn(small):
    a, masks = small.model.get("neurons.a"), small.model.connections["excite"].wiring.from_sites
    assert masks.sum() == 18
    assert (a[masks == 1] == 0.02).all()
    assert ((a[masks == 0] >= 0.08) & (a[masks == 0] <= 0.1)).all()
    assert len(set(a[masks == 0])) == 6
    v = small.model.get("neurons.v_init")
    assert v.shape == (24,)
    assert v.min() >= -70


def test_draws_depend_on_the_seed_and_the_name_only(small):
    again, other = loads(SMALL), loads(SMALL.replace("seed = 3", "seed = 4"))
    more = loads(SMALL.replace('preset = "RS"', 'preset = "RS"\nb = { uniform = [0.1, 0.2] }'))
    assert np.array_equal(small.model.get("neurons.v_init"), again.model.get("neurons.v_init"))
    assert np.array_equal(small.model.get("neurons.v_init"), more.model.get("neurons.v_init"))
    assert not np.array_equal(small.model.get("neurons.v_init"), other.model.get("neurons.v_init"))


def test_uniform_and_normal_values_have_the_moments_asked_for():
    text = LEAST.replace("[2, 2]", "[100, 100]")
    text += 'b = { uniform = [1, 3] }\nd = { normal = ["5 pA", "2 pA"] }\nv_init = { normal = [0, 1], min = 0 }\n'
    model = loads(text).model
    b, d, half = model.get("neurons.b"), model.get("neurons.d"), model.get("neurons.v_init")
    assert b.mean() == pytest.approx(2, abs=4 * 2 / np.sqrt(12) / 100)
    assert (d.mean(), d.std()) == (pytest.approx(5, abs=0.08), pytest.approx(2, abs=0.06))
    assert half.min() >= 0
    assert half.mean() == pytest.approx(np.sqrt(2 / np.pi), abs=0.025)  # half a bell, not a bell with a wall


def test_connections_have_their_wiring_weight_delay_and_probability(small):
    excite, drive, down = (small.model.connections[name] for name in ("excite", "drive", "down"))
    assert isinstance(excite.wiring, Neighbourhood)
    assert (excite.weight, excite.delay, excite.probability) == (2.0, 0.5, 0.5)
    assert excite.target == "glutamate.concentration"
    assert excite.wiring.n_offset == 11  # two steps up and two steps down lead to one site on four rows
    assert excite.wiring.weights == pytest.approx(np.exp(-(excite.wiring.distances**2) / 18))
    assert drive.weight == 100.0  # 0.1 nA in pA
    assert isinstance(down.wiring, SparseConnections)
    assert down.wiring.delays.tolist() == [0, 4]


def test_sources_and_gap_junctions_are_added(small):
    sources = small.model.sources
    assert isinstance(sources["noise"].rule, Poisson)
    assert sources["noise"].n_site == 24
    assert isinstance(sources["clock"].rule, Regular)
    assert sources["clock"].rule.get("phase").tolist() == [0, 0.1, 0.2]
    assert small.model.gap_junctions["gaps"].conductance == 0.5


def test_the_sweep_has_its_axes_in_canonical_units(small):
    sweep = small.model.sweep
    assert small.model.n_point == 6
    assert sweep.axes["neurons.ampa.conductance"] == [1.0, 2.0]
    assert sweep.axes["glutamate.reuptake_rate"] == pytest.approx([0.01, 0.1, 1.0])


def test_sweep_names_need_no_quotes_and_may_vary_the_seed():
    config = loads(LEAST + '[sweep]\nmode = "zip"\nneurons.b = [1, 2]\nseed = [1, 2]\n')
    assert config.model.sweep.axes == {"neurons.b": [1.0, 2.0], "seed": [1, 2]}
    assert config.model.n_point == 2


def test_records_have_full_names_and_whole_steps(small):
    found = {record.path: record for record in small.records}
    assert found["neurons.v"].every == 10
    assert found["glutamate.concentration"].every == 10
    histogram = found["neurons.ampa.current"].reduce
    assert (histogram.n_bin, histogram.low, histogram.high) == (10, -1000.0, 0.0)


def test_records_choose_sites_by_group_index_and_position():
    text = SMALL + """
[[record]]
quantity = "neurons.w"
sites = "inhibitory"
[[record]]
quantity = "targets.v"
sites = [0, 2]
[[record]]
quantity = "neurons.ampa.r"
sites = [[0, 0], [3, 5]]
"""
    found = {record.path: record for record in loads(text).records}
    assert found["neurons.w"].sites.sum() == 6
    assert found["targets.v"].sites.tolist() == [0, 2]
    assert found["neurons.ampa.r"].sites.tolist() == [[0, 0], [3, 5]]


def test_the_resolved_config_reads_back_as_the_same_config(small):
    again = loads(small.text)
    assert again.text == small.text
    assert again.digest == small.digest
    assert np.array_equal(again.model.get("neurons.a"), small.model.get("neurons.a"))
    assert 'conductance = "2.0 nS"' in small.text
    assert 'v_th = "30.0 mV"' in small.text, "defaults are written out too"


def test_the_digest_covers_the_files_that_a_config_reads(tmp_path):
    np.save(tmp_path / "b.npy", np.arange(4.0))
    first = loads(LEAST + 'b = { file = "b.npy" }\n', folder=tmp_path)
    assert first.model.get("neurons.b").tolist() == [0, 1, 2, 3]
    np.save(tmp_path / "b.npy", np.ones(4))
    second = loads(LEAST + 'b = { file = "b.npy" }\n', folder=tmp_path)
    assert first.text == second.text
    assert first.digest != second.digest


@pytest.mark.parametrize("kind", ["my_receptors:Slow", "my_receptors.py:Slow"])
def test_a_mechanism_of_the_users_own_is_found_beside_the_config(tmp_path, kind):
    (tmp_path / "my_receptors.py").write_text(
        "from gpusyn.mechanism import parameter\nfrom gpusyn.receptors import AMPAReceptor\n\n"
        "class Slow(AMPAReceptor):\n    unbinding_rate = parameter(0.001, '1/ms', 'unbinding rate', low=0.0)\n"
    )
    (tmp_path / "own.toml").write_text(SMALL.replace('"AMPAReceptor"', f'"{kind}"'))
    config = load(tmp_path / "own.toml")
    assert config.model.get("neurons.ampa.unbinding_rate") == 0.001
    assert f'kind = "{kind}"' in config.text


def test_wirings_from_files_are_read(tmp_path):
    from scipy import sparse

    sparse.save_npz(tmp_path / "matrix.npz", sparse.coo_matrix(([2.0, 3.0], ([0, 1], [1, 3])), shape=(4, 4)))
    np.savez(tmp_path / "lists.npz", pre=[0, 1], post=[1, 3], weight=[2.0, 3.0], delay=[0.0, 1.0])
    base = LEAST + 'synapse = { kind = "ExponentialCurrentSynapse" }\n[connections.c]\nfrom = "neurons"\n'
    for file in ("matrix.npz", "lists.npz"):
        text = base + f'to = "neurons.synapse.inward_current"\nwiring = {{ kind = "sparse", file = "{file}" }}\n'
        config = loads(text, folder=tmp_path)
        assert config.model.connections["c"].wiring.weights.tolist() == [2.0, 3.0]
        assert config.files == [file]


def test_random_wiring_has_about_the_share_asked_for_and_no_self_connections():
    text = LEAST.replace("[2, 2]", "[20, 20]") + 'synapse = { kind = "ExponentialCurrentSynapse" }\n'
    text += '[connections.c]\nfrom = "neurons"\nto = "neurons.synapse.inward_current"\n'
    wiring = loads(text + 'wiring = { kind = "random", probability = 0.1 }\n').model.connections["c"].wiring
    expected = 400 * 399 * 0.1
    assert abs(wiring.n_connections() - expected) < 5 * np.sqrt(expected * 0.9)
    assert not (wiring.sources() == wiring.indices).any()


@pytest.mark.parametrize("path", sorted(configs_folder().glob("*.toml")), ids=lambda path: path.stem)
def test_every_config_that_comes_with_gpusyn_is_right_and_says_what_it_shows(path):
    assert path.read_text("utf-8").startswith("# ")
    assert load(path).model.populations or load(path).model.transmitters


@pytest.mark.parametrize("name", ["quickstart", "quickstart.toml", "configs/quickstart.toml"])
def test_configs_that_come_with_gpusyn_are_found_by_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(name).model.name == "quickstart"


def test_a_name_that_is_no_config_gets_a_suggestion(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"quickstrat\.toml: there is no such file; did you mean 'quickstart'"):
        load("quickstrat.toml")
