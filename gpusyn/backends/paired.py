"""A field kept twice: one half is read, the other written, and the two change roles."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Paired:
    """Two device arrays of one quantity; `current` says which holds the data.

    An operation that reads neighbours cannot write in place. It is passed `front` and `back`, and the pair is flipped
    after it; every later call is passed the new front.
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


@dataclass(eq=False)
class Beside:
    """One array for each half of a pair, of which an operation is passed that for the half which holds the data.

    With the halves of the pair itself in turn, it is what may be overwritten.
    """

    pair: Paired
    halves: tuple[Any, Any]

    @property
    def front(self):
        """The array for the half that holds the data."""
        return self.halves[self.pair.current]

    @property
    def shape(self):
        """Shape of either array."""
        return self.front.shape

    @property
    def dtype(self):
        """Element type of either array."""
        return self.front.dtype


def pairs_of(args) -> list[Paired]:
    """The pairs among arguments, and those that some go with, each once."""
    found = [arg.pair if isinstance(arg, Beside) else arg for arg in args if isinstance(arg, Paired | Beside)]
    return list({id(pair): pair for pair in found}.values())


def front_of(arg):
    """What an argument is now: of two arrays the one that holds the data."""
    return arg.front if isinstance(arg, Paired | Beside) else arg
