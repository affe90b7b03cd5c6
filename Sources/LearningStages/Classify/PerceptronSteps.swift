// How a perceptron's weights follow the gradient: Adam, and steps with momentum.

internal import Glibc
internal import Kernels

/// Weights that follow a gradient.
protocol PerceptronSteps<Number> {
    associatedtype Number: PerceptronNumber
    /// One step along the mean gradient of a batch, to which the coefficients add `penalty` times themselves. Returns the
    /// sum of the squares that they had before.
    mutating func step(_ layers: inout Layers<Number>, _ gradient: Layers<Number>, penalty: Double) -> Double
    /// After each epoch.
    mutating func epochEnded(rowsSeen: Int)
    /// What no longer improves goes on in smaller steps; false where it is to end.
    mutating func goesOn() -> Bool
}

/// Adam (Kingma and Ba 2015), with its epsilon beside the uncorrected root, as in scikit-learn.
struct Adam<Number: PerceptronNumber>: PerceptronSteps {
    let rate: Double
    let beta1: Double
    let beta2: Double
    let epsilon: Double
    private var time = 0.0
    private var means: Layers<Number>
    private var squares: Layers<Number>

    init(sizes: [Int], rate: Double, beta1: Double, beta2: Double, epsilon: Double) {
        (self.rate, self.beta1, self.beta2, self.epsilon) = (rate, beta1, beta2, epsilon)
        means = Layers(zeros: sizes)
        squares = means
    }

    mutating func step(_ layers: inout Layers<Number>, _ gradient: Layers<Number>, penalty: Double) -> Double {
        time += 1
        let current = rate * (1 - pow(beta2, time)).squareRoot() / (1 - pow(beta1, time))
        var how = kernel_adam(rate: current, beta_1: beta1, beta_2: beta2, epsilon: epsilon, penalty: penalty)
        var sum = 0.0
        for layer in layers.coefficients.indices {
            how.penalty = penalty
            sum += Number.adam(
                &layers.coefficients[layer], &means.coefficients[layer], &squares.coefficients[layer],
                gradient.coefficients[layer], how)
            how.penalty = 0
            _ = Number.adam(
                &layers.intercepts[layer], &means.intercepts[layer], &squares.intercepts[layer],
                gradient.intercepts[layer], how)
        }
        return sum
    }

    mutating func epochEnded(rowsSeen: Int) {}
    mutating func goesOn() -> Bool { false }
}

/// Stochastic gradient descent with momentum, Nesterov's or the plain one.
struct Momentum<Number: PerceptronNumber>: PerceptronSteps {
    let initialRate: Double
    let momentum: Double
    let isNesterov: Bool
    let schedule: ClassifyMlp.LearningRate
    let power: Double
    private var rate: Double
    private var velocities: Layers<Number>

    init(
        sizes: [Int], rate: Double, momentum: Double, isNesterov: Bool,
        schedule: ClassifyMlp.LearningRate = .constant, power: Double = 0.5
    ) {
        (initialRate, self.rate, self.momentum, self.isNesterov) = (rate, rate, momentum, isNesterov)
        (self.schedule, self.power) = (schedule, power)
        velocities = Layers(zeros: sizes)
    }

    mutating func step(_ layers: inout Layers<Number>, _ gradient: Layers<Number>, penalty: Double) -> Double {
        var how = kernel_momentum(rate: rate, momentum: momentum, penalty: penalty, is_nesterov: isNesterov ? 1 : 0)
        var sum = 0.0
        for layer in layers.coefficients.indices {
            how.penalty = penalty
            sum += Number.momentum(
                &layers.coefficients[layer], &velocities.coefficients[layer], gradient.coefficients[layer], how)
            how.penalty = 0
            _ = Number.momentum(
                &layers.intercepts[layer], &velocities.intercepts[layer], gradient.intercepts[layer], how)
        }
        return sum
    }

    mutating func epochEnded(rowsSeen: Int) {
        if schedule == .invscaling { rate = initialRate / pow(Double(rowsSeen + 1), power) }
    }

    mutating func goesOn() -> Bool {
        guard schedule == .adaptive, rate > 1e-6 else { return false }
        rate /= 5
        return true
    }
}
