// evaluate.compare

internal import Stages
internal import Tensors

struct EvaluateCompare: PooledReportStage {
    enum Score: String, CaseIterable, ParameterValue {
        case accuracy
        case balancedAccuracy = "balanced_accuracy"
        case f1Macro = "f1_macro"

        func of(_ answers: Answers) -> Double {
            let matrix = ConfusionMatrix(
                true: answers.targets, predicted: answers.predicted, classes: answers.classes.count)
            return switch self {
            case .accuracy: matrix.accuracy
            case .balancedAccuracy: matrix.balancedAccuracy
            case .f1Macro: matrix.scores(.macro, zeroDivision: 0, countsAbsent: false).f1
            }
        }
    }

    struct Parameters: ParameterSet {
        var metric = Score.accuracy
        var baseline: String?

        static var fields: [Field<Self>] {
            [
                Field("metric", \.metric, "what is compared"),
                Field("baseline", \.baseline, "compare all with this one only, by its name; null: each with each"),
            ]
        }
    }

    static let declaration = Declaration(
        "evaluate.compare", revision: 1, kind: .report,
        summary: "Classifiers compared over the same folds: means, intervals, and whether they differ.",
        documentation: """
            A report over the run: each point of the sweep is a contestant, and where several stages come in, each of \
            them is. It is named by its values of what differs between the points (`mlp`; `classifier=mlp, C=1` where \
            several addresses do), behind the stage's name where there are several.

            For each, with its name as the label: the mean of the `metric` over folds and repeats, and `lower` and \
            `upper`, the ends of its 95 % interval; its variance is corrected by 1/k + test/train, as folds share \
            training rows (Nadeau and Bengio 2003). A single fold has no interval.

            For each pair, with the label `a vs b`: `difference`, the mean of a less that of b over the folds that both \
            have, and `p_corrected_t`, the two-sided p of the corrected resampled t-test of it, with as many degrees of \
            freedom as folds less one; `a_only` and `b_only`, the rows that one of them alone has right, and \
            `p_mcnemar` of these: exact binomial below 25 of them, else χ² with correction for continuity. McNemar's \
            test is of the first repeat only, as further ones predict the same rows again. `p_corrected_t_holm` and \
            `p_mcnemar_holm` are corrected by Holm's method over all pairs. Both tests are of this data set: McNemar's \
            leaves out what other training rows would change, so look at the t-test first.

            Folds are matched by repeat, number and what they hold out, and rows by their id; what only one side has, \
            as something failed, is left out with a warning. Differences that are the same in every fold have no t-test, \
            which is a warning too; where all are 0, p is 1. All rows are test rows: the best of many is chosen on test \
            rows, and its score is too good to be told as its own.

            One contestant alone is a warning; a baseline that is none of them is a failure.
            """,
        inputs: [Port(accepts: [.prediction], isList: true, "predictions of classifiers")], output: "metrics",
        readsTarget: true, arithmetic: [.libm], tolerance: 1e-9)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var scope: ReportScope { .run }
    var roles: [Role] { [.test] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        for input in inputs {
            if let content = input.content, content != .prediction {
                throw Problem("expected predictions, got \(input.phrase)", advice: "put a classifier before this stage")
            }
        }
        return .nothing
    }

    func report(_ parts: [PooledRows]) throws -> Report {
        let contestants = try Contestant.all(of: parts)
        guard contestants.count > 1 else {
            guard let only = contestants.first else { throw Failure("there are no predictions to compare") }
            return Report(
                metrics: [Metric("comparisons", 0)], headline: ["comparisons"],
                warnings: [
                    "there is nothing to compare: \(only.name) alone came in; sweep over the classifier, or give several "
                        + "stages: in: [mlp, svm]"
                ])
        }
        if let baseline = parameters.baseline, !contestants.contains(where: { $0.name == baseline }) {
            throw Failure(
                "the baseline \(baseline) is none of those compared",
                advice: "one of \(contestants.map(\.name).joined(separator: ", "))")
        }
        var warnings = [String]()
        var metrics = try contestants.flatMap { contestant in
            let scores = try contestant.folds.values.sorted { $0.place < $1.place }.map { fold in
                parameters.metric.of(try Answers(fold.rows))
            }
            return interval(scores, contestant)
        }
        var pairs = [Pair]()
        for (index, first) in contestants.enumerated() {
            for second in contestants[(index + 1)...] {
                var (first, second) = (first, second)
                if let baseline = parameters.baseline {
                    if first.name == baseline { swap(&first, &second) }
                    if second.name != baseline { continue }
                }
                if let pair = try Pair(first, second, parameters.metric, &warnings) { pairs.append(pair) }
            }
        }
        metrics += Pair.metrics(pairs)
        metrics.append(Metric("comparisons", Double(pairs.count)))
        return Report(metrics: metrics, headline: ["comparisons"], warnings: warnings)
    }

    private func interval(_ scores: [Double], _ contestant: Contestant) -> [Metric] {
        let (name, count) = (contestant.name, Double(scores.count))
        let mean = scores.reduce(0, +) / count
        var metrics = [Metric(parameters.metric.rawValue, label: name, mean)]
        if scores.count > 1 {
            let variance = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
            let margin =
                StudentT(degrees: count - 1).quantile(beyond: 0.05)
                * (variance * (1 / count + contestant.testShare)).squareRoot()
            metrics += [Metric("lower", label: name, mean - margin), Metric("upper", label: name, mean + margin)]
        }
        return metrics + [Metric("folds", label: name, count)]
    }
}
