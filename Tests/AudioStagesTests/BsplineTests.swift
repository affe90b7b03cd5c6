import Stages
import Tensors
import Testing

@testable import AudioStages

@Suite struct BsplineTests {
    private func features(_ values: [Double], _ frames: Int, axes: [String] = ["time", "feature"]) -> Value {
        .tensor(
            Tensor(
                .float64(values), shape: [frames, values.count / max(1, frames)], axes: axes,
                attributes: ["sample_rate": .int(22050), "hop_length": .int(512), "n_fft": .int(2048)]))
    }

    private func given(_ knots: Int, _ order: Int) -> [String: Canonical] {
        ["n_knots": .int(knots), "order": .int(order)]
    }

    /// What lies in the space of the splines is fitted exactly, whatever the number of frames.
    @Test(arguments: [
        (12, 4, 14), (12, 4, 151), (5, 3, 40), (2, 4, 9), (7, 1, 20), (9, 2, 300), (3, 8, 30), (2, 12, 40),
    ])
    func splinesAreFoundAgain(knots: Int, order: Int, frames: Int) throws {
        let functions = knots + order - 2
        let wanted = (0..<functions).map { Double(($0 * 7 + 3) % 11) - 4 }
        let matrix = SplineFit.matrix(knots: knots, order: order, frames: frames)
        let curve = (0..<frames).map { frame in
            (0..<functions).reduce(0) { $0 + matrix[frame * functions + $1] * wanted[$1] }
        }
        let tensor = try run(FeaturesBspline.self, given(knots, order), on: features(curve, frames))
        #expect(tensor.shape == [functions, 1] && tensor.axes == ["basis", "feature"] && tensor.type == .float64)
        for (value, want) in zip(tensor.doubles() ?? [], wanted) { #expect(abs(value - want) < 1e-8) }
    }

    /// The functions sum to 1 everywhere; at the ends one alone is 1; at inner knots they are continuous from the right.
    @Test func functionsAreAPartitionOfOne() {
        for (knots, order) in [(2, 1), (12, 4), (6, 1), (5, 7)] {
            let functions = knots + order - 2
            let matrix = SplineFit.matrix(knots: knots, order: order, frames: 41)
            for frame in 0..<41 {
                let row = matrix[frame * functions..<(frame + 1) * functions]
                #expect(abs(row.reduce(0, +) - 1) < 1e-14 && row.allSatisfy { $0 >= 0 })
            }
            #expect(matrix.first == 1 && matrix.last == 1)
        }
        // Five steps; the point on the knot between two belongs to the later.
        let steps = SplineFit.matrix(knots: 6, order: 1, frames: 11)
        #expect(
            (0..<11).map { frame in (0..<5).firstIndex { steps[frame * 5 + $0] == 1 } } == [
                0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 4,
            ])
    }

    @Test func anyAxisWillDo() throws {
        let values = (0..<60).map { Double(($0 * 37) % 23) }
        let plain = try run(FeaturesBspline.self, given(4, 3), on: features(values, 20)).doubles() ?? []
        let turned = (0..<3).flatMap { column in (0..<20).map { values[$0 * 3 + column] } }
        let other = try run(
            FeaturesBspline.self, given(4, 3), on: features(turned, 3, axes: ["feature", "time"]))
        #expect(other.axes == ["feature", "basis"] && other.shape == [3, 5])
        #expect(other.doubles() == (0..<3).flatMap { column in (0..<5).map { plain[$0 * 3 + column] } })
        let line = Value.tensor(Tensor(.float32((0..<20).map(Float.init)), shape: [20], axes: ["time"]))
        let alone = try run(FeaturesBspline.self, given(4, 2), on: line)
        #expect(alone.axes == ["basis"])
        for (value, want) in zip(alone.doubles() ?? [], [0, 19.0 / 3, 38.0 / 3, 19]) {
            #expect(abs(value - want) < 1e-10)
        }
    }

    @Test func keepsWhatStillHolds() throws {
        let tensor = Tensor(
            .float32((0..<40).map(Float.init)), shape: [20, 2], axes: ["time", "feature"],
            labels: ["feature": ["a", "b"]],
            attributes: ["sample_rate": .int(8000), "hop_length": .int(1), "n_fft": .int(2)])
        let fitted = try run(FeaturesBspline.self, on: .tensor(tensor))
        #expect(fitted.labels == ["feature": ["a", "b"]] && fitted.attributes == ["sample_rate": .int(8000)])
    }

    /// The gradient of what is minimised is zero.
    @Test(arguments: [1e-6, 0.1, 100]) func ridgeIsMinimal(ridge: Double) throws {
        let (frames, functions) = (10, 14)
        let curve = (0..<frames).map { Double(($0 * 5) % 7) }
        let coefficients =
            try run(FeaturesBspline.self, ["ridge": .float(ridge)], on: features(curve, frames)).doubles() ?? []
        let matrix = SplineFit.matrix(knots: 12, order: 4, frames: frames)
        let residuals = (0..<frames).map { frame in
            curve[frame] - (0..<functions).reduce(0) { $0 + matrix[frame * functions + $1] * coefficients[$1] }
        }
        for function in 0..<functions {
            let gradient = (0..<frames).reduce(ridge * coefficients[function]) {
                $0 - matrix[$1 * functions + function] * residuals[$1]
            }
            #expect(abs(gradient) < 1e-9)
        }
    }

    @Test func failsInWords() throws {
        func failure(_ value: Value, _ given: [String: Canonical] = [:]) -> Failure? {
            do {
                _ = try run(FeaturesBspline.self, given, on: value)
                return nil
            } catch { return error as? Failure }
        }
        let short = failure(features([Double](repeating: 1, count: 10), 10))
        #expect(
            short?.cause
                == "10 frames are fewer than the 14 functions that n_knots = 12 and order = 4 make, so the fit is not "
                + "determined")
        #expect(short?.advice == "lower n_knots to 8 or less, or give ridge: a small number above 0, such as 1e-3")
        var values = [Double](repeating: 1, count: 60)
        values[7] = .nan
        #expect(failure(features(values, 30))?.cause == "the number at time 3, feature 1 is not a number")
        values[7] = -.infinity
        #expect(failure(features(values, 30))?.cause == "the number at time 3, feature 1 is infinite")
        #expect(failure(features(values, 30), ["axis": .text("x")])?.cause.contains("no axis x in float64") == true)
        #expect(failure(features([], 0))?.cause == "there is nothing along the axis time")
        #expect(
            failure(features([Double](repeating: 1, count: 10), 10), ["ridge": .float(1e-200)])?.advice
                == "raise ridge")
    }

    @Test func tooFewFramesAreKnownBeforehand() throws {
        let stage = try FeaturesBspline(given: [:])
        do {
            _ = try stage.output(for: [.tensor(.float32, [Axis("time", size: 10)])])
            Issue.record("took 10 frames")
        } catch { #expect(error.path == ["n_knots"]) }
        #expect(throws: Problem.self) { try stage.output(for: [.tensor(.float32, [Axis("row", size: 50)])]) }
        let output = try stage.output(for: [.tensor(.float32, [Axis("time"), Axis("feature", labels: ["a"])])])
        #expect(output.axes == [Axis("basis", size: 14), Axis("feature", labels: ["a"])])
    }
}
