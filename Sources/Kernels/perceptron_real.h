// The functions of perceptron.h for one REAL; included once for each.

#define R NAME(lanes)
typedef REAL R __attribute__((vector_size(LANES * sizeof(REAL)), aligned(sizeof(REAL)), may_alias));
#define AT(array, i) (*(R *)((array) + (i)))
#define GET(array, i) (*(const R *)((array) + (i)))

void NAME(kernel_gather)(const REAL *source, size_t width, const ptrdiff_t *rows, size_t count, REAL *target) {
    for (size_t i = 0; i < count; i++) memcpy(target + i * width, source + (size_t)rows[i] * width, width * sizeof(REAL));
}

WIDE static void NAME(add_relu)(REAL *values, const REAL *bias, size_t width) {
    size_t i = 0;
    for (; i + LANES <= width; i += LANES) {
        R sum = AT(values, i) + GET(bias, i);
        AT(values, i) = (R)((MASK)sum & ~(MASK)(sum < 0));
    }
    for (; i < width; i++) {
        REAL sum = values[i] + bias[i];
        values[i] = sum < 0 ? 0 : sum;
    }
}

WIDE static void NAME(add)(REAL *values, const REAL *bias, size_t width) {
    size_t i = 0;
    for (; i + LANES <= width; i += LANES) AT(values, i) += GET(bias, i);
    for (; i < width; i++) values[i] += bias[i];
}

static void NAME(soft)(REAL *values, size_t width) {
    REAL largest = values[0], sum = 0;
    for (size_t i = 1; i < width; i++)
        if (values[i] > largest) largest = values[i];
    for (size_t i = 0; i < width; i++) {
        values[i] = EXP(values[i] - largest);
        sum += values[i];
    }
    for (size_t i = 0; i < width; i++) values[i] /= sum;
}

void NAME(kernel_activate)(
    REAL *values, const REAL *bias, size_t rows, size_t width, enum kernel_activation activation) {
    for (size_t row = 0; row < rows; row++, values += width) {
        if (activation == kernel_relu) {
            NAME(add_relu)(values, bias, width);
            continue;
        }
        NAME(add)(values, bias, width);
        if (activation == kernel_tanh)
            for (size_t i = 0; i < width; i++) values[i] = TANH(values[i]);
        else if (activation == kernel_logistic)
            for (size_t i = 0; i < width; i++) values[i] = 1 / (1 + EXP(-values[i]));
        else if (activation == kernel_softmax)
            NAME(soft)(values, width);
    }
}

WIDE void NAME(kernel_slopes)(REAL *deltas, const REAL *values, size_t n, enum kernel_activation activation) {
    if (activation == kernel_identity) return;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        R value = GET(values, i);
        if (activation == kernel_relu)
            AT(deltas, i) = (R)((MASK)AT(deltas, i) & (MASK)(value != 0));
        else if (activation == kernel_tanh)
            AT(deltas, i) *= 1 - value * value;
        else
            AT(deltas, i) *= value * (1 - value);
    }
    for (; i < n; i++) {
        REAL value = values[i];
        if (activation == kernel_relu)
            deltas[i] = value != 0 ? deltas[i] : 0;
        else if (activation == kernel_tanh)
            deltas[i] *= 1 - value * value;
        else
            deltas[i] *= value * (1 - value);
    }
}

static double NAME(minus_log)(REAL probability) {
    const REAL least = LEAST, most = 1 - least;
    return -log(probability < least ? least : probability > most ? most : probability);
}

double NAME(kernel_loss)(
    REAL *outputs, const REAL *targets, size_t rows, size_t width, enum kernel_activation activation) {
    const REAL count = (REAL)rows;
    double sum = 0;
    for (size_t i = 0; i < rows * width; i++) {
        const REAL output = outputs[i], target = targets[i];
        if (activation == kernel_identity) {
            sum += (double)(output - target) * (double)(output - target) / 2 / (double)width;
        } else {
            // A NaN must reach the sum, whatever its target.
            if (target != 0 || output != output) sum += (double)target * NAME(minus_log)(output);
            if (activation == kernel_logistic && target != 1) sum += (double)(1 - target) * NAME(minus_log)(1 - output);
        }
        outputs[i] = (output - target) / count;
    }
    return sum / (double)rows;
}

WIDE void NAME(kernel_sums)(const REAL *values, size_t rows, size_t width, REAL *sums) {
    for (size_t i = 0; i < width; i++) sums[i] = 0;
    for (size_t row = 0; row < rows; row++, values += width) {
        size_t i = 0;
        for (; i + LANES <= width; i += LANES) AT(sums, i) += GET(values, i);
        for (; i < width; i++) sums[i] += values[i];
    }
}

// Squares are summed in blocks, as single precision would lose those that come late to a long sum.
enum { NAME(block) = 4096 };

WIDE double NAME(kernel_adam)(
    REAL *weights, REAL *means, REAL *squares, const REAL *gradient, size_t n, struct kernel_adam how) {
    const REAL penalty = (REAL)how.penalty, epsilon = (REAL)how.epsilon, rate = (REAL)how.rate;
    const REAL old_mean = (REAL)how.beta_1, new_mean = (REAL)(1 - how.beta_1);
    const REAL old_square = (REAL)how.beta_2, new_square = (REAL)(1 - how.beta_2);
    double sum = 0;
    size_t i = 0;
    while (i + LANES <= n) {
        const size_t end = n - i < NAME(block) ? n : i + NAME(block);
        R powers = {0};
        for (; i + LANES <= end; i += LANES) {
            R weight = AT(weights, i);
            powers += weight * weight;
            R slope = GET(gradient, i) + penalty * weight;
            R mean = old_mean * AT(means, i) + new_mean * slope;
            R square = old_square * AT(squares, i) + new_square * (slope * slope);
            AT(means, i) = mean;
            AT(squares, i) = square;
            AT(weights, i) = weight - rate * mean / (__builtin_elementwise_sqrt(square) + epsilon);
        }
        for (size_t lane = 0; lane < LANES; lane++) sum += (double)powers[lane];
    }
    for (; i < n; i++) {
        REAL weight = weights[i], slope = gradient[i] + penalty * weight;
        sum += (double)weight * (double)weight;
        means[i] = old_mean * means[i] + new_mean * slope;
        squares[i] = old_square * squares[i] + new_square * (slope * slope);
        weights[i] = weight - rate * means[i] / (__builtin_elementwise_sqrt(squares[i]) + epsilon);
    }
    return sum;
}

WIDE double NAME(kernel_momentum)(
    REAL *weights, REAL *velocities, const REAL *gradient, size_t n, struct kernel_momentum how) {
    const REAL penalty = (REAL)how.penalty, rate = (REAL)how.rate, momentum = (REAL)how.momentum;
    double sum = 0;
    size_t i = 0;
    while (i + LANES <= n) {
        const size_t end = n - i < NAME(block) ? n : i + NAME(block);
        R powers = {0};
        for (; i + LANES <= end; i += LANES) {
            R weight = AT(weights, i);
            powers += weight * weight;
            R step = rate * (GET(gradient, i) + penalty * weight);
            R velocity = momentum * AT(velocities, i) - step;
            AT(velocities, i) = velocity;
            AT(weights, i) = weight + (how.is_nesterov ? momentum * velocity - step : velocity);
        }
        for (size_t lane = 0; lane < LANES; lane++) sum += (double)powers[lane];
    }
    for (; i < n; i++) {
        REAL weight = weights[i], step = rate * (gradient[i] + penalty * weight);
        sum += (double)weight * (double)weight;
        velocities[i] = momentum * velocities[i] - step;
        weights[i] = weight + (how.is_nesterov ? momentum * velocities[i] - step : velocities[i]);
    }
    return sum;
}

#undef R
#undef AT
#undef GET
