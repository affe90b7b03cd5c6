import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct TrimTests {
    private let given: [String: Canonical] = ["frame_length": .int(4), "hop_length": .int(2)]
    /// 20 samples, loud from 8 to 11.
    private let samples = (0..<20).map { Float((8..<12).contains($0) ? 0.5 : 1e-5) }

    @Test func keepsWhatIsLoud() throws {
        let tensor = try augmented(AudioTrim.self, given, on: signal(samples))
        // The frame at 8 covers 6 to 9, that at 12 covers 10 to 13.
        #expect(tensor.attributes["trim_start"] == .int(8))
        #expect(tensor.floats() == Array(samples[8..<14]))
        #expect(tensor.attributes["sample_rate"] == .int(22050))
    }

    @Test func theLoudestChannelDecides() throws {
        let quiet = [Float](repeating: 0, count: 20)
        let tensor = try augmented(AudioTrim.self, given, on: stereo(quiet, samples))
        #expect(tensor.shape == [2, 6] && tensor.floats() == [0, 0, 0, 0, 0, 0] + samples[8..<14])
    }

    @Test func silenceIsKept() throws {
        let zeros = [Float](repeating: 0, count: 1000)
        #expect(try augmented(AudioTrim.self, on: signal(zeros)).floats() == zeros)
        #expect(try augmented(AudioTrim.self, on: signal([0.5])).floats() == [0.5])
    }

    @Test func failsInWords() throws {
        #expect(
            try failure(AudioTrim.self, ["ref": .int(1000), "top_db": .int(20)], on: signal(samples))
                == "no frame of the signal is loud: all lie 20.0 dB or more below ref")
        #expect(
            try failure(AudioTrim.self, on: signal64([1e200, 1e200]))
                == "the power of the signal is beyond the range of float64")
        #expect(try failure(AudioTrim.self, on: signal([])) == "the signal is empty: it has no samples")
        // Only the frame on the very end holds the loud sample.
        let end = [Float](repeating: 0, count: 15) + [1]
        #expect(
            try failure(AudioTrim.self, ["frame_length": .int(2), "hop_length": .int(8)], on: signal(end))
                == "the only loud frame is centred on the end of the signal, so that nothing would stay")
    }
}
