// The points of a sweep.

import Stages
import Tensors
import Testing

@testable import Spec

private func swept(_ grid: String) -> String { changed("target: emotion", "target: emotion\nsweep: {grid: \(grid)}") }

private func points(_ grid: String) throws -> [String] {
    Array(try read(swept(grid)).points).map { point in
        "\(point.index): " + point.values.map { $0.text ?? "-" }.joined(separator: " ")
    }
}

@Suite struct PointTests {
    @Test func theFirstAddressIsSlowest() throws {
        #expect(try points("{mfcc.n_mfcc: [1, 2], seed: [0x10, 7]}") == ["0: 1 0x10", "1: 1 7", "2: 2 0x10", "3: 2 7"])
    }

    @Test func parametersOfCasesNotPickedAreBlank() throws {
        #expect(
            try points("{classifier.svm.C: [1, 1e1, 1/3], classifier: [mlp, svm], classifier.mlp.alpha: [0, .5]}") == [
                "0: - mlp 0", "1: - mlp .5", "2: 1 svm -", "3: 1e1 svm -", "4: 1/3 svm -",
            ])
    }

    @Test func structuredValuesHaveLabels() throws {
        #expect(
            try points("{classifier: [mlp], classifier.mlp.hidden_layer_sizes: {small: [5], large: [9, 9]}}") == [
                "0: mlp small", "1: mlp large",
            ])
        #expect(
            try points("{classifier: [mlp], classifier.mlp.hidden_layer_sizes: [[5], [9, 9]]}") == [
                "0: mlp [5]", "1: mlp [9, 9]",
            ])
    }

    @Test func aSweptParameterCanPickACase() throws {
        let text = changed(
            "default: svm", "default: \"${which}\"",
            in: changed(
                "target: emotion",
                "target: emotion\nparams: {which: svm}\nsweep: {grid: {params.which: [svm, mlp], classifier.svm.C: [1, 2]}}"
            ))
        let experiment = try read(text)
        let points = Array(experiment.points)
        #expect(points.map { $0.values.map { $0.text ?? "-" } } == [["svm", "1"], ["svm", "2"], ["mlp", "-"]])
        #expect(try experiment.resolve(points[2]).stages.map(\.address).contains("classifier.mlp"))
    }

    @Test func areResolvedEachOnItsOwn() throws {
        let experiment = try read(swept("{mfcc.n_mfcc: [1, 2], classifier: [svm, mlp]}"))
        let last = try #require(Array(experiment.points).last)
        let resolved = try experiment.resolve(last)
        #expect(resolved.stages[2].stage.canonicalParameters["n_mfcc"] == .int(2))
        #expect(resolved.stages[4].address == "classifier.mlp")
    }

    @Test func areNeverAllHeld() throws {
        let hundred = "[" + (1...100).map(String.init).joined(separator: ", ") + "]"
        let experiment = try read(
            swept(
                "{mfcc.n_mfcc: \(hundred), mfcc.hop: \(hundred), seed: \(hundred), mfcc.lowest: \(hundred), classifier.svm.C: \(hundred)}"
            ))
        #expect(experiment.pointCount == 10_000_000_000)
        let first = Array(experiment.points.prefix(101))
        #expect(first.last?.values.map(\.text) == ["1", "1", "1", "2", "1"])
    }
}
