"""The names of the SPINE project's documents, in their units (s, V, umol/um^3), on gpusyn's own objects.

    from gpusyn.spine.utils import NeuronModel
    from gpusyn.spine.graph import gen_beam
    from gpusyn.spine.synapse import SynapseFactory
    from gpusyn.spine.solver import SBDF

A `NeuronModel` becomes a population of trees, a synapse a mechanism of it or a link, `SBDF` a `Simulation`, which it
gives back. What the documents and their program get wrong is not repeated: the physics is gpusyn's, with its parameters
at the documents' values; ``SBDF(..., scheme="spine")`` steps as the program does.

    units.py            factors between the two
    settings.py neuron_model.py utils/      what a neuron is
    graph.py            shapes
    synapse/            patterns, receptors, synapses, their factory, the communicator
    cable_eq/           channels, their factory, injected current
    mechanisms.py electricity.py sources.py between.py    what of a neuron becomes which mechanisms and links
    building.py         neurons as a model
    translating/ hosted.py                  receptors and channels of one's own, read or asked
    solver.py recording.py pictured.py      running it, and what it leaves
    cytosol.py er.py vdcc.py flux_components.py asking.py    the documents' functions, for looking at numbers
"""
from gpusyn.spine.cable_eq import ChannelFactory, ChannelModel
from gpusyn.spine.flux_components import FluxComponents
from gpusyn.spine.graph import gen_beam, gen_branch, read_swc
from gpusyn.spine.neuron_model import NeuronModel
from gpusyn.spine.settings import ProblemSettings
from gpusyn.spine.solver import SBDF
from gpusyn.spine.synapse import SynapseCommunicator, SynapseFactory

__all__ = [
    "SBDF", "ChannelFactory", "ChannelModel", "FluxComponents", "NeuronModel", "ProblemSettings", "SynapseCommunicator",
    "SynapseFactory", "gen_beam", "gen_branch", "read_swc",
]
