"""The names of `import gpusyn as gs`."""
import pkgutil

import pytest

import gpusyn
from gpusyn.registry import all_mechanisms


@pytest.mark.parametrize("name", gpusyn.__all__)
def test_every_public_name_can_be_had(name):
    assert getattr(gpusyn, name) is not None


def test_every_built_in_mechanism_is_public():
    assert {kind.__name__ for kind in all_mechanisms()} <= set(gpusyn.__all__)


def test_no_public_name_is_that_of_a_module():
    """The module would take its place as soon as something imports it."""
    assert not {module.name for module in pkgutil.iter_modules(gpusyn.__path__)} & set(gpusyn.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Izikevich'"):
        _ = gpusyn.Izikevich


def test_every_class_and_function_has_a_docstring():
    for name in gpusyn.__all__:
        assert getattr(gpusyn, name).__doc__, name
