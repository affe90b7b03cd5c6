// classify.lda, classify.qda, classify.naive_bayes and classify.knn against scikit-learn, within the tolerances that the
// reference states.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite(.enabled(if: learning.isThere, "the reference numbers are not beside the package"))
struct BayesGoldenTests {
    private struct Parts {
        let training: [[Value]]
        let testing: [[Value]]
        let targets: [Scalar]
    }

    /// Training and test rows, scaled as the case says.
    private func parts(_ golden: GoldenCase) throws -> Parts {
        let (x, y) = (try golden.input("X"), ints(try golden.input("y")))
        let (train, test) = (ints(try golden.input("train")), ints(try golden.input("test")))
        var (training, testing) = (rows(of: x, train), rows(of: x, test))
        if golden.with["scale"] == .text("standard") {
            let scale = try ScaleStandard(given: [:])
            let scaling = try scale.fit(fitInput(training)).state
            training = try scale.apply(scaling, to: training).map { [$0] }
            testing = try scale.apply(scaling, to: testing).map { [$0] }
        }
        return Parts(training: training, testing: testing, targets: train.map { .int(y[$0]) })
    }

    private func check(_ golden: GoldenCase, _ outputs: [String: [Double]?]) throws {
        #expect(Set(outputs.keys).union(["sure"]) == Set(golden.outputs.keys).union(["sure"]))
        for (name, got) in outputs.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
    }

    private func outputs(_ values: [Value]) -> [String: [Double]?] {
        let predictions = values.compactMap { Prediction($0) }
        return [
            "proba": predictions.flatMap(\.scores), "predict": predictions.map { Double($0.predicted) ?? .nan },
        ]
    }

    @Test(arguments: learning.cases("learning.lda"))
    func lda(golden: GoldenCase) throws {
        let parts = try parts(golden)
        let stage = try ClassifyLda(given: [
            "solver": golden.with["solver"] ?? .null, "shrinkage": golden.with["shrinkage"] ?? .null,
        ])
        let state = try stage.fit(fitInput(parts.training, parts.targets)).state
        var outputs = outputs(try stage.apply(state, to: parts.testing))
        outputs["decision"] = try LinearDecisions(state, parts.testing).values
        try check(golden, outputs)
    }

    @Test(arguments: learning.cases("learning.qda"))
    func qda(golden: GoldenCase) throws {
        let parts = try parts(golden)
        let stage = try ClassifyQda(given: ["reg_param": golden.with["reg"] ?? .null])
        let state = try stage.fit(fitInput(parts.training, parts.targets)).state
        try check(golden, outputs(try stage.apply(state, to: parts.testing)))
    }

    @Test(arguments: learning.cases("learning.gaussian_nb"))
    func naiveBayes(golden: GoldenCase) throws {
        let parts = try parts(golden)
        let stage = try ClassifyNaiveBayes(given: ["var_smoothing": golden.with["var_smoothing"] ?? .null])
        let state = try stage.fit(fitInput(parts.training, parts.targets)).state
        var outputs = outputs(try stage.apply(state, to: parts.testing))
        outputs["mean"] = state.tensors["mean"]?.doubles()
        outputs["variance"] = state.tensors["var"]?.doubles()
        try check(golden, outputs)
    }

    @Test(arguments: learning.cases("learning.knn"))
    func knn(golden: GoldenCase) throws {
        let parts = try parts(golden)
        let stage = try ClassifyKnn(given: [
            "n_neighbors": golden.with["k"] ?? .null, "weights": golden.with["weights"] ?? .null,
            "p": golden.with["p"] ?? .null,
        ])
        let state = try stage.fit(fitInput(parts.training, parts.targets)).state
        var outputs = outputs(try stage.apply(state, to: parts.testing))

        // Rows with a tie at the last neighbour or between classes are not compared.
        let isSure = try array(golden, "sure").map { $0 == 1 }
        for name in ["proba", "predict"] {
            let reference = try array(golden, name)
            let width = reference.count / isSure.count
            outputs[name] = outputs[name]??.enumerated().map { isSure[$0 / width] ? $1 : reference[$0] }
        }
        let features = try FeatureMatrix(parts.testing, as: FeatureForm(state, "rows", axis: 1))
        let stored = try #require(state.tensors["rows"])
        let neighbours = Neighbours(stored.elements, width: features.columns, power: stage.parameters.power)
        let nearest = neighbours?.nearest(stage.parameters.neighbours, to: features.elements)
        outputs["distances"] = nearest?.flatMap(\.distances)
        try check(golden, outputs)
    }

    private func array(_ golden: GoldenCase, _ output: String) throws -> [Double] {
        guard case .file(let file)? = golden.outputs[output] else { return [] }
        return try learning.array(file).doubles() ?? []
    }
}
