"""Trees on a device: the arrays of what spreads, and those beside every state that a scheme needs."""
from __future__ import annotations

import numpy as np

from gpusyn.backends.paired import Beside, Paired, front_of, pairs_of
from gpusyn.fusing.binding import spiking_member
from gpusyn.fusing.spine_steps import explicit_gates
from gpusyn.fusing.trees import moving
from gpusyn.quantities import path_of
from gpusyn.trees.neighbours import neighbours_of, with_neighbours
from gpusyn.trees.part import Trees
from gpusyn.trees.spreading import spreading_of

BESIDE = {"sbdf2": ("spread", "change", "rate"), "sbdf2_whole": ("carry",),
          "midpoint": ("spread", "change", "middle"), "midpoint_whole": ("spread", "middle"),
          "euler": ("spread", "change"), "euler_whole": ("spread",), "spine": ("spread", "change", "rate", "past"),
          "adaptive": ("spread", "change", "second")}
OWN = ("rate", "past", "carry")  # which no operation on trees touches
EXPLICIT = ("euler", "midpoint")
FLOWING = ("state", "middle")    # whose neighbours programs read
SIDES = ("before", "after")


class TreeArrays:
    """The arrays of one population of trees.

    Attributes:
        spreading: what spreads, and how easily.
        form: of the scheme's programs (`gpusyn.fusing.trees`).
        neighbours: the flows that programs work out, None if they do not.
        elsewhere: whether a program writes new states elsewhere, while others read the old ones of their neighbours.
        blocks: device arrays (n_state, n_point, n_node) of what spreads: "state", "spread", "change", "middle".
    """

    def __init__(self, assembly, trees: Trees):
        self.assembly, self.trees, self.model = assembly, trees, assembly.model
        self.spreading = spreading_of(self.model, trees)
        scheme, sharp = trees.scheme, assembly.precision == "float64"
        whole = spiking_member(trees.members) is None and (scheme in EXPLICIT or (scheme == "sbdf2" and sharp))
        self.form = f"{scheme}_whole" if whole else scheme
        self.blocks: dict = {}
        self.neighbours, self.elsewhere = None, False
        if scheme in (*EXPLICIT, "sbdf2") and self.form != "sbdf2_whole":
            self.neighbours = neighbours_of(trees.name, trees.forest.parent, self.spreading)
            self.elsewhere = self.form == "euler_whole" and bool(self.neighbours.shares)
            assembly.coefficients |= self.neighbours.values

    def allocate(self, inputs) -> None:
        """Put the initial states on the device, and make room for the arrays beside them."""
        starts, assembly = self.assembly.starts(self.trees, inputs), self.assembly
        for what in ("state", *self.beside()):
            if what not in OWN:
                self.make_block(what)
        for path, start in starts.items():
            if path in self.spreading.paths:
                held = self.row("state", path)
                assembly.fill(front_of(held), start)
            else:
                held = assembly.filled((assembly.n_point, self.trees.n_site), start)
            assembly.state[path] = assembly.keep(path, held)
        for member, mechanism in self.trees.members.items():
            self.allocate_beside(member, mechanism)

    def beside(self) -> tuple[str, ...]:
        """The kinds of arrays beside states."""
        kinds, needed = BESIDE[self.form], self.neighbours is None or self.neighbours.branched
        return kinds if needed else tuple(kind for kind in kinds if kind != "spread")

    def allocate_beside(self, member, mechanism) -> None:
        """Make room beside the states of one mechanism, and beside what flows into them."""
        names, scheme = moving(mechanism), self.trees.scheme
        fluxes = [n for n, q in mechanism.quantities.items() if getattr(q, "into", "") in names]
        beside = dict.fromkeys(names, self.beside())
        beside |= dict.fromkeys(fluxes if scheme == "sbdf2" else [], ("carry",))
        beside |= dict.fromkeys(explicit_gates(mechanism) if scheme == "spine" else [], ("change", "rate"))
        for name, kinds in beside.items():
            path = path_of(self.trees.name, member, name)
            spreads = path in self.spreading.paths
            for what in kinds:
                if what == "spread" and not spreads:
                    continue
                held = self.row(what, path) if spreads and what not in OWN else self.room()
                self.assembly.inputs[f"{path}:{what}"] = held
                if what in ("change", *OWN):
                    self.assembly.keep(f"{path}:{what}", held)
            for what in self.blocks if spreads else ():
                if what.endswith(SIDES) or what == "moved":
                    self.assembly.inputs[f"{path}:{what}"] = self.row(what, path)

    def make_block(self, what) -> None:
        """Room for what spreads, in one piece; of a kind whose neighbours are read, also views of these.

        A state whose neighbours are read while new ones are written is kept twice, unless a program reads all before it
        writes any.
        """
        shape = (len(self.spreading.paths), self.assembly.n_point, self.trees.n_site)
        if self.neighbours is None or what not in FLOWING:
            self.blocks[what] = self.assembly.backend.zeros(shape, self.assembly.real)
            return
        twice = self.elsewhere and not self.assembly.backend.whole_arrays
        made = [with_neighbours(self.assembly.backend, shape, self.assembly.real) for _ in range(1 + twice)]
        self.blocks[what] = Paired((made[0][0], made[1][0])) if twice else made[0][0]
        for side, *blocks in zip(SIDES, *(sides for _, *sides in made), strict=True):
            kind = f"{what}:{side}".removeprefix("state:")
            self.blocks[kind] = Beside(self.blocks[what], tuple(blocks)) if twice else blocks[0]
        if self.elsewhere:
            self.blocks["moved"] = Beside(self.blocks[what], (made[1][0], made[0][0])) if twice else self.blocks[what]

    def room(self):
        """An array of one value per item."""
        return self.assembly.backend.zeros((self.assembly.n_point, self.trees.n_site), self.assembly.real)

    def row(self, what, path):
        """The part of a block that belongs to a state."""
        k, block = self.spreading.paths.index(path), self.blocks[what]
        if not isinstance(block, Paired | Beside):
            return block[k]
        return Beside(pairs_of([block])[0], (block.halves[0][k], block.halves[1][k]))

    def host(self, what) -> np.ndarray:
        """A host copy of a block, float64."""
        return self.assembly.backend.to_host(front_of(self.blocks[what])).astype(np.float64)
