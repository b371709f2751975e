"""gpusyn: synaptic biochemistry on arrays, on CUDA GPUs and on laptops, from one declaration of each mechanism.

Public names are imported when they are first used: `import gpusyn` itself imports neither CuPy nor Numba.
"""
from __future__ import annotations

import importlib

from gpusyn._version import __version__ as __version__

_NAMES = {
    "lattice": ["Lattice"],
    "model": ["Model"],
    "morphology": [
        "Forest", "Morphology", "Reticulum", "gen_beam", "gen_branch", "gen_tree", "read_morphology", "read_swc",
        "reticulum", "write_swc",
    ],
    "text_mechanism": ["mechanism_from_text"],
    "simulation": ["Simulation"],
    "sweep": ["Sweep"],
    "running": ["run", "resume"],
    "mechanism": [
        "Mechanism", "chance_draw", "count", "countdown", "flux", "gate", "given", "markov", "normal_draw", "option",
        "output", "parameter", "state", "stopwatch", "total", "uniform_draw", "white_noise",
    ],
    "modulation": ["Modulator"],
    "errors": ["BackendError", "EquationError", "GpusynError", "ModelError", "SimulationError"],
    "recording": ["open"],
    "recording.record": ["Record", "histogram"],
    "recording.vtu": ["write_vtu"],
    "sources": ["Poisson", "Regular", "SpikeFile", "SpikeTrain"],
    "tables": ["read_table"],
    "trees": ["Adaptive"],
    "wiring": [
        "AllToAll", "Constant", "Exponential", "GapJunctions", "Gaussian", "Neighbourhood", "Owners",
        "Rectification", "SparseConnections", "connect_where",
    ],
    "neurons": [
        "AdaptiveExponentialIntegrateAndFire", "AdaptiveLeakyIntegrateAndFire", "HodgkinHuxley", "IzhikevichNeuron",
        "LeakyIntegrateAndFire", "LeakyIzhikevichNeuron", "MorrisLecar", "QuadraticIntegrateAndFire",
        "SimpleLeakyIntegrateAndFire",
    ],
    "receptors": [
        "AMPAReceptor", "Alpha2_Autoreceptor", "D1_Receptor", "D2_Autoreceptor", "D2_Receptor",
        "DesensitizingGABA_B_Receptor", "ExponentialConductanceSynapse", "ExponentialCurrentSynapse",
        "FiveStateGABA_A_Receptor", "FiveStateNMDA_Receptor", "GABA_A_Receptor", "GABA_B_Autoreceptor",
        "GABA_B_Receptor", "GlycineChannel", "GlycineReceptor", "HT1A_Autoreceptor", "HT1A_Receptor", "HT2A_Receptor",
        "MuscarinicReceptor", "NK1_Receptor", "NMDA_Receptor", "NicotinicReceptor", "SevenStateAMPAReceptor",
        "SixStateAMPAReceptor", "SixStateGlycineChannel", "mGluR_Receptor",
    ],
    "transmitters": [
        "AcetylcholineNeurotransmitter", "Acetylcholinesterase", "CleftTransmitter", "DSerine",
        "DopamineNeurotransmitter", "DopamineTransporter", "FirstOrderUptake", "GABANeurotransmitter",
        "GABATransporter", "GlutamateNeurotransmitter", "GlutamateTransporter", "Glycine", "MichaelisMentenUptake",
        "NoradrenalineNeurotransmitter", "NoradrenalineTransporter", "SerotoninNeurotransmitter",
        "SerotoninTransporter", "SubstanceP", "Transmitter", "Transporter", "VoltageDrivenTransmitter",
    ],
    "vesicles": [
        "AllostericSensor", "CalciumTsodyksMarkram", "HillRelease", "MultiVesicularRelease", "QuantalRelease",
        "StochasticTsodyksMarkram", "StochasticVesicleCycle", "ThreeStateTsodyksMarkram", "TsodyksMarkram",
        "VesicleCycle",
    ],
    "vesicles.pool": ["VesiclePool"],
    "vesicles.spread": ["spread"],
    "currents": [
        "ConstantCurrent", "OrnsteinUhlenbeckCurrent", "PulseCurrent", "RampCurrent", "SineCurrent",
        "WhiteNoiseCurrent",
    ],
    "calcium": [
        "NCX", "PMCA", "SERCA", "CalciumCompartment", "CalciumPartOfCurrent", "CalciumPulseTrain", "CalciumSource",
        "CytosolicIP3", "ERLeak", "IP3PulseTrain", "IP3Receptor", "IP3Source", "LTypeCalciumChannel",
        "LiRinzelIP3Receptor", "PlasmaMembraneLeak", "RyanodineReceptor", "StoreOperatedCalciumEntry",
        "UnbufferedERCompartment", "VoltageGatedCalciumChannel",
    ],
    "calcium.geometry": ["cylinder_with_er", "sphere_with_er"],
    "membrane": [
        "Cable", "CalciumChannel", "CurrentClamp", "MembraneLeak", "PotassiumChannel", "PrescribedVoltage",
        "RestingCurrent", "SodiumChannel",
    ],
    "receptors.graded": [
        "CalciumCoupling", "CalciumModulatedAMPA", "GradedAMPA", "GradedGABA", "GradedNMDA", "GradedTransmission",
    ],
    "messengers": ["CalciumDynamics", "IP3Dynamics", "ProteinKinaseA", "cAMPDynamics"],
    "signalling": ["CaMKII", "Calcineurin", "EphapticCoupling", "NeuromodulatorState"],
    "signalling.ephaptic": ["ephaptic_shift"],
    "messengers.system": ["SecondMessengerSystem"],
    "lattices": [
        "AdaptiveExponentialIntegrateAndFireLattice", "AdaptiveLeakyIntegrateAndFireLattice", "HodgkinHuxleyLattice",
        "IzhikevichLattice", "IzhikevichNetwork", "LatticeNetwork", "LeakyIntegrateAndFireLattice",
        "LeakyIzhikevichLattice", "MorrisLecarLattice", "MultiNeurotransmitterSynapse", "NeuronLattice",
        "NeurotransmitterSystem", "PoissonLattice", "PoissonNeuron", "PresetSpikeTrain", "PresetSpikeTrainLattice",
        "QuadraticIntegrateAndFireLattice", "RateSpikeTrain", "RateSpikeTrainLattice",
        "SimpleLeakyIntegrateAndFireLattice", "SpikeTrainLattice", "VolumeTransmitter",
    ],
    "lattices.single": ["SingleCell", "run_static_input"],
    "pharmacology": [
        "Agonist", "CompetitiveAntagonist", "CompetitiveReuptakeInhibitor", "Drug", "GradedDrug",
        "NoncompetitiveAntagonist", "PositiveModulator", "ReuptakeInhibitor",
    ],
    "pharmacology.agent": ["PharmacologicalAgent"],
    "pharmacology.targets": ["apply_pharmacology"],
    "disorders": ["NeurologicalDisorderModel", "apply_disorder_model"],
    "plasticity": [
        "BCMRule", "CalciumControlRule", "ClopathRule", "DopamineModulatedSTDP", "ExactGraupnerBrunel",
        "GraupnerBrunel", "HebbianRule", "HomeostaticScaling", "InhibitorySTDP", "NearestSTDPRule",
        "NearestTripletSTDP", "OjaRule", "PowerLawSTDP", "RewardSignal", "STDPRule", "SoftBoundSTDP", "TripletSTDP",
    ],
}
_HOMES = {name: home for home, names in _NAMES.items() for name in names}
__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name):
    """A public name, from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module 'gpusyn' has no attribute '{name}'")
    return getattr(importlib.import_module(f"gpusyn.{_HOMES[name]}"), name)


def __dir__():
    return __all__
