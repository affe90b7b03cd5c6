// Least squares with B-splines at equally spaced points: the functions' values there, of which only `order` a point are
// not zero, and the banded Cholesky factor of X'X. Made once for each size and kept, a limited number of them.

internal import Tensors

/// What is fitted to any values of one number of frames.
struct SplineFit: Sendable {
    struct Key: Hashable, Sendable {
        let knots: Int
        let order: Int
        let frames: Int
        /// 0 for none.
        let ridge: Double
    }

    let functions: Int
    let order: Int
    /// The first function that is not zero at each point; the `order - 1` that follow it are not either.
    private let firsts: [Int]
    /// The values of these, row-major (frame, order).
    private let weights: [Double]
    /// L of LL' = X'X + ridge · I, row-major (function, order): the diagonal last.
    private let factor: [Double]
    private let ridge: Double
    /// Whether some pivot lost so much in elimination that a step of refinement is worth its time.
    private let isWeak: Bool

    private static let kept = Kept<Key, SplineFit?>(most: 64)

    /// Nil where the functions are nearly dependent.
    static func fit(_ key: Key) -> SplineFit? { kept.value(key) { SplineFit(key) } }

    private init?(_ key: Key) {
        functions = key.knots + key.order - 2
        order = key.order
        (firsts, weights) = Self.basis(key)
        guard let factor = Self.factor(firsts, weights, functions: functions, order: order, ridge: key.ridge) else {
            return nil
        }
        (self.factor, isWeak) = (factor.entries, factor.weakest < Self.weakPivot)
        ridge = key.ridge
    }

    /// The values of all functions at `frames` points, row-major (frame, function).
    static func matrix(knots: Int, order: Int, frames: Int) -> [Double] {
        let (firsts, weights) = basis(Key(knots: knots, order: order, frames: frames, ridge: 0))
        let functions = knots + order - 2
        var matrix = [Double](repeating: 0, count: frames * functions)
        for (frame, first) in firsts.enumerated() {
            for term in 0..<order { matrix[frame * functions + first + term] = weights[frame * order + term] }
        }
        return matrix
    }

    /// By the recursion of Cox and de Boor over the functions that are not zero. Points and knots are multiples of a
    /// rounded step, as `numpy.linspace` has them: which side of a knot a point is on may depend on the last bit.
    private static func basis(_ key: Key) -> (firsts: [Int], weights: [Double]) {
        let (last, order) = (key.knots - 1, key.order)
        let step = 1 / Double(last)
        func knot(_ index: Int) -> Double { index <= 0 ? 0 : index >= last ? 1 : Double(index) * step }
        let stride = key.frames > 1 ? 1 / Double(key.frames - 1) : 0
        var firsts = [Int](repeating: 0, count: key.frames)
        var weights = [Double](repeating: 0, count: key.frames * order)
        var values = [Double](repeating: 0, count: order)
        var interval = 0
        for frame in 0..<key.frames {
            let point = frame > 0 && frame == key.frames - 1 ? 1 : Double(frame) * stride
            while interval < last - 1 && knot(interval + 1) <= point { interval += 1 }
            values[0] = 1
            for degree in 1..<max(1, order) {
                var carried = 0.0
                for index in 0..<degree {
                    let (left, right) = (knot(interval + 1 + index - degree), knot(interval + 1 + index))
                    let share = values[index] / (right - left)
                    values[index] = carried + (right - point) * share
                    carried = (point - left) * share
                }
                values[degree] = carried
            }
            firsts[frame] = interval
            for term in 0..<order { weights[frame * order + term] = values[term] }
        }
        return (firsts, weights)
    }

    /// A pivot that is this small beside what it was before elimination leaves too few digits of a coefficient.
    private static let leastPivot = 1e-12
    private static let weakPivot = 0.1

    private static func factor(
        _ firsts: [Int], _ weights: [Double], functions: Int, order: Int, ridge: Double
    ) -> (entries: [Double], weakest: Double)? {
        // Entry (row, order - 1 - k) is that of column row - k.
        var factor = [Double](repeating: 0, count: functions * order)
        for row in 0..<functions { factor[row * order + order - 1] = ridge }
        for (frame, first) in firsts.enumerated() {
            for row in 0..<order {
                let weight = weights[frame * order + row]
                for column in 0...row {
                    factor[(first + row) * order + order - 1 - row + column] += weight * weights[frame * order + column]
                }
            }
        }
        var weakest = 1.0
        for row in 0..<functions {
            let start = max(0, row - order + 1)
            let diagonal = factor[row * order + order - 1]
            for column in start...row {
                var sum = factor[row * order + order - 1 - row + column]
                for inner in max(start, column - order + 1)..<max(start, column) {
                    sum -=
                        factor[row * order + order - 1 - row + inner]
                        * factor[column * order + order - 1 - column + inner]
                }
                if column < row {
                    factor[row * order + order - 1 - row + column] = sum / factor[column * order + order - 1]
                } else {
                    guard sum > leastPivot * diagonal, sum.isFinite else { return nil }
                    weakest = min(weakest, sum / diagonal)
                    factor[row * order + order - 1] = sum.squareRoot()
                }
            }
        }
        return (factor, weakest)
    }

    /// The coefficients of all lines: (outer, function, inner).
    func coefficients<Number: BinaryFloatingPoint>(of values: [Number], _ lines: Lines) -> [Double] {
        let block = functions * lines.inner
        return [Double](unsafeUninitializedCapacity: lines.outer * block) { output, initialized in
            output.initialize(repeating: 0)
            values.withUnsafeBufferPointer { values in
                for index in 0..<lines.outer where block > 0 {
                    let rows = lines.length * lines.inner
                    let part = UnsafeMutableBufferPointer(rebasing: output[index * block..<(index + 1) * block])
                    let curves = UnsafeBufferPointer(rebasing: values[index * rows..<(index + 1) * rows])
                    add(curves, lines.inner, to: part)
                    solve(part, lines.inner)
                    if isWeak { refine(part, lines.inner, for: curves) }
                }
            }
            initialized = lines.outer * block
        }
    }

    /// X'y, in the order of the frames.
    private func add<Number: BinaryFloatingPoint>(
        _ values: UnsafeBufferPointer<Number>, _ inner: Int, to sums: UnsafeMutableBufferPointer<Double>
    ) {
        weights.withUnsafeBufferPointer { weights in
            for (frame, first) in firsts.enumerated() {
                for term in 0..<order {
                    let weight = weights[frame * order + term]
                    let (from, to) = (frame * inner, (first + term) * inner)
                    for column in 0..<inner { sums[to + column] += weight * Double(values[from + column]) }
                }
            }
        }
    }

    /// Fits what the coefficients leave over, and adds that to them: a step of iterative refinement, which gives back most
    /// of the digits that X'X costs.
    private func refine<Number: BinaryFloatingPoint>(
        _ coefficients: UnsafeMutableBufferPointer<Double>, _ inner: Int, for values: UnsafeBufferPointer<Number>
    ) {
        var rest = values.map { Double($0) }
        for (frame, first) in firsts.enumerated() {
            for term in 0..<order {
                let weight = weights[frame * order + term]
                let (from, to) = ((first + term) * inner, frame * inner)
                for column in 0..<inner { rest[to + column] -= weight * coefficients[from + column] }
            }
        }
        var change = coefficients.map { -ridge * $0 }
        change.withUnsafeMutableBufferPointer { change in
            rest.withUnsafeBufferPointer { add($0, inner, to: change) }
            solve(change, inner)
            for index in change.indices { coefficients[index] += change[index] }
        }
    }

    /// Solves LL'c = b in place, all columns at once.
    private func solve(_ rows: UnsafeMutableBufferPointer<Double>, _ inner: Int) {
        func subtract(_ from: Int, times weight: Double, of row: Int) {
            for column in 0..<inner { rows[from * inner + column] -= weight * rows[row * inner + column] }
        }
        func divide(_ row: Int) {
            let divisor = factor[row * order + order - 1]
            for column in 0..<inner { rows[row * inner + column] /= divisor }
        }
        for row in 0..<functions {
            for other in max(0, row - order + 1)..<row {
                subtract(row, times: factor[row * order + order - 1 - row + other], of: other)
            }
            divide(row)
        }
        for row in (0..<functions).reversed() {
            for other in row + 1..<max(row + 1, min(functions, row + order)) {
                subtract(row, times: factor[other * order + order - 1 - other + row], of: other)
            }
            divide(row)
        }
    }
}
