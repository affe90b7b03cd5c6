// Tests of whether two classifiers differ that were tried on the same rows, and the distributions that they need.

internal import Glibc
internal import Linear

enum PairedTests {
    /// The two-sided p of the mean of differences over k folds, one of whose variances is corrected for the training rows
    /// that the folds share: by 1/k + test/train (Nadeau and Bengio, "Inference for the generalization error", Machine
    /// Learning 52, 2003). Nil for fewer than two folds, and where all differences are the same but not zero.
    static func correctedT(_ differences: [Double], testShare: Double) -> (t: Double, p: Double)? {
        let count = Double(differences.count)
        guard differences.count > 1 else { return nil }
        if differences.allSatisfy({ $0 == 0 }) { return (0, 1) }
        let mean = differences.reduce(0, +) / count
        let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
        // Of equal differences nothing is left but rounding.
        guard variance > 1e-24 * mean * mean else { return nil }
        let t = mean / ((1 / count + testShare) * variance).squareRoot()
        return (t, StudentT(degrees: count - 1).beyond(t))
    }

    /// McNemar's p, of the rows that one classifier alone has right and those that the other has: binomial up to 24 of
    /// them, by χ² with the correction for continuity (Edwards 1948) from 25 on.
    static func mcNemar(_ first: Int, _ second: Int) -> Double {
        let count = first + second
        if count == 0 { return 1 }
        if count < 25 {
            var (term, sum) = (pow(0.5, Double(count)), 0.0)
            for k in 0...min(first, second) {
                sum += term
                term *= Double(count - k) / Double(k + 1)
            }
            return min(1, 2 * sum)
        }
        let distance = Double(max(0, abs(first - second) - 1))
        return erfc((distance * distance / Double(count) / 2).squareRoot())
    }

    /// Holm's correction: each p times the number of those that are not smaller, and never below that of a smaller one.
    static func holm(_ values: [Double]) -> [Double] {
        var (corrected, largest) = (values, 0.0)
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(values.count - rank) * values[index]))
            corrected[index] = largest
        }
        return corrected
    }
}

/// Student's t distribution.
struct StudentT {
    let degrees: Double

    /// The probability of being further from 0 than t, on either side.
    func beyond(_ t: Double) -> Double {
        incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
    }

    /// The t that is exceeded on either side with this probability, below 1.
    func quantile(beyond probability: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        while beyond(high) > probability { (low, high) = (high, 2 * high) }
        for _ in 0..<200 where high - low > 1e-15 * high {
            let middle = (low + high) / 2
            if beyond(middle) > probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
