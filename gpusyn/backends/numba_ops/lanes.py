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

from gpusyn.numerics.tree_lanes import LANES, TILE

INDEX = ir.IntType(64)
FLAGS = ("contract", "nsz")  # as `gpusyn.backends.numba_ops.compiled` allows


def sweep(eliminates: bool, ascending: bool):
    """A compiled function that takes some quantities along one run in lanes, the one while the other waits.

    Its arguments, int64 unless said otherwise:
        values: real, C-contiguous; firsts: a tuple, where the run's lowest node lies in it for each quantity, flat.
        stride: nodes of a stretch, a multiple of 8.
        factors: real, C-contiguous; by tile and node a vector of c, and before it, if this eliminates, one of what
            right-hand sides are multiplied by.
        numbers: C-contiguous, numbers of tiles in `factors`; starts: a tuple, where those of the run begin in it.
        n_warm: tiles at the end of each stretch that tell the next one where to begin.
        before: a tuple, real, the values before the run.

    Returns:
        A tuple, the last values.
    """
    @intrinsic
    def taken(typingctx, values, firsts, stride, factors, numbers, starts, n_warm, before):
        reals = types.UniTuple(values.dtype, len(firsts))

        def generate(context, builder, signature, args):
            def data(k):
                return context.make_array(signature.args[k])(context, builder, args[k]).data

            def integer(k):
                return context.cast(builder, args[k], signature.args[k], types.int64)

            run = Run(builder, data(3), data(4), integer(2), integer(6), eliminates, ascending)
            places = (cgutils.unpack_tuple(builder, args[k]) for k in (1, 5, 7))
            last = run.take([Quantity(run, data(0), *place) for place in zip(*places, strict=True)])
            return context.make_tuple(builder, signature.return_type, last)

        return reals(values, firsts, stride, factors, numbers, starts, n_warm, before), generate

    return taken


class Quantity:
    """One quantity on its way along a run: where its values and tiles begin, and the last value of each stretch."""

    def __init__(self, run, values, first, start, before):
        self.run, self.values, self.first, self.start, self.before = run, values, first, start, before
        self.state = cgutils.alloca_once_value(run.builder, run.nothing)

    def rows(self, tile):
        """Pointers to eight nodes of each stretch."""
        run, builder = self.run, self.run.builder
        at = builder.add(self.first, builder.mul(tile, ir.Constant(INDEX, LANES)))
        return [run.place(self.values, builder.add(at, builder.mul(run.stride, ir.Constant(INDEX, lane))), 0)
                for lane in range(LANES)]


class Run:
    """The instructions that take a run; see `sweep`."""

    def __init__(self, builder, factors, numbers, stride, n_warm, eliminates, ascending):
        self.builder, self.factors, self.numbers, self.stride, self.n_warm = builder, factors, numbers, stride, n_warm
        self.eliminates, self.ascending = eliminates, ascending
        real = factors.type.pointee
        self.vector = ir.VectorType(real, LANES)
        self.align = 4 if isinstance(real, ir.FloatType) else 8
        self.nothing = ir.Constant(self.vector, [0.0] * LANES)

    def take(self, quantities):
        """Take all stretches; the last values."""
        builder = self.builder
        zero, n_tile = ir.Constant(INDEX, 0), builder.udiv(self.stride, ir.Constant(INDEX, LANES))
        warm = (builder.sub(n_tile, self.n_warm), n_tile) if self.ascending else (zero, self.n_warm)
        self.tiles(quantities, *warm, store=False)
        for quantity in quantities:
            self.hand_on(quantity)
        self.tiles(quantities, zero, n_tile, store=True)
        last = ir.Constant(ir.IntType(32), LANES - 1 if self.ascending else 0)
        return [builder.extract_element(builder.load(quantity.state), last) for quantity in quantities]

    def hand_on(self, quantity):
        """Where each stretch ended, the next one begins; the first one at what was before the run."""
        order = [LANES, *range(LANES - 1)] if self.ascending else [*range(1, LANES), LANES]
        first = self.builder.insert_element(self.nothing, quantity.before, ir.Constant(ir.IntType(32), 0))
        ends = self.builder.load(quantity.state)
        self.builder.store(self.mixed(ends, first, order), quantity.state)

    def tiles(self, quantities, low, high, store):
        """Take the tiles `low` up to `high` of all stretches, in order."""
        builder = self.builder
        with cgutils.for_range(builder, builder.sub(high, low)) as loop:
            if self.ascending:
                tile = builder.add(low, loop.index)
            else:
                tile = builder.sub(builder.sub(high, ir.Constant(INDEX, 1)), loop.index)
            for quantity in quantities:
                self.tile(quantity, tile, store)

    def tile(self, quantity, tile, store):
        """Take eight nodes of each stretch."""
        rows = quantity.rows(tile)
        taken = [self.load(row) for row in rows]
        taken = self.recurrence(quantity, self.transposed(taken) if self.eliminates else taken, tile)
        if store:
            for row, value in zip(rows, taken if self.eliminates else self.transposed(taken), strict=True):
                self.builder.store(value, row, align=self.align)

    def recurrence(self, quantity, taken, tile):
        """The values after eight steps from the state, which moves on."""
        builder, per_node = self.builder, 2 if self.eliminates else 1
        number = builder.load(builder.gep(self.numbers, [builder.add(quantity.start, tile)]))
        base = builder.mul(number, ir.Constant(INDEX, TILE * per_node))
        state, taken = builder.load(quantity.state), list(taken)
        for k in range(LANES) if self.ascending else reversed(range(LANES)):
            vectors = [self.load(self.place(self.factors, base, LANES * (per_node * k + j))) for j in range(per_node)]
            # Without "contract": it is the product with the state, for which all wait, that becomes a multiply-add.
            added = builder.fmul(taken[k], vectors[0], flags=("nsz",)) if self.eliminates else taken[k]
            taken[k] = state = builder.fadd(builder.fmul(state, vectors[-1], flags=FLAGS), added, flags=FLAGS)
        builder.store(state, quantity.state)
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

    def place(self, data, index, offset):
        """The pointer to the vector at an element."""
        at = self.builder.gep(data, [self.builder.add(index, ir.Constant(INDEX, offset))])
        return self.builder.bitcast(at, self.vector.as_pointer())

    def load(self, pointer):
        """The vector there."""
        return self.builder.load(pointer, align=self.align)


eliminate_up, eliminate_down = sweep(True, True), sweep(True, False)
substitute_up, substitute_down = sweep(False, True), sweep(False, False)
