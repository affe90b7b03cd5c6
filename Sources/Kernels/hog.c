// Histograms of oriented gradients over cells of height, width and time.
//
// No angle is computed but of the few voxels that lie within a margin of an edge between bins. Azimuths are folded onto
// [0, π] and polar angles onto [0, π/2]; a fraction that grows with the folded angle is compared with that of each edge, and
// the magnitudes beyond the edge are added up over the rows (time, height) of a cell, column by column, in registers. A bin
// is the difference of two such sums; only these are then added up over the width of a cell.

#include "hog.h"
#include "wide.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
// Functions that take or give vectors are always inlined, so that nothing depends on how these are passed.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

enum { ROWS = 32, COLUMNS = 16, STEP = KERNEL_HOG_STEP };

double kernel_hog_value(int32_t value, double unit) {
    const int32_t whole = (value + STEP / 2) >> 8;
    const double product = whole * unit;
    int64_t bits;
    memcpy(&bits, &product, sizeof bits);
    bits += value - whole * STEP;
    double result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

// The last bin whose lower edge is not above the angle, as numpy.histogram has it.
static size_t bin_of(double angle, const double *edges, size_t bins) {
    const double place = (angle - edges[0]) / (edges[bins] - edges[0]) * (double)bins;
    size_t bin = place > 0 ? (size_t)place : 0;
    if (bin >= bins) bin = bins - 1;
    while (bin > 0 && angle < edges[bin]) bin--;
    while (bin + 1 < bins && angle >= edges[bin + 1]) bin++;
    return bin;
}

// A fraction that has turned beyond `place` of the edges.
static double between(size_t place, const double *edges, size_t count) {
    if (place == 0) return -1;
    if (place >= count) return 4;
    return (edges[place - 1] + edges[place]) / 2;
}

// Where a diagonal lies: azimuths of π/4, −π/4, 3π/4 and −3π/4, and polar angles of π/4 and 3π/4, in this order.
static double tie(size_t which, const kernel_hog *hog) {
    const size_t folded = (hog->bins + 1) / 2 - 1, half = hog->bins / 2;
    const double sign = which % 2 == 0 ? 1 : -1;
    if (which < 4) {
        const size_t bin = bin_of(atan2(sign, which < 2 ? 1 : -1), hog->azimuth_edges, hog->bins);
        return between(bin >= half ? bin - half : hog->bins - 1 - half - bin, hog->turns, folded);
    }
    const size_t bin = bin_of(atan2(1, sign), hog->polar_edges, hog->bins);
    return between(sign > 0 ? bin : hog->bins - 1 - bin, hog->tilts, folded);
}

// Scales the histograms of a row of cells, and writes them; `room` doubles a cell, azimuth and polar angle in turn.
static void finish(const double *cells, size_t room, const kernel_hog *hog, float *histograms) {
    for (size_t cell = 0; cell < hog->filled_width; cell++) {
        const double *from = cells + cell * room;
        float *to = histograms + cell * hog->cells_time * 2 * hog->bins;
        double squares[2] = {0, 0}, factors[2] = {hog->scale, hog->scale};
        if (hog->is_normalized) {
            for (size_t i = 0; i < 2 * hog->bins; i += 2) {
                const double azimuth = from[i] * hog->scale, polar = from[i + 1] * hog->scale;
                squares[0] += azimuth * azimuth;
                squares[1] += polar * polar;
            }
            for (size_t i = 0; i < 2; i++) factors[i] = hog->scale / (sqrt(squares[i]) + 1e-6);
        }
        for (size_t i = 0; i < 2 * hog->bins; i += 2) {
            to[i] = (float)(from[i] * factors[0]);
            to[i + 1] = (float)(from[i + 1] * factors[1]);
        }
    }
}

typedef float eight __attribute__((vector_size(32)));
typedef double wide_eight __attribute__((vector_size(64)));

// Adds columns of sums up over the width of cells: `room` sums a column, which are `room` doubles a cell.
INLINE void float_gather(
    float (*found)[COLUMNS], size_t room, size_t column, size_t used, size_t width, double *cells) {
    const size_t columns = used - column < COLUMNS ? used - column : COLUMNS;
    const size_t first = column / width, offset = column % width;
    float turned[COLUMNS][8];
    for (size_t bin = 0; bin < room; bin += 8) {
        for (size_t lane = 0; lane < COLUMNS; lane += 8) {
            eight r[8], s[8], t[8];
            for (size_t i = 0; i < 8; i++) memcpy(&r[i], &found[bin + i][lane], sizeof r[i]);
            for (size_t i = 0; i < 8; i += 2) {
                s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
                s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
            }
            for (size_t i = 0; i < 8; i += 4)
                for (size_t j = 0; j < 2; j++) {
                    t[i + 2 * j] = __builtin_shufflevector(s[i + j], s[i + 2 + j], 0, 1, 8, 9, 4, 5, 12, 13);
                    t[i + 2 * j + 1] = __builtin_shufflevector(s[i + j], s[i + 2 + j], 2, 3, 10, 11, 6, 7, 14, 15);
                }
            for (size_t i = 0; i < 4; i++) {
                eight low = __builtin_shufflevector(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
                eight high = __builtin_shufflevector(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
                memcpy(turned[lane + i], &low, sizeof low);
                memcpy(turned[lane + i + 4], &high, sizeof high);
            }
        }
        double *cell = cells + first * room + bin;
        size_t left = width - offset;
        for (size_t lane = 0; lane < columns; left = width, cell += room) {
            const size_t end = lane + left < columns ? lane + left : columns;
            eight sum = {}, next;
            for (; lane < end; lane++) {
                memcpy(&next, turned[lane], sizeof next);
                sum += next;
            }
            wide_eight total;
            memcpy(&total, cell, sizeof total);
            total += __builtin_convertvector(sum, wide_eight);
            memcpy(cell, &total, sizeof total);
        }
    }
}

INLINE void double_gather(
    double (*found)[COLUMNS], size_t room, size_t column, size_t used, size_t width, double *cells) {
    for (size_t lane = 0; lane < COLUMNS && column + lane < used; lane++) {
        double *cell = cells + (column + lane) / width * room;
        for (size_t bin = 0; bin < room; bin++) cell[bin] += found[bin][lane];
    }
}

#define NAME(name) float_##name
#define REAL float
#define INT int32_t
#define VALUE int32_t
#define LANES 8
#define LEAST 1.0f
#define MARGIN 1e-6
#define NOISE 1e-8
#define INTEGERS
#include "hog_lanes.h"

#define NAME(name) double_##name
#define REAL double
#define INT int64_t
#define VALUE double
#define LANES 4
#define LEAST 4.9406564584124654e-324
#define MARGIN 1e-12
#define NOISE 0
#include "hog_lanes.h"

WIDE void kernel_hog_integers(const int32_t *values, const kernel_hog *hog, float *histograms) {
    if (hog->is_article)
        float_cells(values, hog, histograms, 1);
    else
        float_cells(values, hog, histograms, 0);
}

WIDE void kernel_hog_doubles(const double *values, const kernel_hog *hog, float *histograms) {
    if (hog->is_article)
        double_cells(values, hog, histograms, 1);
    else
        double_cells(values, hog, histograms, 0);
}

INLINE int32_t grey_of(int32_t red, int32_t green, int32_t blue) {
    const int32_t whole = 2989 * red + 5870 * green + 1140 * blue;
    const double product = whole * 1e-4;
    const double weighted = (0.2989 * red + 0.5870 * green) + 0.1140 * blue;
    int64_t bits, product_bits;
    memcpy(&bits, &weighted, sizeof bits);
    memcpy(&product_bits, &product, sizeof product_bits);
    return whole * STEP + (int32_t)(bits - product_bits);
}

typedef uint8_t bytes __attribute__((vector_size(32)));
typedef int32_t whole_eight __attribute__((vector_size(32)));
typedef int64_t wide_whole_eight __attribute__((vector_size(64)));

// Eight pixels of 3 or 4 bytes; a pixel more than these may be read.
INLINE void eight_greys(const uint8_t *from, const int channels, int32_t *to) {
    uint8_t both[32];
    memcpy(both, from, 16);
    memcpy(both + 16, from + 4 * channels, 16);
    bytes pixels, none = {};
    memcpy(&pixels, both, sizeof pixels);
#define PICKED(C, S)                                                                                                   \
    (whole_eight) __builtin_shufflevector(                                                                             \
        pixels, none, C, 32, 32, 32, C + S, 32, 32, 32, C + 2 * S, 32, 32, 32, C + 3 * S, 32, 32, 32, C + 16, 32, 32,  \
        32, C + 16 + S, 32, 32, 32, C + 16 + 2 * S, 32, 32, 32, C + 16 + 3 * S, 32, 32, 32)
    whole_eight red = channels == 3 ? PICKED(0, 3) : PICKED(0, 4);
    whole_eight green = channels == 3 ? PICKED(1, 3) : PICKED(1, 4);
    whole_eight blue = channels == 3 ? PICKED(2, 3) : PICKED(2, 4);
#undef PICKED
    whole_eight whole = 2989 * red + 5870 * green + 1140 * blue;
    wide_eight product = __builtin_convertvector(whole, wide_eight) * 1e-4;
    wide_eight weighted = (0.2989 * __builtin_convertvector(red, wide_eight) +
                           0.5870 * __builtin_convertvector(green, wide_eight)) +
                          0.1140 * __builtin_convertvector(blue, wide_eight);
    wide_whole_eight rest = (wide_whole_eight)weighted - (wide_whole_eight)product;
    whole_eight grey = whole * STEP + __builtin_convertvector(rest, whole_eight);
    memcpy(to, &grey, sizeof grey);
}

INLINE void greys(
    const uint8_t *pixels, size_t rows, size_t width, const int channels, size_t stride, int32_t *grey) {
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *from = pixels + row * width * channels;
        int32_t *to = grey + row * stride + 1;
        size_t x = 0;
        for (; x + 10 <= width; x += 8) eight_greys(from + x * channels, channels, to + x);
        for (; x < width; x++) {
            const uint8_t *pixel = from + x * channels;
            to[x] = grey_of(pixel[0], pixel[1], pixel[2]);
        }
    }
}

WIDE void kernel_hog_grey(
    const uint8_t *pixels, size_t rows, size_t width, size_t channels, size_t stride, int32_t *grey) {
    if (channels == 3)
        greys(pixels, rows, width, 3, stride, grey);
    else if (channels == 4)
        greys(pixels, rows, width, 4, stride, grey);
    else
        for (size_t row = 0; row < rows; row++)
            for (size_t x = 0; x < width; x++) grey[row * stride + 1 + x] = pixels[row * width + x] * STEP;
    for (size_t row = 0; row < rows; row++) {
        int32_t *to = grey + row * stride;
        to[0] = to[1];
        for (size_t x = width + 1; x < stride; x++) to[x] = to[width];
    }
}
