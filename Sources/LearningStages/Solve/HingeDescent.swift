// The linear support vector machine with plain errors: descent by one multiplier after the other, in an order drawn anew
// for each pass (Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale linear
// SVM", ICML 2008), without leaving rows aside.

internal import Tensors

/// ½ |w|² + Σ costᵢ max(0, 1 − signᵢ w·xᵢ).
struct HingeDescent {
    let rows: [Double]
    let count: Int
    let width: Int

    /// - Parameter tolerance: stop when in a pass the slopes by the multipliers lie within this of each other.
    func minimise(
        signs: [Double], costs: [Double], tolerance: Double, maxIterations: Int, stream: inout RandomStream
    ) -> SquaredHinge.Result {
        var weights = [Double](repeating: 0, count: width)
        var multipliers = [Double](repeating: 0, count: count)
        let squares = KernelFunction.squares(rows, width: width)
        var order = Array(0..<count)
        for iteration in 1...maxIterations {
            stream.shuffle(&order)
            var (highest, lowest) = (-Double.infinity, Double.infinity)
            rows.withUnsafeBufferPointer { rows in
                weights.withUnsafeMutableBufferPointer { weights in
                    for row in order {
                        let own = UnsafeBufferPointer(rebasing: rows[row * width..<(row + 1) * width])
                        let slope = signs[row] * Self.product(own, UnsafeBufferPointer(weights)) - 1
                        let old = multipliers[row]
                        let projected = old == 0 ? min(slope, 0) : old == costs[row] ? max(slope, 0) : slope
                        (highest, lowest) = (max(highest, projected), min(lowest, projected))
                        guard abs(projected) > 1e-12 else { continue }
                        let new =
                            squares[row] > 0 ? min(max(old - slope / squares[row], 0), costs[row]) : costs[row]
                        multipliers[row] = new
                        let change = (new - old) * signs[row]
                        for index in 0..<width { weights[index] += change * own[index] }
                    }
                }
            }
            if !(highest - lowest > tolerance) {
                return SquaredHinge.Result(weights: weights, iterations: iteration, hasConverged: true)
            }
        }
        return SquaredHinge.Result(weights: weights, iterations: maxIterations, hasConverged: false)
    }

    /// In eight sums side by side, as such a loop runs in vectors.
    private static func product(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
        var sums = SIMD8<Double>()
        let whole = a.count / 8 * 8
        for start in stride(from: 0, to: whole, by: 8) {
            for lane in 0..<8 { sums[lane] += a[start + lane] * b[start + lane] }
        }
        var sum = sums.sum()
        for index in whole..<a.count { sum += a[index] * b[index] }
        return sum
    }
}
