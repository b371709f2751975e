// exp and expm1 that a compiler vectorises: range reduction by powers of two, a polynomial, the exponent by bit cast.
//
// `real` is float or double. Errors stay below 2 ulp (float, degree 6 and 7) and 4 ulp (double, degree 12 and 13) for
// arguments whose result is a normal number; arguments are clamped to that range.
#ifndef VECTOR_MATH_H
#define VECTOR_MATH_H

#include <stdint.h>
#include <string.h>

#define IS_FLOAT (sizeof(real) == 4)
#define LOWEST_EXPONENT ((real)(IS_FLOAT ? -87.0 : -708.0))
#define HIGHEST_EXPONENT ((real)(IS_FLOAT ? 88.0 : 709.0))

// 2^k for an integral k inside the range of normal numbers.
static inline real power_of_two(real k)
{
    real answer;
    if (IS_FLOAT) {
        const int32_t bits = ((int32_t)k + 127) << 23;
        memcpy(&answer, &bits, sizeof(real));
    } else {
        const int64_t bits = ((int64_t)k + 1023) << 52;
        memcpy(&answer, &bits, sizeof(real));
    }
    return answer;
}

// exp(r) - 1 - r over |r| <= log(2)/2, divided by r^2 (Taylor; the float series stops where float cannot tell).
static inline real exp_tail(real r)
{
    if (IS_FLOAT) {
        real p = (real)(1.0 / 5040);
        p = p * r + (real)(1.0 / 720);
        p = p * r + (real)(1.0 / 120);
        p = p * r + (real)(1.0 / 24);
        p = p * r + (real)(1.0 / 6);
        return p * r + (real)0.5;
    }
    real p = (real)(1.0 / 6227020800.0);
    p = p * r + (real)(1.0 / 479001600.0);
    p = p * r + (real)(1.0 / 39916800.0);
    p = p * r + (real)(1.0 / 3628800.0);
    p = p * r + (real)(1.0 / 362880.0);
    p = p * r + (real)(1.0 / 40320.0);
    p = p * r + (real)(1.0 / 5040.0);
    p = p * r + (real)(1.0 / 720.0);
    p = p * r + (real)(1.0 / 120.0);
    p = p * r + (real)(1.0 / 24.0);
    p = p * r + (real)(1.0 / 6.0);
    return p * r + (real)0.5;
}

// Splits x into k log(2) + r; the two-part log(2) keeps r exact.
static inline real reduced(real x, real *k)
{
    x = x < LOWEST_EXPONENT ? LOWEST_EXPONENT : x > HIGHEST_EXPONENT ? HIGHEST_EXPONENT : x;
    *k = __builtin_rint(x * (real)1.4426950408889634);
    const real high = IS_FLOAT ? (real)0.693359375 : (real)0.6931471803691238;
    const real low = IS_FLOAT ? (real)-2.12194440e-4 : (real)1.9082149292705877e-10;
    return (x - *k * high) - *k * low;
}

static inline real vector_exp(real x)
{
    real k;
    const real r = reduced(x, &k);
    return (1 + (r + r * r * exp_tail(r))) * power_of_two(k);
}

static inline real vector_expm1(real x)
{
    real k;
    const real r = reduced(x, &k);
    const real scale = power_of_two(k);
    return (r + r * r * exp_tail(r)) * scale + (scale - 1);
}

#endif
