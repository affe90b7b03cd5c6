// One class against another, for all pairs of classes.

internal import Linear
internal import Tensors

/// Training rows of two classes.
struct PairProblem {
    let matrix: KernelMatrix
    /// Those of the first class, and behind them those of the second.
    let rows: [Int]
    let firsts: Int
    let costs: (Double, Double)
    let tolerance: Double
    let shrinks: Bool

    var machine: KernelMatrix.Machine { machine(Array(rows.indices)) }

    /// Trained on some of the rows, by their place in `rows`.
    private func machine(_ places: [Int]) -> KernelMatrix.Machine {
        matrix.classifier(
            rows: places.map { rows[$0] }, signs: places.map { $0 < firsts ? 1 : -1 },
            costs: (positive: costs.0, negative: costs.1), tolerance: tolerance, shrinks: shrinks)
    }

    /// The sigmoid for decisions about rows that were not trained on: those of five folds.
    func sigmoid(_ stream: inout RandomStream) -> Sigmoid {
        let folds = 5
        var order = Array(rows.indices)
        stream.shuffle(&order)
        var decisions = [Double](repeating: 0, count: rows.count)
        for fold in 0..<folds {
            let held = fold * rows.count / folds..<(fold + 1) * rows.count / folds
            let training = Array(order[..<held.lowerBound] + order[held.upperBound...])
            let firstCount = training.count { $0 < firsts }
            guard firstCount > 0, firstCount < training.count else {
                // There is but one class to decide for, if any.
                for place in order[held] { decisions[place] = training.isEmpty ? 0 : firstCount > 0 ? 1 : -1 }
                continue
            }
            let machine = machine(training)
            let support = zip(training, machine.weights).filter { $0.1 != 0 }
            for place in order[held] {
                var decision = -machine.offset
                for (other, weight) in support { decision += weight * matrix[rows[other], rows[place]] }
                decisions[place] = decision
            }
        }
        return Sigmoid(decisions, isFirst: rows.indices.map { $0 < firsts })
    }
}

/// The decisions of all pairs about one row.
struct PairContest {
    let classes: Int
    /// For each pair (0, 1), (0, 2) …: above 0 for the first of the two.
    private let decisions: [Double]

    init(_ decisions: [Double], classes: Int) { (self.decisions, self.classes) = (decisions, classes) }

    static func position(_ first: Int, _ second: Int, classes: Int) -> Int {
        first * (2 * classes - first - 1) / 2 + second - first - 1
    }

    private func eachPair(_ body: (_ first: Int, _ second: Int, _ decision: Double) -> Void) {
        var pair = 0
        for first in 0..<classes {
            for second in first + 1..<classes {
                body(first, second, decisions[pair])
                pair += 1
            }
        }
    }

    /// The class that wins most pairs; the first of equals.
    var winner: Int {
        var wins = [Int](repeating: 0, count: classes)
        eachPair { first, second, decision in wins[decision > 0 ? first : second] += 1 }
        return wins.indices.max { (wins[$0], $1) < (wins[$1], $0) } ?? 0
    }

    /// Wins and what moves no class past another that wins more, as scikit-learn has it; for two classes, the decision.
    var scores: [Double] {
        if classes == 2 { return [decisions[0], -decisions[0]] }
        var (wins, sums) = ([Double](repeating: 0, count: classes), [Double](repeating: 0, count: classes))
        eachPair { first, second, decision in
            wins[decision < 0 ? second : first] += 1
            sums[first] += decision
            sums[second] -= decision
        }
        return zip(wins, sums).map { $0 + $1 / (3 * (abs($1) + 1)) }
    }

    /// - Parameter sigmoids: one a pair.
    func probabilities(_ sigmoids: [Sigmoid]) -> [Double] {
        var pairs = [Double](repeating: 0, count: classes * classes)
        var position = 0
        eachPair { first, second, decision in
            let probability = min(max(sigmoids[position](decision), 1e-7), 1 - 1e-7)
            pairs[first * classes + second] = probability
            pairs[second * classes + first] = 1 - probability
            position += 1
        }
        return coupled(pairs, classes: classes)
    }
}
