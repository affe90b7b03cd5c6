// Frames: averages of areas, and frames between two others.

#include "kernels.h"
#include "wide.h"

#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint16_t words16 __attribute__((vector_size(32)));
typedef float floats16 __attribute__((vector_size(64)));
typedef float floats4 __attribute__((vector_size(16)));

enum {
    // So many bytes add up to no more than 16 bits hold.
    CHUNK = 256,
    // So many values are looked at together.
    BLOCK = 256
};

// Added and taken away again, it rounds a float from 0 to 255 half to even; added, it leaves the integer in the low bits.
static const float ROUNDER = 12582912.0f;

// sums[i] = Σ weights[j] · rows[j · stride + i]. Rows that are weighed alike are added up as integers first.
WIDE static void weigh_rows(
    const uint8_t *rows, size_t stride, const float *weights, size_t count, size_t n, float *sums) {
    float inner = weights[count > 2 ? 1 : 0], before = weights[0], behind = weights[count - 1];
    size_t low = before == inner ? 0 : 1, high = behind == inner ? count : count - 1;
    const uint8_t *last = rows + (count - 1) * stride;
    size_t i = 0;
    for (; i + 16 <= n; i += 16) {
        bytes16 read;
        floats16 sum = {0};
        if (low > 0) {
            memcpy(&read, rows + i, sizeof read);
            sum += before * __builtin_convertvector(__builtin_convertvector(read, words16), floats16);
        }
        for (size_t start = low; start < high; start += CHUNK) {
            words16 whole = {0};
            for (size_t j = start; j < high && j < start + CHUNK; j++) {
                memcpy(&read, rows + j * stride + i, sizeof read);
                whole += __builtin_convertvector(read, words16);
            }
            sum += inner * __builtin_convertvector(whole, floats16);
        }
        if (high < count) {
            memcpy(&read, last + i, sizeof read);
            sum += behind * __builtin_convertvector(__builtin_convertvector(read, words16), floats16);
        }
        memcpy(sums + i, &sum, sizeof sum);
    }
    for (; i < n; i++) {
        float sum = 0;
        if (low > 0) sum += before * (float)rows[i];
        for (size_t start = low; start < high; start += CHUNK) {
            uint32_t whole = 0;
            for (size_t j = start; j < high && j < start + CHUNK; j++) whole += rows[j * stride + i];
            sum += inner * (float)whole;
        }
        if (high < count) sum += behind * (float)last[i];
        sums[i] = sum;
    }
}

// One output value in OpenCV's order of sums; `from` is the first value that counts.
static uint8_t weigh_again(
    const uint8_t *from, size_t stride, const float *row_weights, size_t row_count, const float *weights, size_t count,
    size_t channels, float factor, int is_whole) {
    float sum = 0;
    uint64_t whole = 0;
    for (size_t j = 0; j < row_count; j++) {
        const uint8_t *row = from + j * stride;
        float across = 0;
        if (is_whole)
            for (size_t k = 0; k < count; k++) whole += row[k * channels];
        else
            for (size_t k = 0; k < count; k++) across += (float)row[k * channels] * weights[k];
        sum += row_weights[j] * across;
    }
    if (is_whole) sum = (float)whole * factor;
    float rounded = (sum + ROUNDER) - ROUNDER;
    return rounded > 255 ? 255 : (uint8_t)rounded;
}

// Sums of neighbouring pixels of 3 or 4 channels, which go through four lanes; a fourth lane too many is written over.
static inline __attribute__((always_inline)) void across_lanes(
    const struct kernel_taps *columns, size_t channels, size_t most, const float *from, float *to) {
    const float *weights = columns->weights;
    for (size_t x = 0; x < columns->to; x++, weights += most) {
        const float *pixel = from + columns->starts[x] * channels;
        floats4 sum = {0};
        for (size_t k = 0; k < most; k++) {
            floats4 read;
            memcpy(&read, pixel + k * channels, sizeof read);
            sum += weights[k] * read;
        }
        memcpy(to + x * channels, &sum, sizeof sum);
    }
}

WIDE static void weigh_columns(const struct kernel_taps *columns, size_t channels, const float *from, float *to) {
    if (channels == 3) {
        switch (columns->most) {
        case 2: across_lanes(columns, 3, 2, from, to); break;
        case 3: across_lanes(columns, 3, 3, from, to); break;
        case 4: across_lanes(columns, 3, 4, from, to); break;
        case 5: across_lanes(columns, 3, 5, from, to); break;
        default: across_lanes(columns, 3, columns->most, from, to);
        }
    } else if (channels == 4) {
        across_lanes(columns, 4, columns->most, from, to);
    } else {
        const float *weights = columns->weights;
        for (size_t x = 0; x < columns->to; x++, weights += columns->most)
            for (size_t channel = 0; channel < channels; channel++) {
                const float *value = from + columns->starts[x] * channels + channel;
                float sum = 0;
                for (size_t k = 0; k < columns->most; k++) sum += weights[k] * value[k * channels];
                to[x * channels + channel] = sum;
            }
    }
}

// Rounds n values; gives whether one of them lies beyond the limit from its integer.
WIDE static int round_values(
    const float *values, size_t n, float factor, float bias, float limit, uint8_t *target) {
    int32_t beyond = 0;
    for (size_t i = 0; i < n; i++) {
        float value = values[i] * factor + bias;
        float shifted = value + ROUNDER;
        float off = value - (shifted - ROUNDER);
        beyond |= off > limit || off < -limit;
        int32_t bits;
        memcpy(&bits, &shifted, sizeof bits);
        target[i] = (uint8_t)bits;
    }
    return beyond;
}

void kernel_area(
    const uint8_t *source, size_t stride, struct kernel_taps rows, struct kernel_taps columns, size_t channels,
    float factor, float bias, float margin, int is_whole, float *sums, float *values, uint8_t *target) {
    float limit = 0.5f - margin;
    size_t n = columns.to * channels;
    for (size_t y = 0; y < rows.to; y++, target += n) {
        const uint8_t *from = source + rows.starts[y] * stride;
        const float *weights = rows.weights + y * rows.most;
        size_t count = rows.counts[y];
        weigh_rows(from, stride, weights, count, columns.from * channels, sums);
        weigh_columns(&columns, channels, sums, values);
        for (size_t start = 0; start < n; start += BLOCK) {
            size_t length = n - start < BLOCK ? n - start : BLOCK;
            if (!round_values(values + start, length, factor, bias, limit, target + start) || margin == 0) continue;
            for (size_t i = start; i < start + length; i++) {
                float off = values[i] - (float)target[i];
                if (is_whole || off > limit || off < -limit) {
                    size_t x = i / channels;
                    target[i] = weigh_again(
                        from + columns.starts[x] * channels + i % channels, stride, weights, count,
                        columns.weights + x * columns.most, columns.counts[x], channels, factor, is_whole);
                }
            }
        }
    }
}

WIDE void kernel_between_bytes(
    const uint8_t *first, const uint8_t *next, double below, double above, size_t n, uint8_t *bytes) {
    for (size_t i = 0; i < n; i++) bytes[i] = (uint8_t)(int32_t)(below * (double)first[i] + above * (double)next[i]);
}
