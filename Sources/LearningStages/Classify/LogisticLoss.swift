// The loss of logistic regression with its gradient: binary for one row of coefficients, softmax for several. A point is
// the coefficients, row after row, and the intercepts behind them.

internal import Glibc
internal import Linear

/// Weighted mean of the log losses + penalty / 2 · |coefficients|².
struct LogisticLoss {
    /// Training rows, row after row.
    let features: [Double]
    let rows: Int
    let columns: Int
    /// The class of each row: 0 or 1 with one row of coefficients.
    let targets: [Int]
    /// The weight of each row; they sum to 1.
    let weights: [Double]
    /// Rows of coefficients: the number of classes, or 1 for two.
    let outputs: Int
    let hasIntercept: Bool
    let penalty: Double

    var pointSize: Int { outputs * columns + (hasIntercept ? outputs : 0) }

    /// The value at a point; writes the gradient there.
    func evaluate(_ point: [Double], gradient: inout [Double]) -> Double {
        let coefficients = Array(point[..<(outputs * columns)])
        // Turned from decisions into the loss's derivatives by them.
        var decisions = [Double](repeating: 0, count: rows * outputs)
        Blas.gemm(
            features, .plain(rows, columns), coefficients, .transposed(outputs, columns), into: &decisions)
        if hasIntercept {
            let intercepts = Array(point[(outputs * columns)...])
            for row in 0..<rows {
                for output in 0..<outputs { decisions[row * outputs + output] += intercepts[output] }
            }
        }
        let loss = outputs == 1 ? binary(&decisions) : softmax(&decisions)

        var slopes = coefficients
        Blas.gemm(
            decisions, .transposed(rows, outputs), features, .plain(rows, columns), into: &slopes, keep: penalty)
        gradient = slopes
        if hasIntercept {
            var sums = [Double](repeating: 0, count: outputs)
            for row in 0..<rows {
                for output in 0..<outputs { sums[output] += decisions[row * outputs + output] }
            }
            gradient += sums
        }
        return loss + penalty / 2 * Blas.dot(coefficients, coefficients)
    }

    private func binary(_ decisions: inout [Double]) -> Double {
        var loss = 0.0
        for row in 0..<rows {
            let (decision, target) = (decisions[row], Double(targets[row]))
            loss += weights[row] * (max(decision, 0) + log1p(exp(-abs(decision))) - target * decision)
            decisions[row] = weights[row] * (logistic(decision) - target)
        }
        return loss
    }

    private func softmax(_ decisions: inout [Double]) -> Double {
        var loss = 0.0
        for row in 0..<rows {
            let range = row * outputs..<(row + 1) * outputs
            let target = decisions[range.lowerBound + targets[row]]
            let logSum = LearningStages.softmax(&decisions, range)
            loss += weights[row] * (logSum - target)
            decisions[range.lowerBound + targets[row]] -= 1
            for index in range { decisions[index] *= weights[row] }
        }
        return loss
    }
}

/// 1 / (1 + e⁻ˣ), without overflow.
func logistic(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let power = exp(x)
    return power / (1 + power)
}

/// Turns a range of decisions into probabilities; returns the logarithm of the sum of their powers.
@discardableResult
func softmax(_ values: inout [Double], _ range: Range<Int>) -> Double {
    var largest = -Double.infinity
    for index in range { largest = max(largest, values[index]) }
    var sum = 0.0
    for index in range {
        values[index] = exp(values[index] - largest)
        sum += values[index]
    }
    for index in range { values[index] /= sum }
    return largest + log(sum)
}
