"""Membranes: the cable equation, channels, electrodes, and what holds the rest.

Channels give an output `current_density` in pA/um^2, outward > 0; `Cable` sums all of that name, whoever has it. So a
channel of your own is a class with gates and that output:

    class SlowPotassiumChannel(Mechanism):
        '''M-current: current_density = conductance_density p (v - reversal_potential).'''
        p = gate("activation")
        v = given("mV", "membrane potential")
        conductance_density = parameter(4e-5, "nS/um^2", "conductance of the open channels of a membrane")
        reversal_potential = parameter(-90.0, "mV", "reversal potential of potassium")

        @staticmethod
        def p_rates(v):
            steady = 1.0 / (1.0 + exp(-(v + 35.0) / 10.0))
            rate = 0.001 * (3.3 * exp((v + 35.0) / 20.0) + exp(-(v + 35.0) / 20.0))
            return steady * rate, (1.0 - steady) * rate

        @output("pA/um^2", "current per area, outward > 0")
        @staticmethod
        def current_density(p, v, conductance_density, reversal_potential):
            return conductance_density * p * (v - reversal_potential)

    model.add_trees("dendrite", cell, Cable(), sodium=SodiumChannel(), m_current=SlowPotassiumChannel(), ...)

If calcium passes through it, a second output `flux_from_outside` = -current_density / (2 F) lets it into the cell's
`CalciumCompartment`, as in `CalciumChannel`. Channels in `gpusyn.calcium` (Goldman, Hodgkin and Katz) give the flux and
`calcium_current_density`; the compartment makes that a `current`, which `Cable` sums too.
"""
from gpusyn.membrane.cable import Cable
from gpusyn.membrane.channels import CalciumChannel, MembraneLeak, PotassiumChannel, SodiumChannel
from gpusyn.membrane.clamps import CurrentClamp, PrescribedVoltage
from gpusyn.membrane.rest import RestingCurrent

__all__ = [
    "Cable", "CalciumChannel", "CurrentClamp", "MembraneLeak", "PotassiumChannel", "PrescribedVoltage",
    "RestingCurrent", "SodiumChannel",
]
