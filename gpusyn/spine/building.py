"""Neurons as a model: one population of trees each, synapses as its members, connections as links."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gpusyn import calcium, membrane
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, given, output, parameter
from gpusyn.model import Model
from gpusyn.receptors.graded import CalciumCoupling
from gpusyn.spine import hosted
from gpusyn.spine.channels import CURRENTS
from gpusyn.spine.synapse.synapses import CalciumCoupledSynapse, ChemicalSynapse, DirectCalciumRelease
from gpusyn.spine.translating import UntranslatableError, mechanism_of
from gpusyn.spine.units import FLUX, MS, MV, PER_MS, PICOFARAD, UM
from gpusyn.wiring import SparseConnections

CM_PER_UM = 1e-4


class PatternedFlux(Mechanism):
    """Base of the sources whose course is a table, and whose place is a weight per node."""

    level = given("uM um/ms", "flux density now, where the weight is 1")
    weight = parameter(1.0, "1", "1 where the source is")


class PatternedCalcium(PatternedFlux):
    """Calcium that flows in with a tabulated course."""

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(level, weight):
        """The course, at its nodes."""
        return weight * level


class PatternedIP3(PatternedFlux):
    """IP3 that flows in with a tabulated course."""

    @output("uM um/ms", "IP3 flux into the cytosol per area of plasma membrane")
    @staticmethod
    def ip3_flux(level, weight):
        """The course, at its nodes."""
        return weight * level


@dataclass
class Built:
    """A model, and what of it the host has to do in every step."""

    model: Model
    names: list[str]
    acts: list[Any] = field(default_factory=list)


def build(neurons, communicator, er_scale, scheme, publish: Callable[[], None]) -> Built:
    """The model of some neurons.

    Args:
        publish: brings every neuron's `sol` up to date; for synapses that the host asks.

    Raises:
        ModelError: neurons with different clocks, synapses at nodes that do not exist, or what the model refuses.
    """
    settings = neurons[0].settings
    for neuron in neurons[1:]:
        if (neuron.settings.dt, neuron.settings.T0, neuron.settings.T) != (settings.dt, settings.T0, settings.T):
            raise ModelError("SBDF: all neurons share one clock; give their settings the same T0, T and dt")
    built = Built(Model(dt=settings.dt * MS, name="spine"), [f"neuron{k}" for k in range(len(neurons))])
    for name, neuron in zip(built.names, neurons, strict=True):
        _Cell(built, name, neuron, communicator).add(er_scale, scheme)
    for k, neuron in enumerate(neurons):
        _Cell(built, built.names[k], neuron, communicator).connect(k, publish)
    return built


def potential_of(neuron) -> str:
    """The name, within its population, of a neuron's potential."""
    return "cable.v" if coupled(neuron) else "voltage.v"


def coupled(neuron) -> bool:
    """Whether a neuron has a potential of its own: if it is told so, or has synapses whose current needs one."""
    return neuron.model["voltage_coupling"] or any(isinstance(s, ChemicalSynapse) for s in neuron.synapse_instances)


class _Cell:
    def __init__(self, built, name, neuron, communicator):
        self.built, self.name, self.neuron, self.communicator = built, name, neuron, communicator
        self.model: Model = built.model
        self.times = neuron.settings.T0 + neuron.settings.dt * np.arange(neuron.settings.ntime + 1)

    def add(self, er_scale, scheme):
        """The population, with all of its mechanisms but those of synapses between neurons."""
        members = self.membrane_of_calcium() | self.reticulum() | self.electricity() | self.sources()
        self.model.add_trees(self.name, self.neuron.morphology, self.compartment(), er=er_scale, scheme=scheme,
                             **members)
        if not coupled(self.neuron):
            values = np.array([self.neuron.settings.potential(t) for t in self.times])
            self.model.play(f"{self.name}_potential", self.name, self.clock(), values * MV)
        for number, synapse in enumerate(self.direct()):
            pattern = synapse.temporal_pattern
            course = [pattern.compute_amplitude(t, synapse.amplitude) for t in self.times]
            # Before the run nothing flows: the leaks balance that.
            times = np.concatenate([[-self.model.dt], self.clock()])
            self.model.play(f"{self.name}_course{number}", self.name, times, FLUX * np.array([0.0, *course]))

    def clock(self):
        """Times of all steps from the start of the run, ms."""
        return (self.times - self.times[0]) * MS

    def compartment(self):
        """Calcium and its buffers."""
        cyt, er, model, s = self.neuron.cytConstants, self.neuron.erConstants, self.neuron.model, self.neuron.settings
        return calcium.CalciumCompartment(
            resting_ca=s.cceq * UM, resting_ca_er=s.ceeq * UM,
            calbindin_total=cyt["btot"] * UM if model["CYT_buffer"] else 0.0,
            calbindin_k_plus=cyt["kbpos"] / UM * PER_MS, calbindin_k_minus=cyt["kbneg"] * PER_MS,
            calreticulin_total=er["betot"] * UM if model["ER_buffer"] else 0.0,
            calreticulin_k_plus=er["kbepos"] / UM * PER_MS, calreticulin_k_minus=er["kbeneg"] * PER_MS,
            ca_diffusion=s.Dc * PER_MS, calbindin_diffusion=s.Db * PER_MS, ca_er_diffusion=s.De * PER_MS,
            calreticulin_diffusion=s.Dbe * PER_MS)

    def membrane_of_calcium(self):
        """Pumps, leak and channels of the plasma membrane."""
        model, p, cyt = self.neuron.model, self.neuron.cytExchangeParams, self.neuron.cytConstants
        outside, made = cyt["co"] * UM, {}
        if model["PMCA"]:
            made["pmca"] = calcium.PMCA(density=p["rhop"], unitary_flux=p["Ip"] * FLUX, k_m=p["Kp"] * UM)
        if model["NCX"]:
            made["ncx"] = calcium.NCX(density=p["rhon"], unitary_flux=p["In"] * FLUX, k_m=p["Kn"] * UM)
        if model["VDCC"]:
            long = model["VDCC_type"] == "L"
            kind = calcium.LTypeCalciumChannel if long else calcium.VoltageGatedCalciumChannel
            made["vdcc"] = kind(preset=model["VDCC_type"], density=p["rhovdcc"], ca_outside=outside)
        if model["SOC"]:
            made["soc"] = calcium.StoreOperatedCalciumEntry()
        if model["PM_leak"]:
            made["pm_leak"] = self.leak(calcium.PlasmaMembraneLeak(ca_outside=outside), cyt["leak_const"])
        return made

    def reticulum(self):
        """Receptors, pump and leak of the ER, and IP3."""
        model, p, s = self.neuron.model, self.neuron.erExchangeParams, self.neuron.settings
        reference, made = s.ceeq * UM, {}
        if model["RyR"]:
            made["ryr"] = calcium.RyanodineReceptor(density=p["rhoryr"], unitary_flux=p["Irefryr"] * FLUX,
                                                    ca_er_reference=reference)
        if model["SERCA"]:
            made["serca"] = calcium.SERCA(density=p["rhos"], unitary_flux=p["Is"] * FLUX * UM, k_m=p["Ks"] * UM)
        if model["IP3"]:
            constants = {name: p[name] * UM for name in ("d1", "d2", "d3", "d5")}
            made["ip3r"] = calcium.IP3Receptor(density=p["rhoI"], unitary_flux=p["IrefI"] * FLUX,
                                               ca_er_reference=reference, **constants)
            made["ip3"] = calcium.CytosolicIP3(degradation_rate=p["kp"] * PER_MS, resting_concentration=s.pr * UM,
                                               ip3_diffusion=s.Dp * PER_MS)
        if model["ER_leak"]:
            made["er_leak"] = self.leak(calcium.ERLeak(), self.neuron.erConstants["leak_const"])
        return made

    @staticmethod
    def leak(leak, constant):
        """A leak that balances the rest, or has a permeability in um/s."""
        if constant is not None:
            leak.set("permeability", constant * PER_MS)
        return leak

    def electricity(self):
        """The cable with its channels, or a potential that is given."""
        s, current = self.neuron.settings, self.neuron.injection
        if not coupled(self.neuron):
            return {"voltage": membrane.PrescribedVoltage(potential=f"{self.name}_potential")}
        made = {"cable": membrane.Cable(resting_potential=s.Vrest * MV, axial_resistivity=s.Ra * CM_PER_UM,
                                       capacitance=s.Cm * PICOFARAD),
                "rest": membrane.RestingCurrent()}
        chosen = [(kind.lower(), create()) for kind, create in CURRENTS.items() if self.neuron.currents[kind]]
        chosen += [(f"channel{k}", channel) for k, channel in enumerate(self.neuron.channels)]
        if np.any(current):
            made["clamp"] = membrane.CurrentClamp(density=np.asarray(current) * s.Cm * PICOFARAD)  # V/s = mV/ms
        return made | dict(chosen)

    def direct(self):
        """Synapses that are sources of calcium or IP3."""
        found = [s for s in self.neuron.synapse_instances if isinstance(s, DirectCalciumRelease)]
        return [s for s in found if s.domain != "ip3" or self.neuron.model["IP3"]]

    def sources(self):
        """The members that these become."""
        made = {}
        for number, synapse in enumerate(self.direct()):
            kind = PatternedIP3 if synapse.domain == "ip3" else PatternedCalcium
            made[f"synapse{number}"] = kind(weight=self.weights(dict.fromkeys(synapse.nodes, 1.0)),
                                            level=f"{self.name}_course{number}")
        return made

    def weights(self, by_node):
        """An array over the nodes from numbers by node.

        Raises:
            ModelError: a node that does not exist.
        """
        values = np.zeros(self.neuron.n_node)
        for node, value in by_node.items():
            if not 0 <= node < values.size:
                raise ModelError(f"{self.name}: a synapse is at node {node}, and valid are 0 to {values.size - 1}")
            values[node] = value
        return values

    # synapses between neurons ----------------------------------------------------------------------------------

    def connect(self, place, publish):
        """Add the members of synapses that other neurons drive, and the links that they read."""
        members = self.model.populations[self.name].members
        for number, synapse in enumerate(self.neuron.synapse_instances):
            if isinstance(synapse, ChemicalSynapse | CalciumCoupledSynapse):
                for layer, connections in enumerate(self.layers(place, synapse)):
                    self.driven(members, f"driven{number}_{layer}", synapse, connections)
            elif not isinstance(synapse, DirectCalciumRelease):
                hosted.warn(f"{self.name}: {type(synapse).__name__}", "it is a class of its own with a compute_flux")
                members[f"hosted{number}"] = hosted.HostedCalcium()
                self.built.acts.append(hosted.HostedSynapse(f"{self.name}.hosted{number}.level", synapse, self.neuron,
                                                            (self.communicator, place), publish))

    def layers(self, place, synapse):
        """The connections to a synapse's nodes, each node at most once in a layer."""
        found = [] if self.communicator is None else self.communicator.to(place)
        layers: list[dict[int, Any]] = []
        for connection in (c for c in found if c.post_node in synapse.post_nodes):
            layer = next((one for one in layers if connection.post_node not in one), None)
            if layer is None:
                layers.append(layer := {})
            layer[connection.post_node] = connection
        return [list(layer.values()) for layer in layers]

    def driven(self, members, member, synapse, connections):
        """One member, whose presynaptic values come over links from one neuron or several."""
        weight = self.weights({c.post_node: c.weight * getattr(synapse, "weight", 1.0) for c in connections})
        try:
            made = self.mechanism(synapse, weight)
        except UntranslatableError as reason:
            hosted.warn(f"{self.name}: {type(synapse.receptor_model).__name__}", str(reason))
            return self.host(members, member, synapse, connections)
        for given_name, quantity in (("pre_v", potential_of), ("pre_ca", lambda neuron: "ca")):
            if given_name in made.quantities:
                made.set(given_name, self.link(f"{self.name}_{member}_{given_name}", connections, quantity))
        members[member] = made

    def mechanism(self, synapse, weight):
        """What a synapse between neurons becomes."""
        if isinstance(synapse, CalciumCoupledSynapse):
            return CalciumCoupling(sensitivity=synapse.sensitivity * PER_MS, weight=weight,
                                   resting_ca=self.neuron.settings.cceq * UM)
        native = getattr(synapse.receptor_model, "native", None)
        if native is not None:
            return native(weight)
        return mechanism_of(synapse.receptor_model, self.neuron.settings.dt)(weight=weight)

    def link(self, name, connections, quantity):
        """The link along which a presynaptic quantity comes, by name.

        Raises:
            ModelError: the connections of one synapse come from several neurons.
        """
        pre = {c.pre for c in connections}
        if len(pre) > 1:
            raise ModelError(f"{name}: one synapse is driven by neurons {sorted(pre)}; give each a synapse of its own")
        source = self.built.names[pre.pop()]
        n_source = self.model.populations[source].n_site
        wiring = SparseConnections([c.pre_node for c in connections], [c.post_node for c in connections], 1.0,
                                   n_source=n_source, n_target=self.neuron.n_node)
        neuron = self.communicator.neurons[connections[0].pre]
        self.model.link(name, f"{source}.{quantity(neuron)}", self.name, wiring)
        return name

    def host(self, members, member, synapse, connections):
        """A receptor that the host asks, a copy for each connection."""
        import copy

        for k, c in enumerate(connections):
            members[f"{member}_{k}"] = hosted.HostedCurrent()
            pre = self.built.names[c.pre], self.communicator.neurons[c.pre], c.pre_node
            self.built.acts.append(hosted.HostedReceptor(
                f"{self.name}.{member}_{k}.level", copy.deepcopy(synapse.receptor_model), pre,
                (self.name, self.neuron, c.post_node), c.weight * synapse.weight))
