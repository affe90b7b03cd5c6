// The linear support vector machine with squared errors: Newton's method on the finite set of quadratic pieces (Keerthi
// and DeCoste, "A modified finite Newton method for fast solution of large scale linear SVMs", JMLR 6, 2005), with an exact
// search along each step. It works on the features or, where there are more of them than rows, on the products of rows
// (Chapelle, "Training a support vector machine in the primal", Neural Computation 19, 2007). Where both are many, L-BFGS.

internal import Linear

/// ½ |w|² + Σ costᵢ max(0, 1 − signᵢ w·xᵢ)², for rows that several machines share.
struct SquaredHinge {
    struct Result {
        var weights: [Double]
        var iterations: Int
        var hasConverged: Bool
    }

    private let rows: [Double]
    private let count: Int
    private let width: Int
    /// The products of all rows with each other, where it is them that are worked on.
    private let products: [Double]?
    private let largest: Int

    /// - Parameter largest: systems of equations up to this size are solved directly.
    init(rows: [Double], count: Int, width: Int, largest: Int = 4096) {
        (self.rows, self.count, self.width, self.largest) = (rows, count, width, largest)
        guard width > count, count <= largest else {
            products = nil
            return
        }
        var products = [Double](repeating: 0, count: count * count)
        Blas.syrk(rows, .plain(count, width), into: &products)
        self.products = products
    }

    /// - Parameter tolerance: stop when the gradient is smaller than this part of that at 0. Nil where a number is not
    ///   finite.
    func minimise(signs: [Double], costs: [Double], tolerance: Double, maxIterations: Int) -> Result? {
        if min(count, width) > largest {
            return descend(signs: signs, costs: costs, tolerance: tolerance, maxIterations: maxIterations)
        }
        // The point: a weight for each feature, or for each row.
        var point = [Double](repeating: 0, count: products == nil ? width : count)
        var outputs = [Double](repeating: 0, count: count)
        var start: Double?
        for iteration in 0...maxIterations {
            let active = outputs.indices.filter { signs[$0] * outputs[$0] < 1 }
            let size = gradientSize(point, outputs, active, signs, costs)
            guard size.isFinite else { return nil }
            let first = start ?? size
            start = first
            if size <= tolerance * first { return result(point, iteration, true) }
            if iteration == maxIterations { break }
            // The equations may be too near to having no single solution.
            guard let target = minimum(of: active, signs, costs) else {
                return descend(signs: signs, costs: costs, tolerance: tolerance, maxIterations: maxIterations)
            }
            let reached = self.outputs(of: target)
            let step = search(from: (point, outputs), to: (target, reached), signs, costs)
            guard step.isFinite else { return nil }
            // Nothing but rounding is left to gain.
            if step <= 0 { return result(point, iteration, size <= 1e-6 * first) }
            for index in point.indices { point[index] += step * (target[index] - point[index]) }
            for index in outputs.indices { outputs[index] += step * (reached[index] - outputs[index]) }
        }
        return result(point, maxIterations, false)
    }

    private func result(_ point: [Double], _ iterations: Int, _ hasConverged: Bool) -> Result {
        guard products != nil else { return Result(weights: point, iterations: iterations, hasConverged: hasConverged) }
        var weights = [Double](repeating: 0, count: width)
        Blas.gemv(rows, .transposed(count, width), point, into: &weights)
        return Result(weights: weights, iterations: iterations, hasConverged: hasConverged)
    }

    private func outputs(of point: [Double]) -> [Double] {
        var outputs = [Double](repeating: 0, count: count)
        Blas.gemv(products ?? rows, .plain(count, point.count), point, into: &outputs)
        return outputs
    }

    /// The length of the gradient by the features' weights.
    private func gradientSize(
        _ point: [Double], _ outputs: [Double], _ active: [Int], _ signs: [Double], _ costs: [Double]
    ) -> Double {
        var slopes = [Double](repeating: 0, count: count)
        for row in active { slopes[row] = 2 * costs[row] * (outputs[row] - signs[row]) }
        if let products {
            for row in slopes.indices { slopes[row] += point[row] }
            var image = slopes
            Blas.gemv(products, .plain(count, count), slopes, into: &image)
            return max(0, Blas.dot(slopes, image)).squareRoot()
        }
        var gradient = point
        Blas.gemv(rows, .transposed(count, width), slopes, into: &gradient, keep: 1)
        return Blas.dot(gradient, gradient).squareRoot()
    }

    /// Where the quadratic piece has its minimum in which these rows have errors.
    private func minimum(of active: [Int], _ signs: [Double], _ costs: [Double]) -> [Double]? {
        if let products {
            var matrix = [Double]()
            matrix.reserveCapacity(active.count * active.count)
            for row in active {
                for column in active { matrix.append(products[row * count + column]) }
            }
            for (place, row) in active.enumerated() { matrix[place * (active.count + 1)] += 1 / (2 * costs[row]) }
            let found = Lapack.solve(positiveDefinite: matrix, size: active.count, active.map { signs[$0] })
            guard let found else { return nil }
            var point = [Double](repeating: 0, count: count)
            for (place, row) in active.enumerated() { point[row] = found[place] }
            return point
        }
        var (scaled, targets) = ([Double](), [Double]())
        scaled.reserveCapacity(active.count * width)
        for row in active {
            let scale = (2 * costs[row]).squareRoot()
            targets.append(scale * signs[row])
            for element in rows[row * width..<(row + 1) * width] { scaled.append(scale * element) }
        }
        var matrix = [Double](repeating: 0, count: width * width)
        var sums = [Double](repeating: 0, count: width)
        Blas.syrk(scaled, .transposed(active.count, width), into: &matrix)
        Blas.gemv(scaled, .transposed(active.count, width), targets, into: &sums)
        for index in 0..<width { matrix[index * (width + 1)] += 1 }
        return Lapack.solve(positiveDefinite: matrix, size: width, sums)
    }

    /// How far to go from one point to another; the slope along the way is a rising chain of straight pieces.
    private func search(
        from old: (point: [Double], outputs: [Double]), to new: (point: [Double], outputs: [Double]),
        _ signs: [Double], _ costs: [Double]
    ) -> Double {
        // |w|² is w·w, or the weights of rows times their outputs.
        let isByRow = products != nil
        let change = zip(new.point, old.point).map { $0 - $1 }
        let move = zip(new.outputs, old.outputs).map { $0 - $1 }
        let tilt = Blas.dot(change, isByRow ? old.outputs : old.point)
        let bend = Blas.dot(change, isByRow ? move : change)
        func slope(_ step: Double) -> Double {
            var slope = tilt + step * bend
            for row in 0..<count {
                let lack = signs[row] - old.outputs[row] - step * move[row]
                if signs[row] * lack > 0 { slope -= 2 * costs[row] * lack * move[row] }
            }
            return slope
        }
        guard slope(0) < 0 else { return 0 }
        if slope(1) <= 0, slope(1) >= 1e-12 * slope(0) { return 1 }
        var (low, high) = (0.0, 1.0)
        while slope(high) < 0, high < 1e6 { (low, high) = (high, 2 * high) }
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if slope(middle) < 0 { low = middle } else { high = middle }
        }
        return high
    }

    private func descend(signs: [Double], costs: [Double], tolerance: Double, maxIterations: Int) -> Result? {
        func value(_ point: [Double], _ gradient: inout [Double]) -> Double {
            var outputs = [Double](repeating: 0, count: count)
            Blas.gemv(rows, .plain(count, width), point, into: &outputs)
            var (loss, slopes) = (0.0, [Double](repeating: 0, count: count))
            for row in 0..<count where signs[row] * outputs[row] < 1 {
                let lack = signs[row] - outputs[row]
                loss += costs[row] * lack * lack
                slopes[row] = -2 * costs[row] * lack
            }
            gradient = point
            Blas.gemv(rows, .transposed(count, width), slopes, into: &gradient, keep: 1)
            return loss + Blas.dot(point, point) / 2
        }
        let zero = [Double](repeating: 0, count: width)
        var gradient = zero
        _ = value(zero, &gradient)
        let largest = gradient.reduce(0) { max($0, abs($1)) }
        let found = Lbfgs(maxIterations: maxIterations, gradientTolerance: tolerance * largest)
            .minimise(from: zero, value)
        guard found.value.isFinite, found.gradient.isFinite else { return nil }
        return Result(weights: found.point, iterations: found.iterations, hasConverged: found.hasConverged)
    }
}
