// The words of equations (gpusyn.lang) as device functions, for float and double.
//
// They are CUDA's accurate functions, never the fast intrinsics. Largest errors over the
// whole range, in units in the last place, as the CUDA C++ Programming Guide states them:
//
//            exp  expm1  log  tanh  sqrt  sin  cos  pow
//   float     2     1     1     2     0    2    2    4
//   double    1     1     1     2     0    2    2    2
//
// NaN gives NaN everywhere, also in minimum_, maximum_ and clip_, as in NumPy.
// A trailing underscore keeps the names apart from C's.

#ifndef GPUSYN_ELEMENTARY_CUH
#define GPUSYN_ELEMENTARY_CUH

#ifdef GPUSYN_HOST
#include <math.h>
#endif

static __device__ __forceinline__ float exp_(float x) { return expf(x); }
static __device__ __forceinline__ double exp_(double x) { return exp(x); }
static __device__ __forceinline__ float expm1_(float x) { return expm1f(x); }
static __device__ __forceinline__ double expm1_(double x) { return expm1(x); }
static __device__ __forceinline__ float log_(float x) { return logf(x); }
static __device__ __forceinline__ double log_(double x) { return log(x); }
static __device__ __forceinline__ float tanh_(float x) { return tanhf(x); }
static __device__ __forceinline__ double tanh_(double x) { return tanh(x); }
static __device__ __forceinline__ float sqrt_(float x) { return sqrtf(x); }
static __device__ __forceinline__ double sqrt_(double x) { return sqrt(x); }
static __device__ __forceinline__ float sin_(float x) { return sinf(x); }
static __device__ __forceinline__ double sin_(double x) { return sin(x); }
static __device__ __forceinline__ float cos_(float x) { return cosf(x); }
static __device__ __forceinline__ double cos_(double x) { return cos(x); }
static __device__ __forceinline__ float floor_(float x) { return floorf(x); }
static __device__ __forceinline__ double floor_(double x) { return floor(x); }
static __device__ __forceinline__ float absolute_(float x) { return fabsf(x); }
static __device__ __forceinline__ double absolute_(double x) { return fabs(x); }

// x^p for x >= 0 and finite p; NaN for x < 0, also where p is whole. 0^p is 0, 1 or inf for p > 0, p = 0, p < 0.
static __device__ __forceinline__ float power_(float x, float p)
{
    return x >= 0 && p == p ? powf(fabsf(x), p) : nanf("");
}
static __device__ __forceinline__ double power_(double x, double p)
{
    return x >= 0 && p == p ? pow(fabs(x), p) : nan("");
}

template <class T>
static __device__ __forceinline__ T where_(bool condition, T if_true, T if_false)
{
    return condition ? if_true : if_false;
}

template <class T>
static __device__ __forceinline__ T minimum_(T a, T b) { return a < b || a != a ? a : b; }

template <class T>
static __device__ __forceinline__ T maximum_(T a, T b) { return a > b || a != a ? a : b; }

template <class T>
static __device__ __forceinline__ T clip_(T x, T low, T high) { return minimum_(maximum_(x, low), high); }

#endif
