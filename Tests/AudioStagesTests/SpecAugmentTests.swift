import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct SpecAugmentTests {
    private func features(_ rows: Int, _ columns: Int, _ element: (Int) -> Float = { Float($0 + 1) }) -> Value {
        .tensor(
            Tensor(
                .float32((0..<rows * columns).map(element)), shape: [rows, columns], axes: ["time", "feature"],
                labels: ["feature": (0..<columns).map { "f_\($0)" }], attributes: ["hop_length": .int(512)]))
    }

    private func masked(_ given: [String: Canonical], seed: Int) throws -> [[Bool]] {
        let tensor = try augmented(
            AudioSpecAugment.self, given.merging(["fill": .text("zero")]) { $1 }, on: features(20, 10), seed: seed)
        let zeros = (tensor.floats() ?? []).map { $0 == 0 }
        return (0..<20).map { Array(zeros[$0 * 10..<($0 + 1) * 10]) }
    }

    private let timeAlone: [String: Canonical] = [
        "n_time_masks": .int(1), "time_mask": .int(5), "n_freq_masks": .int(0),
    ]
    private let bandAlone: [String: Canonical] = [
        "n_time_masks": .int(0), "n_freq_masks": .int(1), "freq_mask": .float(0.35),
    ]

    @Test func masksStretchesOfTime() throws {
        var (widths, starts) = ([Int](), Set<Int>())
        for seed in 0..<600 {
            let rows = try masked(timeAlone, seed: seed)
            #expect(rows.allSatisfy { Set($0).count == 1 }, "whole frames")
            let at = rows.indices.filter { rows[$0][0] }
            if let first = at.first { #expect(at == Array(first..<first + at.count)) }
            widths.append(at.count)
            at.first.map { _ = starts.insert($0) }
        }
        for width in 0...5 { #expect(abs(widths.count { $0 == width } - 100) < 50) }
        #expect(Set(widths) == Set(0...5))
        #expect(starts == Set(0...19), "every place where it fits")
    }

    @Test func masksBandsOfFrequency() throws {
        for seed in 0..<100 {
            let rows = try masked(bandAlone, seed: seed)
            #expect(Set(rows).count == 1, "the same features in all frames")
            #expect(rows[0].count { $0 } <= 3, "35% of ten, rounded down")
        }
    }

    @Test func fillsWithOneNumber() throws {
        let given: [String: Canonical] = ["time_mask": .float(1.0), "n_time_masks": .int(20)]
        for (fill, number) in [("mean", Float(6.5)), ("zero", 0), ("min", 1)] {
            let tensor = try augmented(
                AudioSpecAugment.self, given.merging(["fill": .text(fill)]) { $1 }, on: features(3, 4))
            let changed = zip(tensor.floats() ?? [], (1...12).map(Float.init)).filter { $0 != $1 }
            #expect(!changed.isEmpty && changed.allSatisfy { $0.0 == number })
        }
    }

    @Test func axesLabelsAndAttributesStay() throws {
        let input = features(20, 10)
        let tensor = try augmented(AudioSpecAugment.self, on: input)
        #expect(Signature(of: .tensor(tensor)) == Signature(of: input))
        #expect(tensor.labels["feature"]?.first == "f_0" && tensor.attributes == ["hop_length": .int(512)])
        let none = try augmented(
            AudioSpecAugment.self, ["n_time_masks": .int(0), "n_freq_masks": .int(0)], on: input)
        #expect(Value.tensor(none) == input)
    }

    @Test func widthsBeyondTheAxisAreTheWholeAxis() throws {
        for seed in 0..<50 {
            let tensor = try augmented(
                AudioSpecAugment.self, ["time_mask": .int(1000), "freq_mask": .int(1000)], on: features(1, 1),
                seed: seed)
            #expect(tensor.floats() == [1])
        }
    }

    @Test func failsInWords() throws {
        #expect(
            try failure(AudioSpecAugment.self, on: signal([1]))
                == "expected float32 or float64 over (time, frequency) or (time, feature), got float32 (time 1)")
        #expect(
            try failure(AudioSpecAugment.self, on: features(0, 3))
                == "there is nothing to mask: the input has no elements")
        #expect(
            try failure(AudioSpecAugment.self, on: features(2, 1) { $0 == 1 ? .nan : 0 }) == "element 1 is not a number"
        )
        #expect(problem(AudioSpecAugment.self, ["time_mask": .float(1.5)])?.hasPrefix("time_mask: expected") == true)
    }
}
