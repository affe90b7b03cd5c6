// words.mistakes: a report.

import Stages
import Tensors

struct Mistakes: ReportStage {
    static let declaration = Declaration(
        "words.mistakes", revision: 1, kind: .report, summary: "How many rows are predicted wrongly.",
        documentation: "`mistakes` of all rows, and of those of each class; `mistake_rate`, their share of all rows.",
        inputs: [Port(accepts: [.prediction], "predictions")], output: "metrics", readsTarget: true)

    let parameters: NoParameters

    init(_ parameters: NoParameters) { self.parameters = parameters }

    var roles: [Role] { [.test] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .nothing }

    func report(_ rows: ReportRows) throws -> Report {
        var wrong = [String: Int]()
        for (target, value) in zip(rows.targets, rows.values) {
            guard let prediction = Prediction(value) else { throw Failure("expected predictions") }
            wrong[target.description, default: 0] += prediction.predicted == target.description ? 0 : 1
        }
        let all = Double(wrong.values.reduce(0, +))
        let metrics = [Metric("mistakes", all), Metric("mistake_rate", all / Double(rows.ids.count))]
        let each = wrong.sorted { $0.key < $1.key }.map { Metric("mistakes", label: $0.key, Double($0.value)) }
        return Report(metrics: metrics + each, headline: ["mistake_rate"])
    }
}
