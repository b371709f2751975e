"""The second messengers of a cell, together."""
from __future__ import annotations

from dataclasses import dataclass

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism
from gpusyn.messengers.calcium import CalciumDynamics
from gpusyn.messengers.camp import cAMPDynamics
from gpusyn.messengers.ip3 import IP3Dynamics

KINDS = {"calcium": CalciumDynamics, "ip3": IP3Dynamics, "camp": cAMPDynamics}


@dataclass
class SecondMessengerSystem:
    """Calcium, IP3 and cAMP of a cell, each of them optional: a bundle of mechanisms to put on a population.

        model.add_population("neurons", cell, **SecondMessengerSystem(ip3=IP3Dynamics()).members)

    Raises:
        ModelError: one of them is another mechanism than its name says, or all are missing.
    """

    calcium: CalciumDynamics | None = None
    ip3: IP3Dynamics | None = None
    camp: cAMPDynamics | None = None

    def __post_init__(self):
        for name, kind in KINDS.items():
            messenger = getattr(self, name)
            if messenger is not None and not isinstance(messenger, kind):
                raise ModelError(f"SecondMessengerSystem.{name}: {messenger!r} is not a {kind.__name__}; "
                                 f"write {name}={kind.__name__}()")
        if not self.members:
            raise ModelError(f"SecondMessengerSystem: give at least one of {', '.join(KINDS)}")

    @property
    def members(self) -> dict[str, Mechanism]:
        """The mechanisms by the name that each has on a population."""
        return {name: getattr(self, name) for name in KINDS if getattr(self, name) is not None}
