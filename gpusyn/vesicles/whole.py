"""Parameters that are numbers of things."""
from typing import ClassVar

from gpusyn.limits import check_whole
from gpusyn.mechanism import Mechanism


class WholeNumbers(Mechanism):
    """A mechanism some of whose parameters are numbers of things: `whole` names them."""

    whole: ClassVar[tuple[str, ...]] = ()

    def set(self, name, value):
        """As of any mechanism; a number of things must be whole.

        Raises:
            ModelError: as `Mechanism.set`, or part of a thing.
        """
        super().set(name, value)
        if name in self.whole:
            check_whole(f"{type(self).__name__}.{name}", value)
