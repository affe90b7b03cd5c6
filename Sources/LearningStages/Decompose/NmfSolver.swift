// The factors of a matrix without negative numbers, X ≈ W Hᵀ: coordinate descent (Cichocki and Phan 2009) and
// multiplicative updates (Lee and Seung 2001; Févotte and Idier 2011). H is held as features × components, as both
// factors are then improved by the same code.

internal import Glibc
internal import Linear

struct NmfSolver {
    enum Method: Sendable { case descent, frobenius, kullbackLeibler }

    /// What is added to the loss for a factor: `linear` · Σ w + `square` / 2 · Σ w².
    struct Penalty: Sendable {
        var linear = 0.0
        var square = 0.0
    }

    let method: Method
    let tolerance: Double
    let maxIterations: Int
    /// Of W and of H.
    let penalties: (Penalty, Penalty)

    /// What stands for 0 in a denominator; the reference's, 2⁻²³.
    private static let least = 0x1p-23

    /// Improves both factors. Returns the number of iterations, and whether the rule to stop was met.
    func solve(
        _ x: [Double], rows: Int, features: Int, components: Int, _ w: inout [Double], _ h: inout [Double]
    ) -> (iterations: Int, hasConverged: Bool) {
        var first = 0.0
        if method != .descent { first = error(x, rows, features, components, w, h) }
        var last = first
        for iteration in 1...maxIterations {
            var violation = 0.0
            switch method {
            case .descent:
                violation += descend(&w, rows, h, features, penalties.0, crossed(x, rows, features, h, components))
                violation += descend(&h, features, w, rows, penalties.1, turned(x, rows, features, w, components))
                if iteration == 1 { first = violation }
                if first == 0 || violation / first <= tolerance { return (iteration, true) }
                continue
            case .frobenius:
                multiply(&w, rows, h, features, penalties.0, crossed(x, rows, features, h, components))
                multiply(&h, features, w, rows, penalties.1, turned(x, rows, features, w, components))
            case .kullbackLeibler:
                var shares = ratios(x, rows, features, components, w, h)
                scale(&w, by: crossed(shares, rows, features, h, components), sums(h, components), penalties.0)
                shares = ratios(x, rows, features, components, w, h)
                let columns = sums(w, components).map { $0 == 0 ? 1 : $0 }
                scale(&h, by: turned(shares, rows, features, w, components), columns, penalties.1)
                for index in h.indices where h[index] < .ulpOfOne { h[index] = 0 }
            }
            if tolerance > 0, iteration % 10 == 0 {
                let error = error(x, rows, features, components, w, h)
                if !((last - error) / first >= tolerance) { return (iteration, true) }
                last = error
            }
        }
        return (maxIterations, false)
    }

    /// The weights of one row, by the rule that `solve` has for all, where H stays as it is.
    func weights(
        _ x: [Double], _ h: [Double], components: Int, gram: [Double]
    ) -> [Double] {
        let features = x.count
        if method == .descent {
            var w = [Double](repeating: 0, count: components)
            let cross = crossed(x, 1, features, h, components)
            var first = 0.0
            for iteration in 1...maxIterations {
                let violation = descend(&w, 1, gram, penalties.0, cross)
                if iteration == 1 { first = violation }
                if first == 0 || violation / first <= tolerance { break }
            }
            return w
        }
        let mean = x.reduce(0, +) / Double(features)
        var w = [Double](repeating: (mean / Double(components)).squareRoot(), count: components)
        let cross = method == .frobenius ? crossed(x, 1, features, h, components) : []
        let columns = method == .frobenius ? [] : sums(h, components)
        let first = error(x, 1, features, components, w, h)
        var last = first
        for iteration in 1...maxIterations {
            if method == .frobenius {
                multiply(&w, 1, gram, penalties.0, cross)
            } else {
                let shares = ratios(x, 1, features, components, w, h)
                scale(&w, by: crossed(shares, 1, features, h, components), columns, penalties.0)
            }
            if tolerance > 0, iteration % 10 == 0 {
                let error = error(x, 1, features, components, w, h)
                if !((last - error) / first >= tolerance) { break }
                last = error
            }
        }
        return w
    }

    /// The square root of twice the loss, without penalties: for the squared loss the norm of X − W Hᵀ.
    func error(
        _ x: [Double], _ rows: Int, _ features: Int, _ components: Int, _ w: [Double], _ h: [Double]
    ) -> Double {
        let made = product(w, rows, h, features, components)
        var sum = 0.0
        guard method == .kullbackLeibler else {
            for index in x.indices {
                let distance = x[index] - made[index]
                sum += distance * distance
            }
            return sum.squareRoot()
        }
        for index in x.indices where x[index] > Self.least {
            sum += x[index] * log(x[index] / max(made[index], Self.least)) - x[index]
        }
        sum += Blas.dot(sums(w, components), sums(h, components))
        return (2 * max(sum, 0)).squareRoot()
    }

    /// Fᵀ F.
    static func gram(_ factor: [Double], _ count: Int, _ components: Int) -> [Double] {
        var gram = [Double](repeating: 0, count: components * components)
        Blas.syrk(factor, .transposed(count, components), into: &gram)
        return gram
    }

    // Products.

    /// X H.
    private func crossed(_ x: [Double], _ rows: Int, _ features: Int, _ h: [Double], _ components: Int) -> [Double] {
        var cross = [Double](repeating: 0, count: rows * components)
        Blas.gemm(x, .plain(rows, features), h, .plain(features, components), into: &cross)
        return cross
    }

    /// Xᵀ W.
    private func turned(_ x: [Double], _ rows: Int, _ features: Int, _ w: [Double], _ components: Int) -> [Double] {
        var cross = [Double](repeating: 0, count: features * components)
        Blas.gemm(x, .transposed(rows, features), w, .plain(rows, components), into: &cross)
        return cross
    }

    /// W Hᵀ.
    private func product(
        _ w: [Double], _ rows: Int, _ h: [Double], _ features: Int, _ components: Int
    ) -> [Double] {
        var made = [Double](repeating: 0, count: rows * features)
        Blas.gemm(w, .plain(rows, components), h, .transposed(features, components), into: &made)
        return made
    }

    /// X / (W Hᵀ), element by element.
    private func ratios(
        _ x: [Double], _ rows: Int, _ features: Int, _ components: Int, _ w: [Double], _ h: [Double]
    ) -> [Double] {
        var made = product(w, rows, h, features, components)
        made.withUnsafeMutableBufferPointer { made in
            x.withUnsafeBufferPointer { x in
                for index in x.indices { made[index] = x[index] / max(made[index], Self.least) }
            }
        }
        return made
    }

    private func sums(_ factor: [Double], _ components: Int) -> [Double] {
        var sums = [Double](repeating: 0, count: components)
        for start in stride(from: 0, to: factor.count, by: components) {
            for component in 0..<components { sums[component] += factor[start + component] }
        }
        return sums
    }

    // Steps.

    private func descend(
        _ factor: inout [Double], _ rows: Int, _ other: [Double], _ width: Int, _ penalty: Penalty, _ cross: [Double]
    ) -> Double {
        descend(&factor, rows, Self.gram(other, width, cross.count / max(1, rows)), penalty, cross)
    }

    /// Minimises the squared loss along each coordinate of each row in turn. Returns by how much the gradient violated
    /// the conditions of a minimum.
    private func descend(
        _ factor: inout [Double], _ rows: Int, _ gram: [Double], _ penalty: Penalty, _ cross: [Double]
    ) -> Double {
        let components = cross.count / max(1, rows)
        var violation = 0.0
        factor.withUnsafeMutableBufferPointer { factor in
            gram.withUnsafeBufferPointer { gram in
                cross.withUnsafeBufferPointer { cross in
                    for start in stride(from: 0, to: cross.count, by: components) {
                        for component in 0..<components {
                            let place = start + component
                            var slope = penalty.linear - cross[place] + penalty.square * factor[place]
                            for index in 0..<components {
                                slope += gram[component * components + index] * factor[start + index]
                            }
                            violation += abs(factor[place] == 0 ? min(0, slope) : slope)
                            let curvature = gram[component * components + component] + penalty.square
                            if curvature != 0 { factor[place] = max(factor[place] - slope / curvature, 0) }
                        }
                    }
                }
            }
        }
        return violation
    }

    private func multiply(
        _ factor: inout [Double], _ rows: Int, _ other: [Double], _ width: Int, _ penalty: Penalty, _ cross: [Double]
    ) {
        multiply(&factor, rows, Self.gram(other, width, cross.count / max(1, rows)), penalty, cross)
    }

    private func multiply(
        _ factor: inout [Double], _ rows: Int, _ gram: [Double], _ penalty: Penalty, _ cross: [Double]
    ) {
        let components = cross.count / max(1, rows)
        var below = [Double](repeating: 0, count: cross.count)
        Blas.gemm(factor, .plain(rows, components), gram, .plain(components, components), into: &below)
        for index in factor.indices {
            let denominator = below[index] + penalty.linear + penalty.square * factor[index]
            factor[index] *= cross[index] / (denominator == 0 ? Self.least : denominator)
        }
    }

    private func scale(_ factor: inout [Double], by cross: [Double], _ sums: [Double], _ penalty: Penalty) {
        for index in factor.indices {
            let denominator = sums[index % sums.count] + penalty.linear + penalty.square * factor[index]
            factor[index] *= cross[index] / (denominator == 0 ? Self.least : denominator)
        }
    }
}
