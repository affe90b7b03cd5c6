// L-BFGS for smooth functions without bounds: Liu and Nocedal, "On the limited memory BFGS method", Math. Programming 45
// (1989), with the line search, scaling, restarts and stopping rules of L-BFGS-B 3.0, so that it takes the steps that
// SciPy's `minimize(method="L-BFGS-B")` takes, up to rounding.

internal import Linear

/// Minimises a function of which the gradient is known.
struct Lbfgs {
    /// How many pairs of steps and changes of the gradient are remembered.
    var memory = 10
    var maxIterations = 100
    /// Stop when no component of the gradient is larger.
    var gradientTolerance = 1e-4
    /// Stop when an iteration gains less than this, relative to the value.
    var valueTolerance = 64 * Double.ulpOfOne
    var maxTrials = 50

    struct Result {
        var point: [Double]
        var value: Double
        /// The largest component of the gradient.
        var gradient: Double
        var iterations: Int
        var hasConverged: Bool
    }

    /// - Parameter function: writes the gradient at a point and returns the value there.
    func minimise(from start: [Double], _ function: ([Double], inout [Double]) -> Double) -> Result {
        var point = start
        var gradient = [Double](repeating: 0, count: start.count)
        var value = function(point, &gradient)
        var history = History(capacity: memory)
        var iterations = 0

        func result(_ hasConverged: Bool) -> Result {
            Result(
                point: point, value: value, gradient: largest(gradient), iterations: iterations,
                hasConverged: hasConverged)
        }
        guard value.isFinite, largest(gradient).isFinite else { return result(false) }
        if largest(gradient) <= gradientTolerance { return result(true) }
        while iterations < maxIterations {
            let direction = history.direction(gradient)
            let slope = Blas.dot(direction, gradient)
            let isFirst = iterations == 0
            var found: Trial?
            if slope < 0 {
                found = search(
                    from: point, value: value, direction: direction, slope: slope, isFirst: isFirst, function)
            }
            guard let trial = found else {
                // No descent: forget the curvature and go down the gradient; if that is what was tried, give up.
                if history.isEmpty { return result(false) }
                history = History(capacity: memory)
                continue
            }
            iterations += 1
            let change = zip(trial.gradient, gradient).map { $0 - $1 }
            let step = direction.map { trial.step * $0 }
            let gain = value - trial.value
            let size = max(abs(value), abs(trial.value), 1)
            (point, value, gradient) = (trial.point, trial.value, trial.gradient)
            if largest(gradient) <= gradientTolerance || gain <= valueTolerance * size { return result(true) }
            history.remember(step: step, change: change, decrease: -slope * trial.step)
        }
        return result(false)
    }

    private struct Trial {
        var step: Double
        var point: [Double]
        var value: Double
        var gradient: [Double]
    }

    /// Nil when the line search finds nothing better.
    private func search(
        from point: [Double], value: Double, direction: [Double], slope: Double, isFirst: Bool,
        _ function: ([Double], inout [Double]) -> Double
    ) -> Trial? {
        let limit = 1e10
        var step = isFirst ? min(1 / Blas.dot(direction, direction).squareRoot(), limit) : 1
        var search = LineSearch(value: value, slope: slope, step: step, limit: limit)
        var gradient = [Double](repeating: 0, count: point.count)
        for _ in 0..<maxTrials {
            var trial = point
            Blas.axpy(step, direction, into: &trial)
            let trialValue = function(trial, &gradient)
            let trialSlope = Blas.dot(gradient, direction)
            guard trialValue.isFinite, trialSlope.isFinite else { return nil }
            switch search.next(value: trialValue, slope: trialSlope) {
            case .accepted: return Trial(step: step, point: trial, value: trialValue, gradient: gradient)
            case .step(let next): step = next
            }
        }
        return nil
    }

    private func largest(_ vector: [Double]) -> Double {
        var largest = 0.0
        for element in vector {
            if element.isNaN { return .nan }
            largest = max(largest, abs(element))
        }
        return largest
    }

    /// The last steps, as an approximation of the inverse of the second derivatives.
    private struct History {
        let capacity: Int
        private var pairs: [(step: [Double], change: [Double], product: Double)] = []
        private var scale = 1.0

        init(capacity: Int) { self.capacity = capacity }

        var isEmpty: Bool { pairs.isEmpty }

        /// Left out where the curvature is not positive beyond rounding.
        mutating func remember(step: [Double], change: [Double], decrease: Double) {
            let product = Blas.dot(step, change)
            guard product > .ulpOfOne * decrease else { return }
            if pairs.count == capacity { pairs.removeFirst() }
            pairs.append((step, change, product))
            scale = product / Blas.dot(change, change)
        }

        /// −H · gradient, by the two-loop recursion.
        func direction(_ gradient: [Double]) -> [Double] {
            var direction = gradient.map { -$0 }
            var weights = [Double]()
            for pair in pairs.reversed() {
                let weight = Blas.dot(pair.step, direction) / pair.product
                weights.append(weight)
                Blas.axpy(-weight, pair.change, into: &direction)
            }
            for index in direction.indices { direction[index] *= scale }
            for (pair, weight) in zip(pairs, weights.reversed()) {
                let correction = Blas.dot(pair.change, direction) / pair.product
                Blas.axpy(weight - correction, pair.step, into: &direction)
            }
            return direction
        }
    }
}
