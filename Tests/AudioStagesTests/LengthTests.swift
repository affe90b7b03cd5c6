import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct FixLengthTests {
    private func fixed(_ size: Int, _ mode: String = "constant", _ samples: [Float] = [1, 2, 3]) throws -> [Float]? {
        try augmented(AudioFixLength.self, ["size": .int(size), "mode": .text(mode)], on: signal(samples)).floats()
    }

    @Test func cutsOrPadsAtTheEnd() throws {
        #expect(try fixed(2) == [1, 2])
        #expect(try fixed(3) == [1, 2, 3])
        #expect(try fixed(5) == [1, 2, 3, 0, 0])
        #expect(try fixed(5, "edge") == [1, 2, 3, 3, 3])
        #expect(try fixed(9, "reflect") == [1, 2, 3, 2, 1, 2, 3, 2, 1])
        #expect(try fixed(7, "symmetric") == [1, 2, 3, 3, 2, 1, 1])
        #expect(try fixed(3, "reflect", [4]) == [4, 4, 4])
    }

    @Test func durationsAreInSeconds() throws {
        let tensor = try augmented(AudioFixLength.self, ["duration": .float(0.25)], on: signal([1], rate: 16))
        #expect(tensor.floats() == [1, 0, 0, 0])
        #expect(tensor.attributes["sample_rate"] == .int(16))
    }

    @Test func eachChannelIsFixed() throws {
        let tensor = try augmented(AudioFixLength.self, ["size": .int(3)], on: stereo([1, 2], [3, 4]))
        #expect(tensor.shape == [2, 3] && tensor.floats() == [1, 2, 0, 3, 4, 0])
    }

    @Test func doublesStayDoubles() throws {
        #expect(try augmented(AudioFixLength.self, ["size": .int(2)], on: signal64([0.1])).doubles() == [0.1, 0])
    }

    @Test func sizesAreTold() throws {
        let stage = try AudioFixLength(given: ["size": .int(7)])
        let signature = try stage.output(for: [.tensor(.float64, [Axis("channel", size: 2), Axis("time", size: 3)])])
        #expect(signature == .tensor(.float64, [Axis("channel", size: 2), Axis("time", size: 7)]))
    }

    @Test func failsInWords() throws {
        #expect(
            problem(AudioFixLength.self, [:])
                == "size: expected a size in samples or a duration in seconds, got neither")
        #expect(
            problem(AudioFixLength.self, ["size": .int(1), "duration": .int(1)])
                == "duration: expected a size or a duration, got both")
        #expect(
            try failure(AudioFixLength.self, ["duration": .float(0.01)], on: signal([1], rate: 16))
                == "duration is 0.01 s, which is less than half a sample")
        #expect(
            try failure(AudioFixLength.self, ["size": .int(1)], on: signal([]))
                == "the signal is empty: it has no samples")
    }
}

@Suite struct PadTests {
    private func padded(_ given: [String: Canonical], on input: Value = signal([1, 2, 3], rate: 10)) throws -> [Float]?
    {
        try augmented(AudioPad.self, given, on: input).floats()
    }

    @Test func padsBothEnds() throws {
        #expect(try padded(["before": .float(0.2), "after": .float(0.1)]) == [0, 0, 1, 2, 3, 0])
        let samples: [String: Canonical] = ["before": .int(2), "after": .int(3), "unit": .text("samples")]
        #expect(try padded(samples.merging(["mode": .text("edge")]) { $1 }) == [1, 1, 1, 2, 3, 3, 3, 3])
        #expect(try padded(samples.merging(["mode": .text("reflect")]) { $1 }) == [3, 2, 1, 2, 3, 2, 1, 2])
        #expect(try padded(samples.merging(["mode": .text("symmetric")]) { $1 }) == [2, 1, 1, 2, 3, 3, 2, 1])
        #expect(try padded([:]) == [1, 2, 3])
    }

    @Test func eachChannelIsPadded() throws {
        #expect(
            try padded(["before": .int(1), "unit": .text("samples")], on: stereo([1, 2], [3, 4])) == [0, 1, 2, 0, 3, 4])
    }

    @Test func samplesNeedNoRate() throws {
        let rateless = Value.tensor(Tensor(.float32([1]), shape: [1], axes: ["time"]))
        #expect(try padded(["after": .int(1), "unit": .text("samples")], on: rateless) == [1, 0])
        #expect(try failure(AudioPad.self, ["after": .int(1)], on: rateless)?.hasPrefix("the sample rate") == true)
    }

    @Test func failsInWords() throws {
        #expect(
            problem(AudioPad.self, ["before": .float(1.5), "unit": .text("samples")])
                == "before: expected a whole number of samples, got the number 1.5")
        #expect(
            try failure(AudioPad.self, ["before": .int(268_435_456), "unit": .text("samples")], on: signal([1]))
                == "the result would have 268435457 samples; at most 268435456 are allowed")
    }
}
