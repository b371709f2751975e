"""What the documents import from `spine.utils`."""
from gpusyn.spine.neuron_model import NeuronModel
from gpusyn.spine.settings import ProblemSettings

__all__ = ["NeuronModel", "ProblemSettings"]
