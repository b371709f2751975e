"""What the documents have in `spine.synapse.calcium_coupled`."""
from gpusyn.spine.synapse.synapses import CalciumCoupledSynapse, CustomCoupledSynapse

__all__ = ["CalciumCoupledSynapse", "CustomCoupledSynapse"]
