"""Compiled code is kept on disk: by digest, whole or not at all, and not without bound."""

import os
import subprocess
import sys

import pytest

from gpusyn.backends import disk_cache
from gpusyn.backends.disk_cache import cache_folder, cached, digest, prune


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("GPUSYN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "kind"


def test_the_digest_tells_where_one_text_ends():
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", "c") == digest("ab", "c")
    assert len(digest()) == 64


def test_a_file_is_made_once(folder):
    made = []

    def make(path):
        made.append(path)
        path.write_bytes(b"code")

    first = cached("kind", "key", ".so", make)
    assert cached("kind", "key", ".so", make) == first == folder / "key.so"
    assert first.read_bytes() == b"code"
    assert len(made) == 1


def test_a_failure_leaves_nothing_behind(folder):
    def make(path):
        path.write_bytes(b"half")
        raise RuntimeError("compiler died")

    with pytest.raises(RuntimeError, match="compiler died"):
        cached("kind", "key", ".so", make)
    assert list(folder.iterdir()) == []


MAKE = """
import sys, time
from gpusyn.backends.disk_cache import cached
def make(path):
    path.write_bytes(b"x" * 1000)
    time.sleep(0.2)
    path.write_bytes(b"y" * 100000)
print(len(cached("kind", "key", ".so", make).read_bytes()))
"""


def test_two_processes_may_make_one_file_at_once(folder):
    processes = [subprocess.Popen([sys.executable, "-c", MAKE], stdout=subprocess.PIPE) for _ in range(2)]
    assert [process.communicate()[0].strip() for process in processes] == [b"100000", b"100000"]
    assert [path.name for path in folder.iterdir()] == ["key.so"]


def test_pruning_deletes_what_was_used_longest_ago(tmp_path):
    for age, name in enumerate("abcd"):
        (tmp_path / name).write_bytes(b"x" * 100)
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    (tmp_path / ".unfinished-e").write_bytes(b"x" * 100)
    prune(tmp_path, 300, keep=tmp_path / "d")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".unfinished-e", "a", "d"]


def test_a_cache_that_cannot_be_written_is_replaced_for_this_process(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GPUSYN_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(disk_cache, "_own", [])
    path = cached("kind", "key", ".so", lambda path: path.write_bytes(b"code"))
    assert path.read_bytes() == b"code"
    assert tmp_path not in path.parents


def test_the_user_chooses_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GPUSYN_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("GPUSYN_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "gpusyn"
