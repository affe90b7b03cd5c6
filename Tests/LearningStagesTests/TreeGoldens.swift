// classify.decision_tree, random_forest, extra_trees and gradient_boosting against scikit-learn: single trees up to the
// order in which equal splits are found, forests by their mean accuracy over seeds. What takes long in a debug build is
// done by `make parity` only.

import Foundation
import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

private let isParity = ProcessInfo.processInfo.environment["MARTLET_PARITY"] != nil

private let spreads = learning.cases(
    "learning.random_forest", "learning.extra_trees", "learning.hist_gradient_boosting")

/// A case's rows, divided as there.
private struct Division {
    let training: [[Value]]
    let trainingTargets: [Scalar]
    let test: [[Value]]
    let testTargets: [Int]

    init(_ golden: GoldenCase) throws {
        let (x, y) = (try golden.input("X"), ints(try golden.input("y")))
        let (first, second) = (ints(try golden.input("train")), ints(try golden.input("test")))
        training = rows(of: x, first)
        trainingTargets = first.map { .int(y[$0]) }
        test = rows(of: x, second)
        testTargets = second.map { y[$0] }
    }

    func accuracy(_ predicted: [Int]) -> Double {
        Double(zip(predicted, testTargets).count { $0 == $1 }) / Double(testTargets.count)
    }

    /// The state of a fit with the stream of a seed, and what it predicts for the test rows.
    func outcome(_ stage: some FittedStage, seed: Int = 0) throws -> (fitted: Fitted, predicted: [Int]) {
        let fitted = try stage.fit(
            FitInput(
                training: TrainingSet(training, targets: trainingTargets),
                stream: RandomStream(named: Digest(of: .int(seed)))))
        let predicted = try stage.apply(fitted.state, to: test).map { Int(Prediction($0)?.predicted ?? "") ?? -1 }
        return (fitted, predicted)
    }
}

@Suite(.enabled(if: learning.isThere, "the reference numbers are not beside the package"))
struct TreeGoldenTests {
    @Test(arguments: learning.cases("learning.decision_tree"))
    func decisionTree(golden: GoldenCase) throws {
        let division = try Division(golden)
        let stage = try ClassifyDecisionTree(given: [
            "criterion": golden.with["criterion"] ?? .null, "max_depth": golden.with["max_depth"] ?? .null,
            "min_samples_leaf": golden.with["min_samples_leaf"] ?? .null,
        ])
        let (fitted, predicted) = try division.outcome(stage)
        func metric(_ name: String) -> Double? { fitted.metrics.first { $0.name == name }?.value }
        func node(_ name: String) -> Double { fitted.state.tensors[name]?.doubles()?.first ?? .nan }

        let (reference, sure) = (try numbers(golden, "predict"), try numbers(golden, "sure"))
        let outputs: [String: [Double]] = [
            // Rows that the reference predicts now so, now so, count as it has them.
            "predict": predicted.indices.map { sure[$0] == 1 ? Double(predicted[$0]) : reference[$0] },
            "depths": try among(golden, "depths", [metric("depth") ?? .nan]),
            "leaves": try among(golden, "leaves", [metric("leaves") ?? .nan]),
            "root_feature_threshold": try among(
                golden, "root_feature_threshold", [node("feature"), node("threshold")]),
            "root_impurity": [node("impurity")],
        ]
        for (name, got) in outputs.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
        let accuracies = try numbers(golden, "accuracy")
        let accuracy = division.accuracy(predicted)
        #expect(accuracy >= (accuracies.min() ?? 1) - 1e-9 && accuracy <= (accuracies.max() ?? 0) + 1e-9)
    }

    private func numbers(_ golden: GoldenCase, _ output: String) throws -> [Double] {
        switch golden.outputs[output] {
        case .file(let file): try learning.array(file).doubles() ?? []
        case .numbers(let numbers): numbers
        case nil: []
        }
    }

    /// All that the reference has seen, if `own` is among it; thresholds, midway between float32 numbers, are rounded there.
    private func among(_ golden: GoldenCase, _ output: String, _ own: [Double]) throws -> [Double] {
        let all = try numbers(golden, output)
        let isSeen = stride(from: 0, to: all.count, by: own.count).contains { start in
            zip(all[start...], own).allSatisfy { abs($0 - $1) <= 1e-7 * max(1, abs($1)) }
        }
        return isSeen ? all : own
    }

    @Test(arguments: spreads.filter { $0.name.hasSuffix("wine") })
    func accuracyOverSeeds(golden: GoldenCase) throws { try compareSpread(golden) }

    @Test(
        .enabled(if: isParity, "takes long in a debug build; `make parity` does it"),
        arguments: spreads.filter { !$0.name.hasSuffix("wine") })
    func accuracyOverSeedsOnLargerTables(golden: GoldenCase) throws { try compareSpread(golden) }

    private func compareSpread(_ golden: GoldenCase) throws {
        let size = golden.with["size"] ?? .null
        switch golden.stage {
        case "learning.random_forest": try compare(golden, ClassifyRandomForest(given: ["n_estimators": size]))
        case "learning.extra_trees": try compare(golden, ClassifyExtraTrees(given: ["n_estimators": size]))
        default: try compare(golden, ClassifyGradientBoosting(given: ["max_iter": size]))
        }
    }

    /// The mean accuracy over seeds; outside of `make parity` over one.
    private func compare(_ golden: GoldenCase, _ stage: some FittedStage) throws {
        let division = try Division(golden)
        let seeds = isParity ? golden.with["seeds"]?.intValue ?? 1 : 1
        var sum = 0.0
        for seed in 0..<seeds { sum += division.accuracy(try division.outcome(stage, seed: seed).predicted) }
        let result = try golden.compare("mean", [sum / Double(seeds)])
        #expect(result.hasPassed, "\(result)")
    }
}
