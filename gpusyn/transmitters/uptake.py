"""Transporters: saturable uptake of a transmitter."""
from gpusyn.mechanism import Mechanism, given, output, parameter

TUTORIAL = "the neurotransmitter tutorial of lixirnet"


class MichaelisMentenUptake(Mechanism):
    """Transporters that saturate; one of the terms of a transmitter's `uptake`.

        uptake = v_max concentration / (k_m + concentration)

    Source: Michaelis & Menten (1913) Biochem. Z. 49:333. The defaults are those of the neurotransmitter tutorial's
    glutamate transporter (proposed there, no source).
    """

    concentration = given("uM", "transmitter outside the cells")

    v_max = parameter(1.0, "uM/ms", "uptake with every transporter busy", source=TUTORIAL, low=0.0)
    k_m = parameter(10.0, "uM", "concentration of half the largest uptake", source=TUTORIAL, low=1e-9)

    @output("uM/ms", "taken up by these transporters")
    @staticmethod
    def uptake(concentration, v_max, k_m):
        """First order far below k_m, constant far above."""
        return v_max * concentration / (k_m + concentration)
