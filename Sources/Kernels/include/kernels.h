// The few hot loops where arithmetic is the limit: compiled for wider vectors too, without contraction and in fixed lanes,
// so that the bits are the same on every processor. Each has its Swift twin in the tests.

#ifndef MARTLET_KERNELS_H
#define MARTLET_KERNELS_H

#include <stddef.h>

#include "hog.h"

// The k greatest and the k least of n values of at least 0, both ascending; 1 ≤ k ≤ n.
void kernel_extremes(const float *values, size_t n, size_t k, float *least, float *greatest);

// re² + im² of n complex numbers, parts in turn, or its root.
void kernel_powers(const float *parts, size_t n, float *powers);
void kernel_magnitudes(const float *parts, size_t n, float *magnitudes);

// samples[i] · window[i] in double precision.
void kernel_window(const float *samples, const double *window, size_t n, double *windowed);

// n doubles rounded.
void kernel_round(const double *values, size_t n, float *rounded);

// sum[i] += samples[i] · window[i], in double precision.
void kernel_overlap(const float *samples, const double *window, size_t n, double *sum);

// sum[i] += values[i].
void kernel_add(const double *values, size_t n, double *sum);

// sum[i] / weight[i], rounded; sum[i] where the weight is not above the least.
void kernel_divide(const double *sum, const double *weight, size_t n, double least, float *quotient);

// One step of a phase vocoder over n bins: writes (below · first + above · next) times the unit numbers, parts in turn, and
// turns these on.
void kernel_vocoder(
    const float *first, const float *next, float below, float above, const float *turn_real, const float *turn_imaginary,
    size_t n, float *real, float *imaginary, float *spectrum);

// Of n complex numbers in double precision, parts in turn: their magnitudes, and by how much they turn from the unit
// numbers last, which become theirs. A number of magnitude below 1e-150 counts as 0, of angle 0.
void kernel_turns(
    const double *parts, size_t n, double *last_real, double *last_imaginary, float *magnitudes, float *turn_real,
    float *turn_imaginary);

// The first index from `from` on, below `to`, at which a value is above the limit and above those beside it that are, one
// with the same value behind it included; `to` where there is none. values[from - 1] to values[to] are read.
size_t kernel_peak(const float *values, size_t from, size_t to, float limit);

// The greatest of n values of at least 0; 0 for none.
float kernel_greatest(const float *values, size_t n);

#endif
