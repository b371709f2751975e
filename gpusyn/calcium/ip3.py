"""IP3 in a compartment with calcium."""
from typing import ClassVar

from gpusyn.mechanism import given, parameter, total
from gpusyn.messengers.ip3 import IP3Dynamics

BREIT = "Breit & Queisser 2018"


class CytosolicIP3(IP3Dynamics):
    """Inositol trisphosphate in the cytosol of a `CalciumCompartment`.

        d ip3/dt = surface_to_volume influx + production - degradation_rate (ip3 - resting_concentration)

    `influx` is the sum of the population's `ip3_flux`, through the plasma membrane; `production` is what its receptors
    make as `ip3_production`.

    Source: the resting concentration and 0.11/s are those of NeuroBox's applications of Breit & Queisser (2018) J.
    Math. Neurosci. 8:9 (verified in its scripts). SPINE has 1000/s, so that IP3 lives for 1 ms: the preset SPINE.
    """

    rests: ClassVar = ("ip3",)
    presets: ClassVar = {"Breit2018": {}, "SPINE": {"degradation_rate": 1.0}}

    influx = total("ip3_flux", "uM um/ms", "IP3 that enters through the plasma membrane")
    surface_to_volume = given("1/um", "area of plasma membrane for each volume of cytosol")

    resting_concentration = parameter(0.04, "uM", "concentration at rest", source=BREIT, low=0.0)
    degradation_rate = parameter(1.1e-4, "1/ms", "rate of degradation", source=BREIT, low=0.0)

    @staticmethod
    def d_ip3(production, influx, surface_to_volume, degradation):
        """Influx and production less degradation, uM/ms."""
        return surface_to_volume * influx + production - degradation
