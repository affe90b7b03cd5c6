#include "kernels.h"
#include "wide.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Floats of at least 0 are in the order of their bits, and integers have a minimum and maximum without the cases of NaN
// and −0, so that compilers use vectors for them.
static inline int32_t bits(float value) {
    int32_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

enum { BLOCK = 32 };

static inline void insert_least(float value, size_t k, float *least) {
    if (!(value < least[k - 1])) return;
    size_t place = k - 1;
    for (; place > 0 && least[place - 1] > value; place--) least[place] = least[place - 1];
    least[place] = value;
}

static inline void insert_greatest(float value, size_t k, float *greatest) {
    if (!(value > greatest[0])) return;
    size_t place = 0;
    for (; place + 1 < k && greatest[place + 1] < value; place++) greatest[place] = greatest[place + 1];
    greatest[place] = value;
}

// Eight lanes each keep the k greatest and least of every eighth value in order, without a branch, as each value that comes
// is exchanged down the list; what the lanes have kept is then put together. A branch a value costs more: which values get
// into the list cannot be foreseen.
enum { LANES = 8, MOST = 16 };

static inline float value_of(int32_t bits) {
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

WIDE static void few_extremes(const float *values, size_t n, size_t k, float *least, float *greatest) {
    int32_t low[MOST][LANES], high[MOST][LANES];
    for (size_t j = 0; j < k; j++)
        for (size_t lane = 0; lane < LANES; lane++) {
            low[j][lane] = INT32_MAX;
            high[j][lane] = -1;
        }
    size_t start = 0;
    for (; start + LANES <= n; start += LANES) {
        int32_t down[LANES], up[LANES];
        for (size_t lane = 0; lane < LANES; lane++) down[lane] = up[lane] = bits(values[start + lane]);
        for (size_t j = 0; j < k; j++) {
            for (size_t lane = 0; lane < LANES; lane++) {
                int32_t kept = high[j][lane], next = down[lane];
                high[j][lane] = kept > next ? kept : next;
                down[lane] = kept > next ? next : kept;
            }
            for (size_t lane = 0; lane < LANES; lane++) {
                int32_t kept = low[j][lane], next = up[lane];
                low[j][lane] = kept < next ? kept : next;
                up[lane] = kept < next ? next : kept;
            }
        }
    }
    for (size_t lane = 0; lane < LANES; lane++) {
        for (size_t j = 0; j < k && high[j][lane] >= 0 && value_of(high[j][lane]) > greatest[0]; j++)
            insert_greatest(value_of(high[j][lane]), k, greatest);
        for (size_t j = 0; j < k && low[j][lane] < INT32_MAX && value_of(low[j][lane]) < least[k - 1]; j++)
            insert_least(value_of(low[j][lane]), k, least);
    }
    for (; start < n; start++) {
        insert_greatest(values[start], k, greatest);
        insert_least(values[start], k, least);
    }
}

void kernel_extremes(const float *values, size_t n, size_t k, float *least, float *greatest) {
    for (size_t i = 0; i < k; i++) {
        least[i] = INFINITY;
        greatest[i] = -1;
    }
    if (k <= MOST) {
        few_extremes(values, n, k, least, greatest);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        insert_greatest(values[i], k, greatest);
        insert_least(values[i], k, least);
    }
}

WIDE void kernel_powers(const float *parts, size_t n, float *powers) {
    for (size_t i = 0; i < n; i++) powers[i] = parts[2 * i] * parts[2 * i] + parts[2 * i + 1] * parts[2 * i + 1];
}

WIDE void kernel_magnitudes(const float *parts, size_t n, float *magnitudes) {
    for (size_t i = 0; i < n; i++)
        magnitudes[i] = __builtin_sqrtf(parts[2 * i] * parts[2 * i] + parts[2 * i + 1] * parts[2 * i + 1]);
}

WIDE void kernel_window(const float *samples, const double *window, size_t n, double *windowed) {
    for (size_t i = 0; i < n; i++) windowed[i] = (double)samples[i] * window[i];
}

WIDE void kernel_round(const double *values, size_t n, float *rounded) {
    for (size_t i = 0; i < n; i++) rounded[i] = (float)values[i];
}

WIDE void kernel_overlap(const float *samples, const double *window, size_t n, double *sum) {
    for (size_t i = 0; i < n; i++) sum[i] += (double)samples[i] * window[i];
}

WIDE void kernel_add(const double *values, size_t n, double *sum) {
    for (size_t i = 0; i < n; i++) sum[i] += values[i];
}

WIDE void kernel_add_weighted(const double *values, size_t n, double weight, double *sum) {
    for (size_t i = 0; i < n; i++) sum[i] += weight * values[i];
}

WIDE void kernel_divide(const double *sum, const double *weight, size_t n, double least, float *quotient) {
    for (size_t i = 0; i < n; i++) quotient[i] = (float)(sum[i] / (weight[i] > least ? weight[i] : 1));
}

WIDE void kernel_vocoder(
    const float *first, const float *next, float below, float above, const float *turn_real, const float *turn_imaginary,
    size_t n, float *restrict real, float *restrict imaginary, float *restrict spectrum) {
    for (size_t i = 0; i < n; i++) {
        float magnitude = below * first[i] + above * next[i];
        float re = real[i], im = imaginary[i];
        spectrum[2 * i] = magnitude * re;
        spectrum[2 * i + 1] = magnitude * im;
        real[i] = re * turn_real[i] - im * turn_imaginary[i];
        imaginary[i] = re * turn_imaginary[i] + im * turn_real[i];
    }
}

WIDE void kernel_turns(
    const double *parts, size_t n, double *restrict last_real, double *restrict last_imaginary,
    float *restrict magnitudes, float *restrict turn_real, float *restrict turn_imaginary) {
    for (size_t i = 0; i < n; i++) {
        double re = parts[2 * i], im = parts[2 * i + 1];
        double magnitude = __builtin_sqrt(re * re + im * im);
        // Below the normal range a quotient would be no unit number.
        double divisor = magnitude < 1e-150 ? 1 : magnitude;
        double unit_real = magnitude < 1e-150 ? 1 : re / divisor;
        double unit_imaginary = magnitude < 1e-150 ? 0 : im / divisor;
        magnitudes[i] = (float)magnitude;
        turn_real[i] = (float)(unit_real * last_real[i] + unit_imaginary * last_imaginary[i]);
        turn_imaginary[i] = (float)(unit_imaginary * last_real[i] - unit_real * last_imaginary[i]);
        last_real[i] = unit_real;
        last_imaginary[i] = unit_imaginary;
    }
}

WIDE size_t kernel_peak(const float *values, size_t from, size_t to, float limit) {
    size_t index = from;
    // Most blocks hold nothing above the limit.
    for (; index + BLOCK <= to; index += BLOCK) {
        int found = 0;
        for (size_t i = 0; i < BLOCK; i++) found |= values[index + i] > limit;
        if (!found) continue;
        for (size_t i = index; i < index + BLOCK; i++)
            if (values[i] > limit && (values[i - 1] <= limit || values[i] > values[i - 1]) &&
                (values[i + 1] <= limit || values[i] >= values[i + 1]))
                return i;
    }
    for (; index < to; index++)
        if (values[index] > limit && (values[index - 1] <= limit || values[index] > values[index - 1]) &&
            (values[index + 1] <= limit || values[index] >= values[index + 1]))
            return index;
    return to;
}

WIDE float kernel_greatest(const float *values, size_t n) {
    int32_t high = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t value = bits(values[i]);
        high = value > high ? value : high;
    }
    float result;
    memcpy(&result, &high, sizeof result);
    return result;
}
