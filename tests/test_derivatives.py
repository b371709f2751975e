"""Derivatives of equations, found by differentiating their text, agree with differences."""

import numpy as np
import pytest
from single_item import as_python

from gpusyn.registry import all_mechanisms
from gpusyn.translate.derivative import differentiate
from gpusyn.translate.pointwise import read

SMOOTH = ("d_", "current", "uptake", "flux", "concentration", "open_fraction", "_rates")
NOT_SMOOTH = {"v_th", "theta_d", "theta_p", "refractory"}  # where equations jump


def equations():
    for kind in all_mechanisms():
        for name, function in kind.functions.items():
            if any(word in name for word in SMOOTH):
                for argument in read(function, f"{kind.__name__}_{name}").parameters:
                    if argument not in NOT_SMOOTH:
                        yield pytest.param(kind, name, argument, id=f"{kind.__name__}.{name}-{argument}")


@pytest.mark.parametrize(("kind", "name", "argument"), list(equations()))
def test_derivatives_agree_with_differences(kind, name, argument):
    pointwise = read(kind.functions[name], f"{kind.__name__}_{name}")
    values = {p: kind().values.get(p, 0.37) for p in pointwise.parameters}
    values |= {p: v for p, v in {"v": -47.3, "t": 1.0}.items() if p in values}
    values = {p: v if np.isfinite(v) and v != 0 else 1.3 for p, v in values.items()}
    h = 1e-5 * abs(values[argument])
    high, low = (np.array(kind.functions[name](**(values | {argument: values[argument] + s * h}))) for s in (1, -1))
    partial = differentiate(pointwise, argument)
    found = 0.0 if partial is None else np.array(as_python(partial)(*[values[p] for p in partial.parameters]))
    scale = np.abs(kind.functions[name](**values)).max() / abs(values[argument])
    assert found == pytest.approx((high - low) / (2 * h), rel=2e-6, abs=1e-8 * scale)
