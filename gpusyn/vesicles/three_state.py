"""Short-term plasticity with three states of the resources: available, inactive, recovering."""
from typing import ClassVar

from gpusyn.lang import absolute, exp, exprel, maximum
from gpusyn.mechanism import output, parameter, state
from gpusyn.vesicles.presets import INACTIVATION, PRESETS
from gpusyn.vesicles.tsodyks_markram import TsodyksMarkram, raised_utilisation


def recovering_after(y, z, tau_in, tau_rec, passed):
    """The recovering fraction `passed` ms after y were inactive and z recovering.

        z exp(-t / tau_rec) + y tau_rec / (tau_in - tau_rec) (exp(-t / tau_in) - exp(-t / tau_rec))

    written so that equal time constants are nothing special.
    """
    gap = passed * absolute(1.0 / tau_in - 1.0 / tau_rec)
    slower = maximum(tau_in, tau_rec)
    return z * exp(-passed / tau_rec) + y * (passed / tau_in) * exp(-passed / slower) * exprel(-gap)


class ThreeStateTsodyksMarkram(TsodyksMarkram):
    """Depression and facilitation; released resources stay inactive for tau_in before they recover.

        between spikes   dy/dt = -y / tau_in,    dz/dt = y / tau_in - z / tau_rec,    x = 1 - y - z
                         du/dt = (U - u) / tau_facil
        at a spike       release = u x,    then y = y + u x,    u = u + U (1 - u);    tau_facil = 0: u = U

    The three fractions add up to one by construction. y, z and u are kept as they stood just after the latest spike;
    `inactive`, `recovering` and `available` are the exact solution over the time since then. Everything else is as in
    `TsodyksMarkram`, which is the limit tau_in = 0.

    Source: Tsodyks, Pawelzik & Markram (1998) Neural Comput. 10:821. tau_in is 1.5 ms in Tsodyks1998-facilitating
    (verified) and 3 ms in the others (recalled, uncertain).
    """

    presets: ClassVar = {name: PRESETS[name] | {"tau_in": tau_in} for name, tau_in in INACTIVATION.items()}

    y = state("1", "inactive fraction just after the latest spike", not_negative=True)
    z = state("1", "recovering fraction just after the latest spike", not_negative=True)

    tau_in = parameter(3.0, "ms", "time that released resources stay inactive", source="recalled, uncertain", low=1e-3)

    @output("1", "available fraction just after the latest spike")
    @staticmethod
    def x(y, z):
        """What is neither inactive nor recovering."""
        return 1.0 - y - z

    @output("1", "fraction of the resources that is inactive")
    @staticmethod
    def inactive(y, tau_in, since):
        """The present value of y."""
        return y * exp(-since / tau_in)

    @output("1", "fraction of the resources that is recovering")
    @staticmethod
    def recovering(y, z, tau_in, tau_rec, since):
        """The present value of z."""
        return recovering_after(y, z, tau_in, tau_rec, since)

    @output("1", "fraction of the resources that is available")
    @staticmethod
    def available(inactive, recovering):
        """What is neither inactive nor recovering; rounding does not make it negative."""
        return maximum(1.0 - inactive - recovering, 0.0)

    @staticmethod
    def on_pre(inactive, recovering, utilisation, released_fraction, U, tau_facil):
        """What is released becomes inactive; then the utilisation grows."""
        return {
            "y": inactive + released_fraction,
            "z": recovering,
            "u": raised_utilisation(utilisation, U, tau_facil),
            "since": 0.0,
        }
