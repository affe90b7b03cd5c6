import Stages
import Tensors
import Testing

@testable import AudioStages

@Suite struct DeltaTests {
    private func column(_ values: [Double]) -> Value {
        .tensor(Tensor(.float64(values), shape: [values.count, 1], axes: ["time", "feature"]))
    }

    private func close(_ got: Tensor, _ want: [Double]) -> Bool {
        zip(got.doubles() ?? [], want).allSatisfy { abs($0 - $1) < 1e-12 } && got.count == want.count
    }

    /// scipy 1.17, `savgol_filter`, of 1 4 9 2 -3 5 7 0.5: width 5 and order 1; width 7 and order 2.
    private static let references: [(mode: String, first: [Double], second: [Double])] = [
        (
            "interp", [-1, -1, -1, -1, -0.1, 0.7, 0.7, 0.7],
            [
                0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.3333333333333333, 0.32142857142857145,
                0.32142857142857145, 0.32142857142857145, 0.32142857142857145,
            ]
        ),
        (
            "nearest", [1.9, 1, -1, -1, -0.1, 0.7, 0.25, -1.55],
            [
                -0.09523809523809545, -1.333333333333333, -0.5714285714285712, 0.3333333333333333, 0.32142857142857145,
                0.3690476190476186,
                -0.7619047619047616, -0.8809523809523807,
            ]
        ),
        (
            "mirror", [0, 0.4, -1, -1, -0.1, 0.7, 1.55, 0],
            [
                -0.19047619047619085, -0.38095238095238093, -0.21428571428571425, 0.3333333333333333,
                0.32142857142857145,
                1.1428571428571421, -0.22619047619047625, -1.7619047619047614,
            ]
        ),
        (
            "constant", [2.2, 1.2, -1, -1, -0.1, 0.7, 0.15, -1.7],
            [
                -0.14285714285714302, -1.4523809523809517, -0.6904761904761902, 0.3333333333333333, 0.32142857142857145,
                0.3095238095238093,
                -0.8214285714285711, -0.9047619047619044,
            ]
        ),
        (
            "wrap", [0.75, 1.1, -1, -1, -0.1, 0.7, 0.35, -0.8],
            [
                0.4166666666666661, -0.6190476190476188, -0.6309523809523807, 0.3333333333333333, 0.32142857142857145,
                0.42857142857142816,
                -0.34523809523809507, 0.09523809523809501,
            ]
        ),
    ]

    @Test(arguments: DeltaTests.references)
    func agreesWithScipy(mode: String, first: [Double], second: [Double]) throws {
        let values = column([1, 4, 9, 2, -3, 5, 7, 0.5])
        #expect(close(try run(AudioDelta.self, ["mode": .text(mode), "width": .int(5)], on: values), first))
        #expect(
            close(
                try run(AudioDelta.self, ["mode": .text(mode), "width": .int(7), "order": .int(2)], on: values),
                second))
    }

    private static let short: [(mode: String, want: [Double])] = [
        ("nearest", [1.25, 1.3333333333333333, 1.2833333333333334]), ("mirror", [0, -0.26666666666666666, 0]),
        ("constant", [0.36666666666666664, 0.13333333333333333, -0.1]), ("wrap", [-0.25, 0.4, -0.15]),
    ]

    /// The window is much longer than the signal.
    @Test(arguments: DeltaTests.short)
    func shortSignalsGoOn(mode: String, want: [Double]) throws {
        #expect(close(try run(AudioDelta.self, ["mode": .text(mode)], on: column([1, 4, 9])), want))
        #expect(try run(AudioDelta.self, ["mode": .text(mode)], on: column([3])).count == 1)
        #expect(try run(AudioDelta.self, ["mode": .text(mode)], on: column([])).count == 0)
    }

    /// Of a polynomial of that degree, everywhere.
    @Test(arguments: 1...4) func derivativesOfPolynomialsAreExact(order: Int) throws {
        let values = (0..<20).map { frame in (0..<order).reduce(3.0) { power, _ in power * Double(frame) / 4 } }
        let want = (1...order).reduce(3.0) { $0 * Double($1) / 4 }
        let deltas = try run(AudioDelta.self, ["order": .int(order)], on: column(values))
        for value in deltas.doubles() ?? [] { #expect(abs(value - want) < 1e-9 * want * 1000) }
    }

    @Test func keepsTypeAndNames() throws {
        let tensor = Tensor(
            .float32((0..<24).map(Float.init)), shape: [12, 2], axes: ["time", "feature"],
            labels: ["feature": ["mfcc_0", "mfcc_1"]], attributes: ["hop_length": .int(512)])
        let once = try run(AudioDelta.self, on: .tensor(tensor))
        #expect(once.type == .float32 && once.attributes == tensor.attributes && once.shape == tensor.shape)
        #expect(once.labels["feature"] == ["mfcc_0_delta", "mfcc_1_delta"])
        let twice = try run(AudioDelta.self, ["order": .int(2)], on: .tensor(tensor))
        #expect(twice.labels["feature"] == ["mfcc_0_delta_2", "mfcc_1_delta_2"])
        #expect((once.floats() ?? []).allSatisfy { abs($0 - 2) < 1e-6 })
    }

    @Test func refusesInWords() {
        func problem(_ given: [String: Canonical]) -> Problem? {
            do {
                _ = try AudioDelta(given: given)
                return nil
            } catch { return error }
        }
        #expect(problem(["width": .int(8)])?.path == ["width"])
        #expect(problem(["width": .int(3), "order": .int(3)])?.path == ["order"])
        #expect {
            try run(AudioDelta.self, on: column([1, 2, 3]))
        } throws: {
            ($0 as? Failure)?.cause == "expected at least width = 9 frames with mode: interp, got 3"
        }
        #expect {
            try run(AudioDelta.self, on: column([1, 2, 3, 4, 5, .nan, 7, 8, 9]))
        } throws: {
            ($0 as? Failure)?.cause == "the number at time 5, feature 0 is not a number"
        }
        #expect(throws: Problem.self) {
            try AudioDelta(given: [:]).output(for: [.tensor(.float32, [Axis("time", size: 8), Axis("feature")])])
        }
    }
}
