// Frames: averages of areas, and frames between two others.

#include "kernels.h"

#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

typedef uint8_t bytes16 __attribute__((vector_size(16)));
typedef uint16_t words16 __attribute__((vector_size(32)));
typedef float floats16 __attribute__((vector_size(64)));
typedef uint8_t bytes4 __attribute__((vector_size(4)));
typedef int32_t ints4 __attribute__((vector_size(16)));
typedef int64_t longs2 __attribute__((vector_size(16)));
typedef float floats4 __attribute__((vector_size(16)));

enum {
    // So many bytes add up to no more than 16 bits hold.
    CHUNK = 256
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

WIDE static void weigh_columns(
    const uint8_t *rows, size_t stride, const float *row_weights, size_t row_count, const struct kernel_taps *columns,
    size_t channels, float factor, float bias, float margin, int is_whole, const float *sums, uint8_t *target) {
    size_t most = columns->most;
    float limit = 0.5f - margin;
    int is_wide = channels == 3 || channels == 4;
    for (size_t x = 0; x < columns->to; x++) {
        size_t start = columns->starts[x] * channels;
        const float *from = sums + start, *weights = columns->weights + x * most;
        // Three or four channels go through four lanes at once, others one by one.
        for (size_t channel = 0; channel < channels; channel += is_wide ? channels : 1) {
            uint8_t *to = target + x * channels + channel;
            size_t width = is_wide ? channels : 1;
            floats4 sum = {0};
            if (is_wide) {
                for (size_t k = 0; k < most; k++) {
                    floats4 read;
                    memcpy(&read, from + k * channels, sizeof read);
                    sum += weights[k] * read;
                }
            } else {
                float one = 0;
                for (size_t k = 0; k < most; k++) one += weights[k] * from[k * channels + channel];
                sum[0] = one;
            }
            sum = sum * factor + bias;
            floats4 shifted = sum + ROUNDER;
            floats4 off = sum - (shifted - ROUNDER);
            bytes4 rounded = __builtin_convertvector((ints4)shifted, bytes4);
            if (width == 4 || (width == 3 && x + 1 < columns->to)) {
                // A fourth byte is written over by the next pixel.
                memcpy(to, &rounded, 4);
            } else {
                for (size_t lane = 0; lane < width; lane++) to[lane] = rounded[lane];
            }
            longs2 doubt = (longs2)((off > limit) | (off < -limit));
            if (margin > 0 && (doubt[0] | doubt[1]) != 0)
                for (size_t lane = 0; lane < width; lane++)
                    to[lane] = weigh_again(
                        rows + start + channel + lane, stride, row_weights, row_count, weights, columns->counts[x],
                        channels, factor, is_whole);
        }
    }
}

void kernel_area(
    const uint8_t *source, size_t stride, struct kernel_taps rows, struct kernel_taps columns, size_t channels,
    float factor, float bias, float margin, int is_whole, float *sums, uint8_t *target) {
    for (size_t y = 0; y < rows.to; y++) {
        const uint8_t *from = source + rows.starts[y] * stride;
        const float *weights = rows.weights + y * rows.most;
        weigh_rows(from, stride, weights, rows.counts[y], columns.from * channels, sums);
        weigh_columns(
            from, stride, weights, rows.counts[y], &columns, channels, factor, bias, margin, is_whole, sums,
            target + y * columns.to * channels);
    }
}

WIDE void kernel_between_bytes(
    const uint8_t *first, const uint8_t *next, double below, double above, size_t n, uint8_t *bytes) {
    for (size_t i = 0; i < n; i++) bytes[i] = (uint8_t)(int32_t)(below * (double)first[i] + above * (double)next[i]);
}
