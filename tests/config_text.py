"""Texts of configs for tests."""

SMALL = """\
# A small network.
[run]
name = "small"
duration = "5 ms"
dt = "0.1 ms"
seed = 3
backend = "numpy"

[lattice]
shape = [4, 6]
spacing = "2 um"
edges = "periodic"

[transmitters.glutamate]
kind = "GlutamateNeurotransmitter"
reuptake_rate = "0.05 1/ms"
transporters = { kind = "MichaelisMentenUptake", v_max = "0.1 mM/s" }

[populations.neurons]
kind = "IzhikevichNeuron"
preset = "RS"
groups = { excitatory = 0.75, inhibitory = 0.25 }
a = { excitatory = 0.02, inhibitory = { uniform = [0.08, 0.1] } }
v_init = { normal = ["-65 mV", "3 mV"], min = "-70 mV" }

[populations.neurons.ampa]
kind = "AMPAReceptor"
conductance = "2000 pS"
glutamate = "glutamate.concentration"

[populations.neurons.synapse]
kind = "ExponentialCurrentSynapse"

[populations.targets]
kind = "LeakyIntegrateAndFire"
shape = [1, 3]
synapse = { kind = "ExponentialConductanceSynapse", tau = "2 ms" }

[sources.noise]
kind = "Poisson"
rate = "100 Hz"

[sources.clock]
kind = "Regular"
shape = [1, 3]
period = "1 ms"
phase = { values = [0, 0.1, 0.2] }

[connections.excite]
from = "neurons"
to = "glutamate"
from_sites = "excitatory"
weight = 2
delay = "0.5 ms"
probability = 0.5
wiring = { kind = "neighbourhood", radius = "4 um", weight = { law = "gaussian", sigma = "3 um" } }

[connections.drive]
from = "noise"
to = "neurons.synapse.inward_current"
weight = "0.1 nA"
wiring = { kind = "one_to_one" }

[connections.down]
from = "clock"
to = "targets.synapse.conductance"
weight = "1 nS"
wiring = { kind = "sparse", pre = [0, 1], post = [1, 2], weight = [1, 2], delay = ["0 ms", "0.4 ms"] }

[gap_junctions.gaps]
population = "neurons"
conductance = "0.5 nS"
wiring = { kind = "neighbourhood", radius = "2 um" }

[sweep]
"neurons.ampa.conductance" = ["1 nS", "2 nS"]
"glutamate.reuptake_rate" = { from = 0.01, to = 1, points = 3, spacing = "log" }

[[record]]
quantity = ["neurons.v", "glutamate"]
every = "1 ms"

[[record]]
quantity = "neurons.ampa.current"
every = "0.5 ms"
reduce = { histogram = { bins = 10, low = "-1 nA", high = 0 } }

[output]
compression = "none"

[plots]
movie = false
"""

LEAST = """\
[run]
duration = "1 ms"
backend = "numpy"

[lattice]
shape = [2, 2]

[populations.neurons]
kind = "IzhikevichNeuron"
"""

RICH = """
[run]
duration = "2 ms"
backend = "numpy"
[lattice]
shape = [3, 4]
spacing = "2 um"
[lattices.wide]
shape = [1, 5]
edges = "periodic"
[transmitters.glutamate]
kind = "GlutamateNeurotransmitter"
transporter = { kind = "GlutamateTransporter", localization = "synaptic" }
[transmitters.dopamine]
kind = "DopamineNeurotransmitter"
lattice = { edges = "absorbing" }
[transmitters.serotonin]
kind = "SerotoninNeurotransmitter"
lattice = "wide"
[populations.neurons]
kind = "IzhikevichNeuron"
preset = "RS"
ampa = { kind = "AMPAReceptor", preset = "Jonas1993" }
d1 = { kind = "D1_Receptor", target = "ampa_conductance", modulation_factor = 2 }
d2 = { kind = "D2_Autoreceptor", target = "" }
drive = { kind = "ConstantCurrent", amplitude = { uniform = ["5 pA", "20 pA"] } }
[populations.far]
kind = "LeakyIntegrateAndFire"
lattice = "wide"
[sources.reward]
kind = "SpikeTrain"
times = ["20 ms", 30]
sites = [0, 2]
[connections.excite]
from = "neurons"
to = "glutamate"
probability = "neurons.d2.release_probability"
wiring = { kind = "neighbourhood", radius = "2 um" }
synapse = { kind = "STDPRule", tau_plus = "15 ms", a_minus = { uniform = [0.01, 0.02] } }
[pharmacology.ssri]
target = "serotonin_transporter"
start = "1 s"
[disorders.parkinson]
neurotransmitter_deficit = { dopamine = "30 percent" }
compensatory_mechanisms = ["receptor_upregulation"]
[sweep]
"excite.a_plus" = [0.01, 0.02]
"serotonin.reuptake_rate" = [0.01, 0.02]
"serotonin.ssri.dose" = [0, 1]
"dopamine.quantum_size" = [1000, 2000]
[[record]]
quantity = ["neurons.d1.gain", "excite.x"]
"""

# Trees, with everything that a section of them may say.
SHAPED = """\
[run]
duration = "1 ms"
dt = "0.01 ms"
backend = "numpy"

[trees.dendrite]
branch = { length = "20 um", n = 21, radius = { from = "0.6 um", to = "0.2 um" } }
count = 2
er = { ratio = { basal = 0.5 } }
scheme = "euler"
groups = { stimulus = { nodes = [3, 5], cells = [1] }, far = { beyond = "15 um" } }
resting_ca = "60 nM"

[trees.dendrite.pump]
kind = "PMCA"
density = { stimulus = 0, far = "250 1/um^2", rest = { uniform = [400, 600] } }

[trees.dendrite.leak]
kind = "PlasmaMembraneLeak"

[sweep]
"dendrite.pump.k_m" = ["60 nM", "120 nM"]

[[record]]
quantity = "dendrite.ca"
every = "0.1 ms"
sites = "stimulus"
"""
