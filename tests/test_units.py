"""Quantities with units: what is accepted, what it becomes, and what a wrong one is told."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpusyn import constants
from gpusyn.errors import ModelError
from gpusyn.model import Model
from gpusyn.units import COMMON, DIMENSIONS, UnitError, check_unit, molecules_to_uM, to_canonical, uM_to_molecules

# text, canonical unit, number: each worked out by hand
CONVERSIONS = [
    ("0.1 ms", "ms", 0.1),
    ("100 us", "ms", 0.1),
    ("0.1ms", "ms", 0.1),
    ("2 s", "ms", 2000.0),
    ("1.5 min", "ms", 90000.0),
    ("-65 mV", "mV", -65.0),
    ("0.03 V", "mV", 30.0),
    ("1 mM", "uM", 1000.0),
    ("1 M", "uM", 1e6),
    ("20 nM", "uM", 0.02),
    ("3 uM", "uM", 3.0),
    ("1 mol/m^3", "uM", 1000.0),
    ("1 uS", "nS", 1000.0),
    ("1 mS", "nS", 1e6),
    ("500 pS", "nS", 0.5),
    ("2 nA", "pA", 2000.0),
    ("0.2 nF", "pF", 200.0),
    ("250 nm", "um", 0.25),
    ("1 mm", "um", 1000.0),
    ("5 Hz", "1/ms", 0.005),
    ("2 kHz", "1/ms", 2.0),
    ("5/ms", "1/ms", 5.0),
    ("5 ms^-1", "1/ms", 5.0),
    ("5 ms**-1", "1/ms", 5.0),
    ("190 1/s", "1/ms", 0.19),
    ("1.1e6 1/(M s)", "1/(uM ms)", 0.0011),
    ("1.1e6 1/M/s", "1/(uM ms)", 0.0011),
    ("0.76 um^2/ms", "um^2/ms", 0.76),
    ("760 um^2/s", "um^2/ms", 0.76),
    ("7.6e-6 cm^2/s", "um^2/ms", 0.76),
    ("0.3 mS/cm^2", "nS/um^2", 0.003),
    ("1 uF/cm^2", "pF/um^2", 0.01),
    ("37 degC", "K", 310.15),
    ("37 degC", "degC", 37.0),
    ("310.15 K", "degC", 37.0),
    ("37 °C", "degC", 37.0),
    ("20 %", "1", 0.2),
    ("20 %", "", 0.2),
    ("0.2", "1", 0.2),
    ("5000 molecules", "1", 5000.0),
    ("0.1", "ms", 0.1),
    ("1 µm²/ms", "um^2/ms", 1.0),
    ("150 Ω·cm", "ohm cm", 150.0),
    ("+.5e+1   ms", "ms", 5.0),
    ("5. ms", "ms", 5.0),
]


@pytest.mark.parametrize(("text", "unit", "number"), CONVERSIONS, ids=[f"{t} in {u}" for t, u, _ in CONVERSIONS])
def test_text_becomes_the_number_in_the_canonical_unit(text, unit, number):
    assert to_canonical(text, unit) == number  # exact: the arithmetic is rational and rounded once


@pytest.mark.parametrize("number", [0, 3, -2.5, 1e300, True + 1])
def test_bare_numbers_are_in_the_canonical_unit_already(number):
    result = to_canonical(number, "ms")
    assert type(result) is float
    assert result == number


def test_numpy_numbers_are_numbers():
    import numpy as np

    assert to_canonical(np.float32(0.5), "ms") == 0.5
    assert to_canonical(np.int64(7), "ms") == 7.0


# quantity, unit, the whole message
REFUSALS = [
    ("20 mS", "ms", "run.dt: '20 mS' is an electric conductance; dt is a time: write e.g. '20 ms'"),
    ("20 MS", "ms", "run.dt: '20 MS' is an electric conductance; dt is a time: write e.g. '20 ms'"),
    ("20 ms", "1", "run.dt: '20 ms' is a time; dt is a pure number: write e.g. '20'"),
    ("3 kg m", "ms", "run.dt: '3 kg m' is in kg m; dt is a time: write e.g. '3 ms'"),
    ("20 msx", "ms", "run.dt: '20 msx' has the unknown unit 'msx'; did you mean 'ms'?"),
    ("fast", "ms", "run.dt: 'fast' is not a number with a unit; dt is a time: write e.g. '1 ms'"),
    ("", "ms", "run.dt: '' is not a number with a unit; dt is a time: write e.g. '1 ms'"),
    ("inf ms", "ms", "run.dt: 'inf ms' is not a number with a unit; dt is a time: write e.g. '1 ms'"),
    (True, "ms", "run.dt: True (bool) is not a number with a unit; dt is a time: write e.g. '1 ms'"),
    ([1, 2], "ms", "run.dt: [1, 2] (list) is not a number with a unit; dt is a time: write e.g. '1 ms'"),
    (None, "mV", "run.dt: None (NoneType) is not a number with a unit; dt is an electric potential: write e.g. '1 mV'"),
    (float("nan"), "ms", "run.dt: nan is not a finite number"),
    (float("-inf"), "ms", "run.dt: -inf is not a finite number"),
    (10**5000, "ms", "run.dt: this number is not a finite number"),
    ("1e999 us", "ms", "run.dt: '1e999 us' is not a finite number"),
    ("1e999", "ms", "run.dt: '1e999' is not a finite number"),
    (
        "2**9**9",
        "ms",
        "run.dt: '2**9**9' has the unit '**9**9', which is not written like '1/ms', 'um^2/ms' or '1/(uM ms)'",
    ),
    (
        "3 1/ms uM",
        "1/(uM ms)",
        "run.dt: '3 1/ms uM' has the unit '1/ms uM', which is not written like '1/ms', 'um^2/ms' or '1/(uM ms)'",
    ),
    (
        "1 degC/ms",
        "K/ms",
        "run.dt: '1 degC/ms' has the unit 'degC', which has no fixed size here; use K, or degC alone",
    ),
    ("1 dB", "1", "run.dt: '1 dB' has the unit 'dB', which has no fixed size here; use K, or degC alone"),
    ("1 ms", "msx", "run.dt: 'msx' has the unknown unit 'msx'; did you mean 'ms'?"),
]


@pytest.mark.parametrize(("quantity", "unit", "message"), REFUSALS, ids=[r[2][8:40] for r in REFUSALS])
def test_a_wrong_quantity_is_told_place_value_rule_and_suggestion(quantity, unit, message):
    with pytest.raises(UnitError) as refusal:
        to_canonical(quantity, unit, where="run.dt")
    assert str(refusal.value) == message


def test_unit_errors_are_model_errors_and_value_errors():
    assert issubclass(UnitError, ModelError)
    assert issubclass(UnitError, ValueError)


@pytest.mark.parametrize("unit", [*COMMON, *DIMENSIONS, "", "1/(uM^2 ms)", "um^2/ms", "pA/um^2", "molecules/um^2"])
def test_units_that_gpusyn_names_are_units(unit):
    check_unit(unit)
    assert to_canonical(f"2.5 {unit}", unit) == 2.5


def test_each_dimension_has_one_name():
    from gpusyn.units import _meaning

    assert len({_meaning(unit).dimension for unit in DIMENSIONS}) == len(DIMENSIONS)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_in_its_own_unit_is_unchanged(number):
    assert to_canonical(f"{number!r} ms", "ms") == number


@given(st.integers(-(10**9), 10**9), st.sampled_from(["us", "ms", "s", "min"]))
def test_conversion_is_the_nearest_float(count, unit):
    from fractions import Fraction

    size = {"us": Fraction(1, 1000), "ms": 1, "s": 1000, "min": 60000}[unit]
    assert to_canonical(f"{count} {unit}", "ms") == float(count * size)


ALPHABET = "0123456789.eE+-*/^() _%µ°²\n\t\x00'\"" + "msMuVnSApFHzdegCKLifx"
PIECES = ["1", "2.5", "e", "1e9", "*", "**", "9", "/", "(", ")", " ", "^", "-1", *COMMON, "lambda", "__import__", "lg"]


@given(st.one_of(
    st.text(),
    st.text(alphabet=ALPHABET),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda pieces: "3 " + " ".join(pieces)),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.fractions(),
    st.none(),
    st.dictionaries(st.text(), st.integers()),
), st.sampled_from(["ms", "1", "", "1/(uM ms)", "degC", "K"]))  # fmt: skip
def test_any_input_gives_a_finite_number_or_a_unit_error_soon(quantity, unit):
    start = time.process_time()
    try:
        assert abs(to_canonical(quantity, unit, where="run.dt")) < float("inf")
    except UnitError as refusal:
        assert str(refusal).startswith("run.dt: ")  # noqa: PT017  (either outcome is right)
    # The first conversion imports pint, about 0.5 s; 9**9**9 would take minutes.
    assert time.process_time() - start < 10


@pytest.mark.parametrize("text", ["9" * 100_000, "1 " + "m" * 100_000, "1 " + "(" * 79, "1 " + "m " * 39, "1 " * 40])
def test_long_texts_are_refused_at_once_and_quoted_shortly(text):
    with pytest.raises(UnitError) as refusal:
        to_canonical(text, "ms", where="run.dt")
    assert len(str(refusal.value)) < 300


def test_a_quantity_in_its_canonical_unit_needs_no_pint():
    code = "import sys; from gpusyn.units import to_canonical as f; f('0.1 ms', 'ms'); f(3, 'mV'); f('2', '1')"
    subprocess.run([sys.executable, "-c", f"{code}; assert 'pint' not in sys.modules"], check=True)


def test_molecules_in_a_volume_are_a_concentration():
    assert molecules_to_uM(5000, 1.0) == pytest.approx(8.3027, rel=1e-5)
    assert molecules_to_uM(5000, 0.02) == pytest.approx(415.135, rel=1e-5)
    assert uM_to_molecules(molecules_to_uM(1234.0, 0.3), 0.3) == pytest.approx(1234.0, rel=1e-14)


def test_molecules_may_be_an_array():
    import numpy as np

    np.testing.assert_allclose(molecules_to_uM(np.array([0.0, 602.214076]), 1.0), [0.0, 1.0], rtol=1e-14)
    np.testing.assert_allclose(molecules_to_uM(602.214076, np.array([1.0, 2.0])), [1.0, 0.5], rtol=1e-14)
    with pytest.raises(UnitError, match="is not above zero"):
        molecules_to_uM(1.0, np.array([1.0, 0.0]))


@pytest.mark.parametrize("volume", [0.0, -1.0, float("nan")])
def test_a_volume_is_above_zero(volume):
    with pytest.raises(UnitError, match="is not above zero"):
        molecules_to_uM(1, volume)


def test_constants_agree_with_their_definitions_and_with_scipy():
    import scipy.constants as codata

    assert constants.AVOGADRO == codata.N_A
    assert constants.ELEMENTARY_CHARGE == codata.e
    assert constants.FARADAY == pytest.approx(codata.N_A * codata.e, rel=1e-15)
    assert constants.GAS_CONSTANT == pytest.approx(codata.N_A * codata.k, rel=1e-15)
    assert constants.ZERO_CELSIUS == codata.zero_Celsius


def test_a_models_time_step_may_be_text():
    assert Model(dt="5 us").dt == 0.005
    for wrong, words in (("5 uM", "model.dt: '5 uM' is a concentration"), (0, "model.dt: 0.0 ms must be positive"),
                         (None, "model.dt: None .* is not a number with a unit")):
        with pytest.raises(ModelError, match=words):
            Model(dt=wrong)
