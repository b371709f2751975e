"""Kernel files are found and read with their includes in place."""

import hashlib
import re

import pytest

from gpusyn import kernel_files
from gpusyn.kernel_files import inline_includes, kernel_digest, kernel_names, kernel_source


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A kernels folder with a file that includes two, one of which includes the other."""
    (tmp_path / "a.cuh").write_text("int a;\n")
    (tmp_path / "b.cuh").write_text('#include "a.cuh"\nint b;\n')
    (tmp_path / "top.cu").write_text('// top\n#include "a.cuh"\n#include "b.cuh"\nint top;\n')
    monkeypatch.setattr(kernel_files, "kernels_folder", lambda: tmp_path)
    return tmp_path


def test_each_include_is_put_in_place_once(folder):
    source = kernel_source("top.cu")
    assert [source.count(f"int {name};") for name in ("a", "b", "top")] == [1, 1, 1]
    assert "#include" not in source


def test_lines_keep_the_file_and_number_they_are_written_at(folder):
    place = {}
    name, number = "", 0
    for line in kernel_source("top.cu").splitlines():
        if directive := re.match(r'#line (\d+) "(.+)"', line):
            number, name = int(directive[1]), directive[2]
        else:
            place[line] = (name, number)
            number += 1
    assert place["int a;"] == ("a.cuh", 1)
    assert place["int b;"] == ("b.cuh", 2)
    assert place["int top;"] == ("top.cu", 4)


def test_a_generated_source_can_include_kernel_files(folder):
    source = inline_includes('#include "b.cuh"\nint program;', "spine.cu")
    assert source.count("int a;") == 1
    assert source.endswith('#line 2 "spine.cu"\nint program;')


def test_the_digest_changes_with_an_included_file(folder):
    before = kernel_digest("top.cu")
    assert before == hashlib.sha256(kernel_source("top.cu").encode()).hexdigest()
    (folder / "a.cuh").write_text("int a2;\n")
    assert kernel_digest("top.cu") != before


def test_only_cu_files_are_compiled_by_themselves(folder):
    assert kernel_names() == ["top.cu"]


def test_an_unknown_file_is_an_error_that_lists_those_there_are(folder):
    with pytest.raises(FileNotFoundError, match=r"no kernel file 'tpo.cu'; there are a.cuh, b.cuh, top.cu"):
        kernel_source("tpo.cu")


def test_an_installation_without_kernels_is_an_error_that_names_both_places(tmp_path, monkeypatch):
    monkeypatch.setattr(kernel_files, "__file__", str(tmp_path / "gpusyn" / "kernel_files.py"))
    with pytest.raises(FileNotFoundError, match=r"neither .*_kernels nor .*kernels holds common.cuh"):
        kernel_files.kernels_folder.__wrapped__()


def test_a_wheel_has_them_inside_the_package(tmp_path, monkeypatch):
    (tmp_path / "gpusyn" / "_kernels").mkdir(parents=True)
    (tmp_path / "gpusyn" / "_kernels" / "common.cuh").touch()
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / "common.cuh").touch()
    monkeypatch.setattr(kernel_files, "__file__", str(tmp_path / "gpusyn" / "kernel_files.py"))
    assert kernel_files.kernels_folder.__wrapped__() == tmp_path / "gpusyn" / "_kernels"
