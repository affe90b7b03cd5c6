import Foundation
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct AddNoiseTests {
    @Test func noiseIsAsStrongAsAsked() throws {
        let input = signal64([Double](repeating: 0.25, count: 40_000))
        let noise = try #require(augmented(AudioAddNoise.self, ["noise_factor": .float(0.1)], on: input).doubles())
            .map { ($0 - 0.25) / 0.1 }
        let square = noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count)
        let fourth = noise.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(noise.count)
        #expect(abs(noise.reduce(0, +) / Double(noise.count)) < 0.02)
        #expect(abs(square - 1) < 0.03 && abs(fourth - 3) < 0.2)
        // Neighbours, which share a block of random words, have nothing to do with each other.
        for lag in 1...4 {
            let product = (lag..<noise.count).reduce(0) { $0 + noise[$1] * noise[$1 - lag] }
            #expect(abs(product / Double(noise.count)) < 0.02)
        }
    }

    @Test func singlesAreDoublesRounded() throws {
        let samples = sawtooth(101)
        let double = try augmented(AudioAddNoise.self, on: signal64(samples.map { Double(Float($0)) }))
        let single = try augmented(AudioAddNoise.self, on: signal(samples.map(Float.init)))
        #expect(double.type == .float64 && single.type == .float32)
        #expect(single.floats() == double.doubles()?.map(Float.init))
    }

    @Test func axesAndAttributesStay() throws {
        let value = stereo([0, 0, 0], [0, 0, 0])
        let tensor = try augmented(AudioAddNoise.self, on: value)
        #expect(tensor.axes == ["channel", "time"] && tensor.shape == [2, 3])
        #expect(tensor.attributes == ["sample_rate": .int(22050), "take": .string("b")])
        #expect(Set(tensor.floats() ?? []).count == 6, "each channel has noise of its own")
        let plain = try augmented(AudioAddNoise.self, ["noise_factor": .int(0)], on: value)
        #expect(Value.tensor(plain) == value)
    }

    @Test func failsInWords() throws {
        #expect(try failure(AudioAddNoise.self, on: signal([])) == "the signal is empty: it has no samples")
        #expect(try failure(AudioAddNoise.self, on: signal([0, .nan])) == "sample 1 is not a number")
        #expect(try failure(AudioAddNoise.self, on: signal([-.infinity])) == "sample 0 is infinite")
        let features = Value.tensor(Tensor(.float32([1]), shape: [1], axes: ["feature"]))
        #expect(
            try failure(AudioAddNoise.self, on: features)
                == "expected a float32 or float64 signal over (time) or (channel, time), got float32 (feature 1)")
        let large = signal([Float](repeating: .greatestFiniteMagnitude, count: 100))
        #expect(try failure(AudioAddNoise.self, on: large) == nil, "noise far below the last digit changes nothing")
        #expect(problem(AudioAddNoise.self, ["noise_factor": .int(-1)])?.hasPrefix("noise_factor: expected") == true)
    }
}

@Suite struct NormalNoiseTests {
    private func noise(_ count: Int) -> [Double] {
        var stream = RandomStream(named: Digest(of: .text("normal")))
        return NormalNoise.values(count, from: &stream)
    }

    /// The same on every processor: these are no tolerances.
    @Test func bitsArePinned() {
        #expect(
            noise(4).map(\.bitPattern) == [
                13_830_662_813_264_145_384, 13_827_442_053_317_438_778, 4_604_805_003_325_750_541,
                13_814_613_031_744_601_462,
            ])
    }

    @Test func longerNoiseBeginsLikeShorter() {
        let long = noise(5000)
        for count in [0, 1, 2, 3, 1023, 1024, 1025, 2049] { #expect(noise(count) == Array(long.prefix(count))) }
    }

    @Test func isTheTransformOfBoxAndMuller() {
        var stream = RandomStream(named: Digest(of: .text("words")))
        let corners: [UInt32] = [0, 1, 0x3FFF_FFFF, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, 0xC000_0000, .max]
        let words =
            corners.flatMap { first in corners.map { (first, $0) } }
            + (0..<1000).map { _ in (stream.next32(), stream.next32()) }
        for (first, second) in words {
            let (x, y) = NormalNoise.pair(first, second)
            let radius = (-2 * log((Double(first) + 0.5) / 0x1p32)).squareRoot()
            let turn = (Double(second >> 30) - 0.5 + (Double(second & 0x3FFF_FFFF) + 0.5) / 0x1p30) * Double.pi / 2
            #expect(abs(x - radius * cos(turn)) < 2e-13 && abs(y - radius * sin(turn)) < 2e-13)
        }
    }
}
