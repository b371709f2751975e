"""A field kept twice: one half is read, the other written, and the two change roles."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Paired:
    """Two device arrays of one quantity; `current` says which holds the data.

    An operation that reads neighbours cannot write in place on a GPU. It is passed `front` and `back`, and the pair is
    flipped after it; every later call is passed the new front.
    """

    halves: tuple[Any, Any]
    current: int = 0

    @property
    def front(self):
        """The half that holds the data."""
        return self.halves[self.current]

    @property
    def back(self):
        """The half that may be overwritten."""
        return self.halves[1 - self.current]

    @property
    def shape(self):
        """Shape of either half."""
        return self.front.shape

    @property
    def dtype(self):
        """Element type of either half."""
        return self.front.dtype

    def flip(self) -> None:
        """Let the halves change roles."""
        self.current = 1 - self.current
