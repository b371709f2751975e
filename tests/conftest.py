"""What all tests share: the backends and precisions that they run on, and where compiled code is kept between runs."""

import hashlib
import os
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import settings

GPUSYN = Path(__file__).resolve().parent.parent / "gpusyn"
BACKENDS = ("numpy", "numba", "cuda-on-host", pytest.param("cuda", marks=pytest.mark.gpu))
ONE_DAY = 24 * 3600.0

os.environ.setdefault("MPLBACKEND", "Agg")
# Compiling makes the first example slow; on CI the examples are the same in every run.
settings.register_profile("gpusyn", deadline=None, derandomize=bool(os.environ.get("CI")), print_blob=True)
settings.load_profile("gpusyn")


def pytest_configure(config):
    """Keep compiled code in pytest's cache folder; Numba reads its setting when it is imported, which is later."""
    if cache := getattr(config, "cache", None):
        os.environ.setdefault("GPUSYN_CACHE", str(cache.mkdir("compiled-kernels")))
        os.environ.setdefault("NUMBA_CACHE_DIR", str(_numba_folder(cache.mkdir("compiled-functions"))))


def _numba_folder(folder: Path) -> Path:
    """A folder for these very sources: Numba's own cache misses a change in a function that another file calls."""
    sources = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(GPUSYN.rglob("*.py")))).hexdigest()
    for old in folder.iterdir():
        if time.time() - old.stat().st_mtime > ONE_DAY:
            shutil.rmtree(old, ignore_errors=True)
    current = folder / sources[:16]
    current.mkdir(exist_ok=True)
    os.utime(current)
    return current


def pytest_runtest_setup(item):
    """Skip what needs a GPU where none answers, saying why; with GPUSYN_REQUIRE_GPU=1 that is a failure."""
    if item.get_closest_marker("gpu") is None:
        return
    from gpusyn.backends.cuda import cuda_unavailable_reason

    if reason := cuda_unavailable_reason():
        refuse = pytest.fail if os.environ.get("GPUSYN_REQUIRE_GPU") == "1" else pytest.skip
        refuse(f"cuda: {reason}")


@pytest.fixture(params=BACKENDS)
def backend(request):
    """Each backend in turn: the object that `gpusyn.backends.get` gives for its name."""
    if request.param == "cuda-on-host":
        from gpusyn.backends.cuda_on_host import unavailable_reason

        if reason := unavailable_reason():
            pytest.skip(f"cuda-on-host: {reason}")
    from gpusyn import backends

    return backends.get(request.param)


@pytest.fixture(params=["float32", "float64"])
def precision(request):
    """Each precision of the state in turn, by the name of its NumPy type."""
    return request.param
