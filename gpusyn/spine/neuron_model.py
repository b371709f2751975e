"""A neuron: switches, parameters, shape, synapses, and what is recorded of it."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.spine.graph import gen_beam
from gpusyn.spine.settings import ProblemSettings
from gpusyn.spine.units import MV, UM

MODEL = dict.fromkeys((
    "CYT_buffer", "PMCA", "NCX", "VDCC", "synapse", "PM_leak", "ER_leak", "ER_buffer", "RyR", "SOC", "SERCA", "IP3",
    "voltage_coupling"), False) | {"VDCC_type": "N"}
CURRENTS = dict.fromkeys(("I_Na", "I_K", "I_Ca", "I_leak", "I_syn"), False)
FLUXES = ("pmca", "ncx", "pm_leak", "vdcc", "synapse", "synapse_ip3", "ryr", "serca", "er_leak", "ip3r", "soc",
          "total_pm", "total_er", "total_ip3")
RECORDS = dict.fromkeys((
    "full", "full_er", "full_voltage", "soma", "avg_cyt", "avg_er", "total_cyt", "total_er", "RyR",
    *(f"flux_{flux}" for flux in FLUXES)), False) | {"nodes": (), "flux_nodes": ()}
CYT_EXCHANGE = {"Ip": 1.7e-17, "Kp": 60e-18, "rhop": 500.0, "In": 2.5e-15, "Kn": 1.8e-15, "rhon": 15.0, "rhovdcc": 1.0}
ER_EXCHANGE = {"rhoryr": 3.0, "Irefryr": 3.5e-12, "Is": 6.5e-30, "Ks": 180e-18, "rhos": 2390.0, "kp": 1e3,
               "d1": 0.13e-15, "d2": 1.05e-15, "d3": 0.94e-15, "d5": 82.3e-18, "rhoI": 17.3, "IrefI": 1.1e-13}
CYT_CONSTANTS = {"co": 1.0e-12, "btot": 4 * 40e-15, "kbpos": 27e15, "kbneg": 19.0,
                 "leak_const": None, "vlp": None}
ER_CONSTANTS = {"betot": 4 * 3.6e-12, "kbepos": 1e14, "kbeneg": 200.0, "leak_const": None, "vle": None}


class Named(dict):
    """A dictionary whose keys are known; any other is an error that suggests the nearest."""

    def __init__(self, place, values):
        super().__init__(values)
        self.place = place

    def __setitem__(self, name, value):
        if name not in self:
            raise ModelError(f"neuron.{self.place}: there is no '{name}'{nearest(name, self)}")
        super().__setitem__(name, value)

    def update(self, *args, **values):
        """As of any dictionary, with every key checked."""
        for name, value in dict(*args, **values).items():
            self[name] = value


class NeuronModel:
    """A neuron, by default a beam of 64 um with 1000 nodes.

    Attributes:
        settings: `ProblemSettings`.
        model: which mechanisms there are (all off); "VDCC_type" is "N", "T" or "L".
        currents: which currents of the cable equation; `channels` holds those of a `ChannelFactory`.
        recorder: what is recorded: "full" (calcium of all nodes), "nodes": [...], "flux_pmca", "flux_nodes": [...], ...
        cytExchangeParams, erExchangeParams, cytConstants, erConstants: parameters, in the documents' units; numbers or
            one per node.
        synapse_instances: synapses (`gpusyn.spine.synapse`).
        morphology: the shape, set by `gen_beam`, `gen_branch` and `read_swc`.
        sol: arrays of the state after a run, C CE B BE IP3 in uM and V in mV, (n_node,).
        initial_conditions: function of the neuron that may change `sol` before a run.
        results: recorded arrays by key.
    """

    def __init__(self, settings: ProblemSettings | None = None):
        self.settings = settings or ProblemSettings()
        self.model, self.currents = Named("model", MODEL), Named("currents", CURRENTS)
        self.recorder = Named("recorder", RECORDS)
        self.cytExchangeParams = Named("cytExchangeParams", CYT_EXCHANGE)
        self.erExchangeParams = Named("erExchangeParams", ER_EXCHANGE)
        self.cytConstants, self.erConstants = Named("cytConstants", CYT_CONSTANTS), Named("erConstants", ER_CONSTANTS)
        self.channels: list = []
        self.synapse_instances: list = []
        self.initial_conditions = None
        self.injection = 0.0
        self.results: dict = {}
        self.sol: Any = SimpleNamespace()
        self.morphology: Any = None
        gen_beam(self, n=1000)

    def shaped(self, morphology) -> NeuronModel:
        """Give the neuron a shape; its state is then that at rest."""
        self.morphology = morphology
        s, n = self.settings, morphology.n_node
        free, free_er = (total * off / (off + on * rest) for total, on, off, rest in (
            (*(self.cytConstants[k] for k in ("btot", "kbpos", "kbneg")), s.cceq),
            (*(self.erConstants[k] for k in ("betot", "kbepos", "kbeneg")), s.ceeq)))
        rest = {"C": s.cceq, "CE": s.ceeq, "B": free, "BE": free_er, "IP3": s.pr}
        for name, value in rest.items():
            setattr(self.sol, name, np.full(n, value * UM))
        self.sol.V = np.full(n, s.Vrest * MV)
        return self

    @property
    def n_node(self) -> int:
        """Number of nodes."""
        return self.morphology.n_node

    def inject(self, current: float) -> None:
        """A current clamp in V/s per node (SPINE's `CableSettings.Ext`), one or one per node."""
        self.injection = current
