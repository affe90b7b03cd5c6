import Stages
import Tensors
import Testing

@testable import AudioStages

@Suite struct TonnetzTests {
    private func chroma(_ values: [Double], columns: Int = 12) -> Value {
        .tensor(
            Tensor(.float64(values), shape: [values.count / columns, columns], axes: ["time", "feature"]))
    }

    /// librosa 0.11, `feature.tonnetz`.
    @Test func agreesWithLibrosa() throws {
        let frames: [Double] = [
            8, 2, 15, 13, 13, 15, 2, 8, 16, 9, 4, 1, 15, 2, 8, 16, 9, 4, 1, 0, 1, 4, 9, 16,
        ]
        let want = [
            -0.01011129028041913, 0.17283498184612034, -0.03773584905660452, 0.15094339622641448, -0.08170050979098467,
            -0.02358490566037741, -0.011033202041280768, 0.06324287467079827, 0.25882352941176445, 0.08235294117647046,
            -0.04584840372976437, 0.0676470588235294,
        ]
        let tensor = try run(AudioTonnetz.self, on: chroma(frames))
        #expect(tensor.shape == [2, 6] && tensor.labels["feature"]?.first == "tonnetz_fifth_x")
        for (value, reference) in zip(tensor.doubles() ?? [], want) { #expect(abs(value - reference) < 1e-12) }
    }

    /// Moving by a semitone turns the circles, and leaves the distances from their centres; loudness does nothing.
    @Test func transpositionTurns() throws {
        let chord: [Double] = [5, 0, 1, 0, 4, 0, 0, 3, 0, 1, 0, 0]
        let moved = Array(chord.suffix(1) + chord.dropLast())
        let values = try run(AudioTonnetz.self, on: chroma(chord + moved + chord.map { 100 * $0 })).doubles() ?? []
        func radius(_ at: Int) -> Double { values[at] * values[at] + values[at + 1] * values[at + 1] }
        for circle in stride(from: 0, to: 6, by: 2) {
            #expect(abs(radius(circle) - radius(6 + circle)) < 1e-12)
            #expect(abs(values[circle] - values[12 + circle]) < 1e-12)
        }
    }

    @Test func edges() throws {
        #expect(
            try run(AudioTonnetz.self, on: chroma([Double](repeating: 0, count: 12))).doubles() == [0, 0, 0, 0, 0, 0])
        #expect(try run(AudioTonnetz.self, on: chroma([])).shape == [0, 6])
        let coarse = try run(AudioTonnetz.self, on: chroma([1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0])).doubles() ?? []
        let fine =
            try run(
                AudioTonnetz.self, on: chroma([1, 0, 0, 0, 2] + [Double](repeating: 0, count: 19), columns: 24)
            ).doubles() ?? []
        for (one, other) in zip(coarse, fine) { #expect(abs(one - other) < 1e-12) }
        #expect(throws: Failure.self) {
            try run(AudioTonnetz.self, on: chroma([.nan] + [Double](repeating: 0, count: 11)))
        }
        #expect(throws: Failure.self) { try run(AudioTonnetz.self, on: signal([1])) }
    }
}
