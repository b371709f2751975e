"""Single machine instructions on floating-point lanes that Python cannot spell: bit casts, shifts and selects.

Everything here has one meaning for float32 and float64, stays in lanes of that width and never branches, so a loop that
uses it can be vectorised.
"""
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

EXPLICIT_BITS = {32: 23, 64: 52}
BIAS = {32: 127, 64: 1023}
# The lowest mantissa of the interval [sqrt(1/2), sqrt(2)), as bits, and the bits of 1.0.
SQRT_HALF = {32: 0x3F3504F3, 64: 0x3FE6A09E667F3BCD}
ONE = {32: 0x3F800000, 64: 0x3FF0000000000000}


def _integer(real):
    return ir.IntType(32 if isinstance(real, ir.FloatType) else 64)


def _bits(builder, value):
    return builder.bitcast(value, _integer(value.type))


def _constant(like, value):
    return ir.Constant(like.type, value)


@intrinsic
def select(typingctx, condition, if_true, if_false):
    """`if_true` where `condition` holds, else `if_false`; both are values already, nothing is skipped."""
    unified = typingctx.unify_types(if_true, if_false)

    def generate(context, builder, signature, args):
        given = signature.args
        truth = context.cast(builder, args[0], given[0], types.boolean)
        a, b = (context.cast(builder, args[i], given[i], unified) for i in (1, 2))
        return builder.select(truth, a, b)

    return unified(condition, if_true, if_false), generate


@intrinsic
def as_real(typingctx, value):
    """`value` if it is a floating-point number, else the float64 next to it."""
    real = value if isinstance(value, types.Float) else types.float64

    def generate(context, builder, signature, args):
        return context.cast(builder, args[0], signature.args[0], real)

    return real(value), generate


@intrinsic
def rounded_like(typingctx, value, a, b):
    """`value` in the type that arithmetic on `a` and `b` has."""
    real = typingctx.unify_types(a, b)
    real = real if isinstance(real, types.Float) else types.float64

    def generate(context, builder, signature, args):
        return context.cast(builder, args[0], signature.args[0], real)

    return real(value, a, b), generate


@intrinsic
def product(typingctx, a, b):
    """a * b of one type, rounded: no part of a multiply-add. Of `c * d + product(a, b)`, c * d becomes that."""
    def generate(context, builder, signature, args):
        return builder.fmul(*args)

    return a(a, b), generate


@intrinsic
def scaled(typingctx, value, rounded):
    """`value * 2**k`, where `rounded` is k plus 1.5 * 2**(explicit bits); the result must be a normal number."""
    def generate(context, builder, signature, args):
        bits, k = (_bits(builder, arg) for arg in args)
        moved = builder.add(bits, builder.shl(k, _constant(k, EXPLICIT_BITS[k.type.width])))
        return builder.bitcast(moved, args[0].type)

    return value(value, rounded), generate


@intrinsic
def half_power_of_two(typingctx, rounded):
    """`2**(k - 1)`, where `rounded` is k plus 1.5 * 2**(explicit bits); the result must be a normal number."""
    def generate(context, builder, signature, args):
        k = _bits(builder, args[0])
        biased = builder.add(k, _constant(k, BIAS[k.type.width] - 1))
        return builder.bitcast(builder.shl(biased, _constant(k, EXPLICIT_BITS[k.type.width])), args[0].type)

    return rounded(rounded), generate


@intrinsic
def head(typingctx, value):
    """A float64 number cut to its upper 26 bits: products of two such numbers are exact."""
    def generate(context, builder, signature, args):
        bits = _bits(builder, args[0])
        return builder.bitcast(builder.and_(bits, _constant(bits, -(2**27))), args[0].type)

    return types.float64(types.float64), generate


def _shifted_bits(builder, value):
    """Bits of a positive normal number, moved so that the exponent field counts from sqrt(1/2) instead of 1."""
    bits = _bits(builder, value)
    width = bits.type.width
    return builder.add(bits, _constant(bits, ONE[width] - SQRT_HALF[width])), width


@intrinsic
def exponent(typingctx, value):
    """k of `value = m * 2**k`, m in [sqrt(1/2), sqrt(2)), as a floating-point number; `value` positive and normal."""
    def generate(context, builder, signature, args):
        bits, width = _shifted_bits(builder, args[0])
        biased = builder.lshr(bits, _constant(bits, EXPLICIT_BITS[width]))
        # A small integer under the bits of 2**(explicit bits) reads as their sum: no conversion instruction.
        offset = (BIAS[width] + EXPLICIT_BITS[width]) << EXPLICIT_BITS[width]
        number = builder.bitcast(builder.or_(biased, _constant(bits, offset)), args[0].type)
        return builder.fsub(number, _constant(args[0], float(2 ** EXPLICIT_BITS[width] + BIAS[width])))

    return value(value), generate


@intrinsic
def mantissa(typingctx, value):
    """m of `value = m * 2**k`, m in [sqrt(1/2), sqrt(2)); `value` positive and normal."""
    def generate(context, builder, signature, args):
        bits, width = _shifted_bits(builder, args[0])
        fraction = builder.and_(bits, _constant(bits, 2 ** EXPLICIT_BITS[width] - 1))
        return builder.bitcast(builder.add(fraction, _constant(bits, SQRT_HALF[width])), args[0].type)

    return value(value), generate


@intrinsic
def is_odd(typingctx, rounded, added):
    """Whether k + `added` is odd, where `rounded` is k plus 1.5 * 2**52; `added` is an integer."""
    def generate(context, builder, signature, args):
        k = _quadrant(builder, context, args, signature)
        return builder.trunc(k, ir.IntType(1))

    return types.boolean(rounded, added), generate


@intrinsic
def has_second_bit(typingctx, rounded, added):
    """Whether k + `added` is 2 or 3 modulo 4, where `rounded` is k plus 1.5 * 2**52; `added` is an integer."""
    def generate(context, builder, signature, args):
        k = _quadrant(builder, context, args, signature)
        return builder.trunc(builder.lshr(k, _constant(k, 1)), ir.IntType(1))

    return types.boolean(rounded, added), generate


def _quadrant(builder, context, args, signature):
    added = context.cast(builder, args[1], signature.args[1], types.int64)
    return builder.add(_bits(builder, args[0]), added)


def polynomial(coefficients):
    """A function of `x` for compiled code: the polynomial with these coefficients, highest power first (Horner)."""
    @intrinsic
    def evaluate(typingctx, x):
        def generate(context, builder, signature, args):
            total = _constant(args[0], float(coefficients[0]))
            for coefficient in coefficients[1:]:
                total = builder.fadd(builder.fmul(total, args[0]), _constant(args[0], float(coefficient)))
            return total

        return x(x), generate

    return evaluate


def _unary(name, description):
    @intrinsic
    def instruction(typingctx, value):
        def generate(context, builder, signature, args):
            function = builder.module.declare_intrinsic(f"llvm.{name}", [args[0].type])
            return builder.call(function, args)

        return value(value), generate

    instruction.__doc__ = description
    return instruction


floor = _unary("floor", "The largest whole number that is not above `value`.")
square_root = _unary("sqrt", "Correctly rounded square root; NaN below zero.")
magnitude = _unary("fabs", "`value` without its sign.")


@intrinsic
def with_sign(typingctx, value, sign):
    """The magnitude of `value` with the sign of `sign`; both of one type."""
    def generate(context, builder, signature, args):
        real = args[0].type
        function = builder.module.declare_intrinsic("llvm.copysign", [real], ir.FunctionType(real, [real, real]))
        return builder.call(function, args)

    return value(value, sign), generate
