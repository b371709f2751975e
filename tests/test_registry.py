"""Mechanisms by name: built-in ones, and those in a user's own files."""

import sys

import pytest

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism
from gpusyn.receptors import AMPAReceptor
from gpusyn.registry import FOLDERS, all_mechanisms, find_kind, kinds

SLOW = '''
"""A receptor of one's own."""
from constants_of_mine import RATE
from gpusyn.mechanism import parameter
from gpusyn.receptors import NMDA_Receptor


class SlowNMDA(NMDA_Receptor):
    """Unbinds more slowly."""

    unbinding_rate = parameter(RATE, "1/ms", "unbinding rate")


class NotOne:
    """Something else."""
'''


@pytest.fixture
def folder(tmp_path):
    """A user's folder with a module, a package and a file that the module imports."""
    (tmp_path / "my_receptors.py").write_text(SLOW)
    (tmp_path / "constants_of_mine.py").write_text("RATE = 0.002\n")
    (tmp_path / "my_lab").mkdir()
    (tmp_path / "my_lab" / "receptors.py").write_text(SLOW)
    yield tmp_path
    sys.modules.pop("constants_of_mine", None)


def test_every_folder_lists_its_mechanisms():
    assert kinds("receptors")["AMPAReceptor"] is AMPAReceptor
    everything = all_mechanisms()
    assert len(everything) == len({kind.__name__ for kind in everything}) == sum(len(kinds(f)) for f in FOLDERS)
    assert all(issubclass(kind, Mechanism) for kind in everything)


def test_built_in_kinds_are_found_by_name():
    assert find_kind("AMPAReceptor") is AMPAReceptor


@pytest.mark.parametrize("name", ["my_receptors:SlowNMDA", "my_receptors.py:SlowNMDA", "my_lab.receptors:SlowNMDA",
                                  "my_lab/receptors.py:SlowNMDA"])
def test_a_users_kind_is_found_in_its_folder(folder, name):
    kind = find_kind(name, folder)
    assert kind().unbinding_rate == 0.002
    assert find_kind(name, folder) is kind


def test_an_edited_file_is_read_again(folder):
    before = find_kind("my_receptors:SlowNMDA", folder)
    (folder / "my_receptors.py").write_text(SLOW.replace("(RATE,", "(2 * RATE,"))
    after = find_kind("my_receptors:SlowNMDA", folder)
    assert (before().unbinding_rate, after().unbinding_rate) == (0.002, 0.004)


def test_looking_a_kind_up_leaves_the_search_path_as_it_was(folder):
    before = list(sys.path)
    find_kind("my_receptors:SlowNMDA", folder)
    with pytest.raises(ModelError):
        find_kind("no_such:SlowNMDA", folder)
    assert sys.path == before


def test_an_installed_module_will_do(folder):
    assert find_kind("gpusyn.receptors.ampa:AMPAReceptor", folder) is AMPAReceptor


@pytest.mark.parametrize(("name", "message"), [
    ("AMPAReceptr", "kind 'AMPAReceptr' is not a built-in mechanism; did you mean 'AMPAReceptor'"),
    ("my_receptor:SlowNMDA", r"there is no module 'my_receptor', installed or in .*; did you mean 'my_receptors'"),
    ("my_lab.receptor:SlowNMDA", r"there is no module 'my_lab.receptor', .*; did you mean 'my_lab.receptors'"),
    ("my_receptor.py:SlowNMDA", r"there is no file 'my_receptor.py' in .*; did you mean 'my_receptors.py'"),
    ("my_receptors:SlowNMAD", r"my_receptors.py has no 'SlowNMAD'; did you mean 'SlowNMDA'"),
    ("my_receptors:NotOne", r"kind 'my_receptors:NotOne': NotOne is not a Mechanism; valid: SlowNMDA"),
    (":SlowNMDA", r"kind ':SlowNMDA': write module:Class or file.py:Class"),
    ("my_receptors:", r"kind 'my_receptors:': write module:Class or file.py:Class"),
    ("a..b:C", r"there is no module 'a..b'"),
])
def test_a_kind_that_is_not_found_is_an_error_with_the_nearest(folder, name, message):
    with pytest.raises(ModelError, match=message):
        find_kind(name, folder)


def test_an_unknown_folder_is_an_error_with_the_nearest():
    with pytest.raises(ModelError, match="'receptor' is not a folder of mechanisms; did you mean 'receptors'"):
        kinds("receptor")


def test_a_file_that_fails_to_import_says_so_itself(folder):
    (folder / "broken.py").write_text("import no_such_module_anywhere\n")
    for name in ("broken:Thing", "broken.py:Thing"):
        with pytest.raises(ModuleNotFoundError, match="no_such_module_anywhere"):
            find_kind(name, folder)
