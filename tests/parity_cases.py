"""One small program per mechanism, with states and inputs in a plausible range: what runs on every backend."""
import zlib
from dataclasses import dataclass

import numpy as np

from gpusyn import backends
from gpusyn.assembly import varies
from gpusyn.backends.plan import Call
from gpusyn.calcium import (
    NCX,
    PMCA,
    SERCA,
    CalciumCompartment,
    CalciumPartOfCurrent,
    CalciumPulseTrain,
    CalciumSource,
    CytosolicIP3,
    ERLeak,
    IP3PulseTrain,
    IP3Receptor,
    IP3Source,
    LiRinzelIP3Receptor,
    LTypeCalciumChannel,
    PlasmaMembraneLeak,
    RyanodineReceptor,
    StoreOperatedCalciumEntry,
    VoltageGatedCalciumChannel,
)
from gpusyn.fuse import Fusion, fuse_population, fuse_synapses
from gpusyn.mechanism import INTEGRATORS
from gpusyn.membrane import (
    Cable,
    CalciumChannel,
    CurrentClamp,
    MembraneLeak,
    PotassiumChannel,
    RestingCurrent,
    SodiumChannel,
)
from gpusyn.messengers import CalciumDynamics, IP3Dynamics, ProteinKinaseA, cAMPDynamics
from gpusyn.neurons import IzhikevichNeuron
from gpusyn.pharmacology import (
    Agonist,
    CompetitiveAntagonist,
    CompetitiveReuptakeInhibitor,
    NoncompetitiveAntagonist,
    PositiveModulator,
    ReuptakeInhibitor,
)
from gpusyn.program import Program
from gpusyn.quantities import Given, Parameter, State
from gpusyn.receptors import (
    Alpha2_Autoreceptor,
    AMPAReceptor,
    D1_Receptor,
    D2_Autoreceptor,
    D2_Receptor,
    GABA_B_Autoreceptor,
    HT1A_Autoreceptor,
    HT1A_Receptor,
    HT2A_Receptor,
    MuscarinicReceptor,
    NK1_Receptor,
    mGluR_Receptor,
)
from gpusyn.registry import all_mechanisms
from gpusyn.translate.event_layout import lay_out_event
from gpusyn.translate.layout import Layout, lay_out
from gpusyn.transmitters import FirstOrderUptake, GlutamateTransporter, MichaelisMentenUptake, Transmitter
from gpusyn.vesicles import AllostericSensor, HillRelease

N_POINT, N_ITEM, N_PRE, N_POST = 2, 37, 11, 13  # 37 is no multiple of any vector length
AUTORECEPTORS = (Alpha2_Autoreceptor, D2_Autoreceptor, GABA_B_Autoreceptor, HT1A_Autoreceptor)
DT = np.float64(0.05)
RANGE = {"mV": (-80.0, 30.0), "uM": (0.01, 5.0), "mM": (0.1, 2.0), "1": (0.0, 1.0), "ms": (0.0, 5.0)}
# Parameters with which a few steps of slow mechanisms change something.
CYCLE = {"tau_refill": 1.0, "tau_endo": 1.0, "tau_mobilise": 1.0, "tau_store": 1.0, "rate": 1.0, "recycling_size": 3.0}
FASTER = {"VesicleCycle": CYCLE, "StochasticVesicleCycle": CYCLE}


@dataclass
class Case:
    """A program with the instances whose parameters it takes, and a name for messages."""

    name: str
    program: Program
    members: dict
    end: str = ""  # of a synapse whose spikes the program is of

    def parameter(self, path):
        """The value of a parameter, varied over sweep points for the first one and over items for the second."""
        member, _, name = path.removeprefix("cell").lstrip(".").rpartition(".")
        value = np.full((1, 1), float(self.members[member].get(name)))
        names = [n for n, q in type(self.members[member]).quantities.items() if isinstance(q, Parameter)]
        if name == names[0]:
            return value * (1 + 0.1 * np.arange(N_POINT)[:, None])
        return value * (1 + 0.01 * np.arange(N_ITEM)) if name in names[1:2] else value

    def layout(self) -> Layout:
        """The program's layout, with some parameters per sweep point and some per item."""
        values = [a.path for a in self.program.arguments if a.kind == "parameter"]
        how = {path: varies(self.parameter(path).shape) for path in values}
        return lay_out_event(self.program, how, self.end) if self.end else lay_out(self.program, how)


def cases_of(kind) -> list[Case]:
    """The programs of one mechanism: alone, or on a neuron; up to five for a synapse."""
    at_ends = any(isinstance(q, State | Given) and q.at != "item" for q in kind.quantities.values())
    if at_ends or hasattr(kind, "on_pre"):
        instance = kind(**FASTER.get(kind.__name__, {}))
        givens = [q for q in kind.quantities.values() if isinstance(q, Given) and q.kind == "given"]
        programs = fuse_synapses("cell", instance, {q.name: (f"input.{q.name}", q.unit) for q in givens})
        return [Case(f"{kind.__name__}-{name}", p, {"": instance}, name.removeprefix("on_") if "on_" in name else "")
                for name, p in programs.items()]
    if issubclass(kind, Transmitter):  # which stands still without supply and uptake
        members = {"": kind(source=0.1), "transporter": MichaelisMentenUptake()}
    elif issubclass(kind, MichaelisMentenUptake | FirstOrderUptake):
        members = {"": Transmitter(), "part": kind()}
    else:
        members = {"": kind()} if "spikes" in kind.functions else {"": IzhikevichNeuron(preset="RS"), "part": kind()}
    return [Case(kind.__name__, fuse_population("cell", members, open_inputs(members)), members)]


def metabotropic_cases() -> list[Case]:
    """Receptors with all that they act on, and autoreceptors: programs in which every effect counts."""
    acting = [D1_Receptor(), D2_Receptor(), mGluR_Receptor(), NK1_Receptor(), MuscarinicReceptor(preset="M2"),
              HT1A_Receptor(), HT2A_Receptor(), ProteinKinaseA(), IP3Dynamics(), cAMPDynamics(),
              CalciumDynamics(nmda_current="ampa.current")]
    cell, through_calcium = IzhikevichNeuron(preset="RS"), mGluR_Receptor(second_messenger="calcium")
    cases = []
    for parts, others in [
        (acting, {"": cell, "ampa": AMPAReceptor(), "through_calcium": through_calcium}),
        ([kind(target="c_m") for kind in AUTORECEPTORS], {"": cell}),
    ]:
        members = others | {part.member: part for part in parts}
        program = fuse_population("cell", members, open_inputs(members))
        cases.append(Case("+".join(part.member for part in parts), program, members))
    return cases


def drug_cases() -> list[Case]:
    """Drugs on receptors and on a transporter, in the middle of a slow course: parity runs late."""
    slow = {"onset": 1e8, "elimination_rate": 1e-9, "start": 1e7}
    on_cell = {
        "agonist": Agonist(target="ampa_glutamate", **slow), "rival": CompetitiveAntagonist(target="ampa_glutamate"),
        "blocker": NoncompetitiveAntagonist(target="ampa_conductance", hill=1.5, **slow),
        "helper": PositiveModulator(target="ampa_binding_rate", **slow),
    }
    on_field = {
        "inhibitor": ReuptakeInhibitor(target="transporter_v_max", hill=2.0, **slow),
        "rival": CompetitiveReuptakeInhibitor(target="transporter_k_m", **slow),
    }
    groups = [
        {"": IzhikevichNeuron(preset="RS"), "ampa": AMPAReceptor()} | on_cell,
        {"": Transmitter(), "transporter": GlutamateTransporter()} | on_field,
    ]
    return [Case("+".join(type(m).__name__ for m in drugs.values()),
                 fuse_population("cell", members, open_inputs(members)), members)
            for drugs, members in zip((on_cell, on_field), groups, strict=True)]


def calcium_cases() -> list[Case]:
    """Compartments with all that calcium passes through, as a cell and on one: programs in which every flux counts."""
    shared = [PMCA(), NCX(), SERCA(), PlasmaMembraneLeak(), ERLeak(), StoreOperatedCalciumEntry(), CytosolicIP3()]
    alone = [RyanodineReceptor(), IP3Receptor(), CalciumSource(amplitude=0.1, tau=5.0), IP3Source(amplitude=0.1)]
    on_a_cell = [LiRinzelIP3Receptor(), CalciumPulseTrain(amplitude=0.1), IP3PulseTrain(amplitude=0.1),
                 VoltageGatedCalciumChannel(), CalciumPartOfCurrent(current="ampa.current")]
    cases = []
    for parts, others in [
        (shared + alone, {"": CalciumCompartment()}),
        (shared + on_a_cell, {"": IzhikevichNeuron(preset="RS"), "calcium": CalciumCompartment(),
                              "l_type": LTypeCalciumChannel(), "ampa": AMPAReceptor()}),
        ([PMCA(), SERCA(), ERLeak()], {"": IzhikevichNeuron(preset="RS"),
                                       "calcium": CalciumCompartment(preset="no_calreticulin")}),
    ]:
        members = others | {part.member: part for part in parts}
        program = fuse_population("cell", members, open_inputs(members))
        cases.append(Case("+".join(part.member for part in parts), program, members))
    return cases


def membrane_cases() -> list[Case]:
    """A membrane with all that charges it, on a compartment for its calcium."""
    clamp = CurrentClamp(amplitude=0.1, density=0.01, period=7.0, duration=5.0)
    parts = [Cable(), SodiumChannel(), PotassiumChannel(), MembraneLeak(), CalciumChannel(), clamp,
             RestingCurrent(amplitude=1e-3)]
    members = {"": CalciumCompartment(), "n_type": VoltageGatedCalciumChannel()} | {part.member: part for part in parts}
    program = fuse_population("cell", members, open_inputs(members))
    return [Case("+".join(part.member for part in parts), program, members)]


def open_inputs(members):
    """An input for each given that no member provides."""
    fusion = Fusion("cell", members, {})
    wanted = {
        q.name: (f"input.{q.name}", q.unit)
        for member, mechanism in members.items() for q in mechanism.quantities.values()
        if isinstance(q, Given) and q.kind == "given" and fusion.binding(member, q) is None
    }
    return wanted


def release_cases() -> list[Case]:
    """How calcium sets release, with outputs that nothing but a connection would read."""
    cell, members = IzhikevichNeuron(preset="RS"), {"hill": HillRelease(), "sensor": AllostericSensor()}
    stored = [("hill", "release_probability"), ("sensor", "release_rate"), ("sensor", "equilibrium_rate")]
    members = {"": cell} | members
    program = fuse_population("cell", members, open_inputs(members), stored)
    return [Case("HillRelease+AllostericSensor", program, members)]


def all_cases() -> list[Case]:
    """Every registered mechanism, and every integrator on the stiffest neuron."""
    together = metabotropic_cases() + drug_cases() + calcium_cases() + membrane_cases() + release_cases()
    done = [type(m) for case in together for name, m in case.members.items() if name not in ("", "ampa", "transporter")]
    cases = together + [case for kind in all_mechanisms() if kind not in done for case in cases_of(kind)]
    for integrator in INTEGRATORS:
        members = {"": IzhikevichNeuron(preset="RS", integrator=integrator)}
        cases.append(Case(f"IzhikevichNeuron-{integrator}", fuse_population("cell", members, {}), members))
    return cases


def start_of(argument) -> np.ndarray:
    """Plausible values of a state or input, (N_POINT, n), the same whenever they are asked for."""
    random = np.random.default_rng(zlib.crc32(argument.path.encode()))
    n = {"pre": N_PRE, "post": N_POST}.get(argument.at, N_ITEM)
    if argument.kind == "flag":
        return random.integers(0, 2, (N_POINT, n))
    if argument.unit == "vesicles":
        return random.integers(0, 8, (N_POINT, n))
    low, high = RANGE.get(argument.unit, (0.0, 1.0))
    return random.uniform(low, high, (N_POINT, n))


def run(case: Case, backend_name: str, precision: str, n_step: int) -> dict[str, np.ndarray]:
    """Step a case and give back its states, spike flags and ledger sums, by dotted name."""
    backend, layout = backends.get(backend_name), case.layout()
    real = np.dtype(precision)
    arrays = {}
    args = leading(case, layout, backend)
    for slot in layout.slots:
        argument = slot.argument
        if argument.kind == "parameter":
            value = case.parameter(argument.path)
            args.append(float(value[0, 0]) if slot.varies == "scalar" else backend.asarray(
                {"point": value[:, 0], "site": value[0], "item": value}[slot.varies].astype(real)))
            continue
        dtype = np.uint8 if argument.kind == "flag" else real
        arrays[argument.path] = backend.asarray(start_of(argument).astype(dtype))
        args.append(arrays[argument.path])
    for name in layout.trailing():
        arrays[name] = trailing(name, backend)
        args.append(arrays[name])
    backend.runner([Call(layout, args)], precision).run(2**33, n_step)
    results = {path: backend.to_host(a) for path, a in arrays.items() if hasattr(a, "shape") and a.shape}
    return {k: v.sum(axis=1) if k.startswith("ledger") or k == "spike_count" else v for k, v in results.items()}


def leading(case, layout, backend) -> list:
    """Arguments before the slots: of an event, which neurons spike, and where their synapses lie."""
    n_site, n_partner = (N_PRE, N_POST) if case.end == "pre" else (N_POST, N_PRE)
    numbers = np.arange(N_ITEM)
    known = {
        "n_step": 1, "n_point": N_POINT, "n_item": N_ITEM, "dt_ms": DT, "n_pre": N_PRE, "n_post": N_POST,
        "n_site": n_site, "first": 0, "sites": np.array([np.arange(n_site), np.arange(n_site)[::-1]], np.int32),
        "n_listed": np.array([n_site - 2, 4]), "starts": np.linspace(0, N_ITEM, n_site + 1).astype(np.int64),
        "partners": (numbers * 7 % n_partner).astype(np.int32), "numbers": (numbers * 5 % N_ITEM).astype(np.int32),
    }
    return [backend.asarray(known[n]) if isinstance(known[n], np.ndarray) else known[n] for n in layout.leading]


def trailing(name, backend):
    """Arrays for spikes, indices, ledgers and random numbers."""
    blocks = (N_POINT, backend.ledger_blocks(N_ITEM))
    if name.endswith("_index"):
        n_neuron = N_PRE if name.startswith("pre") else N_POST
        return backend.asarray((np.arange(N_ITEM) * 7 % n_neuron).astype(np.int32))
    if name in ("n_pre", "n_post"):
        return N_PRE if name == "n_pre" else N_POST
    if name == "seeds":
        return backend.asarray(np.array([[7, 0], [8, 1]], np.uint32))
    if name.startswith("stream_"):
        return np.uint32(zlib.crc32(name.encode()))
    if name == "spike_at":
        return backend.zeros((N_POINT, N_ITEM), np.uint8)
    return backend.zeros(blocks, np.int64 if name == "spike_count" else np.float64)
