// What scikit-learn gives, within the tolerances that the reference states.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

let learning = GoldenGroup("learning")

@Suite(.enabled(if: learning.isThere, "the reference numbers are not beside the package"))
struct GoldenTests {
    private func check(_ golden: GoldenCase, _ outputs: [String: [Double]?]) throws {
        let compared = outputs.filter { golden.outputs[$0.key] != nil }
        #expect(!compared.isEmpty)
        for (name, got) in compared.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
    }

    @Test(arguments: learning.cases("learning.standard_scaler"))
    func standardScaler(golden: GoldenCase) throws {
        try scaler(golden, ScaleStandard(given: [:]), ["mean": "mean", "scale": "scale"])
    }

    @Test(arguments: learning.cases("learning.minmax_scaler"))
    func minMaxScaler(golden: GoldenCase) throws {
        try scaler(golden, ScaleMinMax(given: [:]), ["min": "min", "max": "max"])
    }

    private func scaler(_ golden: GoldenCase, _ stage: some FittedStage, _ states: [String: String]) throws {
        let x = try golden.input("X")
        let state = try stage.fit(fitInput(rows(of: x, ints(golden.input("train"))))).state
        var outputs = states.mapValues { state.tensors[$0]?.doubles() }
        outputs["transform"] = try stage.apply(state, to: rows(of: x, ints(golden.input("test")))).flatMap(doubles)
        try check(golden, outputs)
    }

    @Test(arguments: learning.cases("learning.logistic_regression"))
    func logisticRegression(golden: GoldenCase) throws {
        let (x, y) = (try golden.input("X"), ints(try golden.input("y")))
        let (train, test) = (ints(try golden.input("train")), ints(try golden.input("test")))
        let scale = try ScaleStandard(given: [:])
        let scaling = try scale.fit(fitInput(rows(of: x, train))).state
        let training = try scale.apply(scaling, to: rows(of: x, train)).map { [$0] }
        let testing = try scale.apply(scaling, to: rows(of: x, test)).map { [$0] }

        // The reference is the minimum itself, not where the default tolerance stops.
        var given: [String: Canonical] = ["tol": .float(1e-9), "max_iter": .int(10_000)]
        given["C"] = golden.with["C"]
        given["class_weight"] = golden.with["class_weight"]
        let stage = try ClassifyLogisticRegression(given: given)
        let fitted = try stage.fit(fitInput(training, train.map { .int(y[$0]) }))
        let predictions = try stage.apply(fitted.state, to: testing).compactMap { Prediction($0) }
        try check(
            golden,
            [
                "coef": fitted.state.tensors["coef"]?.doubles(),
                "intercept": fitted.state.tensors["intercept"]?.doubles(),
                "decision": LinearDecisions(fitted.state, testing).values,
                "proba": predictions.flatMap(\.scores),
                "predict": predictions.map { Double($0.predicted) ?? .nan },
            ])
    }

    private func report(_ golden: GoldenCase, _ given: [String: Canonical] = [:]) throws -> Report {
        let targets = ints(try golden.input("true"))
        var scores: [[Double]]?
        var predicted = [Int]()
        var classes = 0
        if golden.has("proba") {
            let table = try golden.input("proba")
            classes = table.shape[1]
            let elements = table.doubles() ?? []
            scores = targets.indices.map { Array(elements[$0 * classes..<($0 + 1) * classes]) }
            predicted = targets.map { _ in 0 }
        } else {
            predicted = ints(try golden.input("predicted"))
            classes = golden.with["labels"]?.arrayValue?.count ?? 0
        }
        return try EvaluateClassification(given: given).report(
            reportRows(
                true: targets.map { .int($0) }, predicted: predicted.map(String.init),
                classes: (0..<classes).map(String.init), scores: scores, output: scores == nil ? .score : .probability))
    }

    @Test(arguments: learning.cases("metrics.labels"))
    func labels(golden: GoldenCase) throws {
        let report = try report(golden, ["ordinal": .bool(true)])
        try check(
            golden,
            [
                "accuracy": report.value("accuracy").map { [$0] },
                "balanced_accuracy": report.value("balanced_accuracy").map { [$0] },
                "matthews": report.value("matthews_corrcoef").map { [$0] },
                "kappa": report.value("cohen_kappa").map { [$0] },
                "kappa_quadratic": report.value("cohen_kappa_quadratic").map { [$0] },
                "confusion": report.metrics.filter { $0.name == "confusion" }.map(\.value),
            ])
        #expect((golden.outputs["kappa"] == nil) == (report.value("cohen_kappa") == nil))
    }

    @Test(arguments: learning.cases("metrics.precision_recall_f1"))
    func precisionRecallF1(golden: GoldenCase) throws {
        let report = try report(
            golden, ["zero_division": golden.with["zero_division"] ?? .int(0), "labels": .text("all")])
        var outputs = [String: [Double]?]()
        for metric in ["precision", "recall", "f1"] {
            for average in ["macro", "micro", "weighted"] {
                outputs[metric + "_" + average] = report.value(metric + "_" + average).map { [$0] }
            }
            outputs[metric + "_class"] = report.metrics.filter { $0.name == metric }.map(\.value)
        }
        outputs["support"] = report.metrics.filter { $0.name == "support" }.map(\.value)
        try check(golden, outputs)
    }

    @Test(arguments: learning.cases("metrics.probabilities", "metrics.top_k", "metrics.log_loss"))
    func probabilities(golden: GoldenCase) throws {
        let report = try report(golden, ["top_k": .array([.int(1), .int(2), .int(3)])])
        let names = [
            "log_loss": "log_loss", "ece": "calibration_error", "brier": "brier_score", "roc_auc": "roc_auc",
            "average_precision": "average_precision", "roc_auc_ovr_macro": "roc_auc_ovr",
            "roc_auc_ovr_weighted": "roc_auc_ovr_weighted", "roc_auc_ovo_macro": "roc_auc_ovo",
            "roc_auc_ovo_weighted": "roc_auc_ovo_weighted", "top_1": "top_1_accuracy", "top_2": "top_2_accuracy",
            "top_3": "top_3_accuracy",
        ]
        try check(golden, names.mapValues { report.value($0).map { [$0] } })
    }
}
