// evaluate.classification beyond the reference numbers.

import Stages
import Tensors
import Testing

@testable import LearningStages

@Suite struct ClassificationTests {
    private let classes = ["anger", "calm", "joy"]

    /// Scores with ties, the predicted class mostly right.
    private func table(_ count: Int) -> (targets: [Scalar], predicted: [String], scores: [[Double]]) {
        let raw = numbers(count * 3, "scores")
        var (targets, predicted, scores) = ([Scalar](), [String](), [[Double]]())
        for row in 0..<count {
            let target = row % 5 == 0 ? 0 : row % 3
            var part = raw[row * 3..<row * 3 + 3].map { (abs($0) * 4).rounded() + 1 }
            part[target] += 2
            let sum = part.reduce(0, +)
            scores.append(part.map { $0 / sum })
            targets.append(.string(classes[target]))
            let largest = part.max() ?? 0
            predicted.append(classes[part.firstIndex(of: largest) ?? 0])
        }
        return (targets, predicted, scores)
    }

    private func report(
        _ targets: [Scalar], _ predicted: [String], _ scores: [[Double]]?, classes: [String]? = nil,
        given: [String: Canonical] = [:]
    ) throws -> Report {
        try EvaluateClassification(given: given).report(
            reportRows(
                true: targets, predicted: predicted, classes: classes ?? self.classes, scores: scores,
                output: scores == nil ? .score : .probability))
    }

    @Test func theOrderOfRowsDoesNotMatter() throws {
        let (targets, predicted, scores) = table(60)
        let forth = try report(targets, predicted, scores)
        let back = try report(targets.reversed(), predicted.reversed(), scores.reversed())
        #expect(forth.metrics.map(\.name) == back.metrics.map(\.name))
        for (a, b) in zip(forth.metrics, back.metrics) { #expect(abs(a.value - b.value) < 1e-13, "\(a.name)") }
        #expect(forth.headline == ["accuracy", "balanced_accuracy", "f1_macro"])
        #expect(forth.value("roc_auc_ovr") != nil)
        #expect(forth.warnings.isEmpty)
    }

    @Test func namesOfClassesDoNotMatter() throws {
        let (targets, predicted, scores) = table(60)
        // Other names in another order; equal scores rank by the order of classes, so top k may differ.
        let names = ["anger": "z", "calm": "y", "joy": "x"]
        let renamed = try report(
            targets.map { .string(names[$0.description] ?? "") }, predicted.map { names[$0] ?? "" },
            scores.map { $0.reversed() }, classes: ["x", "y", "z"])
        let plain = try report(targets, predicted, scores)
        for metric in plain.metrics where !metric.name.hasPrefix("top_") && metric.name != "calibration_error" {
            let label = metric.label.map { label in
                label.split(separator: ">").map { part in
                    part.hasSuffix("-") ? (names[String(part.dropLast())] ?? "") + "-" : names[String(part)] ?? ""
                }.joined(separator: ">")
            }
            let other = renamed.value(metric.name, label)
            #expect(abs((other ?? .nan) - metric.value) < 1e-12, "\(metric.name) \(metric.label ?? "")")
        }
    }

    @Test func oneRow() throws {
        let report = try report([.string("joy")], ["joy"], [[0.1, 0.2, 0.7]])
        #expect(report.value("accuracy") == 1)
        #expect(report.value("cohen_kappa") == nil)
        #expect(report.value("roc_auc_ovr") == nil)
        #expect(report.warnings.count == 2)
        #expect(report.value("confusion", "joy->joy") == 1)
        #expect(report.value("support", "calm") == 0)
        #expect(report.metrics.allSatisfy { $0.value.isFinite })
    }

    @Test func aClassThatWasNotInTraining() throws {
        let report = try report(
            [.string("anger"), .string("fear"), .string("joy")], ["anger", "joy", "joy"],
            [[0.8, 0.1, 0.1], [0, 0, 1], [0, 0.5, 0.5]])
        #expect(report.value("accuracy") == 2.0 / 3)
        #expect(report.value("recall", "fear") == 0)
        #expect(report.value("confusion", "fear->joy") == 1)
        #expect(report.value("top_2_accuracy") == 2.0 / 3)
        #expect(report.value("roc_auc_ovr") == nil)
        #expect(report.warnings.first?.hasPrefix("roc_auc is left out") == true)
        #expect((report.value("log_loss") ?? 0) > 12)
        #expect(abs((report.value("balanced_accuracy") ?? 0) - 2 / 3) < 1e-15)
    }

    @Test func twoClasses() throws {
        let report = try report(
            [.bool(false), .bool(true), .bool(true)], ["false", "false", "true"],
            [[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]],
            classes: ["false", "true"])
        #expect(report.value("roc_auc") == 1)
        #expect(report.value("average_precision") == 1)
        #expect(report.value("top_2_accuracy") == nil)
        #expect(report.value("roc_auc_ovr") == nil)
    }

    @Test func scoresAreNoProbabilities() throws {
        let rows = reportRows(
            true: [.int(0), .int(1)], predicted: ["0", "1"], classes: ["0", "1"], scores: [[3, -3], [-1, 1]],
            output: .score)
        let report = try EvaluateClassification(given: ["confusion": .bool(false)]).report(rows)
        #expect(report.value("log_loss") == nil && report.value("brier_score") == nil)
        #expect(report.value("roc_auc") == 1)
        #expect(!report.metrics.contains { $0.name == "confusion" })
    }

    @Test func modelsWithDifferentClasses() throws {
        let values = [
            Prediction(classes: ["a", "b"], scores: [1, 0], output: .probability, predicted: "a").value,
            Prediction(classes: ["a", "b", "c"], scores: [0, 0, 1], output: .probability, predicted: "c").value,
        ]
        func rows(_ order: [Int]) -> ReportRows {
            ReportRows(
                role: .test, ids: order.map(String.init), targets: order.map { [.string("a"), .string("b")][$0] },
                values: order.map { values[$0] })
        }
        let stage = try EvaluateClassification(given: [:])
        let report = try stage.report(rows([0, 1]))
        #expect(report.value("accuracy") == 0.5)
        #expect(report.value("log_loss") == nil)
        #expect(report.warnings.count == 1)
        #expect(try stage.report(rows([1, 0])) == report)
    }

    @Test func whatCannotBeReportedOn() throws {
        let stage = try EvaluateClassification(given: [:])
        let empty = #expect(throws: Failure.self) { try stage.report(reportRows(true: [], predicted: [], classes: [])) }
        #expect(empty?.cause == "there are no rows with the role test")
        #expect(throws: Failure.self) { try report([.missing], ["joy"], nil) }
        #expect(throws: Failure.self) { try report([.string("joy")], ["joy"], [[.nan, 0, 1]]) }
        #expect(throws: Failure.self) { try report([.int(1), .string("1")], ["joy", "joy"], nil) }
        #expect(throws: Failure.self) {
            try stage.report(ReportRows(role: .test, ids: ["x"], targets: [.int(1)], values: [.nothing]))
        }
        #expect(throws: Failure.self) {
            try stage.report(ReportRows(role: .test, ids: ["x"], targets: [], values: [.nothing]))
        }
        #expect(throws: Problem.self) { try EvaluateClassification(given: ["roles": .array([])]) }
        #expect(throws: Problem.self) { try EvaluateClassification(given: ["roles": .array([.text("excluded")])]) }
        #expect(throws: Problem.self) { try EvaluateClassification(given: ["zero_division": .int(2)]) }
        #expect(throws: Problem.self) { try stage.output(for: [.media]) }
    }

    @Test func rolesAreWhatIsAsked() throws {
        let stage = try EvaluateClassification(given: ["roles": .array([.text("train"), .text("test")])])
        #expect(stage.roles == [.train, .test])
        #expect(stage.canonicalParameters["roles"] == .array([.text("train"), .text("test")]))
    }
}
