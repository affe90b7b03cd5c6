import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct TimeShiftTests {
    private func shifted(
        _ seconds: Double, _ mode: String = "zero", on input: Value = signal([1, 2, 3, 4, 5], rate: 10)
    ) throws -> [Float]? {
        try augmented(AudioTimeShift.self, ["shift": .float(seconds), "mode": .text(mode)], on: input).floats()
    }

    @Test func movesAndFills() throws {
        #expect(try shifted(0.2) == [0, 0, 1, 2, 3])
        #expect(try shifted(-0.1) == [2, 3, 4, 5, 0])
        #expect(try shifted(0.5) == [0, 0, 0, 0, 0])
        #expect(try shifted(100) == [0, 0, 0, 0, 0])
        #expect(try shifted(0) == [1, 2, 3, 4, 5])
        #expect(try shifted(0.2, "roll") == [4, 5, 1, 2, 3])
        #expect(try shifted(-0.1, "roll") == [2, 3, 4, 5, 1])
        #expect(try shifted(-100.3, "roll") == [4, 5, 1, 2, 3])
    }

    @Test func secondsAreRoundedToSamples() throws {
        #expect(try shifted(0.149) == [0, 1, 2, 3, 4])
        #expect(try shifted(0.25) == [0, 0, 1, 2, 3], "halves to even")
        #expect(try shifted(0.35) == [0, 0, 0, 0, 1], "3.5 samples")
    }

    @Test func channelsMoveTogether() throws {
        let input = stereo([1, 2, 3], [4, 5, 6], rate: 10)
        #expect(try shifted(0.1, on: input) == [0, 1, 2, 0, 4, 5])
        for seed in 0..<20 {
            let tensor = try augmented(
                AudioTimeShift.self, ["max_shift": .float(0.2), "mode": .text("roll")], on: input, seed: seed)
            let samples = try #require(tensor.floats())
            #expect((0..<3).allSatisfy { samples[$0] + 3 == samples[3 + $0] })
            #expect(tensor.attributes["take"] == .string("b"))
        }
    }

    @Test func drawsAllShiftsUpToTheLargest() throws {
        let input = signal([0, 0, 0, 1, 0, 0, 0], rate: 10)
        let places = try (0..<400).map { seed in
            try augmented(AudioTimeShift.self, ["max_shift": .float(0.2)], on: input, seed: seed)
                .floats()?.firstIndex(of: 1) ?? -1
        }
        for place in 1...5 { #expect(abs(places.count { $0 == place } - 80) < 40) }
        #expect(Set(places) == [1, 2, 3, 4, 5])
        let still = try augmented(AudioTimeShift.self, ["max_shift": .int(0)], on: input)
        #expect(Value.tensor(still) == input)
    }

    @Test func failsInWords() throws {
        let rateless = Value.tensor(Tensor(.float32([1]), shape: [1], axes: ["time"]))
        #expect(try failure(AudioTimeShift.self, on: rateless)?.hasPrefix("the sample rate is not known") == true)
        #expect(
            try failure(AudioTimeShift.self, ["shift": .int(1_000_000)], on: signal([1], rate: 96000))
                == "shift is 1000000.0 s, which at 96000 Hz is more than 268435456 samples")
    }
}
