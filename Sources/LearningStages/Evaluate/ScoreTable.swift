// Metrics of the scores that a classifier gives each class: how well they rank, and, where they are probabilities, how
// true they are.

internal import Glibc

/// Scores of rows for classes that one model was fitted on.
struct ScoreTable {
    /// How many classes have scores. Targets may be larger: classes that the model never saw.
    let classes: Int
    /// Row after row.
    let scores: [Double]
    let targets: [Int]

    private var rows: Range<Int> { 0..<targets.count }
    private func score(_ row: Int, _ index: Int) -> Double { scores[row * classes + index] }

    /// The mean of −log p of the true class, with p clipped to [2⁻⁵², 1 − 2⁻⁵²]; a class without scores has p = 0.
    var logLoss: Double {
        let least = Double.ulpOfOne
        let sum = rows.reduce(0.0) { sum, row in
            let probability = targets[row] < classes ? score(row, targets[row]) : 0
            return sum - log(min(max(probability, least), 1 - least))
        }
        return sum / Double(targets.count)
    }

    /// The mean over rows of Σ (p − 1 if true)² over all classes.
    var brier: Double {
        let sum = rows.reduce(0.0) { sum, row in
            let known = (0..<classes).reduce(0.0) { part, index in
                let distance = score(row, index) - (index == targets[row] ? 1 : 0)
                return part + distance * distance
            }
            return sum + known + (targets[row] < classes ? 0 : 1)
        }
        return sum / Double(targets.count)
    }

    /// Guo et al. 2017: over equal bins (lo, hi] of the largest probability, the share of rows times |accuracy − mean
    /// probability|.
    func calibrationError(bins: Int) -> Double {
        var tally = [(sum: Double, hits: Double)](repeating: (0, 0), count: bins)
        for row in rows {
            let best = first(row)
            let confidence = score(row, best)
            var bin = 0
            while bin < bins - 1, confidence > Double(bin + 1) / Double(bins) { bin += 1 }
            tally[bin].sum += confidence
            tally[bin].hits += best == targets[row] ? 1 : 0
        }
        return tally.reduce(0) { $0 + abs($1.hits - $1.sum) } / Double(targets.count)
    }

    /// The first class of the largest score.
    private func first(_ row: Int) -> Int {
        var best = 0
        for index in 0..<classes where score(row, index) > score(row, best) { best = index }
        return best
    }

    /// How many rows have their class among the `k` of the largest scores; of equal scores the later class comes first.
    func topAccuracy(_ k: Int) -> Double {
        let hits = rows.count { row in
            let target = targets[row]
            guard target < classes else { return false }
            let own = score(row, target)
            let ahead = (0..<classes).count { score(row, $0) > own || (score(row, $0) == own && $0 > target) }
            return ahead < k
        }
        return Double(hits) / Double(targets.count)
    }

    /// How many rows have each class with scores.
    var support: [Int] {
        var support = [Int](repeating: 0, count: classes)
        for target in targets where target < classes { support[target] += 1 }
        return support
    }

    /// The area under the curve of one class against all others, by its own score. Nil where either side has no rows.
    func area(_ index: Int) -> Double? { area(index, among: rows) }

    private func area(_ index: Int, among rows: some Sequence<Int>) -> Double? {
        Self.area(rows.map { (score($0, index), targets[$0] == index) })
    }

    /// The share of pairs of a positive and a negative row in which the positive one has the larger score; a tie counts
    /// as half.
    private static func area(_ unsorted: [(score: Double, isPositive: Bool)]) -> Double? {
        let pairs = unsorted.sorted { $0.score < $1.score }
        var (below, wins, positives) = (0.0, 0.0, 0.0)
        var start = 0
        while start < pairs.count {
            var (end, positive) = (start, 0.0)
            while end < pairs.count, pairs[end].score == pairs[start].score {
                if pairs[end].isPositive { positive += 1 }
                end += 1
            }
            let negative = Double(end - start) - positive
            wins += positive * (below + negative / 2)
            below += negative
            positives += positive
            start = end
        }
        return positives == 0 || below == 0 ? nil : wins / (positives * below)
    }

    /// Each class against the rest: the mean over classes, and that weighted by their rows. Nil where a class or its rest
    /// has no rows.
    var oneVersusRest: (macro: Double, weighted: Double)? {
        let support = support
        if support.contains(0) { return nil }
        let areas = (0..<classes).compactMap { area($0) }
        return areas.count == classes ? mean(areas, support.map(Double.init)) : nil
    }

    /// Each pair of classes, by the scores of either in turn (Hand and Till 2001): the mean over pairs, and that weighted
    /// by the rows of both.
    var oneVersusOne: (macro: Double, weighted: Double)? {
        var members = [[Int]](repeating: [], count: classes)
        for row in rows where targets[row] < classes { members[targets[row]].append(row) }
        var (areas, weights) = ([Double](), [Double]())
        for one in 0..<classes {
            for other in 0..<one {
                let pair = members[one] + members[other]
                guard let forth = area(one, among: pair), let back = area(other, among: pair) else { return nil }
                areas.append((forth + back) / 2)
                weights.append(Double(pair.count))
            }
        }
        return mean(areas, weights)
    }

    private func mean(_ values: [Double], _ weights: [Double]) -> (macro: Double, weighted: Double)? {
        if values.isEmpty { return nil }
        let weighted = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
        return (values.reduce(0, +) / Double(values.count), weighted / weights.reduce(0, +))
    }

    /// Of a class: the sum over thresholds of precision times the gain of recall. Nil where the class has no rows.
    func averagePrecision(_ index: Int) -> Double? {
        let ranked = rows.map { (score: score($0, index), isPositive: targets[$0] == index) }.sorted {
            $0.score > $1.score
        }
        let positives = ranked.count { $0.isPositive }
        if positives == 0 { return nil }
        var (hits, start, sum) = (0, 0, 0.0)
        while start < ranked.count {
            var (end, gain) = (start, 0)
            while end < ranked.count, ranked[end].score == ranked[start].score {
                if ranked[end].isPositive { gain += 1 }
                end += 1
            }
            hits += gain
            sum += Double(gain) / Double(positives) * (Double(hits) / Double(end))
            start = end
        }
        return sum
    }
}
