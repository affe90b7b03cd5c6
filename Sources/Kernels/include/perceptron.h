// What a multilayer perceptron does between its products, in single and in double precision: the functions ending in
// _float and _double differ in nothing else.

#ifndef MARTLET_PERCEPTRON_H
#define MARTLET_PERCEPTRON_H

#include <stddef.h>

enum kernel_activation {
    kernel_identity,
    kernel_relu,
    kernel_tanh,
    kernel_logistic,
    // Of output layers only.
    kernel_softmax,
};

// A step of Adam (Kingma, Ba 2015); rate is that of the time step.
struct kernel_adam {
    double rate, beta_1, beta_2, epsilon, penalty;
};

struct kernel_momentum {
    double rate, momentum, penalty;
    int is_nesterov;
};

#define MARTLET_PERCEPTRON(REAL, NAME)                                                                                 \
    /* target[i] = row rows[i] of source. */                                                                           \
    void NAME(kernel_gather)(const REAL *source, size_t width, const ptrdiff_t *rows, size_t count, REAL *target);     \
    /* values = activation(values + bias), row by row. A NaN stays one. */                                             \
    void NAME(kernel_activate)(                                                                                        \
        REAL *values, const REAL *bias, size_t rows, size_t width, enum kernel_activation activation);                 \
    /* deltas *= the derivative of a hidden layer's activation, which its values tell. */                              \
    void NAME(kernel_slopes)(REAL *deltas, const REAL *values, size_t n, enum kernel_activation activation);           \
    /* The mean loss over rows of outputs beside their targets: logarithmic for logistic and softmax, with probabilities \
       kept an epsilon from 0 and 1, half the mean square for identity. The outputs become what the loss changes with   \
       the sums before the activation. */                                                                              \
    double NAME(kernel_loss)(                                                                                          \
        REAL *outputs, const REAL *targets, size_t rows, size_t width, enum kernel_activation activation);             \
    /* The sum of each column. */                                                                                      \
    void NAME(kernel_sums)(const REAL *values, size_t rows, size_t width, REAL *sums);                                 \
    /* Steps of n weights whose slopes are the gradient + penalty · weight; the sum of the squares that the weights had. */ \
    double NAME(kernel_adam)(                                                                                          \
        REAL *weights, REAL *means, REAL *squares, const REAL *gradient, size_t n, struct kernel_adam how);            \
    double NAME(kernel_momentum)(                                                                                      \
        REAL *weights, REAL *velocities, const REAL *gradient, size_t n, struct kernel_momentum how);

#define MARTLET_FLOAT(name) name##_float
#define MARTLET_DOUBLE(name) name##_double
MARTLET_PERCEPTRON(float, MARTLET_FLOAT)
MARTLET_PERCEPTRON(double, MARTLET_DOUBLE)

#endif
