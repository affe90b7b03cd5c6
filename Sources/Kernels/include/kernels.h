// The few hot loops where arithmetic is the limit: compiled for wider vectors too, without contraction and in fixed lanes,
// so that the bits are the same on every processor. Each has its Swift twin in the tests.

#ifndef MARTLET_KERNELS_H
#define MARTLET_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "hog.h"
#include "perceptron.h"

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

// sum[i] += weight · values[i].
void kernel_add_weighted(const double *values, size_t n, double weight, double *sum);

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

// Each of `before` blocks of x (size × after) times factorᵀ (rank × size): y (rank × after), in single precision.
void kernel_axis_product(
    const float *x, size_t before, size_t size, size_t after, const float *factor, size_t rank, float *y);

// Where an output position takes its values along one axis: counts[i] neighbours from starts[i] on, by weights[i · most]
// and those that follow; the rest up to `most` are 0.
struct kernel_taps {
    size_t from, to, most;
    const uint32_t *starts, *counts;
    const float *weights;
};

// Frames of uint8 by weighted sums along both axes, times `factor`, plus `bias`, rounded half to even. `rows` and
// `columns` weigh neighbours; between the first and the last they weigh them alike. Where the sum lies within `margin` of
// half a unit it is added up anew, along the width first and one row after another, as OpenCV does: in integers if
// `is_whole`, where all weights are 1. `sums` has room for (columns.from + columns.most) · channels + 4 and is 0 from
// columns.from · channels on, `values` has room for columns.to · channels + 4.
void kernel_area(
    const uint8_t *source, size_t stride, struct kernel_taps rows, struct kernel_taps columns, size_t channels,
    float factor, float bias, float margin, int is_whole, float *sums, float *values,
    uint8_t *target);

// bytes[i] = ⌊below · first[i] + above · next[i]⌋, in double precision.
void kernel_between_bytes(
    const uint8_t *first, const uint8_t *next, double below, double above, size_t n, uint8_t *bytes);

#endif
