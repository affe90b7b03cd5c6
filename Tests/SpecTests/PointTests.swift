// The points of a sweep: which come out of each form, and in which order.

import Stages
import Tensors
import Testing

@testable import Spec

func swept(_ sweep: String) -> String { changed("target: emotion", "target: emotion\nsweep: \(sweep)") }

/// The points, a line each.
func points(_ sweep: String) throws -> [String] { Array(try read(swept(sweep)).points).map(\.line) }

extension Point {
    var line: String { "\(index): " + values.map { $0.text ?? "-" }.joined(separator: " ") }
}

@Suite struct PointTests {
    @Test func theFirstAddressIsSlowest() throws {
        #expect(
            try points("{grid: {mfcc.n_mfcc: [1, 2], seed: [0x10, 7]}}") == [
                "0: 1 0x10", "1: 1 7", "2: 2 0x10", "3: 2 7",
            ])
    }

    @Test func parametersOfCasesNotPickedAreBlank() throws {
        #expect(
            try points(
                "{grid: {classifier.svm.C: [1, 1e1, 1/3], classifier: [mlp, svm], classifier.mlp.alpha: [0, .5]}}") == [
                    "0: - mlp 0", "1: - mlp .5", "2: 1 svm -", "3: 1e1 svm -", "4: 1/3 svm -",
                ])
    }

    @Test func structuredValuesHaveLabels() throws {
        #expect(
            try points("{grid: {classifier: [mlp], classifier.mlp.hidden_layer_sizes: {small: [5], large: [9, 9]}}}")
                == ["0: mlp small", "1: mlp large"])
        #expect(
            try points("{grid: {classifier: [mlp], classifier.mlp.hidden_layer_sizes: [[5], [9, 9]]}}") == [
                "0: mlp [5]", "1: mlp [9, 9]",
            ])
    }

    @Test func aLabelPicksTheCaseThatItStandsFor() throws {
        #expect(
            try points("{grid: {classifier: {a: svm, b: mlp}, classifier.svm.C: [1, 2]}}") == [
                "0: a 1", "1: a 2", "2: b -",
            ])
    }

    @Test func aZipGoesInStep() throws {
        #expect(
            try points("{zip: {mfcc.n_mfcc: [1, 2, 3], mfcc.hop: [10, 20, 30]}}") == ["0: 1 10", "1: 2 20", "2: 3 30"])
        #expect(
            try points(
                "{zip: {classifier: [mlp, mlp, svm], classifier.mlp.hidden_layer_sizes: {a: [5], b: [9, 9], c: [1]}}}")
                == ["0: mlp a", "1: mlp b", "2: svm -"])
    }

    @Test func blankRowsOfAZipAreOne() throws {
        #expect(
            try points("{zip: {classifier: [svm, mlp, svm], classifier.mlp.alpha: [1, 2, 3]}}") == [
                "0: svm -", "1: mlp 2",
            ])
    }

    @Test func pointsAreListed() throws {
        #expect(
            try points(
                """
                {points: [{mfcc.n_mfcc: 1, mfcc.hop: 7}, {mfcc.hop: 8}, {classifier: mlp, classifier.mlp.alpha: 1}, {}]}
                """) == ["0: 1 7 svm -", "1: 13 8 svm -", "2: 13 512 mlp 1", "3: 13 512 svm -"])
    }

    @Test func formsMultiplyInTheirOrder() throws {
        #expect(
            try points(
                "{zip: {seed: [1, 2], mfcc.hop: [10, 20]}, grid: {mfcc.n_mfcc: [5, 6]}, points: [{mfcc.lowest: 3}, {}]}"
            )
                == [
                    "0: 1 10 5 3", "1: 1 10 5 0.0", "2: 1 10 6 3", "3: 1 10 6 0.0", "4: 2 20 5 3", "5: 2 20 5 0.0",
                    "6: 2 20 6 3", "7: 2 20 6 0.0",
                ])
    }

    @Test func blocksAreUnited() throws {
        // What a block does not sweep is shown as the spec has it; equal points are one.
        #expect(
            try points("[{grid: {mfcc.n_mfcc: [1, 13]}}, {grid: {mfcc.hop: [512, 9]}}, {grid: {seed: [1e0]}}, {}]") == [
                "0: 1 512 0", "1: 13 512 0", "2: 13 9 0", "3: 13 512 1e0",
            ])
        #expect(
            try points("[{grid: {classifier.svm.C: [10, 1]}}, {grid: {classifier: [mlp, svm]}}]") == [
                "0: 10 svm", "1: 1 svm", "2: - mlp",
            ])
    }

    @Test func valuesAreComparedAsTheirTypes() throws {
        #expect(
            try points("[{grid: {mfcc.lowest: [1/2, 1]}}, {points: [{mfcc.lowest: 0.5}, {mfcc.lowest: 1.0}, {}]}]") == [
                "0: 1/2", "1: 1", "2: 0.0",
            ])
        #expect(try read(swept("{grid: {mfcc.lowest: [1/2, 0.5]}}")).warnings.count == 1)
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
        #expect(points.map(\.line) == ["0: svm 1", "1: svm 2", "2: mlp -"])
        #expect(try experiment.resolve(points[2]).stages.map(\.address).contains("classifier.mlp"))
    }

    @Test func whatFollowsASweptParameterIsShownAsItIs() throws {
        let text = changed(
            "n_mfcc: 13", "n_mfcc: \"${n}\"",
            in: changed(
                "target: emotion",
                "target: emotion\nparams: {n: 13}\nsweep: [{grid: {params.n: [13, 20]}}, {grid: {mfcc.n_mfcc: [13, 30]}}]"
            ))
        #expect(Array(try read(text).points).map(\.line) == ["0: 13 13", "1: 20 20", "2: 13 30"])
    }

    @Test func areResolvedEachOnItsOwn() throws {
        let experiment = try read(
            swept("[{grid: {mfcc.n_mfcc: [1, 2], classifier: [svm, mlp]}}, {points: [{mfcc.hop: 3}]}]"))
        let points = Array(experiment.points)
        #expect(points.count == 5)
        let fourth = try experiment.resolve(points[3])
        #expect(fourth.stages[2].stage.canonicalParameters["n_mfcc"] == .int(2))
        #expect(fourth.stages[4].address == "classifier.mlp")
        let last = try experiment.resolve(points[4])
        #expect(last.stages[2].stage.canonicalParameters == ["n_mfcc": .int(13), "hop": .int(3), "lowest": .float(0)])
        #expect(last.stages[4].address == "classifier.svm")
    }

    @Test func areNeverAllHeld() throws {
        let hundred = "[" + (1...100).map(String.init).joined(separator: ", ") + "]"
        let experiment = try read(
            swept(
                """
                [{zip: {classifier.svm.C: \(hundred), mfcc.hop: \(hundred)}},
                 {grid: {mfcc.n_mfcc: \(hundred)}, random: {n: 9999, mfcc.lowest: {uniform: [0, 9]}, mfcc.hop: {int: [1, 9]}}}]
                """))
        #expect(experiment.pointCount == 1_000_000)
        let first = Array(experiment.points.prefix(102))
        #expect(first[99].values.map(\.text) == ["100", "100", "13", "0.0"])
        #expect(first[100].values.prefix(1).map(\.text) == ["10"])
    }

    @Test func aDataErrorPointsAtTheValueOfItsPoint() throws {
        let experiment = try read(plain, sweep: ["split.n_splits=[2, 40]"])
        let points = Array(experiment.points)
        let error = experiment.at(points[1]).error(at: "split.n_splits", "there are 24 groups", advice: "take less")
        #expect(
            SpecErrorText.render(error) == """
                --sweep:1:20: split.n_splits: there are 24 groups
                    1 | split.n_splits=[2, 40]
                      |                    ^^
                      = take less

                """)
        #expect(experiment.range(of: "split.n_splits")?.start.column == 17)
    }
}
