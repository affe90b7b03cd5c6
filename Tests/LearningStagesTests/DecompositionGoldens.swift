// decompose.lda, decompose.nmf and decompose.truncated_svd against scikit-learn, within the tolerances that the reference
// states.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

private let decompositions = GoldenGroup("tensor")

@Suite(.enabled(if: decompositions.isThere, "the reference numbers are not beside the package"))
struct DecompositionGoldenTests {
    private func check(_ golden: GoldenCase, _ outputs: [String: [Double]?]) throws {
        #expect(Set(outputs.keys) == Set(golden.outputs.keys))
        for (name, got) in outputs.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
    }

    private func gram(_ rows: [[Double]]) -> [Double] {
        rows.flatMap { one in rows.map { other in zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } } }
    }

    /// The rows that are fitted on, and the others.
    private func parts(_ golden: GoldenCase) throws -> (x: Tensor, fitted: [Int], rest: [Int]) {
        let isFitted = ints(try golden.input("fit")).map { $0 == 1 }
        return (
            try golden.input("X"), isFitted.indices.filter { isFitted[$0] }, isFitted.indices.filter { !isFitted[$0] }
        )
    }

    @Test(arguments: decompositions.cases("tensor.truncated_svd"))
    func truncatedSvd(golden: GoldenCase) throws {
        let (x, fitted, rest) = try parts(golden)
        let stage = try DecomposeTruncatedSvd(given: ["n_components": golden.with["components"] ?? .null])
        let state = try stage.fit(fitInput(rows(of: x, fitted))).state
        let scores = try stage.apply(state, to: rows(of: x, rest)).map(doubles)
        let components = try #require(state.tensors["components"])
        let directions = components.doubles() ?? []
        let width = components.shape[1]
        let columns = (0..<width).map { column in
            (0..<components.shape[0]).map { directions[$0 * width + column] }
        }
        try check(
            golden,
            [
                "projector": gram(columns), "singular_values": state.tensors["singular_values"]?.doubles(),
                "explained_variance": state.tensors["explained_variance"]?.doubles(),
                "explained_variance_ratio": state.tensors["explained_variance_ratio"]?.doubles(),
                "transform_abs": scores.flatMap { $0.map(abs) },
            ])
    }

    @Test(arguments: decompositions.cases("tensor.lda"))
    func lda(golden: GoldenCase) throws {
        let (x, fitted, rest) = try parts(golden)
        let y = ints(try golden.input("y"))
        let stage = try DecomposeLda(given: [
            "n_components": golden.with["components"] ?? .null, "solver": golden.with["solver"] ?? .null,
        ])
        let state = try stage.fit(fitInput(rows(of: x, fitted), fitted.map { .int(y[$0]) })).state
        let scores = try stage.apply(state, to: rows(of: x, rest)).map(doubles)
        try check(
            golden,
            [
                "transform_abs": scores.flatMap { $0.map(abs) }, "transform_gram": gram(scores),
                "explained_variance_ratio": state.tensors["explained_variance_ratio"]?.doubles(),
            ])
    }

    @Test(arguments: decompositions.cases("tensor.nmf"))
    func nmf(golden: GoldenCase) throws {
        let x = try golden.input("X")
        let stage = try DecomposeNmf(given: [
            "n_components": golden.with["components"] ?? .null, "beta_loss": golden.with["loss"] ?? .null,
            "solver": .text(golden.name.contains("_mu_") ? "mu" : "cd"), "max_iter": .int(2000),
        ])
        let fitted = try stage.fit(fitInput(rows(of: x)))
        #expect(fitted.state.tensors["components"]?.doubles()?.allSatisfy { $0 >= 0 } == true)
        let error = fitted.metrics.first { $0.name == "reconstruction_err" }?.value ?? .nan
        // There are many minima: it is the error that is compared, with the one of the reference's own default start.
        let result = try golden.compare("reconstruction_error", [error])
        #expect(result.hasPassed, "\(result)")
        let worst = (golden.numbers("random_starts") ?? []).max() ?? 0
        #expect(error <= worst * 1.02)
    }
}

extension GoldenCase {
    /// An output that is written in the index itself.
    fileprivate func numbers(_ output: String) -> [Double]? {
        if case .numbers(let numbers)? = outputs[output] { numbers } else { nil }
    }
}
