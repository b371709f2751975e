"""Calcium: what lets it through the plasma membrane and the membrane of the endoplasmic reticulum, and what holds it.

Fluxes are densities per area of the membrane that they cross, in uM um/ms (1 uM um/ms = 1e-12 umol/(um^2 s)), and have
one sign: **above 0 into the cytosol**. Each mechanism has one of these outputs, and a compartment sums them:

    flux_from_outside    through the plasma membrane: pumps below 0, channels and the leak above
    flux_from_er         through the ER's membrane: SERCA below 0, receptors and the leak above; what enters the
                         cytosol leaves the ER
    ip3_flux             IP3 through the plasma membrane

A compartment with the surface A and the volume V gains A/V times the density: `CalciumCompartment` does so in a spine,
a soma or a lattice site. The mechanisms read `ca`, `ca_er`, `ip3` and `v` by name.

What is not there costs nothing; what is there is switched off, for all or for some sites, by a density (a
permeability, an amplitude, a buffer's total) of 0.
"""
from gpusyn.calcium.compartment import CalciumCompartment, UnbufferedERCompartment
from gpusyn.calcium.ip3 import CytosolicIP3
from gpusyn.calcium.ip3r import IP3Receptor, LiRinzelIP3Receptor
from gpusyn.calcium.leak import ERLeak, PlasmaMembraneLeak
from gpusyn.calcium.pumps import NCX, PMCA, SERCA
from gpusyn.calcium.ryr import RyanodineReceptor
from gpusyn.calcium.soce import StoreOperatedCalciumEntry
from gpusyn.calcium.sources import CalciumPartOfCurrent, CalciumPulseTrain, CalciumSource, IP3PulseTrain, IP3Source
from gpusyn.calcium.vdcc import LTypeCalciumChannel, VoltageGatedCalciumChannel

__all__ = [
    "NCX", "PMCA", "SERCA", "CalciumCompartment", "CalciumPartOfCurrent", "CalciumPulseTrain", "CalciumSource",
    "CytosolicIP3", "ERLeak", "IP3PulseTrain", "IP3Receptor", "IP3Source", "LTypeCalciumChannel", "LiRinzelIP3Receptor",
    "PlasmaMembraneLeak", "RyanodineReceptor", "StoreOperatedCalciumEntry", "UnbufferedERCompartment",
    "VoltageGatedCalciumChannel",
]
