"""Vesicles: what a spike releases at one synapse, and how that changes with the spikes before."""
from gpusyn.vesicles.allosteric import AllostericSensor
from gpusyn.vesicles.cycle import StochasticVesicleCycle, VesicleCycle
from gpusyn.vesicles.hill import CalciumTsodyksMarkram, HillRelease
from gpusyn.vesicles.quanta import MultiVesicularRelease, QuantalRelease
from gpusyn.vesicles.stochastic import StochasticTsodyksMarkram
from gpusyn.vesicles.three_state import ThreeStateTsodyksMarkram
from gpusyn.vesicles.tsodyks_markram import TsodyksMarkram

__all__ = [
    "AllostericSensor", "CalciumTsodyksMarkram", "HillRelease", "MultiVesicularRelease", "QuantalRelease",
    "StochasticTsodyksMarkram", "StochasticVesicleCycle", "ThreeStateTsodyksMarkram", "TsodyksMarkram", "VesicleCycle",
]
