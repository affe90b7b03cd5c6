// A metric over folds: mean, spread and interval.

internal import Foundation

/// Mean, standard deviation and 95 % interval of a metric over the folds and repeats of a point.
public struct FoldSummary: Sendable, Hashable {
    public let mean: Double
    /// Over folds, dividing by their number less one; 0 for a single fold.
    public let deviation: Double
    /// Half the width of the 95 % interval; nil for fewer than two folds.
    public let margin: Double?

    /// - Parameters:
    ///   - values: one a fold.
    ///   - testShare: mean of test rows / training rows. Folds share training rows, so their scores are not independent;
    ///     the variance is corrected by 1/n + test/train (Nadeau and Bengio, "Inference for the generalization error",
    ///     Machine Learning 52, 2003).
    init?(_ values: [Double], testShare: Double) {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        deviation = values.count > 1 ? (squares / (count - 1)).squareRoot() : 0
        if values.count > 1 {
            let variance = squares / (count - 1)
            margin = Self.quantile(degrees: values.count - 1) * (variance * (1 / count + testShare)).squareRoot()
        } else {
            margin = nil
        }
    }

    /// The 97.5 % quantile of Student's t: exact to four digits for few degrees of freedom, where it matters; beyond, the
    /// expansion of Abramowitz and Stegun 26.7.5.
    private static func quantile(degrees: Int) -> Double {
        let table = [
            12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604,
            2.1448,
            2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
        ]
        if degrees <= table.count { return table[degrees - 1] }
        let (z, n) = (1.959964, Double(degrees))
        let z3 = z * z * z
        let z5 = z3 * z * z
        return z + (z3 + z) / (4 * n) + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
    }
}
