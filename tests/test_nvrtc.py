"""Every kernel file compiles for every architecture that gpusyn promises; no GPU is needed for that."""

import pytest

from gpusyn.backends.compilation import CompilationError
from gpusyn.backends.cuda import load_nvrtc
from gpusyn.backends.nvrtc import compile_source, compiled_file, target_for
from gpusyn.errors import BackendError
from gpusyn.kernel_files import kernel_names, kernel_source

TARGETS = ["sm_75", "sm_80", "sm_90", "sm_100"]
NVRTC_12 = (50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90, 100, 101, 103, 120, 121)


@pytest.fixture(scope="module")
def nvrtc():
    try:
        return load_nvrtc()
    except BackendError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", kernel_names())
def test_every_kernel_file_compiles(nvrtc, name, target, precision):
    cubin = compile_source(nvrtc, kernel_source(name), precision, target)
    assert cubin.startswith(b"\x7fELF")


def test_a_virtual_architecture_gives_ptx(nvrtc):
    ptx = compile_source(nvrtc, kernel_source("clock.cu"), "float32", "compute_90")
    assert b".visible .entry advance_clock" in ptx


def test_a_compile_error_shows_the_line_of_the_file_it_is_in(nvrtc):
    source = '#line 1 "broken.cu"\nextern "C" __global__ void broken(real* x)\n{\n    x[0] = undeclared;\n}\n'
    with pytest.raises(CompilationError) as raised:
        compile_source(nvrtc, source, "float32", "sm_90")
    assert "broken.cu, line 3:" in str(raised.value)
    assert ">    3 |     x[0] = undeclared;" in str(raised.value)
    assert '"undeclared" is undefined' in raised.value.log


def test_compiled_code_is_kept_and_found_again(nvrtc, tmp_path, monkeypatch):
    monkeypatch.setenv("GPUSYN_CACHE", str(tmp_path))
    path = compiled_file(nvrtc, kernel_source("clock.cu"), "float32", 90)
    assert path.parent == tmp_path / "cubin"
    written = path.stat().st_ino
    assert compiled_file(nvrtc, kernel_source("clock.cu"), "float32", 90).stat().st_ino == written
    others = [
        compiled_file(nvrtc, kernel_source("clock.cu"), "float64", 90),
        compiled_file(nvrtc, kernel_source("clock.cu"), "float32", 80),
        compiled_file(nvrtc, kernel_source("clock.cu") + "\n", "float32", 90),
    ]
    assert len({path, *others}) == 4


@pytest.mark.parametrize(
    ("capability", "target"),
    [(90, "sm_90"), (75, "sm_75"), (88, "sm_87"), (110, "compute_103"), (123, "sm_121"), (130, "compute_121")],
)
def test_a_device_gets_the_nearest_code_that_it_can_run(capability, target):
    assert target_for(capability, NVRTC_12) == target


def test_a_device_older_than_the_compiler_is_refused_with_the_way_out():
    with pytest.raises(BackendError, match=r"capability 7\.0; .* compiles for 7\.5 and newer; gpusyn\[cuda12\]"):
        target_for(70, (75, 80, 90))
