// evaluate.importance

internal import Stages
internal import Tensors

struct EvaluateImportance: PermutingReportStage {
    enum Score: String, CaseIterable, ParameterValue {
        case accuracy
        case balancedAccuracy = "balanced_accuracy"
        case f1Macro = "f1_macro"
        case r2
        case concordance = "concordance_correlation"

        var isOfEstimates: Bool { self == .r2 || self == .concordance }

        func value(of rows: ReportRows) throws -> Double {
            switch self {
            case .accuracy: return try Self.confusion(rows).accuracy
            case .balancedAccuracy: return try Self.confusion(rows).balancedAccuracy
            case .f1Macro: return try Self.confusion(rows).scores(.macro, zeroDivision: 0, countsAbsent: false).f1
            case .r2, .concordance:
                let report = try EvaluateRegression(EvaluateRegression.Parameters()).report(rows)
                guard let metric = report.metrics.first(where: { $0.name == rawValue }) else {
                    throw Failure(report.warnings.first ?? "\(rawValue) is not defined for these rows")
                }
                return metric.value
            }
        }

        private static func confusion(_ rows: ReportRows) throws -> ConfusionMatrix {
            let answers = try Answers(rows)
            return ConfusionMatrix(
                true: answers.targets, predicted: answers.predicted, classes: answers.classes.count)
        }
    }

    struct Parameters: ParameterSet {
        var scoring: Score?
        var repeats = 5

        static var fields: [Field<Self>] {
            [
                Field(
                    "scoring", \.scoring,
                    "the score that is compared; null: accuracy, or r2 of a regression's estimates"),
                Field("n_repeats", \.repeats, as: .int(.between(1, 1000)), "orders that are drawn for each input"),
            ]
        }
    }

    static let declaration = Declaration(
        "evaluate.importance", revision: 1, kind: .report,
        summary: "How much worse predictions get with an input of other rows: does the face or the voice matter.",
        documentation: """
            Takes predictions, and stages that they are computed from: `in: {predictions: classifier, inputs: [face, \
            voice]}`. The values of one input are dealt out among the test rows in an order that is drawn, everything \
            between it and the predictions is computed again, and nothing is fitted again.

            For each input a metric of its name: the score of the rows as they are less the mean of the scores over \
            `n_repeats` orders (with a step, each order's own). About 0 where the predictions do not depend on the input; \
            below 0 by chance, or where it misleads. An input whose information another holds too seems to matter little. \
            The score itself is reported under its own name.

            Permutation importance (Breiman 2001), as scikit-learn's permutation_importance, but for whole inputs at once.

            A stage that the predictions are not computed from, and one behind which all rows are needed at once (a \
            gather), are errors. Fails without rows, for a row without target or prediction, and where the score is not \
            defined (r2 of targets that are all the same).
            """,
        inputs: [
            Port("predictions", accepts: [.prediction, .estimate], "predictions of a classifier, or estimates"),
            Port("inputs", isList: true, "stages that the predictions are computed from"),
        ],
        output: "metrics", readsTarget: true, draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var roles: [Role] { [.test] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        if let scoring = parameters.scoring, let content = inputs.first?.content,
            scoring.isOfEstimates != (content == .estimate)
        {
            throw Problem(
                "\(scoring.rawValue) is no score of \(content == .estimate ? "estimates" : "predictions")",
                at: ["scoring"],
                advice: content == .estimate
                    ? "r2 or concordance_correlation" : "accuracy, balanced_accuracy or f1_macro")
        }
        return .nothing
    }

    func check(labels: [String]) throws(Problem) {
        if Set(labels).count < labels.count { throw Problem("an input is named twice") }
        if let score = Score.allCases.first(where: { labels.contains($0.rawValue) }) {
            throw Problem("an input is called \(score.rawValue), as a score is", advice: "rename the stage")
        }
    }

    func report(
        _ rows: ReportRows, inputs: [String], stream: RandomStream,
        permuted: (_ input: Int, _ order: [Int]) throws -> [Value]
    ) throws -> Report {
        let scoring = parameters.scoring ?? (rows.values.first.flatMap { Estimate($0) } == nil ? .accuracy : .r2)
        let score = try scoring.value(of: rows)
        var metrics = [Metric(scoring.rawValue, score)]
        for (position, name) in inputs.enumerated() {
            // Another input beside it moves none of its orders.
            var stream = RandomStream(named: Digest(of: .array([.digest(stream.name), .text(name)])))
            var losses = [Double]()
            for _ in 0..<parameters.repeats {
                var order = Array(rows.ids.indices)
                stream.shuffle(&order)
                let values = try permuted(position, order)
                let others = ReportRows(role: rows.role, ids: rows.ids, targets: rows.targets, values: values)
                losses.append(score - (try scoring.value(of: others)))
            }
            metrics.append(Metric(name, losses.reduce(0, +) / Double(losses.count)))
            metrics += losses.enumerated().map { Metric(name, step: $0, $1) }
        }
        return Report(metrics: metrics, headline: inputs.isEmpty ? [scoring.rawValue] : inputs)
    }
}
