// Histograms of oriented gradients; see hog.c. Rows of voxels have one value before the first and at least one behind the
// last, each the same as the one beside it, and are `stride` values long: the width up to a multiple of 16, and 2.

#ifndef MARTLET_KERNELS_HOG_H
#define MARTLET_KERNELS_HOG_H

#include <stddef.h>
#include <stdint.h>

enum { KERNEL_HOG_STEP = 256 };

typedef struct {
    // Of the voxels.
    size_t time, height, width, stride;
    // Of a cell.
    size_t cell_time, cell_height, cell_width;
    // How many cells there are, and how many of these are filled in.
    size_t cells_time, cells_width, filled_time, filled_height, filled_width;
    size_t bins;
    int is_article, is_normalized;
    // Whether a right angle is an edge of azimuths, and whether edges that should lie on the axes lie beside them.
    int has_right_angle, is_careful;
    // Whether diagonals may lie on edges, and values are such that they lie there exactly: whole numbers of one channel.
    int has_diagonals;
    // What a value of 1 (as kernel_hog_value has it) is worth, and the unit of sums.
    double unit, scale;
    // The edges of bins: bins + 1.
    const double *azimuth_edges, *polar_edges;
    // The (bins + 1) / 2 - 1 edges within the folded ranges, as fractions: of an azimuth a, 1 − cos a / (|cos a| + |sin a|);
    // of a polar angle p, sin² p, or in the article's variant sin p / (sin p + cos p).
    const double *turns, *tilts;
} kernel_hog;

// Grey pixels by weights 0.2989, 0.5870, 0.1140 from bytes, or single channels as they are: the exact weighted sum times
// 10000 (or the value) in steps of KERNEL_HOG_STEP, and in the place of the rest by how many units in the last place the sum
// in double precision, (red + green) + blue, differs from the exact one times 1e-4.
void kernel_hog_grey(
    const uint8_t *pixels, size_t rows, size_t width, size_t channels, size_t stride, int32_t *grey);

// The number in double precision that such a value stands for.
double kernel_hog_value(int32_t value, double unit);

// The histograms over (height, width, time, bin, angle), of which those that are not filled in are left as they are.
void kernel_hog_integers(const int32_t *values, const kernel_hog *hog, float *histograms);
void kernel_hog_doubles(const double *values, const kernel_hog *hog, float *histograms);

#endif
