#include "perceptron.h"
#include "wide.h"

#include <float.h>
#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Eight lanes at a time, whatever the processor has, so that sums are in one order.
enum { LANES = 8 };

#define REAL float
#define NAME(name) name##_float
#define EXP expf
#define TANH tanhf
#define LEAST FLT_EPSILON
typedef int MASK_float __attribute__((vector_size(LANES * sizeof(int)), aligned(sizeof(int)), may_alias));
#define MASK MASK_float
#include "perceptron_real.h"
#undef REAL
#undef NAME
#undef EXP
#undef TANH
#undef LEAST
#undef MASK

#define REAL double
#define NAME(name) name##_double
#define EXP exp
#define TANH tanh
#define LEAST DBL_EPSILON
typedef long long MASK_double
    __attribute__((vector_size(LANES * sizeof(long long)), aligned(sizeof(long long)), may_alias));
#define MASK MASK_double
#include "perceptron_real.h"
