import Foundation
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct GainTests {
    @Test func decibelsAreOfAmplitude() throws {
        let louder = try augmented(AudioGain.self, ["gain": .int(20)], on: signal64([0.25, -0.5]))
        #expect(louder.doubles() == [2.5, -5])
        let same = try augmented(AudioGain.self, ["gain": .int(0)], on: stereo([0.1, 0.2], [0.3, 0.4]))
        #expect(Value.tensor(same) == stereo([0.1, 0.2], [0.3, 0.4]))
    }

    @Test func aFixedGainIsTheSameForAll() throws {
        let gains = try (0..<10).map { try augmented(AudioGain.self, ["gain": .int(-6)], on: signal([1]), seed: $0) }
        #expect(Set(gains).count == 1)
        #expect(abs((gains[0].doubles()?[0] ?? 0) - 0.501187) < 1e-6)
    }

    @Test func jitterIsUniformAroundTheGain() throws {
        let given: [String: Canonical] = ["gain": .int(-3), "jitter": .int(9)]
        let gains = try (0..<2000).map { seed in
            let tensor = try augmented(AudioGain.self, given, on: signal64([1, 1]), seed: seed)
            let factors = try #require(tensor.doubles())
            #expect(factors[0] == factors[1], "one gain a clip")
            return 20 * log10(factors[0])
        }
        #expect(gains.allSatisfy { $0 >= -12.000001 && $0 < 6 })
        #expect(abs(gains.reduce(0, +) / 2000 + 3) < 0.5)
        #expect((gains.min() ?? 0) < -11.9 && (gains.max() ?? 0) > 5.9)
    }

    @Test func failsInWords() throws {
        let large = signal([0, .greatestFiniteMagnitude])
        #expect(
            try failure(AudioGain.self, ["gain": .int(1)], on: large)
                == "sample 1 of the result is beyond the range of float32")
        #expect(
            try failure(AudioGain.self, ["gain": .int(1)], on: signal([])) == "the signal is empty: it has no samples")
        #expect(problem(AudioGain.self, [:])?.contains("gain") == true)
    }
}
