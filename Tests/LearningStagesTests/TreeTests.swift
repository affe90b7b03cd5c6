// classify.decision_tree, random_forest and extra_trees: what splits are, what is drawn, what is refused.

import Stages
import Tensors
import Testing

@testable import LearningStages

/// Three classes in five features, of which the second is constant and the third noise.
private let someRows: [[Double]] = (0..<60).map { index in
    let noise = numbers(4, "row \(index)")
    let centre = Double(index % 3)
    return [2 * centre + noise[0], 7, noise[1], centre * centre + 0.5 * noise[2], (noise[3] * 2).rounded()]
}
private let someTargets: [Scalar] = someRows.indices.map { .string(["a", "b", "c"][$0 % 3]) }

private func input(
    _ rows: [[Double]] = someRows, _ targets: [Scalar] = someTargets, seed: Int = 0, threads: Int = 1
) -> FitInput {
    FitInput(
        training: TrainingSet(rows.map { row($0) }, targets: targets),
        stream: RandomStream(named: Digest(of: .int(seed))), threads: threads)
}

private func column(_ state: Bundle, _ name: String) -> [Double] { state.tensors[name]?.doubles() ?? [] }

struct TreeTests {
    @Test func aThresholdLiesMidwayAndTheLowerSideHasIt() throws {
        let stage = try ClassifyDecisionTree(given: [:])
        let state = try stage.fit(input([[1], [2], [4], [5]], [.int(0), .int(0), .int(1), .int(1)])).state
        #expect(column(state, "feature") == [0, -1, -1])
        #expect(column(state, "threshold") == [3, 0, 0])
        #expect(column(state, "impurity") == [0.5, 0, 0])
        #expect(column(state, "value") == [0.5, 0.5, 1, 0, 0, 1])
        let predicted = try stage.apply(state, to: [row([3]), row([3.0001])]).map { Prediction($0)?.predicted }
        #expect(predicted == ["0", "1"])
    }

    @Test func entropyIsInBits() throws {
        let stage = try ClassifyDecisionTree(given: ["criterion": .text("entropy")])
        let state = try stage.fit(input([[1], [2], [4], [5]], [.int(0), .int(0), .int(1), .int(2)])).state
        #expect(abs(column(state, "impurity")[0] - 1.5) < 1e-15)
    }

    @Test func limitsHold() throws {
        func metrics(_ given: [String: Canonical]) throws -> (depth: Double, leaves: Double, rows: Double) {
            let fitted = try ClassifyDecisionTree(given: given).fit(input())
            let features = column(fitted.state, "feature")
            let weights = column(fitted.state, "weight")
            let least = features.indices.filter { features[$0] < 0 }.map { weights[$0] }.min() ?? 0
            return (fitted.metrics[0].value, fitted.metrics[1].value, least)
        }
        #expect(try metrics(["max_depth": .int(1)]).depth == 1)
        #expect(try metrics(["min_samples_leaf": .int(7)]).rows >= 7)
        #expect(try metrics(["min_samples_leaf": .float(0.2)]).rows >= 12)
        #expect(try metrics(["min_samples_split": .float(1)]).leaves == 2)
        #expect(try metrics(["min_samples_split": .int(1000)]).leaves == 1)
        #expect(try metrics(["max_leaf_nodes": .int(4)]).leaves == 4)
        #expect(try metrics(["min_impurity_decrease": .float(1)]).leaves == 1)
        #expect(try metrics([:]).leaves > 4)
    }

    @Test func theBestSplitsComeFirst() throws {
        // Depth first, three leaves could lie on the less useful side.
        let rows = (0..<40).map { [Double($0)] }
        let targets = (0..<40).map { Scalar.int($0 < 30 ? 0 : $0 < 36 ? 1 : 2) }
        let state = try ClassifyDecisionTree(given: ["max_leaf_nodes": .int(3)]).fit(input(rows, targets)).state
        #expect(column(state, "threshold").filter { $0 > 0 } == [29.5, 35.5])
    }

    @Test func theStatesOfAllThreadsAreOne() throws {
        for name in ["classify.random_forest", "classify.extra_trees", "classify.gradient_boosting"] {
            let given: [String: Canonical] =
                name == "classify.gradient_boosting" ? ["max_iter": .int(2)] : ["n_estimators": .int(9)]
            let stage = try #require(try learningStages[name]?.init(given: given) as? any FittedStage)
            let states = try [1, 4].map { try stage.fit(input(threads: $0)).state }
            #expect(states[0] == states[1])
        }
    }

    @Test func threadsShareTheFeaturesOfALargeTable() throws {
        let rows = (0..<300).map { numbers(230, "wide \($0)") }
        let targets = (0..<300).map { Scalar.int($0 % 2) }
        let given: [String: Canonical] = ["max_iter": .int(1), "max_leaf_nodes": .int(3)]
        let states = try [1, 4].map {
            try ClassifyGradientBoosting(given: given).fit(input(rows, targets, threads: $0)).state
        }
        #expect(states[0] == states[1])
    }

    @Test func moreTreesKeepTheFirst() throws {
        let few = try ClassifyRandomForest(given: ["n_estimators": .int(2)]).fit(input()).state
        let many = try ClassifyRandomForest(given: ["n_estimators": .int(3)]).fit(input()).state
        let count = column(few, "feature").count
        #expect(column(many, "root").count == 3)
        #expect(Array(column(many, "threshold")[..<count]) == column(few, "threshold"))
    }

    @Test func otherSeedsGrowOtherForests() throws {
        let states = try [0, 1].map {
            try ClassifyExtraTrees(given: ["n_estimators": .int(2)]).fit(input(seed: $0)).state
        }
        #expect(states[0] != states[1])
    }

    @Test func importancesSumToOneAndLeaveConstantsOut() throws {
        for name in ["classify.decision_tree", "classify.random_forest", "classify.gradient_boosting"] {
            let stage = try #require(try learningStages[name]?.init(given: [:]) as? any FittedStage)
            let labels = ["f0", "f1", "f2", "f3", "f4"]
            let training = TrainingSet(someRows.map { row($0, labels: labels) }, targets: someTargets)
            let state = try stage.fit(FitInput(training: training, stream: someStream)).state
            let importances = column(state, "feature_importances")
            #expect(abs(importances.reduce(0, +) - 1) < 1e-12)
            #expect(importances[1] == 0 && importances[0] > importances[2])
            #expect(state.tensors["feature_importances"]?.labels["feature"] == labels)
        }
    }

    @Test func outOfBagScoresAreOfRowsNotSeen() throws {
        // Targets that nothing tells: in training all are right, out of bag about half.
        let rows = (0..<200).map { numbers(3, "noise \($0)") }
        let targets = (0..<200).map { Scalar.int($0 % 2) }
        let stage = try ClassifyRandomForest(given: ["n_estimators": .int(20), "oob_score": .bool(true)])
        let score = try #require(
            try stage.fit(input(rows, targets)).metrics.first { $0.name == "oob_score" }?.value)
        #expect(score > 0.3 && score < 0.7)
        let one = try ClassifyRandomForest(given: ["n_estimators": .int(1), "oob_score": .bool(true)])
        #expect(try one.fit(input()).warnings.first?.contains("are in all bootstrap samples") == true)
    }

    @Test func balancedClassesWeighTheSame() throws {
        let targets = (0..<60).map { Scalar.int($0 < 50 ? 0 : 1) }
        let stage = try ClassifyDecisionTree(given: ["class_weight": .text("balanced"), "max_depth": .int(1)])
        let state = try stage.fit(input(someRows, targets)).state
        #expect(abs(column(state, "value")[0] - 0.5) < 1e-12)
    }

    @Test func fewRowsAreDrawnWhereSaid() throws {
        let stage = try ClassifyRandomForest(given: ["n_estimators": .int(1), "max_samples": .float(0.25)])
        #expect(column(try stage.fit(input()).state, "weight")[0] == 15)
    }

    @Test func oneClassIsWarnedOf() throws {
        for name in ["classify.decision_tree", "classify.random_forest", "classify.extra_trees"] {
            let stage = try #require(try learningStages[name]?.init(given: [:]) as? any FittedStage)
            let fitted = try stage.fit(input(someRows, someRows.map { _ in .string("only") }))
            #expect(fitted.warnings == ["there is only one class in training: every row is predicted to be only"])
            let prediction = try #require(Prediction(try stage.apply(fitted.state, to: [row(someRows[0])])[0]))
            #expect(prediction.predicted == "only" && prediction.scores == [1])
        }
        #expect(throws: Failure.self) {
            try ClassifyGradientBoosting(given: [:]).fit(input(someRows, someRows.map { _ in .string("only") }))
        }
    }

    @Test func constantFeaturesAndASingleRowGiveShares() throws {
        for name in ["classify.decision_tree", "classify.random_forest", "classify.extra_trees"] {
            let stage = try #require(try learningStages[name]?.init(given: [:]) as? any FittedStage)
            let state = try stage.fit(input([[1, 2], [1, 2]], [.int(0), .int(1)], seed: 3)).state
            #expect(Prediction(try stage.apply(state, to: [row([5, 5])])[0])?.scores.reduce(0, +) == 1)
            #expect(throws: Never.self) { try stage.fit(input([[1, 2]], [.int(0)])) }
        }
        let stage = try ClassifyGradientBoosting(given: [:])
        let state = try stage.fit(input([[1], [1], [1]], [.int(0), .int(1), .int(1)])).state
        let scores = Prediction(try stage.apply(state, to: [row([5])])[0])?.scores ?? []
        #expect(abs(scores[1] - 2.0 / 3) < 1e-12)
    }

    @Test func whatCannotBeIsRefused() throws {
        #expect(throws: Problem.self) { try ClassifyRandomForest(given: ["n_estimators": .int(0)]) }
        #expect(throws: Problem.self) { try ClassifyRandomForest(given: ["max_features": .int(0)]) }
        #expect(throws: Problem.self) { try ClassifyExtraTrees(given: ["oob_score": .bool(true)]) }
        #expect(throws: Problem.self) {
            try ClassifyRandomForest(given: ["bootstrap": .bool(false), "max_samples": .int(3)])
        }
        let stage = try ClassifyRandomForest(given: ["max_features": .int(6)])
        #expect(throws: Failure.self) { try stage.fit(input()) }
        let five = Signature.tensor(.float64, [Axis("feature", size: 5)])
        #expect(throws: Problem.self) { try stage.output(for: [five]) }
        let plain = try ClassifyRandomForest(given: ["n_estimators": .int(1)])
        #expect(throws: Failure.self) { try plain.fit(input([[.nan], [1]], [.int(0), .int(1)])) }
        #expect(throws: Failure.self) { try plain.fit(input([[1e39], [1]], [.int(0), .int(1)])) }
        #expect(throws: Failure.self) {
            try ClassifyGradientBoosting(given: ["early_stopping": .bool(true)]).fit(input())
        }
    }

    @Test func aDamagedStateIsRefused() throws {
        let stage = try ClassifyDecisionTree(given: [:])
        var state = try stage.fit(input()).state
        let count = state.tensors["left"]?.count ?? 0
        state.tensors["left"] = Tensor(.int32([Int32](repeating: 0, count: count)), shape: [count], axes: ["node"])
        #expect(throws: Failure.self) { try stage.apply(state, to: [row(someRows[0])]) }
    }

    @Test func theLossOfBoostingFalls() throws {
        let fitted = try ClassifyGradientBoosting(given: ["max_iter": .int(5), "min_samples_leaf": .int(5)])
            .fit(input())
        let losses = fitted.metrics.filter { $0.name == "loss" }.map(\.value)
        #expect(losses.count == 5 && losses == losses.sorted(by: >))
    }

    @Test func validationRowsStopBoosting() throws {
        let stage = try ClassifyGradientBoosting(given: [
            "early_stopping": .bool(true), "n_iter_no_change": .int(2), "min_samples_leaf": .int(5),
        ])
        // Validation targets that are wrong: no tree lowers their loss.
        let training = TrainingSet(someRows.map { row($0) }, targets: someTargets)
        let wrong = someTargets.indices.map { someTargets[($0 + 1) % 60] }
        let fitted = try stage.fit(
            FitInput(
                training: training, validation: TrainingSet(someRows.map { row($0) }, targets: wrong),
                stream: someStream))
        #expect(fitted.state.scalars["n_iter"] == .int(2))
        #expect(fitted.metrics.contains { $0.name == "validation_loss" && $0.step == 2 })
    }

    @Test func binsLieMidwayOrAtQuantiles() {
        #expect(FeatureBins.thresholds(of: [1, 1, 2, 4], most: 255) == [1.5, 3])
        #expect(FeatureBins.thresholds(of: [1, 1, 1], most: 255).isEmpty)
        #expect(FeatureBins.thresholds(of: (0..<10).map { Double($0) }, most: 5) == [1.5, 3.5, 5.5, 7.5])
        #expect(FeatureBins.thresholds(of: (0..<7).map { Double($0) }, most: 2) == [3])
    }

    @Test func portableFunctionsAgreeWithTheLibrary() {
        for number in numbers(2000, "portable") {
            let power = exponential(20 * number)
            #expect(abs(logarithm(power) - 20 * number) <= 4e-15 * max(1, abs(20 * number)))
        }
        #expect(logarithm(1) == 0 && exponential(0) == 1 && exponential(-1e6) == 0)
        #expect(abs(exponential(1) - 2.718281828459045) < 1e-15)
        #expect(abs(logarithm2(1024) - 10) < 1e-14)
    }
}
