// Metrics of what was predicted against what is true, without regard to scores: all of them are functions of the counts
// of each pair of classes.

/// Rows are true classes, columns predicted ones.
struct ConfusionMatrix {
    let size: Int
    private var counts: [Int]

    init(true targets: [Int], predicted: [Int], classes: Int) {
        size = classes
        counts = [Int](repeating: 0, count: classes * classes)
        for (target, answer) in zip(targets, predicted) { counts[target * classes + answer] += 1 }
    }

    subscript(target: Int, answer: Int) -> Int { counts[target * size + answer] }

    var total: Int { counts.reduce(0, +) }
    /// How many rows are of each class.
    var support: [Int] { (0..<size).map { target in (0..<size).reduce(0) { $0 + self[target, $1] } } }
    /// How many rows were taken for each class.
    var answers: [Int] { (0..<size).map { answer in (0..<size).reduce(0) { $0 + self[$1, answer] } } }
    var hits: [Int] { (0..<size).map { self[$0, $0] } }

    var accuracy: Double { Double(hits.reduce(0, +)) / Double(total) }

    /// The mean recall of the classes that occur.
    var balancedAccuracy: Double {
        let recalls = zip(hits, support).filter { $1 > 0 }.map { Double($0) / Double($1) }
        return recalls.reduce(0, +) / Double(recalls.count)
    }

    /// Matthews's correlation for any number of classes (Gorodkin 2004); 0 where either side has a single class.
    var matthews: Double {
        let (n, right) = (Double(total), Double(hits.reduce(0, +)))
        let (rows, columns) = (support.map(Double.init), answers.map(Double.init))
        func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        let spread = (n * n - product(rows, rows)) * (n * n - product(columns, columns))
        return spread == 0 ? 0 : (right * n - product(rows, columns)) / spread.squareRoot()
    }

    /// Cohen's kappa; with `isQuadratic` a mistake weighs the square of the distance between the classes. Nil where no
    /// disagreement could be expected by chance.
    func kappa(isQuadratic: Bool) -> Double? {
        let (rows, columns) = (support.map(Double.init), answers.map(Double.init))
        var (seen, expected) = (0.0, 0.0)
        for target in 0..<size {
            for answer in 0..<size where answer != target {
                let distance = Double(target - answer)
                let weight = isQuadratic ? distance * distance : 1
                seen += weight * Double(self[target, answer])
                expected += weight * rows[target] * columns[answer] / Double(total)
            }
        }
        return expected == 0 ? nil : 1 - seen / expected
    }

    /// Precision, recall and F1.
    struct Scores {
        var precision: Double
        var recall: Double
        var f1: Double
    }

    /// Of each class; `zeroDivision` stands for 0 / 0 (for F1 only where the class is neither true nor predicted).
    func scores(zeroDivision: Double) -> [Scores] {
        let (hits, support, answers) = (hits, support, answers)
        return (0..<size).map { index in
            Self.scores(hits: hits[index], support: support[index], answers: answers[index], zeroDivision: zeroDivision)
        }
    }

    private static func scores(hits: Int, support: Int, answers: Int, zeroDivision: Double) -> Scores {
        func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? zeroDivision : Double(part) / Double(whole) }
        return Scores(
            precision: ratio(hits, answers), recall: ratio(hits, support), f1: ratio(2 * hits, support + answers))
    }

    enum Average: String, CaseIterable {
        /// The mean over classes.
        case macro
        /// Of all rows as if they were one class.
        case micro
        /// The mean over classes, weighted by how many rows each has.
        case weighted
    }

    /// - Parameter countsAbsent: whether `macro` counts classes that are neither true nor predicted, as scikit-learn does
    ///   when it is given labels, and does not by default.
    func scores(_ average: Average, zeroDivision: Double, countsAbsent: Bool = true) -> Scores {
        switch average {
        case .micro:
            return Self.scores(
                hits: hits.reduce(0, +), support: total, answers: total, zeroDivision: zeroDivision)
        case .macro, .weighted:
            let (support, answers) = (support, answers)
            let weights =
                average == .weighted
                ? support : (0..<size).map { countsAbsent || support[$0] + answers[$0] > 0 ? 1 : 0 }
            let whole = Double(weights.reduce(0, +))
            var mean = Scores(precision: 0, recall: 0, f1: 0)
            for (score, weight) in zip(scores(zeroDivision: zeroDivision), weights) {
                mean.precision += Double(weight) * score.precision
                mean.recall += Double(weight) * score.recall
                mean.f1 += Double(weight) * score.f1
            }
            return Scores(precision: mean.precision / whole, recall: mean.recall / whole, f1: mean.f1 / whole)
        }
    }
}
