#include "kernels.h"
#include "wide.h"

#pragma STDC FP_CONTRACT OFF

typedef float lanes __attribute__((vector_size(32), aligned(4), may_alias));

// Up to four rows of y, eight or sixteen columns of each, stay in registers while rows of x pass.
#define COLUMNS(R, V)                                                                              \
    {                                                                                              \
        lanes sums[R][V] = {{{0}}};                                                                \
        if (first > 0)                                                                             \
            for (int r = 0; r < R; r++)                                                            \
                for (int v = 0; v < V; v++) sums[r][v] = *(lanes *)(y + (row + r) * after + column + 8 * v); \
        for (size_t i = first; i < last; i++)                                                      \
            for (int v = 0; v < V; v++) {                                                          \
                lanes value = *(const lanes *)(x + i * after + column + 8 * v);                    \
                for (int r = 0; r < R; r++) sums[r][v] += value * factor[i * rank + row + r];      \
            }                                                                                      \
        for (int r = 0; r < R; r++)                                                                \
            for (int v = 0; v < V; v++) *(lanes *)(y + (row + r) * after + column + 8 * v) = sums[r][v]; \
    }

#define ROWS(V)                                                      \
    for (size_t row = 0; row < rank; row += 4) switch (rank - row) { \
        case 1: COLUMNS(1, V) break;                                 \
        case 2: COLUMNS(2, V) break;                                 \
        case 3: COLUMNS(3, V) break;                                 \
        default: COLUMNS(4, V) break;                                \
        }

// So many numbers of x stay in the nearest cache beside their sums; those behind them are asked for meanwhile, as no
// processor foresees lines that are passed eight or sixteen columns at a time.
enum { NEAR = 1024, LINE = 16 };

WIDE static void wide_products(
    const float *restrict x, size_t before, size_t size, size_t after, const float *restrict factor, size_t rank,
    float *restrict y) {
    const size_t some = after * 8 > NEAR ? 8 : NEAR / after, step = some < size ? some : size;
    for (size_t block = 0; block < before; block++, x += size * after, y += rank * after) {
        size_t first = 0, last, column;
        for (; first < size; first = last) {
            last = size - first < step ? size : first + step;
            const float *next = x + last * after;
            for (size_t place = 0; place < step * after; place += LINE) __builtin_prefetch(next + place);
            for (column = 0; column + 16 <= after; column += 16) ROWS(2)
            for (; column + 8 <= after; column += 8) ROWS(1)
        }
        if (after % 8 == 0) continue;
        // The last eight as a whole: some of them once more, by the same sums in the same order.
        first = 0, last = size, column = after - 8;
        ROWS(1)
    }
}

WIDE static void pair_products(const float *restrict x, size_t before, float first, float second, float *restrict y) {
    for (size_t block = 0; block < before; block++) y[block] = x[2 * block] * first + x[2 * block + 1] * second;
}

void kernel_axis_product(
    const float *x, size_t before, size_t size, size_t after, const float *factor, size_t rank, float *y) {
    if (after >= 8) return wide_products(x, before, size, after, factor, rank, y);
    if (after == 1 && size == 2 && rank == 1) return pair_products(x, before, factor[0], factor[1], y);
    for (size_t block = 0; block < before; block++, x += size * after, y += rank * after)
        for (size_t row = 0; row < rank; row++)
            for (size_t column = 0; column < after; column++) {
                float sum = 0;
                for (size_t i = 0; i < size; i++) sum += x[i * after + column] * factor[i * rank + row];
                y[row * after + column] = sum;
            }
}
