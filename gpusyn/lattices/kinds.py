"""A lattice for each kind of neuron: `populate` of these takes no other."""
from gpusyn.lattices.lattice import NeuronLattice
from gpusyn.neurons import (
    AdaptiveExponentialIntegrateAndFire,
    AdaptiveLeakyIntegrateAndFire,
    HodgkinHuxley,
    IzhikevichNeuron,
    LeakyIntegrateAndFire,
    LeakyIzhikevichNeuron,
    MorrisLecar,
    QuadraticIntegrateAndFire,
    SimpleLeakyIntegrateAndFire,
)


class IzhikevichLattice(NeuronLattice):
    """A lattice of `IzhikevichNeuron`; see `NeuronLattice`."""

    kind = IzhikevichNeuron


class LeakyIzhikevichLattice(NeuronLattice):
    """A lattice of `LeakyIzhikevichNeuron`; see `NeuronLattice`."""

    kind = LeakyIzhikevichNeuron


class LeakyIntegrateAndFireLattice(NeuronLattice):
    """A lattice of `LeakyIntegrateAndFire`; see `NeuronLattice`."""

    kind = LeakyIntegrateAndFire


class SimpleLeakyIntegrateAndFireLattice(NeuronLattice):
    """A lattice of `SimpleLeakyIntegrateAndFire`; see `NeuronLattice`."""

    kind = SimpleLeakyIntegrateAndFire


class QuadraticIntegrateAndFireLattice(NeuronLattice):
    """A lattice of `QuadraticIntegrateAndFire`; see `NeuronLattice`."""

    kind = QuadraticIntegrateAndFire


class AdaptiveLeakyIntegrateAndFireLattice(NeuronLattice):
    """A lattice of `AdaptiveLeakyIntegrateAndFire`; see `NeuronLattice`."""

    kind = AdaptiveLeakyIntegrateAndFire


class AdaptiveExponentialIntegrateAndFireLattice(NeuronLattice):
    """A lattice of `AdaptiveExponentialIntegrateAndFire`; see `NeuronLattice`."""

    kind = AdaptiveExponentialIntegrateAndFire


class HodgkinHuxleyLattice(NeuronLattice):
    """A lattice of `HodgkinHuxley`, in steps of 0.01 ms; see `NeuronLattice`."""

    kind, usual_dt = HodgkinHuxley, 0.01


class MorrisLecarLattice(NeuronLattice):
    """A lattice of `MorrisLecar`, in steps of 0.01 ms; see `NeuronLattice`."""

    kind, usual_dt = MorrisLecar, 0.01
