"""Views of contiguous arrays in other shapes. Numba's own `reshape` takes two seconds to compile its error messages."""
from numba import types
from numba.core import cgutils
from numba.core.imputils import impl_ret_borrowed
from numba.extending import intrinsic
from numba.np.arrayobj import make_array, populate_array


def _view(context, builder, array_type, array, result_type, shape):
    """An array structure of `shape` over the same memory, rows contiguous."""
    source = make_array(array_type)(context, builder, array)
    result = make_array(result_type)(context, builder)
    strides, step = [], source.itemsize
    for size in reversed(shape):
        strides.insert(0, step)
        step = builder.mul(step, size)
    populate_array(
        result, data=source.data, itemsize=source.itemsize, meminfo=source.meminfo, parent=source.parent,
        shape=cgutils.pack_array(builder, shape), strides=cgutils.pack_array(builder, strides),
    )
    return impl_ret_borrowed(context, builder, result_type, result._getvalue())


@intrinsic
def flat(typingctx, array):
    """All elements of a C-contiguous array as one axis; a view."""
    result = types.Array(array.dtype, 1, "C", readonly=not array.mutable)

    def generate(context, builder, signature, args):
        source = make_array(array)(context, builder, args[0])
        return _view(context, builder, array, args[0], result, [source.nitems])

    return result(array), generate


@intrinsic
def shaped(typingctx, array, shape):
    """A C-contiguous array in the shape of a tuple of integers, whose product must be its size; a view."""
    result = types.Array(array.dtype, len(shape), "C", readonly=not array.mutable)

    def generate(context, builder, signature, args):
        sizes = [
            context.cast(builder, size, kind, types.intp)
            for size, kind in zip(cgutils.unpack_tuple(builder, args[1]), signature.args[1], strict=True)
        ]
        return _view(context, builder, array, args[0], result, sizes)

    return result(array, shape), generate


@intrinsic
def borrowed(typingctx, array):
    """The same array without its owner, who must keep it: nobody counts how often parts of it are passed on.

    These counts are atomic. A step that passes fifty slices spends half a microsecond on them.
    """

    def generate(context, builder, signature, args):
        source = make_array(array)(context, builder, args[0])
        result = make_array(array)(context, builder)
        populate_array(result, data=source.data, itemsize=source.itemsize, shape=source.shape, strides=source.strides,
                       meminfo=None)
        return impl_ret_borrowed(context, builder, array, result._getvalue())

    return array(array), generate
