"""A neuron: switches, parameters, shape, synapses, and what is recorded of it."""
from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.spine import cytosol, er
from gpusyn.spine.cable_eq import CableSettings
from gpusyn.spine.graph import gen_beam
from gpusyn.spine.settings import ProblemSettings
from gpusyn.spine.units import MV, UM

MODEL = dict.fromkeys((
    "CYT_buffer", "PMCA", "NCX", "VDCC", "synapse", "PM_leak", "ER_leak", "ER_buffer", "RyR", "SOC", "SERCA", "IP3",
    "voltage_coupling"), False) | {"VDCC_type": "N"}
CURRENTS = dict.fromkeys(("I_Na", "I_K", "I_Ca", "I_leak", "I_syn"), False)
FLUXES = ("pmca", "ncx", "pm_leak", "vdcc", "synapse", "synapse_ip3", "ryr", "serca", "er_leak", "ip3r", "soc",
          "total_pm", "total_er", "total_ip3")
VTU = ("vtu_cyt", "vtu_er", "vtu_calb", "vtu_ip3", "vtu_volt", "vtu_radius", "vtu_total_cyt", "vtu_total_er")
GEOMETRY = ("const_rad", "const_edge", "const_syn")
RECORDS = dict.fromkeys((
    "full", "full_er", "full_voltage", "soma", "avg_cyt", "avg_er", "total_cyt", "total_er", "RyR",
    *(f"flux_{flux}" for flux in FLUXES)), False) | {"nodes": (), "flux_nodes": ()} | dict.fromkeys(VTU, True)


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
        currents: which currents of the cable equation; `CableSettings` has their parameters, channels of a
            `ChannelFactory` or of your own, and injected current.
        recorder: what is recorded: "full" (calcium of all nodes), "nodes": [...], "flux_pmca", "flux_nodes": [...];
            "vtu_cyt" and others say what files for ParaView have (`SBDF(writeStep=...)`).
        geom_builder: "const_rad" gives all nodes `settings.rad`, "const_edge" all edges `settings.h`, when a shape is
            made; "const_syn" is taken for the program's sake.
        cytExchangeParams, erExchangeParams, cytConstants, erConstants: parameters, in the documents' units; numbers or
            one per node.
        synapse_instances: synapses (`gpusyn.spine.synapse`).
        morphology: the shape, set by `gen_beam`, `gen_branch` and `read_swc`.
        sol: arrays of the state after a run, C CE B BE IP3 in uM and V in mV, (n_node,).
        initial_conditions: function of the neuron that may change `sol` before a run.
        results: recorded arrays by key.
    """

    def __init__(self, settings: ProblemSettings | None = None, initial_conditions=None):
        self.settings = settings or ProblemSettings()
        self.model, self.currents = Named("model", MODEL), Named("currents", CURRENTS)
        self.recorder = Named("recorder", RECORDS)
        self.cytExchangeParams = Named("cytExchangeParams", cytosol.params)
        self.erExchangeParams = Named("erExchangeParams", er.params)
        self.cytConstants = Named("cytConstants", cytosol.constants)
        self.erConstants = Named("erConstants", er.constants)
        self.geom_builder = Named("geom_builder", dict.fromkeys(GEOMETRY, False))
        self.CableSettings = CableSettings(self)
        self.synapse_instances: list = []
        self.initial_conditions = initial_conditions
        self.results: dict = {}
        self.sol: Any = SimpleNamespace()
        self.morphology: Any = None
        gen_beam(self, n=1000)

    def shaped(self, morphology) -> NeuronModel:
        """Give the neuron a shape; its state is then that at rest."""
        self.morphology = morphology
        s, n = self.settings, morphology.n_node
        rest = {"C": s.cceq, "CE": s.ceeq, "IP3": s.pr, "B": cytosol.init_calb(self, s.cceq),
                "BE": er.init_calbe(self, s.ceeq)}
        for name, value in rest.items():
            setattr(self.sol, name, np.full(n, value * UM))
        self.sol.V = np.full(n, s.Vrest * MV)
        return self

    @property
    def n_node(self) -> int:
        """Number of nodes."""
        return self.morphology.n_node

    def inject(self, current) -> None:
        """Inject a current over capacitance, V/s: one, one per node, or a function of the time in s."""
        self.CableSettings.Ext = current

    def initialize_problem(self) -> None:
        """Put `sol` at rest, as the settings now have it."""
        self.shaped(self.morphology)

    def initialize_shared_memory(self) -> None:
        """For the program's sake, as `close` and `unlink`: there is nothing to do."""

    close = unlink = initialize_shared_memory
