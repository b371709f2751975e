"""Mechanisms as text, for tests: three of gpusyn's own, word for word, and a synapse's rule."""

AMPA = """
meaning = "AMPA receptor with one bound state, which is open"
based_on = "LigandGatedReceptor"
parameters.conductance = "10 nS"

gates.r = "fraction of receptors that have bound glutamate"
givens.glutamate = { unit = "uM", meaning = "glutamate that the receptor sees" }
parameters.binding_rate = { default = "0.1 1/(uM ms)", meaning = "binding rate", low = 0 }
parameters.unbinding_rate = { default = "0.05 1/ms", meaning = "unbinding rate", low = 0 }
presets.Destexhe1998 = { binding_rate = 1.1e-3, unbinding_rate = "0.19 1/ms", conductance = "1 nS" }

rates.r = ["binding_rate * glutamate", "unbinding_rate"]
outputs.bound_fraction = { unit = "1", meaning = "bound", equation = "r" }
outputs.open_fraction = { unit = "1", meaning = "open", equation = "r" }
"""

IZHIKEVICH = """
meaning = "Izhikevich's simple model of spiking neurons"
integrator = "euler"

states.v = { unit = "mV", meaning = "membrane potential", initial = "v_init" }
states.w = { unit = "pA", meaning = "recovery variable", initial = "w_init" }
totals.receptor_current = { sums = "current", unit = "pA", meaning = "outward currents" }
totals.injection = { sums = "injection", unit = "pA", meaning = "injected currents, inward > 0" }

parameters.a = { default = 0.02, unit = "1", meaning = "speed of recovery", low = 0 }
parameters.b = { default = "0.2 pA/mV", meaning = "sensitivity of recovery to the potential" }
parameters.c = { default = "-65 mV", meaning = "potential after a spike", low = "-0.2 V", high = "200 mV" }
parameters.d = { default = "8 pA", meaning = "step of recovery at a spike" }
parameters.v_th = { default = "30 mV", meaning = "peak of a spike" }
parameters.tau_m = { default = "1 ms", meaning = "time scale of recovery", low = 1e-3 }
parameters.c_m = { default = "1 pF", meaning = "membrane capacitance", low = 1e-6 }
parameters.v_init = { default = "-65 mV", meaning = "membrane potential at the start" }
parameters.w_init = { default = "-13 pA", meaning = "recovery variable at the start" }
parameters.gap_conductance = { default = "10 nS", meaning = "conductance of a gap junction" }

spikes = "v >= v_th"
on_spike.v = "c"
on_spike.w = "w + d"

equations."c_m dv/dt" = "0.04 * v**2 + 5 * v + 140 - w - receptor_current + injection"
equations."tau_m dw/dt" = "a * (b * v - w)"
"""

SIX_STATES = """
meaning = "AMPA receptor with two binding steps, one open and two desensitized states"
based_on = "LigandGatedReceptor"
schemes.scheme = { states = "C0 C1 C2 D1 D2 O", meaning = "fractions of the receptors in each state" }
givens.glutamate = { unit = "uM", meaning = "glutamate that the receptor sees" }

parameters.binding_rate = { default = "0.013 1/(uM ms)", meaning = "either binding", low = 0 }
parameters.unbinding_1 = { default = "0.0059 1/ms", meaning = "unbinding from C1", low = 0 }
parameters.unbinding_2 = { default = "86 1/ms", meaning = "unbinding from C2", low = 0 }
parameters.desensitization = { default = "0.9 1/ms", meaning = "desensitization of C1 and C2", low = 0 }
parameters.resensitization = { default = "0.064 1/ms", meaning = "return from D1 and D2", low = 0 }
parameters.opening = { default = "2.7 1/ms", meaning = "opening", low = 0 }
parameters.closing = { default = "0.2 1/ms", meaning = "closing", low = 0 }

outputs.bound_fraction = { unit = "1", meaning = "bound", equation = "C1 + C2 + D1 + D2 + O" }
outputs.open_fraction = { unit = "1", meaning = "open", equation = "O" }
outputs.desensitized_fraction = "D1 + D2"

transitions."C0 <-> C1" = ["binding_rate * glutamate", "unbinding_1"]
transitions."C1 <-> C2" = ["binding_rate * glutamate", "unbinding_2"]
transitions."C1 <-> D1" = ["desensitization", "resensitization"]
transitions."C2 <-> D2" = ["desensitization", "resensitization"]
transitions."C2 -> O" = "opening"
transitions."O -> C2" = "closing"
"""

PAIR_RULE = """
meaning = "Pair rule of spike-timing-dependent plasticity, all spikes with all spikes"
states.weight = { unit = "1", meaning = "synaptic weight", initial = 1.0 }
states.x = { unit = "1", meaning = "trace of the presynaptic spikes", at = "pre" }
states.y = { unit = "1", meaning = "trace of the postsynaptic spikes", at = "post" }
parameters.a_plus = { default = 0.01, unit = "1", meaning = "potentiation of a pair at no delay" }
parameters.a_minus = { default = 0.0105, unit = "1", meaning = "depression of a pair at no delay" }
parameters.tau_plus = { default = "20 ms", meaning = "decay of potentiation with delay", low = 1e-3 }
parameters.tau_minus = { default = "20 ms", meaning = "decay of depression with delay", low = 1e-3 }
parameters.weight_max = { default = 2, unit = "1", meaning = "largest weight" }
equations."dx/dt" = "-x / tau_plus"
equations."dy/dt" = "-y / tau_minus"
on_pre = { x = "x + 1", weight = "clip(weight - a_minus * y, 0, weight_max)" }
on_post = { y = "y + 1", weight = "clip(weight + a_plus * x, 0, weight_max)" }
"""
