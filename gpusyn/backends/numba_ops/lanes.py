"""Eight stretches of a run of nodes side by side in the lanes of a vector: recurrences along trees, vectorised.

A recurrence y_i = c_i y_before + z_i forgets where it began: after so many nodes, the product of the c is nothing
beside a rounding. A long run is cut into eight stretches that follow each other; each first takes the last nodes of its
own without storing, which tells the next one where to begin, and then all eight are taken at the same time
(`gpusyn.numerics.tree_lanes`).

Nodes lie one after another in memory, so that eight of each stretch, a tile, are loaded row by row and transposed in
registers. Elimination leaves its tiles transposed; substitution, which takes every tile after that, puts them back.

The compiler does not find this by itself: the functions below write the vector instructions down, in LLVM's terms,
which every processor has a translation of.
"""
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 8
INDEX = ir.IntType(64)
FLAGS = ("contract", "nsz")  # as `gpusyn.backends.numba_ops.compiled` allows


def sweep(eliminates: bool, ascending: bool):
    """A compiled function that takes one quantity along one run in lanes.

    Its arguments, all beyond the two arrays int64:
        values: real, C-contiguous; first: where the run's lowest node lies in it, flat; stride: nodes of a stretch,
            a multiple of 8.
        factors: real, C-contiguous; at: where those of the run's quantity begin in it, flat: for each tile and each
            of its nodes a vector of c, and before it, if this eliminates, one of what right-hand sides are times.
        n_warm: tiles at the end of each stretch that tell the next one where to begin.
        start: real, the value before the run.

    Returns:
        The last value.
    """
    @intrinsic
    def taken(typingctx, values, first, stride, factors, at, n_warm, start):
        real = values.dtype

        def generate(context, builder, signature, args):
            data = [context.make_array(signature.args[k])(context, builder, args[k]).data for k in (0, 3)]
            numbers = [context.cast(builder, args[k], signature.args[k], types.int64) for k in (1, 2, 4, 5)]
            sweep = Sweep(builder, data, numbers, eliminates, ascending)
            return sweep.run(args[6])

        return real(values, first, stride, factors, at, n_warm, start), generate

    return taken


class Sweep:
    """The instructions of one sweep; see `sweep`."""

    def __init__(self, builder, data, numbers, eliminates, ascending):
        self.builder, (self.values, self.factors) = builder, data
        self.first, self.stride, self.at, self.n_warm = numbers
        self.eliminates, self.ascending = eliminates, ascending
        self.real = self.values.type.pointee
        self.vector = ir.VectorType(self.real, LANES)
        self.align = 4 if isinstance(self.real, ir.FloatType) else 8
        self.state = cgutils.alloca_once(builder, self.vector)
        self.nothing = ir.Constant(self.vector, [0.0] * LANES)

    def run(self, start):
        """Take all stretches; the last value."""
        builder = self.builder
        n_tile = builder.udiv(self.stride, ir.Constant(INDEX, LANES))
        before = builder.sub(n_tile, self.n_warm)
        builder.store(self.nothing, self.state)
        self.tiles(*((before, n_tile) if self.ascending else (ir.Constant(INDEX, 0), self.n_warm)), store=False)
        self.hand_on(start)
        self.tiles(ir.Constant(INDEX, 0), n_tile, store=True)
        last = LANES - 1 if self.ascending else 0
        return builder.extract_element(builder.load(self.state), ir.Constant(ir.IntType(32), last))

    def hand_on(self, start):
        """Where each stretch ended, the next one begins; the first one at `start`."""
        order = [LANES, *range(LANES - 1)] if self.ascending else [*range(1, LANES), LANES]
        ends = self.builder.load(self.state)
        first = self.builder.insert_element(self.nothing, start, ir.Constant(ir.IntType(32), 0))
        self.builder.store(self.mixed(ends, first, order), self.state)

    def tiles(self, low, high, store):
        """Take the tiles `low` up to `high` of all stretches, in order."""
        builder = self.builder
        with cgutils.for_range(builder, builder.sub(high, low)) as loop:
            if self.ascending:
                tile = builder.add(low, loop.index)
            else:
                tile = builder.sub(builder.sub(high, ir.Constant(INDEX, 1)), loop.index)
            self.tile(tile, store)

    def tile(self, tile, store):
        """Take eight nodes of each stretch."""
        rows = [self.row(tile, lane) for lane in range(LANES)]
        taken = [self.load(row) for row in rows]
        taken = self.recurrence(self.transposed(taken) if self.eliminates else taken, tile)
        if store:
            for row, value in zip(rows, taken if self.eliminates else self.transposed(taken), strict=True):
                self.builder.store(value, row, align=self.align)

    def recurrence(self, taken, tile):
        """The values after eight steps from the state, which moves on."""
        builder, per_node = self.builder, 2 if self.eliminates else 1
        size = ir.Constant(INDEX, LANES * LANES * per_node)
        base = builder.add(self.at, builder.mul(tile, size))
        state, taken = builder.load(self.state), list(taken)
        for k in range(LANES) if self.ascending else reversed(range(LANES)):
            vectors = [self.load(self.place(self.factors, base, LANES * (per_node * k + j))) for j in range(per_node)]
            # Without "contract": it is the product with the state, for which all wait, that becomes a multiply-add.
            added = builder.fmul(taken[k], vectors[0], flags=("nsz",)) if self.eliminates else taken[k]
            taken[k] = state = builder.fadd(builder.fmul(state, vectors[-1], flags=FLAGS), added, flags=FLAGS)
        builder.store(state, self.state)
        return taken

    def transposed(self, rows):
        """Eight vectors with rows and lanes exchanged: bit by bit of their numbers."""
        for bit in (4, 2, 1):
            for k in (k for k in range(LANES) if not k & bit):
                a, b = rows[k], rows[k | bit]
                low = [lane if not lane & bit else LANES + lane - bit for lane in range(LANES)]
                rows[k], rows[k | bit] = self.mixed(a, b, low), self.mixed(a, b, [lane + bit for lane in low])
        return rows

    def mixed(self, a, b, order):
        """A vector of lanes of `a` (from 0) and `b` (from `LANES`)."""
        return self.builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(ir.IntType(32), LANES), order))

    def row(self, tile, lane):
        """The pointer to eight nodes of a stretch."""
        builder = self.builder
        first = builder.add(self.first, builder.mul(self.stride, ir.Constant(INDEX, lane)))
        return self.place(self.values, builder.add(first, builder.mul(tile, ir.Constant(INDEX, LANES))), 0)

    def place(self, data, index, offset):
        """The pointer to the vector at an element."""
        at = self.builder.gep(data, [self.builder.add(index, ir.Constant(INDEX, offset))])
        return self.builder.bitcast(at, self.vector.as_pointer())

    def load(self, pointer):
        """The vector there."""
        return self.builder.load(pointer, align=self.align)


eliminate_up, eliminate_down = sweep(True, True), sweep(True, False)
substitute_up, substitute_down = sweep(False, True), sweep(False, False)
