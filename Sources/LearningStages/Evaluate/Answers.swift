// What a report on classifiers is about: rows with a true and a predicted class, as positions in one list of classes.

internal import Stages
internal import Tensors

/// The predictions of a table of rows.
struct Answers {
    /// Those of the classifier, and behind them those that occur in the rows only.
    let classes: [String]
    let targets: [Int]
    let predicted: [Int]
    /// The scores, where all rows have them for the same classes.
    let table: ScoreTable?
    let isProbability: Bool

    init(_ rows: ReportRows) throws(Failure) {
        let count = rows.ids.count
        guard count > 0 else {
            throw Failure("there are no rows with the role \(rows.role.rawValue)", advice: "check the split")
        }
        guard rows.targets.count == count, rows.values.count == count else {
            throw Failure("expected a target and a prediction for each of \(count) rows")
        }
        var predictions = [Prediction]()
        predictions.reserveCapacity(count)
        for (id, value) in zip(rows.ids, rows.values) {
            guard let prediction = Prediction(value) else {
                throw Failure("expected a prediction for \(id), got \(value.phrase)")
            }
            if prediction.scores.contains(where: \.isNaN) { throw Failure("a score for \(id) is NaN") }
            predictions.append(prediction)
        }
        if let row = rows.targets.firstIndex(of: .missing) {
            throw Failure("\(rows.ids[row]) has no target", advice: "leave such rows out of the data")
        }

        // Lists of classes in an order that does not depend on the order of the rows.
        let lists = Set(predictions.map(\.classes)).sorted { a, b in
            a.count != b.count ? a.count > b.count : a.lexicographicallyPrecedes(b, by: precedes)
        }
        var classes = [String]()
        var positions = [String: Int]()
        let occurring = try classList(of: rows.targets).names
        let named = Set(predictions.map(\.predicted)).sorted(by: precedes)
        for name in lists.joined() + occurring + named where positions[name] == nil {
            positions[name] = classes.count
            classes.append(name)
        }
        let targets = rows.targets.map { positions[$0.description] ?? 0 }
        self.classes = classes
        self.targets = targets
        predicted = predictions.map { positions[$0.predicted] ?? 0 }
        isProbability = predictions.allSatisfy { $0.output == .probability }
        if lists.count == 1, let scored = lists.first, Set(predictions.map(\.output)).count == 1, !scored.isEmpty {
            table = ScoreTable(classes: scored.count, scores: predictions.flatMap(\.scores), targets: targets)
        } else {
            table = nil
        }
    }
}
