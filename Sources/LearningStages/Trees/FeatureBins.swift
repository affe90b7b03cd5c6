// Bins of features for gradient boosting: a value is known by the number of thresholds below it. As scikit-learn's
// binning, but for its taking the quantiles of a random 200,000 rows where there are more.

/// All features in bins.
struct FeatureBins: Sendable {
    let rows: Int
    let columns: Int
    /// Of each feature, ascending: a value of at most `thresholds[f][b]`, and of no less bin, is in bin b.
    let thresholds: [[Double]]
    /// The bin of each row, feature after feature.
    let codes: [UInt8]

    init(_ features: FeatureMatrix, most: Int, threads: Int) {
        (rows, columns) = (features.rows, features.columns)
        let parts = concurrently(features.columns, threads: threads) { column in
            Self.bin(
                (0..<features.rows).map { features.elements[$0 * features.columns + column] }, most: most)
        }
        thresholds = parts.map(\.thresholds)
        var codes = [UInt8]()
        codes.reserveCapacity(rows * columns)
        for part in parts { codes += part.codes }
        self.codes = codes
    }

    private static func bin(_ values: [Double], most: Int) -> (thresholds: [Double], codes: [UInt8]) {
        let thresholds = thresholds(of: values.sorted(), most: most)
        let codes = values.map { value in
            var (low, high) = (0, thresholds.count)
            while low < high {
                let middle = (low + high) / 2
                if value <= thresholds[middle] { high = middle } else { low = middle + 1 }
            }
            return UInt8(low)
        }
        return (thresholds, codes)
    }

    /// Midway between the distinct values where they are few; else quantiles of all values, each the mean of two values
    /// where it falls between them.
    static func thresholds(of sorted: [Double], most: Int) -> [Double] {
        var distinct = [Double]()
        for value in sorted where value != distinct.last { distinct.append(value) }
        if distinct.count <= most {
            return zip(distinct, distinct.dropFirst()).map { pair in
                let middle = (pair.0 + pair.1) / 2
                return middle.isFinite ? middle : pair.0 / 2 + pair.1 / 2
            }
        }
        var thresholds = [Double]()
        let step = 100 / Double(most)
        for number in 1..<most {
            let place = Double(sorted.count) * (Double(number) * step / 100) - 1
            let below = max(0, min(sorted.count - 1, Int(place.rounded(.down))))
            let above = min(sorted.count - 1, below + 1)
            let isWhole = place == place.rounded(.down)
            // Halves first, so that no difference is infinite.
            let value = isWhole ? sorted[below] / 2 + sorted[above] / 2 : sorted[above]
            if value != thresholds.last { thresholds.append(value) }
        }
        return thresholds
    }
}
