"""What takes a transmitter up: in proportion to its concentration, or by transporters that saturate."""
from gpusyn.mechanism import Mechanism, given, output, parameter
from gpusyn.transmitters.transmitter import TUTORIAL


class FirstOrderUptake(Mechanism):
    """Uptake in proportion to the concentration; one of the terms of a transmitter's `uptake`.

        uptake = rate concentration

    What a transmitter's reuptake_rate does too, but as a mechanism: its rate may differ from site to site (a region
    that clears faster, a cut-off), and a drug can act on it (`gpusyn.pharmacology`). The step is exact.
    """

    concentration = given("uM", "transmitter outside the cells")

    rate = parameter(0.01, "1/ms", "rate of uptake", source=TUTORIAL, low=0.0)

    @output("uM/ms", "taken up")
    @staticmethod
    def uptake(concentration, rate):
        """First order at every concentration."""
        return rate * concentration


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
