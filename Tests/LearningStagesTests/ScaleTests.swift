// scale.standard and scale.minmax beyond the reference numbers.

import Stages
import Tensors
import Testing

@testable import LearningStages

@Suite struct ScaleTests {
    private let training = (0..<40).map { row(numbers(5, "row \($0)").map { 3 * $0 + 100 }) }

    @Test func scalingCanBeUndone() throws {
        let stage = try ScaleStandard(given: [:])
        let state = try stage.fit(fitInput(training)).state
        let (mean, scale) = (state.tensors["mean"]?.doubles() ?? [], state.tensors["scale"]?.doubles() ?? [])
        let scaled = try stage.apply(state, to: training).map(doubles)
        for (got, want) in zip(scaled, training) {
            for (index, original) in doubles(want[0]).enumerated() {
                #expect(abs(got[index] * scale[index] + mean[index] - original) < 1e-11)
            }
        }
        for feature in 0..<5 {
            let column = scaled.map { $0[feature] }
            #expect(abs(column.reduce(0, +)) < 1e-10)
            #expect(abs(column.map { $0 * $0 }.reduce(0, +) / 40 - 1) < 1e-10)
        }
    }

    @Test func constantFeaturesAreNotDivided() throws {
        let rows = (0..<3).map { _ in row([0.1, 1e9 + 0.1, 0]) }
        let stage = try ScaleStandard(given: [:])
        let state = try stage.fit(fitInput(rows)).state
        #expect(state.tensors["scale"]?.doubles() == [1, 1, 1])
        let scaled = doubles(try stage.apply(state, to: [row([0.1, 1e9 + 0.1, 5])])[0])
        #expect(abs(scaled[0]) < 1e-15 && abs(scaled[1]) < 1e-6 && scaled[2] == 5)
        let minMax = try ScaleMinMax(given: [:])
        let ends = try minMax.fit(fitInput(rows)).state
        #expect(ends.tensors["scale"]?.doubles() == [1, 1, 1])
    }

    @Test func partsCanBeLeftOut() throws {
        let rows = [row([1]), row([5])]
        let mean = try ScaleStandard(given: ["with_std": .bool(false)])
        #expect(try mean.apply(mean.fit(fitInput(rows)).state, to: rows).map(doubles) == [[-2], [2]])
        let std = try ScaleStandard(given: ["with_mean": .bool(false)])
        #expect(try std.apply(std.fit(fitInput(rows)).state, to: rows).map(doubles) == [[0.5], [2.5]])
        let range = try ScaleMinMax(given: ["feature_range": .array([.float(-1), .float(1)]), "clip": .bool(true)])
        let state = try range.fit(fitInput(rows)).state
        #expect(
            try range.apply(state, to: rows + [row([9]), row([.nan])]).map { doubles($0)[0].isNaN ? 7 : doubles($0)[0] }
                == [-1, 1, 1, 7])
        #expect(throws: Problem.self) { try ScaleMinMax(given: ["feature_range": .array([.float(1), .float(1)])]) }
        #expect(throws: Problem.self) { try ScaleMinMax(given: ["feature_range": .array([])]) }
    }

    @Test(arguments: [ScaleStandard.self, ScaleMinMax.self] as [any FittedStage.Type])
    func whatCannotBeFittedOn(type: any FittedStage.Type) throws {
        let stage = try type.init(given: [:])
        let failure = #expect(throws: Failure.self) {
            try stage.fit(fitInput([row([1, 2], labels: ["a", "b"]), row([1, .nan], labels: ["a", "b"])]))
        }
        #expect(failure?.cause == "feature b is nan in a training row")
        for rows in [
            [], [row([])], [row([1]), row([1, 2])], [row([.infinity])], [[.nothing]], [[]],
            [row([1e308]), row([-1e308])], [row([1e308]), row([1.7e308])],
            [[.tensor(Tensor(.float32([1]), shape: [1, 1], axes: ["a", "b"]))]],
            [[.tensor(Tensor(.complex64([Complex64(1, 1)]), shape: [1], axes: ["feature"]))]],
        ] as [[[Value]]] {
            if type == ScaleMinMax.self, rows == [row([1e308]), row([1.7e308])] { continue }
            #expect(throws: Failure.self) { try stage.fit(fitInput(rows)) }
        }
        let state = try stage.fit(fitInput([row([1, 2]), row([2, 5])])).state
        #expect(throws: Failure.self) { try stage.apply(state, to: [row([1])]) }
        #expect(throws: Failure.self) { try stage.apply(Bundle(), to: [row([1])]) }
        #expect(try stage.apply(state, to: []).isEmpty)
        #expect(try doubles(stage.apply(state, to: [row([.nan, 2])])[0])[0].isNaN)
    }

    @Test(arguments: [ScaleStandard.self, ScaleMinMax.self] as [any FittedStage.Type])
    func oneRowAndTheSameBytes(type: any FittedStage.Type) throws {
        let stage = try type.init(given: [:])
        let state = try stage.fit(fitInput([row([3, -4])])).state
        #expect(try doubles(stage.apply(state, to: [row([3, -4])])[0]) == [0, 0])
        let (once, twice) = (try stage.fit(fitInput(training)).state, try stage.fit(fitInput(training)).state)
        #expect(once.digest == twice.digest)
        #expect(try stage.apply(once, to: training) == training.map { try stage.apply(twice, to: [$0])[0] })
    }

    @Test func byAColumnEachValueIsScaledOnItsOwn() throws {
        let stage = try ScaleStandard(given: ["by": .text("actor")])
        #expect(stage.kind == .gather && stage.columns == ["actor"])
        #expect(try ScaleStandard(given: [:]).kind == .fitted)
        let rows = [[1, 10], [100, 0], [3, 30], [104, 0], [7, 7]].map { row($0) }
        let actors: [Scalar] = [.int(1), .int(2), .float(1), .int(2), .int(3)]
        let made = try stage.gather(rows, columns: ["actor": actors]).map(doubles)
        #expect(made == [[-1, -1], [-1, 0], [1, 1], [1, 0], [0, 0]])
        let mean = try ScaleStandard(given: ["by": .text("actor"), "with_std": .bool(false)])
        #expect(try mean.gather(rows, columns: ["actor": actors]).map(doubles)[3] == [2, 0])
    }

    @Test func byAColumnRowsWithoutAValueAreAFailure() throws {
        let stage = try ScaleStandard(given: ["by": .text("actor")])
        let rows = [row([1]), row([2]), row([.infinity])]
        let missing = #expect(throws: Failure.self) {
            try stage.gather(rows, columns: ["actor": [.int(1), .missing, .float(.nan)]])
        }
        #expect(missing?.cause == "2 of 3 rows have no value in actor")
        let infinite = #expect(throws: Failure.self) {
            try stage.gather(rows, columns: ["actor": [.int(1), .int(1), .int(4)]])
        }
        #expect(infinite?.cause == "feature 0 is inf in a row of actor 4")
        #expect(throws: Failure.self) { try stage.gather(rows, columns: [:]) }
        #expect(try stage.gather([], columns: ["actor": []]).isEmpty)
    }

    @Test func signatures() throws {
        let stage = try ScaleStandard(given: [:])
        let features = Signature.tensor(.float32, [Axis("feature", labels: ["a"])])
        #expect(try stage.output(for: [features]) == .tensor(.float64, [Axis("feature", labels: ["a"])]))
        let problem = #expect(throws: Problem.self) {
            try stage.output(for: [.tensor(.float32, [Axis("time"), Axis("feature")])])
        }
        #expect(problem?.advice == "put tensor.flatten before this stage")
        #expect(throws: Problem.self) { try stage.output(for: [.media]) }
        #expect(throws: Problem.self) { try stage.output(for: [.tensor(.complex64)]) }
        #expect(try stage.output(for: [.unknown]) == .tensor(.float64, nil))
    }
}
