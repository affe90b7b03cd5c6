// Histograms of oriented gradients in the lanes of one precision: included by hog.c with REAL, INT, VALUE, LANES and NAME
// set, and INTEGERS where values are whole numbers in steps of STEP with less than half a step of noise on them.

typedef REAL NAME(reals) __attribute__((vector_size(LANES * sizeof(REAL))));
typedef INT NAME(masks) __attribute__((vector_size(LANES * sizeof(REAL))));
typedef VALUE NAME(values) __attribute__((vector_size(LANES * sizeof(REAL))));
#define R NAME(reals)
#define M NAME(masks)
#define D NAME(values)

// What is known of the voxels of a block: how far the folded angles have turned, and the magnitude on the side of the fold
// on which the angle lies.
typedef struct {
    REAL turn[ROWS][COLUMNS], right[ROWS][COLUMNS], left[ROWS][COLUMNS];
    REAL tilt[ROWS][COLUMNS], up[ROWS][COLUMNS], down[ROWS][COLUMNS];
} NAME(block);

// A row of voxels and those beside it; at a border the difference spans one step in place of two and counts twice.
typedef struct {
    const VALUE *row, *above, *below, *before, *after;
    int height_factor, time_factor;
} NAME(line);

INLINE D NAME(given)(const VALUE *from) {
    D result;
    memcpy(&result, from, sizeof result);
    return result;
}

INLINE R NAME(real)(const REAL *from) {
    R result;
    memcpy(&result, from, sizeof result);
    return result;
}

INLINE void NAME(store)(R value, REAL *to) { memcpy(to, &value, sizeof value); }

INLINE R NAME(kept)(M where, R value) { return (R)(where & (M)value); }

INLINE R NAME(chosen)(M where, R value, R other) { return (R)((where & (M)value) | (~where & (M)other)); }

INLINE R NAME(absolute)(R value) { return (R)((M)value & ~((INT)1 << (8 * sizeof(INT) - 1))); }

// A fraction that is on a diagonal, put where such an angle counts on either side of a fold.
INLINE R NAME(tied)(R fraction, REAL diagonal, M other, const REAL *ties) {
    return NAME(chosen)(
        (M)(fraction == diagonal), NAME(chosen)(other, (R){} + ties[1], (R){} + ties[0]), fraction);
}

INLINE R NAME(difference)(D value) {
#ifdef INTEGERS
    return __builtin_convertvector((value + STEP / 2) & -STEP, R);
#else
    return value;
#endif
}

// The angles and magnitudes of a row. Gives the lanes where rounding decides on which side of a fold a voxel lies.
INLINE M NAME(measure)(
    NAME(block) * block, size_t row, const NAME(line) * line, size_t column, const kernel_hog *hog, const REAL *ties,
    const int article) {
    const int is_border =
        line->height_factor != 1 || line->time_factor != 1 || column == 0 || column + COLUMNS >= hog->width;
    M marked = {};
    for (size_t lane = 0; lane < COLUMNS; lane += LANES) {
        const size_t x = column + lane;
        D along_height = NAME(given)(line->below + x) - NAME(given)(line->above + x);
        D along_width = NAME(given)(line->row + x + 1) - NAME(given)(line->row + x - 1);
        D along_time = NAME(given)(line->after + x) - NAME(given)(line->before + x);
        R gx = NAME(difference)(along_height), gy = NAME(difference)(along_width), gz = NAME(difference)(along_time);
        if (is_border) {
            gx *= (REAL)line->height_factor;
            gz *= (REAL)line->time_factor;
            for (size_t i = 0; i < LANES; i++)
                if (x + i == 0 || x + i + 1 == hog->width) gy[i] *= 2;
        }
        R ax = NAME(absolute)(gx), ay = NAME(absolute)(gy);
        R squares = gx * gx + gy * gy;
        R all = squares + gz * gz;
        R magnitude = __builtin_elementwise_sqrt(all);
        R sum = ax + ay;
        R turn = (sum - gx) / __builtin_elementwise_max(sum, (R){} + LEAST);
        R tilt;
        M upper;
        if (article) {
            tilt = ax / __builtin_elementwise_max(ax + NAME(absolute)(gz), (R){} + LEAST);
            upper = (M)(along_time < 0) | ((M)(along_time == 0) & (M)(along_height != 0));
        } else {
            tilt = squares / __builtin_elementwise_max(all, (R){} + LEAST);
            upper = (M)(along_time <= 0);
        }
        M leftward = (M)(along_width < 0);
        if (hog->has_right_angle) {
            M level = (M)(along_height == 0) & (M)(along_width != 0);
            turn = NAME(chosen)(
                level, NAME(chosen)(leftward, (R){} + (REAL)0.999, (R){} + (REAL)1.001), turn);
        }
#ifdef INTEGERS
        if (hog->has_diagonals) {
            turn = NAME(tied)(turn, 0.5f, leftward, ties);
            turn = NAME(tied)(turn, 1.5f, leftward, ties + 2);
            tilt = NAME(tied)(tilt, 0.5f, upper, ties + 4);
        }
        // Differences of nothing but noise.
        marked |= ((M)(sum == 0) & (M)((along_height | along_width) != 0)) | ((M)(gz == 0) & (M)(along_time != 0));
#else
        R side = article ? ax * ax : squares;
        marked |= (M)(gz * gz < side * (REAL)(MARGIN * MARGIN)) & (M)(gz != 0);
#endif
        if (hog->is_careful) {
            R az = NAME(absolute)(gz), little = (sum + az) * (REAL)MARGIN;
            marked |= (M)(ax <= little) | (M)(ay <= little) | (M)(az <= little);
        }
        NAME(store)(turn, &block->turn[row][lane]);
        NAME(store)(tilt, &block->tilt[row][lane]);
        NAME(store)(NAME(kept)(~leftward, magnitude), &block->right[row][lane]);
        NAME(store)(NAME(kept)(leftward, magnitude), &block->left[row][lane]);
        NAME(store)(NAME(kept)(~upper, magnitude), &block->up[row][lane]);
        NAME(store)(NAME(kept)(upper, magnitude), &block->down[row][lane]);
    }
    return marked;
}

// Column by column, the sums of two magnitudes over the rows of a block, and over those voxels that have turned beyond each
// of some edges; whether a voxel lies too near an edge to tell.
INLINE M NAME(sums)(
    REAL (*key)[COLUMNS], REAL (*first)[COLUMNS], REAL (*second)[COLUMNS], size_t rows, const double *edges,
    const size_t count, const int totals, REAL (*first_sums)[COLUMNS], REAL (*second_sums)[COLUMNS]) {
    M doubt = {};
    for (size_t lane = 0; lane < COLUMNS; lane += LANES) {
        R below[4], above[4], a[5] = {}, b[5] = {};
        for (size_t edge = 0; edge < count; edge++) {
            below[edge] = (R){} + (REAL)(edges[edge] - MARGIN);
            above[edge] = (R){} + (REAL)(edges[edge] + MARGIN);
        }
        for (size_t row = 0; row < rows; row++) {
            R turned = NAME(real)(&key[row][lane]);
            R one = NAME(real)(&first[row][lane]), other = NAME(real)(&second[row][lane]);
            if (totals) {
                a[4] += one;
                b[4] += other;
            }
            for (size_t edge = 0; edge < count; edge++) {
                M beyond = (M)(turned > above[edge]);
                doubt |= beyond ^ (M)(turned > below[edge]);
                a[edge] += NAME(kept)(beyond, one);
                b[edge] += NAME(kept)(beyond, other);
            }
        }
        if (totals) {
            NAME(store)(a[4], &first_sums[-1][lane]);
            NAME(store)(b[4], &second_sums[-1][lane]);
        }
        for (size_t edge = 0; edge < count; edge++) {
            NAME(store)(a[edge], &first_sums[edge][lane]);
            NAME(store)(b[edge], &second_sums[edge][lane]);
        }
    }
    return doubt;
}

// first_sums[0] is the total, [1 + k] the sum beyond edge k, and the last is 0.
INLINE int NAME(all_sums)(
    REAL (*key)[COLUMNS], REAL (*first)[COLUMNS], REAL (*second)[COLUMNS], size_t rows, const double *edges,
    size_t count, REAL (*first_sums)[COLUMNS], REAL (*second_sums)[COLUMNS]) {
    M doubt = {};
    size_t edge = 0;
    int totals = 1;
    for (; edge + 4 <= count; edge += 4, totals = 0) {
        if (totals)
            doubt |= NAME(sums)(
                key, first, second, rows, edges + edge, 4, 1, first_sums + 1 + edge, second_sums + 1 + edge);
        else
            doubt |= NAME(sums)(
                key, first, second, rows, edges + edge, 4, 0, first_sums + 1 + edge, second_sums + 1 + edge);
    }
#define REST(COUNT)                                                                                                    \
    case COUNT:                                                                                                        \
        if (totals)                                                                                                    \
            doubt |= NAME(sums)(                                                                                       \
                key, first, second, rows, edges + edge, COUNT, 1, first_sums + 1 + edge, second_sums + 1 + edge);      \
        else                                                                                                           \
            doubt |= NAME(sums)(                                                                                       \
                key, first, second, rows, edges + edge, COUNT, 0, first_sums + 1 + edge, second_sums + 1 + edge);      \
        break;
    switch (count - edge) {
    case 0:
        if (totals) doubt |= NAME(sums)(key, first, second, rows, edges, 0, 1, first_sums + 1, second_sums + 1);
        break;
        REST(1)
        REST(2)
        REST(3)
    }
#undef REST
    memset(first_sums[count + 1], 0, sizeof first_sums[0]);
    memset(second_sums[count + 1], 0, sizeof second_sums[0]);
    return __builtin_reduce_or(doubt) != 0;
}

static double NAME(grey)(VALUE value, const kernel_hog *hog) {
#ifdef INTEGERS
    return kernel_hog_value(value, hog->unit);
#else
    (void)hog;
    return value;
#endif
}

static int NAME(is_near)(REAL key, const double *edges, size_t count) {
    for (size_t edge = 0; edge < count; edge++)
        if (key > (REAL)(edges[edge] - MARGIN) && !(key > (REAL)(edges[edge] + MARGIN))) return 1;
    return 0;
}

// The lanes of a row of fractions that lie near an edge.
static M NAME(near)(const REAL *keys, const double *edges, size_t count) {
    const R key = NAME(real)(keys);
    M near = {};
    for (size_t edge = 0; edge < count; edge++)
        near |= (M)(key > (REAL)(edges[edge] - MARGIN)) & ~(M)(key > (REAL)(edges[edge] + MARGIN));
    return near;
}

// Computes anew, as NumPy does, each voxel of a block that lies near an edge, and puts it well between two. Voxels that lie
// near none are looked at only where some are marked.
__attribute__((noinline)) static void NAME(settle)(
    NAME(block) * block, size_t rows, const NAME(line) * lines, size_t column, const kernel_hog *hog, int is_marked) {
    const size_t folded = (hog->bins + 1) / 2 - 1, half = hog->bins / 2;
    for (size_t row = 0; row < rows; row++) {
        const NAME(line) *line = &lines[row];
        INT near[COLUMNS];
        for (size_t lane = 0; lane < COLUMNS; lane += LANES) {
            const M found = NAME(near)(&block->turn[row][lane], hog->turns, folded) |
                            NAME(near)(&block->tilt[row][lane], hog->tilts, folded);
            memcpy(&near[lane], &found, sizeof found);
        }
        for (size_t lane = 0; lane < COLUMNS && column + lane < hog->width; lane++) {
            if (!is_marked && !near[lane]) continue;
            const size_t x = column + lane;
            double gx = (NAME(grey)(line->below[x], hog) - NAME(grey)(line->above[x], hog)) * line->height_factor;
            double gy = (NAME(grey)(line->row[x + 1], hog) - NAME(grey)(line->row[(ptrdiff_t)x - 1], hog)) *
                        (x == 0 || x + 1 == hog->width ? 2 : 1);
            double gz = (NAME(grey)(line->after[x], hog) - NAME(grey)(line->before[x], hog)) * line->time_factor;
            const double little = NOISE + (fabs(gx) + fabs(gy) + fabs(gz)) * 1e-11;
            const int is_zero =
                hog->is_careful && (fabs(gx) <= little || fabs(gy) <= little || fabs(gz) <= little);
            const int turn_is_near = is_zero || NAME(is_near)(block->turn[row][lane], hog->turns, folded) ||
                                     (fabs(gx) < NOISE && fabs(gy) < NOISE);
            const double flat = hog->is_article ? fabs(gx) : sqrt(gx * gx + gy * gy);
            const int tilt_is_near = is_zero || NAME(is_near)(block->tilt[row][lane], hog->tilts, folded) ||
                                     fabs(gz) < NOISE || fabs(gz) < flat * 1e-11;
            if (turn_is_near) {
                const size_t bin = bin_of(atan2(gy, gx), hog->azimuth_edges, hog->bins);
                const REAL magnitude = block->right[row][lane] + block->left[row][lane];
                const int is_right = hog->bins % 2 == 0 ? bin >= half : gy >= 0;
                const size_t place = bin >= half ? bin - half : hog->bins - 1 - half - bin;
                block->right[row][lane] = is_right ? magnitude : 0;
                block->left[row][lane] = is_right ? 0 : magnitude;
                block->turn[row][lane] = (REAL)between(place, hog->turns, folded);
            }
            if (tilt_is_near) {
                const size_t bin = bin_of(atan2(flat, gz), hog->polar_edges, hog->bins);
                const REAL magnitude = block->up[row][lane] + block->down[row][lane];
                const size_t mirrored = hog->bins - 1 - bin;
                const int is_up = bin <= mirrored;
                block->up[row][lane] = is_up ? magnitude : 0;
                block->down[row][lane] = is_up ? 0 : magnitude;
                block->tilt[row][lane] = (REAL)between(is_up ? bin : mirrored, hog->tilts, folded);
            }
        }
    }
}

INLINE void NAME(cells)(const VALUE *values, const kernel_hog *hog, float *histograms, const int article) {
    const size_t bins = hog->bins, folded = (bins + 1) / 2 - 1, half = bins / 2;
    const size_t room = (2 * bins + 7) / 8 * 8;
    const size_t used = hog->filled_width * hog->cell_width;
    NAME(block) block;
    NAME(line) lines[ROWS];
    REAL(*sums)[COLUMNS] = aligned_alloc(64, (4 * (folded + 2) + room) * COLUMNS * sizeof(REAL));
    REAL(*found)[COLUMNS] = sums + 4 * (folded + 2);
    double *cells = aligned_alloc(64, hog->filled_width * room * sizeof(double));
    if (!sums || !cells) abort();
    memset(found, 0, room * COLUMNS * sizeof(REAL));
    REAL(*right)[COLUMNS] = sums;
    REAL(*left)[COLUMNS] = sums + (folded + 2);
    REAL(*up)[COLUMNS] = sums + 2 * (folded + 2);
    REAL(*down)[COLUMNS] = sums + 3 * (folded + 2);
    const size_t plane = hog->height * hog->stride;
    REAL ties[6];
    if (hog->has_diagonals)
        for (size_t i = 0; i < 6; i++) ties[i] = (REAL)tie(i, hog);
    for (size_t time = 0; time < hog->filled_time; time++)
        for (size_t height = 0; height < hog->filled_height; height++) {
            const size_t rows = hog->cell_time * hog->cell_height;
            memset(cells, 0, hog->filled_width * room * sizeof(double));
            // What the next row of cells will read and this one has not.
            const VALUE *next[ROWS + 2 * ROWS];
            size_t ahead = 0;
            if (height + 1 < hog->filled_height)
                for (size_t t = 0; t < hog->cell_time + 2; t++)
                    for (size_t y = 0; y < hog->cell_height && ahead < 3 * ROWS; y++) {
                        const size_t place = time * hog->cell_time + t;
                        const size_t line = (height + 1) * hog->cell_height + 1 + y;
                        if (place >= 1 && place <= hog->time && line < hog->height)
                            next[ahead++] = values + (place - 1) * plane + line * hog->stride;
                    }
            for (size_t start = 0; start < rows; start += ROWS) {
                const size_t count = rows - start < ROWS ? rows - start : ROWS;
                for (size_t row = 0; row < count; row++) {
                    const size_t t = time * hog->cell_time + (start + row) / hog->cell_height;
                    const size_t y = height * hog->cell_height + (start + row) % hog->cell_height;
                    const VALUE *here = values + t * plane + y * hog->stride + 1;
                    const int top = y == 0, bottom = y + 1 == hog->height, first = t == 0, last = t + 1 == hog->time;
                    lines[row] = (NAME(line)){
                        .row = here,
                        .above = top ? here : here - hog->stride,
                        .below = bottom ? here : here + hog->stride,
                        .before = first ? here : here - plane,
                        .after = last ? here : here + plane,
                        .height_factor = top || bottom ? 2 : 1,
                        .time_factor = first || last ? 2 : 1,
                    };
                }
                for (size_t column = 0; column < used; column += COLUMNS) {
                    // Rows are too many, and pieces of them too short, for the processor to foresee what comes.
                    if (start == 0)
                        for (size_t row = 0; row < ahead; row++) __builtin_prefetch(next[row] + column);
                    M marked = {};
                    for (size_t row = 0; row < count; row++)
                        marked |= NAME(measure)(&block, row, &lines[row], column, hog, ties, article);
                    const int is_marked = __builtin_reduce_or(marked) != 0;
                    for (int settled = 0;; settled = 1) {
                        int doubt = is_marked;
                        doubt |= NAME(all_sums)(
                            block.turn, block.right, block.left, count, hog->turns, folded, right, left);
                        doubt |=
                            NAME(all_sums)(block.tilt, block.up, block.down, count, hog->tilts, folded, up, down);
                        if (!doubt || settled) break;
                        NAME(settle)(&block, count, lines, column, hog, is_marked);
                    }
                    // A bin is the difference of two sums over the same voxels in the same order, so that one that none
                    // falls into is exactly 0.
                    for (size_t place = 0; place <= folded; place++)
                        for (size_t lane = 0; lane < COLUMNS; lane += LANES) {
                            R a = NAME(real)(&right[place][lane]) - NAME(real)(&right[place + 1][lane]);
                            R b = NAME(real)(&left[place][lane]) - NAME(real)(&left[place + 1][lane]);
                            R c = NAME(real)(&up[place][lane]) - NAME(real)(&up[place + 1][lane]);
                            R d = NAME(real)(&down[place][lane]) - NAME(real)(&down[place + 1][lane]);
                            const size_t upward = half + place, downward = bins - 1 - half - place;
                            if (upward == downward) {
                                NAME(store)(a + b, &found[2 * upward][lane]);
                            } else {
                                NAME(store)(a, &found[2 * upward][lane]);
                                NAME(store)(b, &found[2 * downward][lane]);
                            }
                            const size_t near = place, far = bins - 1 - place;
                            if (near == far) {
                                NAME(store)(c + d, &found[2 * near + 1][lane]);
                            } else {
                                NAME(store)(c, &found[2 * near + 1][lane]);
                                NAME(store)(d, &found[2 * far + 1][lane]);
                            }
                        }
                    NAME(gather)(found, room, column, used, hog->cell_width, cells);
                }
            }
            finish(
                cells, room, hog,
                histograms + (height * hog->cells_width * hog->cells_time + time) * 2 * bins);
        }
    free(sums);
    free(cells);
}

#undef R
#undef M
#undef D
#undef REAL
#undef INT
#undef VALUE
#undef LANES
#undef NAME
#undef LEAST
#undef MARGIN
#undef INTEGERS
#undef NOISE
