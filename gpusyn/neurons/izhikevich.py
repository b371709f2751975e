"""Izhikevich's neuron: two equations that fire in the patterns of cortical cells."""
from typing import ClassVar

from gpusyn.mechanism import parameter, state
from gpusyn.neurons.neuron import Neuron

CELL_TYPE = {"c_m": 1.0, "tau_m": 1.0, "v_init": -65.0, "w_init": -13.0}  # the paper's equations as they stand


class IzhikevichNeuron(Neuron):
    """Simple model of spiking neurons.

        c_m dv/dt   = 0.04 v^2 + 5 v + 140 - w - receptor_current + injection
        tau_m dw/dt = a (b v - w)
        v >= v_th:    v = c,  w = w + d

    With the default c_m of 100 pF the cell fires 9 times a second at 40 pA; c_m = 1 is the paper's scaling, and the
    presets RS (regular spiking), IB (intrinsically bursting), CH (chattering), FS (fast spiking) and LTS (low-threshold
    spiking) are its cell types. They differ from the defaults in c, c_m and w_init too.

    Source: Izhikevich (2003) IEEE Trans. Neural Netw. 14:1569; defaults of c, c_m, w_init and gap_conductance as in
    the lixirnet package (verified).
    """

    integrator = "euler"
    other_names: ClassVar = {"current_voltage": "v", "w_value": "w"}
    presets: ClassVar = {
        "RS": CELL_TYPE | {"a": 0.02, "b": 0.2, "c": -65.0, "d": 8.0},
        "IB": CELL_TYPE | {"a": 0.02, "b": 0.2, "c": -55.0, "d": 4.0},
        "CH": CELL_TYPE | {"a": 0.02, "b": 0.2, "c": -50.0, "d": 2.0},
        "FS": CELL_TYPE | {"a": 0.1, "b": 0.2, "c": -65.0, "d": 2.0},
        "LTS": CELL_TYPE | {"a": 0.02, "b": 0.25, "c": -65.0, "d": 2.0},
    }

    w = state("pA", "recovery variable", initial="w_init")

    a = parameter(0.02, "1", "speed of recovery", source="Izhikevich 2003", low=0.0)
    b = parameter(0.2, "pA/mV", "sensitivity of recovery to the potential", source="Izhikevich 2003")
    c = parameter(-55.0, "mV", "potential after a spike", source="lixirnet", low=-200.0, high=200.0)
    d = parameter(8.0, "pA", "step of recovery at a spike", source="Izhikevich 2003")
    v_th = parameter(30.0, "mV", "peak of a spike", source="Izhikevich 2003", low=-200.0, high=200.0)
    tau_m = parameter(1.0, "ms", "time scale of recovery", source="lixirnet", low=1e-3)
    c_m = parameter(100.0, "pF", "membrane capacitance", source="lixirnet", low=1e-6)
    w_init = parameter(30.0, "pA", "recovery variable at the start", source="lixirnet")
    gap_conductance = parameter(
        10.0, "nS", "conductance of a gap junction of unit weight onto this cell", source="lixirnet", low=0.0
    )

    @staticmethod
    def d_v(v, w, receptor_current, injection, c_m):
        """Slope of the potential, mV/ms."""
        return (0.04 * v**2 + 5.0 * v + 140.0 - w - receptor_current + injection) / c_m

    @staticmethod
    def d_w(v, w, a, b, tau_m):
        """Slope of the recovery variable, pA/ms."""
        return a * (b * v - w) / tau_m

    @staticmethod
    def spikes(v, v_th):
        """A spike is over when the potential reaches its peak."""
        return v >= v_th

    @staticmethod
    def on_spike(w, c, d):
        """Reset of the potential, and a step of recovery."""
        return {"v": c, "w": w + d}
