"""Checkpoints: bit for bit, twice, and never torn."""
import os

import h5py
import numpy as np
import pytest

from gpusyn.recording import CheckpointError, checkpoint, read_checkpoint, write_checkpoint

CONFIG = "[run]\nseed = 7\ndt = 0.1\n"


def state(step):
    random = np.random.default_rng(step)
    return {"neurons.v": random.normal(size=(3, 100)).astype("f4"), "spikes": random.random((3, 100)) < 0.5,
            "synapses.weight": random.normal(size=(3, 0)), "ledger": np.array([np.nan, np.inf, -0.0]),
            "clock": np.array(step, np.int64)}


def test_a_checkpoint_returns_every_bit(tmp_path):
    write_checkpoint(tmp_path / "now.ckpt", state(1), {"step": 1, "rows": {"/traces/neurons/v": 3}}, CONFIG)
    found = read_checkpoint(tmp_path / "now.ckpt", CONFIG)
    for name, array in state(1).items():
        assert found.state[name].dtype == array.dtype
        assert found.state[name].shape == array.shape
        assert np.asarray(found.state[name]).tobytes() == array.tobytes()
    assert found.attrs == {"step": 1, "rows": {"/traces/neurons/v": 3}}
    assert found.config == CONFIG


def test_the_last_two_are_kept_and_nothing_else(tmp_path):
    for step in (1, 2, 3):
        write_checkpoint(tmp_path / "now.ckpt", state(step), {"step": step})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["now.ckpt", "now.ckpt.previous"]
    assert read_checkpoint(tmp_path / "now.ckpt").attrs["step"] == 3
    assert read_checkpoint(tmp_path / "now.ckpt.previous").attrs["step"] == 2


@pytest.mark.parametrize("where", [0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("damage", ["cut", "zeros"])
def test_a_torn_checkpoint_falls_back_to_the_one_before(tmp_path, caplog, damage, where):
    path = tmp_path / "now.ckpt"
    for step in (1, 2):
        write_checkpoint(path, {"v": np.random.default_rng(step).random(20000)}, {"step": step})
    content = bytearray(path.read_bytes())
    at = int(where * len(content))
    content[at:] = b"" if damage == "cut" else bytes(len(content) - at)
    path.write_bytes(content)
    assert read_checkpoint(path).attrs["step"] == 1
    assert "now.ckpt" in caplog.text
    assert "continuing from now.ckpt.previous" in caplog.text


def test_a_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "now.ckpt"
    write_checkpoint(path, {"v": np.ones(5000)}, {"step": 1})
    with h5py.File(path, "r+") as file:
        file["state/v"][1234] = np.nextafter(1, 2)
    with pytest.raises(CheckpointError, match=r"now\.ckpt: torn: its content does not match.*no such file"):
        read_checkpoint(path)


@pytest.mark.parametrize("moment", [0, 1, 2])
def test_a_crash_between_renames_leaves_a_good_checkpoint(tmp_path, monkeypatch, moment):
    """The process dies before the old one is renamed, between the two renames, or right after them."""
    path = tmp_path / "now.ckpt"
    write_checkpoint(path, state(1), {"step": 1})
    calls, replace = [], os.replace

    def dying_replace(*names):
        if len(calls) == moment:
            raise KeyboardInterrupt
        calls.append(names)
        replace(*names)

    monkeypatch.setattr(os, "replace", dying_replace)
    if moment < 2:
        with pytest.raises(KeyboardInterrupt):
            write_checkpoint(path, state(2), {"step": 2})
    else:
        write_checkpoint(path, state(2), {"step": 2})
    assert read_checkpoint(path).attrs["step"] == (2 if moment == 2 else 1)


def test_another_configuration_is_refused_and_shown(tmp_path):
    write_checkpoint(tmp_path / "now.ckpt", state(1), {}, CONFIG)
    other = CONFIG.replace("seed = 7", "seed = 8")
    with pytest.raises(CheckpointError, match=r"(?s)saved under another configuration.*-seed = 7.*\+seed = 8.*allow"):
        read_checkpoint(tmp_path / "now.ckpt", other)
    assert read_checkpoint(tmp_path / "now.ckpt", other, allow_config_change=True).config == CONFIG


def test_what_is_no_checkpoint_is_said(tmp_path):
    with pytest.raises(CheckpointError, match=r"no checkpoint to continue from: .*none\.ckpt: there is no such file"):
        read_checkpoint(tmp_path / "none.ckpt")
    h5py.File(tmp_path / "run.h5", "w").close()
    with pytest.raises(CheckpointError, match=r"run\.h5: not a gpusyn checkpoint"):
        read_checkpoint(tmp_path / "run.h5")
    with pytest.raises(CheckpointError, match="'v' holds Python objects"):
        write_checkpoint(tmp_path / "o.ckpt", {"v": np.array([{}])}, {})
    with pytest.raises(CheckpointError, match="attrs cannot be written as JSON"):
        write_checkpoint(tmp_path / "o.ckpt", {}, {"step": np.arange(3)})
    with pytest.raises(CheckpointError, match="'a/b' has a slash"):
        write_checkpoint(tmp_path / "o.ckpt", {"a/b": np.zeros(1)}, {})
    assert checkpoint.previous_of("x.ckpt").name == "x.ckpt.previous"
    assert not (tmp_path / "o.ckpt").exists()
