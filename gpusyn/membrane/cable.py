"""The cable equation: the potential of a membrane, alone or along the branches of a tree."""
from math import pi
from typing import ClassVar

from gpusyn.mechanism import Mechanism, parameter, state, total

SPINE = "SPINE"
RADIUS = 0.5  # um, of the default: a micrometre of dendrite


class Cable(Mechanism):
    """Potential of a membrane that is charged by what flows through it, and along a tree by what flows within.

        capacitance dv/dt = - sum(current_density) + (sum(injection) - sum(current)) / membrane_area + axial current

    The sums are over the mechanisms of the population: `current_density` (pA/um^2, outward > 0) is what channels of the
    membrane give, `current` (pA, outward > 0) what receptors give, `injection` (pA, inward > 0) electrodes and gap
    junctions. In a tree the axial current flows between neighbours through the whole cross-section, with the
    conductance area / (axial_resistivity length); charge that leaves a node arrives at the next. As the cell of a
    population that is no tree this is a point neuron.

    Calcium: `CalciumCompartment` gives the `current` that calcium carries through voltage-gated channels, so what
    enters it through them is what charges the membrane, two charges for each ion. PMCA, NCX and the leak of calcium
    count as electroneutral, as if other ions carried their charge back; so do calcium sources. What passes through the
    membrane of the ER charges nothing here.

    A spike is an upward crossing of `spike_threshold`, at every node.

    Sources: Rall (1962) Ann. N.Y. Acad. Sci. 96:1071; 1 uF/cm^2 is usual; resting potential from SPINE. SPINE's axial
    resistivity, the preset "SPINE", is above the usual 70 to 200 Ohm cm.
    """

    member: ClassVar[str] = "cable"
    rests: ClassVar = ("v",)
    presets: ClassVar = {"SPINE": {"axial_resistivity": 750.0}}

    v = state("mV", "membrane potential", initial="resting_potential", spreads="axial_resistivity", within="membrane")
    densities = total("current_density", "pA/um^2", "currents through channels of the membrane, outward > 0")
    currents = total("current", "pA", "currents through receptors, and those that calcium carries, outward > 0")
    injection = total("injection", "pA", "injected currents, inward > 0")

    membrane_area = parameter(2 * pi * RADIUS, "um^2", "area of membrane",
                              source="1 um of a dendrite with a radius of 0.5 um", low=1e-9)
    capacitance = parameter(0.01, "pF/um^2", "capacitance per area: 1 uF/cm^2", source="usual; SPINE", low=1e-9)
    axial_resistivity = parameter(150.0, "ohm cm", "resistivity of the cytoplasm", source="usual, 70 to 200", low=1e-3)
    resting_potential = parameter(-72.0, "mV", "potential at rest, where it starts", source=SPINE, low=-200.0,
                                  high=200.0)
    spike_threshold = parameter(0.0, "mV", "potential whose upward crossing is a spike", source="usual")

    @staticmethod
    def d_v(densities, currents, injection, membrane_area, capacitance):
        """Slope of the potential without the axial current, mV/ms."""
        return ((injection - currents) / membrane_area - densities) / capacitance

    @staticmethod
    def spikes(v, v_before, spike_threshold):
        """The potential crosses the threshold upwards."""
        return (v >= spike_threshold) & (v_before < spike_threshold)
