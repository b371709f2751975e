"""Calcium in a cell as one compartment: it enters, is buffered, and is extruded."""
from typing import ClassVar

from gpusyn.constants import FARADAY
from gpusyn.lang import maximum
from gpusyn.mechanism import Mechanism, given, output, parameter, state, total

TUTORIAL = "the neurotransmitter tutorial of lixirnet"
UM_PER_MS = 1e6 / (2 * FARADAY)  # uM/ms that 1 pA of calcium brings into 1 um^3


class CalciumDynamics(Mechanism):
    """Free calcium in the cytosol.

        (1 + buffer_capacity) d calcium/dt = calcium_entry - calcium_extrusion
        calcium_entry     = influx_rate influx + max(-calcium_current - calcium_fraction nmda_current, 0) / (2 F volume)
        calcium_extrusion = extrusion_rate (calcium - resting_concentration)

    `influx` is what the population's receptors and channels give as `calcium_influx` (uM/ms), `calcium_current` the sum
    of its currents of that name, which calcium alone carries. Of the current that `nmda_current` is bound to
    (``CalciumDynamics(nmda_current="nmda.current")``) calcium carries `calcium_fraction`. Only inward current brings
    calcium in. Fast buffers take up buffer_capacity ions for each that stays free, at any concentration.

    Sources: of the form, Sabatini, Oertner & Svoboda (2002) Neuron 33:439 (verified; they find a buffer capacity of
    about 20 and 12 ms in spines, recalled); of calcium_fraction, 11 % of the NMDA current, Burnashev, Zhou, Neher &
    Sakmann (1995) J. Physiol. 485:403 (recalled, uncertain). A volume of 1000 um^3, a small cell body, is proposed. The
    other defaults are those of the neurotransmitter tutorial of lixirnet (proposed there, no source).
    """

    member: ClassVar[str] = "calcium"

    calcium = state("uM", "free calcium in the cytosol", initial="resting_concentration", not_negative=True)
    influx = total("calcium_influx", "uM/ms", "calcium that receptors and channels let in")
    calcium_current = total("calcium_current", "pA", "currents that calcium carries, outward > 0")
    nmda_current = given("pA", "current that calcium carries a part of, outward > 0", default=0.0)

    resting_concentration = parameter(0.1, "uM", "concentration at rest", source=TUTORIAL, low=0.0)
    influx_rate = parameter(0.5, "1", "factor on influx", source=TUTORIAL, low=0.0)
    extrusion_rate = parameter(0.1, "1/ms", "rate of extrusion", source=TUTORIAL, low=0.0)
    buffer_capacity = parameter(0.1, "1", "ions that are bound for each free one", source=TUTORIAL, low=0.0)
    calcium_fraction = parameter(
        0.11, "1", "fraction of nmda_current that calcium carries", source="Burnashev et al. 1995, recalled",
        low=0.0, high=1.0,
    )
    volume = parameter(1000.0, "um^3", "volume of the cytosol", source="proposed", low=1e-6)

    @output("uM/ms", "calcium that enters")
    @staticmethod
    def calcium_entry(influx, influx_rate, calcium_current, nmda_current, calcium_fraction, volume):
        """By receptors and channels; outward current brings none in."""
        inward = maximum(-calcium_current - calcium_fraction * nmda_current, 0.0)
        return influx_rate * influx + UM_PER_MS * inward / volume

    @output("uM/ms", "calcium that is extruded beyond what leaks in at rest")
    @staticmethod
    def calcium_extrusion(calcium, resting_concentration, extrusion_rate):
        """First order."""
        return extrusion_rate * (calcium - resting_concentration)

    @staticmethod
    def d_calcium(calcium_entry, calcium_extrusion, buffer_capacity):
        """Entry less extrusion, shared with the buffers, uM/ms."""
        return (calcium_entry - calcium_extrusion) / (1.0 + buffer_capacity)
