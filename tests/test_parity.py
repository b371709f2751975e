"""Every mechanism steps alike on every backend, in both precisions, against NumPy in float64."""
import numpy as np
import pytest
from operations import OTHER_BACKENDS
from parity_cases import all_cases, run, start_of

from gpusyn.kernel_files import inline_includes
from gpusyn.translate.cuda_source import cuda_source

CASES = {case.name: case for case in all_cases()}
N_STEP = 4
# Four steps of at most a few dozen operations each; currents reach 1e3 pA, so errors are measured against the scale.
TOLERANCE = {"float64": 2e-12, "float32": 2e-4}


@pytest.fixture(scope="module")
def reference():
    """Results of NumPy in float64, computed once for each case."""
    known = {}

    def result(name):
        if name not in known:
            known[name] = run(CASES[name], "numpy", "float64", N_STEP)
        return known[name]

    return result


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("backend_name", [*OTHER_BACKENDS, "numpy"])
@pytest.mark.parametrize("precision", TOLERANCE)
def test_every_backend_agrees_with_numpy_in_float64(name, backend_name, precision, reference):
    expected, result = reference(name), run(CASES[name], backend_name, precision, N_STEP)
    assert set(result) == set(expected)
    for path, values in expected.items():
        assert np.isfinite(values).all(), path
        scale = max(1.0, np.abs(values).max())
        np.testing.assert_allclose(result[path], values, rtol=0, atol=TOLERANCE[precision] * scale, err_msg=path)


@pytest.mark.parametrize("name", CASES)
def test_a_step_changes_every_state(name, reference):
    """A parity test of something that stands still would prove nothing."""
    arguments = {a.path: a for a in CASES[name].program.arguments}
    for _, path in CASES[name].program.updates:
        assert not np.array_equal(reference(name)[path], start_of(arguments[path])), path


@pytest.mark.parametrize("precision", TOLERANCE)
@pytest.mark.parametrize("arch", ["sm_75", "sm_80", "sm_90", "sm_100"])
def test_generated_cuda_compiles_for_every_architecture(arch, precision):
    from gpusyn.backends.cuda import load_nvrtc
    from gpusyn.backends.nvrtc import compile_source
    from gpusyn.errors import BackendError

    try:
        nvrtc = load_nvrtc()
    except BackendError as missing:
        pytest.skip(str(missing))
    for name, case in CASES.items():
        source = inline_includes(cuda_source(case.layout()), f"{name}.cu")
        assert len(compile_source(nvrtc, source, precision, arch)) > 1000
