import Stages
import Tensors
import Testing

@testable import AudioStages

/// What `audio.features` makes of a list of features.
struct FeaturesTests {
    private let voice = signal((0..<9000).map { Float($0 % 90) / 90 - 0.5 })

    private func features(_ listed: Canonical...) -> [String: Canonical] { ["features": .array(listed)] }

    private func parts(_ listed: Canonical...) throws -> [Part] {
        try AudioFeatures(given: ["features": .array(listed)]).expand().parts
    }

    private func problem(_ listed: Canonical...) -> Problem? {
        do throws(Problem) {
            _ = try AudioFeatures(given: ["features": .array(listed)])
            return nil
        } catch { return error }
    }

    @Test func columnsStandInTheOrderOfTheList() throws {
        let tensor = try run(
            AudioFeatures.self,
            features(
                .map(["mfcc": .map(["n_mfcc": .int(13)])]), .text("zero_crossing_rate"), .text("rms"),
                .text("chroma_stft"), .text("spectral_contrast")), on: voice)
        #expect(tensor.shape == [18, 34])
        let labels = try #require(tensor.labels["feature"])
        #expect(labels[0] == "mfcc_0" && labels[13...15] == ["zero_crossing_rate", "rms", "chroma_0"])
        #expect(labels.last == "spectral_contrast_6")
        #expect(tensor.attributes["hop_length"] == .int(512) && tensor.attributes["sample_rate"] == .int(22050))
    }

    @Test func eachIsWhatItIsAlone() throws {
        let both = try run(AudioFeatures.self, features(.text("spectral_centroid"), .text("rms")), on: voice)
        let values = try #require(both.floats())
        for (column, name) in ["spectral_centroid", "rms"].enumerated() {
            let alone = try run(AudioFeatures.self, features(.text(name)), on: voice)
            #expect(alone.floats() == stride(from: column, to: values.count, by: 2).map { values[$0] })
        }
    }

    /// So that each has a key of its own, and a change of one leaves the others alone.
    @Test func theyShareATransformAndNothingElse() throws {
        let few = try parts(.text("mfcc"), .text("chroma_stft"))
        let more = try parts(.map(["mfcc": .map(["n_mfcc": .int(9)])]), .text("chroma_stft"), .text("rms"))
        #expect(few.map(\.name) == ["stft", "mfcc", "chroma_stft", "columns"])
        #expect(more.map(\.name) == ["stft", "mfcc", "chroma_stft", "rms", "columns"])
        for name in ["stft", "chroma_stft"] {
            let (one, other) = (few.first { $0.name == name }, more.first { $0.name == name })
            #expect(one?.stage.canonicalParameters == other?.stage.canonicalParameters)
            #expect(one?.inputs == other?.inputs)
        }
        let apart = try parts(.text("mfcc"), .map(["chroma_stft": .map(["n_fft": .int(4096)])]))
        #expect(apart.map(\.name) == ["stft", "mfcc", "stft_2", "chroma_stft", "columns"])
    }

    @Test func framesThatDoNotMeetAreTold() throws {
        let failure = #expect(throws: Failure.self) {
            try run(
                AudioFeatures.self, features(.text("mfcc"), .map(["rms": .map(["hop_length": .int(256)])])), on: voice)
        }
        #expect(failure?.cause == "input 1 has 36 frames, input 0 has 18")
        #expect(failure?.advice == "give all features the same hop_length and center")
    }

    /// Whatever blocks frames and hops have in common.
    @Test(arguments: [(400, 100), (600, 100), (1023, 512), (333, 441), (2048, 512), (44, 44), (100, 50), (7, 3)])
    func rmsOfAnyFrame(_ length: Int, _ hop: Int) throws {
        let samples = (0..<3001).map { Float(($0 * 7919) % 1000) / 1000 - 0.5 }
        let tensor = try run(
            AudioRms.self, ["frame_length": .int(length), "hop_length": .int(hop), "center": .bool(false)],
            on: signal(samples))
        let values = try #require(tensor.floats())
        #expect(values.count == 1 + (3001 - length) / hop)
        for (frame, value) in values.enumerated() {
            var sum = 0.0
            for sample in samples[frame * hop..<frame * hop + length] { sum += Double(sample) * Double(sample) }
            #expect(abs(Double(value) - (sum / Double(length)).squareRoot()) < 1e-7)
        }
    }

    @Test func slopesOfWhatStandsBefore() throws {
        let tensor = try run(
            AudioFeatures.self, features(.text("rms"), .map(["delta": .map(["order": .array([.int(1), .int(2)])])])),
            on: voice)
        #expect(tensor.labels["feature"] == ["rms", "rms_delta", "rms_delta_2"])
        #expect(
            problem(.text("delta"), .text("rms"))?.message == "there is no feature before it")
        let unknown = problem(.text("rms"), .map(["delta": .map(["of": .array([.text("rsm")])])]))
        #expect(unknown?.path == ["features", "1", "delta", "of"])
        #expect(unknown?.advice == "did you mean rms?")
    }

    @Test func mistakesAreLocated() throws {
        #expect(problem(.text("mfcc"), .text("mfcc"))?.path == ["features", "1", "mfcc"])
        #expect(problem(.map(["mfcc": .map(["n_mfcc": .int(200)])]))?.path == ["features", "0", "mfcc", "n_mfcc"])
        #expect(problem(.map(["rms": .map(["hop_length": .int(0)])]))?.path == ["features", "0", "rms", "hop_length"])
    }

    @Test func silenceIsFinite() throws {
        let tensor = try run(
            AudioFeatures.self,
            features(
                .text("mfcc"), .text("rms"), .text("chroma_stft"), .text("spectral_contrast"), .text("tonnetz"),
                .text("spectral_centroid"), .text("spectral_bandwidth"), .text("spectral_rolloff"),
                .text("spectral_flatness"), .text("poly_features"), .text("pitch"), .text("zero_crossing_rate"),
                .text("mel_spectrogram")), on: signal([Float](repeating: 0, count: 5000)))
        #expect(tensor.floats()?.allSatisfy(\.isFinite) == true)
    }

    @Test func moreThanASampleMayTakeIsTold() throws {
        let failure = #expect(throws: Failure.self) {
            try run(AudioStft.self, ["n_fft": .int(1 << 20), "hop_length": .int(1)], on: voice)
        }
        #expect(failure?.cause.hasSuffix("would take 35 GiB; at most 4 are allowed") == true)
    }

    @Test func aSpectrumFeatureTakesASpectrogramToo() throws {
        let powers = try run(AudioSpectrogram.self, ["power": .float(2), "hop_length": .int(512)], on: voice)
        let stft = try run(AudioStft.self, ["hop_length": .int(512)], on: voice)
        for type in [SpectrumChroma.self, SpectrumRolloff.self] as [any MapStage.Type] {
            let stage = try type.init(given: [:])
            func result(_ tensor: Tensor) throws -> [Double]? {
                guard
                    case .tensor(let features) = try stage.apply(
                        MapInput(values: [.tensor(tensor)], stream: RandomStream(named: Digest(of: .null))))
                else { return nil }
                return features.doubles()
            }
            let (one, other) = (try #require(try result(powers)), try #require(try result(stft)))
            #expect(zip(one, other).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) })
        }
    }

    @Test(arguments: [0.5, 2.0]) func stretchesKeepPitchAndChangeLength(_ rate: Double) throws {
        let tone = signal((0..<22050).map { Float(0.5 * ((Double($0) / 50).truncatingRemainder(dividingBy: 1) - 0.5)) })
        let stretched = try run(AudioTimeStretch.self, ["rate": .float(rate)], on: tone)
        #expect(stretched.shape == [Int(22050 / rate)])
        #expect(stretched.attributes["sample_rate"] == .int(22050))
    }
}
