// evaluate.importance

internal import Stages
internal import Tensors

struct EvaluateImportance: PermutingReportStage {
    enum Score: String, CaseIterable, ParameterValue {
        case accuracy
        case balancedAccuracy = "balanced_accuracy"
        case f1Macro = "f1_macro"

        func value(of rows: ReportRows) throws -> Double {
            let answers = try Answers(rows)
            let matrix = ConfusionMatrix(
                true: answers.targets, predicted: answers.predicted, classes: answers.classes.count)
            switch self {
            case .accuracy: return matrix.accuracy
            case .balancedAccuracy: return matrix.balancedAccuracy
            case .f1Macro: return matrix.scores(.macro, zeroDivision: 0, countsAbsent: false).f1
            }
        }
    }

    struct Parameters: ParameterSet {
        var scoring = Score.accuracy
        var repeats = 5

        static var fields: [Field<Self>] {
            [
                Field("scoring", \.scoring, "the score that is compared"),
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
            gather), are errors. Fails without rows, and for a row without target or prediction.
            """,
        inputs: [
            Port("predictions", accepts: [.prediction], "predictions of a classifier"),
            Port("inputs", isList: true, "stages that the predictions are computed from"),
        ],
        output: "metrics", readsTarget: true, draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var roles: [Role] { [.test] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .nothing }

    func check(labels: [String]) throws(Problem) {
        if Set(labels).count < labels.count { throw Problem("an input is named twice") }
        let score = parameters.scoring.rawValue
        if labels.contains(score) {
            throw Problem("an input is called \(score), as the score is", advice: "rename the stage")
        }
    }

    func report(
        _ rows: ReportRows, inputs: [String], stream: RandomStream,
        permuted: (_ input: Int, _ order: [Int]) throws -> [Value]
    ) throws -> Report {
        let score = try parameters.scoring.value(of: rows)
        var metrics = [Metric(parameters.scoring.rawValue, score)]
        for (position, name) in inputs.enumerated() {
            // Another input beside it moves none of its orders.
            var stream = RandomStream(named: Digest(of: .array([.digest(stream.name), .text(name)])))
            var losses = [Double]()
            for _ in 0..<parameters.repeats {
                var order = Array(rows.ids.indices)
                stream.shuffle(&order)
                let values = try permuted(position, order)
                let others = ReportRows(role: rows.role, ids: rows.ids, targets: rows.targets, values: values)
                losses.append(score - (try parameters.scoring.value(of: others)))
            }
            metrics.append(Metric(name, losses.reduce(0, +) / Double(losses.count)))
            metrics += losses.enumerated().map { Metric(name, step: $0, $1) }
        }
        return Report(metrics: metrics, headline: inputs.isEmpty ? [parameters.scoring.rawValue] : inputs)
    }
}
