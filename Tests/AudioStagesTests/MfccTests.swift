import Foundation
import Stages
import Tensors
import Testing

@testable import AudioStages

@Suite struct MfccTests {
    private let tone = (0..<8192).map { Float(0.3 * sin(Double($0) * 0.05) + 0.2 * sin(Double($0 * $0) * 1e-5)) }

    @Test func isLabelledFrameByFrame() throws {
        let tensor = try run(OfSignal<SpectrumMfcc>.self, ["n_mfcc": .int(13)], on: signal(tone))
        #expect(tensor.axes == ["time", "feature"] && tensor.shape == [17, 13] && tensor.type == .float32)
        #expect(tensor.labels["feature"]?.first == "mfcc_0" && tensor.labels["feature"]?.last == "mfcc_12")
        #expect(tensor.attributes == ["sample_rate": .int(22050), "n_fft": .int(2048), "hop_length": .int(512)])
    }

    @Test func featuresAndMfccAreOne() throws {
        let given: Canonical = .map(["n_mfcc": .int(13), "n_fft": .int(1024), "hop_length": .int(300)])
        let features = try run(AudioFeatures.self, ["features": .array([.map(["mfcc": given])])], on: signal(tone))
        let shared = try run(
            AudioFeatures.self,
            [
                "features": .array([.map(["mfcc": .map(["n_mfcc": .int(13)])])]), "n_fft": .int(1024),
                "hop_length": .int(300),
            ],
            on: signal(tone))
        let alone = try run(OfSignal<SpectrumMfcc>.self, given.mapValue ?? [:], on: signal(tone))
        #expect(features == alone && shared == alone)
    }

    /// Twice the amplitude is 20·log10 2 dB in every band, which only the first coefficient sees.
    @Test func scalingMovesTheFirstCoefficient() throws {
        let once = try run(OfSignal<SpectrumMfcc>.self, on: signal(tone)).floats() ?? []
        let twice = try run(OfSignal<SpectrumMfcc>.self, on: signal(tone.map { 2 * $0 })).floats() ?? []
        let step = Float(20 * log10(2.0) * (128.0).squareRoot())
        for index in once.indices {
            #expect(abs(twice[index] - once[index] - (index % 20 == 0 ? step : 0)) < 2e-3)
        }
    }

    /// A signal that is moved by whole hops gives frames that are moved; no dB limit, as that looks at the whole.
    @Test func shiftingMovesFrames() throws {
        let given: [String: Canonical] = ["center": .bool(false), "top_db": .null]
        let all = try run(OfSignal<SpectrumMfcc>.self, given, on: signal(tone))
        let later = try run(OfSignal<SpectrumMfcc>.self, given, on: signal(Array(tone.dropFirst(1024))))
        #expect(Array((all.floats() ?? []).dropFirst(40)) == later.floats())
    }

    @Test(arguments: [
        [Float](repeating: 0, count: 4000), [Float](repeating: 0.5, count: 4000), [0.1], [0], [1, -1], [1e-38],
        [-1e6, 1e6],
    ])
    func edgesAreFinite(samples: [Float]) throws {
        for mode in ["constant", "reflect", "edge", "symmetric"] {
            let tensor = try run(OfSignal<SpectrumMfcc>.self, ["pad_mode": .text(mode)], on: signal(samples))
            #expect(tensor.shape == [1 + samples.count / 512, 20])
            #expect((tensor.floats() ?? []).allSatisfy { $0.isFinite })
        }
    }

    @Test func failsInWords() throws {
        func cause(_ value: Value, _ given: [String: Canonical] = [:]) -> String? {
            do {
                _ = try run(OfSignal<SpectrumMfcc>.self, given, on: value)
                return nil
            } catch { return (error as? Failure)?.cause }
        }
        #expect(cause(signal([])) == "the signal is empty: it has no samples")
        #expect(cause(signal([0, .nan])) == "sample 1 is not a number")
        #expect(cause(signal([-.infinity])) == "sample 0 is infinite")
        #expect(cause(signal([Float](repeating: 1e30, count: 3000)))?.contains("beyond the range of float32") == true)
        #expect(cause(signal([1]), ["fmax": .int(12000)]) == "fmax is 12000 Hz, above half the sample rate (11025 Hz)")
        #expect(
            cause(signal([1]), ["fmin": .int(11025)]) == "fmin is 11025 Hz, not below half the sample rate (11025 Hz)")
        #expect(
            cause(signal([1]), ["center": .bool(false)])
                == "expected a signal of at least n_fft = 2048 samples with center: false, got 1")
        #expect(
            cause(signal([1]), ["sample_rate": .int(8000)])
                == "the sample rate was given as 8000 Hz, but the tensor's own is 22050 Hz")
        let bare = Value.tensor(Tensor(.float32([1, 2]), shape: [2], axes: ["time"]))
        #expect(cause(bare)?.contains("no attribute sample_rate") == true)
        #expect(cause(bare, ["sample_rate": .int(8000)]) == nil)
        let stereo = Value.tensor(Tensor(.float32([1, 2]), shape: [2, 1], axes: ["channel", "time"]))
        #expect(cause(stereo) == "expected a signal over (time), got float32 (channel 2, time 1)")
    }

    @Test func problemsHaveAPlace() {
        func problem(_ given: [String: Canonical]) -> Problem? {
            do {
                _ = try OfSignal<SpectrumMfcc>(given: given)
                return nil
            } catch { return error }
        }
        #expect(problem(["n_mfcc": .int(200)])?.path == ["n_mfcc"])
        #expect(problem(["fmin": .int(500), "fmax": .int(400)])?.path == ["fmax"])
        #expect(problem(["win_length": .int(4096)])?.path == ["win_length"])
        #expect(problem(["dct_type": .int(4)])?.path == ["dct_type"])
        #expect(problem(["window": .text("han")])?.advice == "did you mean hann?")
        #expect(problem(["n_fft": .int(0)]) != nil && problem(["hop_length": .int(0)]) != nil)
        let features: Canonical = .array([.map(["mfcc": .map(["n_mfcc": .int(200)])])])
        do {
            _ = try AudioFeatures(given: ["features": features])
            Issue.record("took 200 coefficients of 128 bands")
        } catch { #expect(error.path == ["features", "0", "mfcc", "n_mfcc"]) }
        #expect(throws: Problem.self) { try AudioFeatures(given: ["features": .array([])]) }
        #expect(throws: Problem.self) {
            try AudioFeatures(given: ["features": .array([.text("mfcc"), .text("mfcc")])])
        }
        #expect(throws: Problem.self) { try AudioFeatures(given: [:]) }
    }

    @Test func signaturesAreKnownBeforehand() throws {
        let input = Signature.tensor(.float32, [Axis("time", size: 8192)])
        let output = try OfSignal<SpectrumMfcc>(given: ["n_mfcc": .int(13)]).output(for: [input])
        #expect(output.type == .float32 && output.axes?.map(\.size) == [17, 13])
        #expect(
            try AudioFeatures(given: ["features": .array([.text("mfcc")])]).output(for: [.unknown]).axes?.last?.size
                == 20)
        #expect(throws: Problem.self) {
            try AudioStft(given: ["center": .bool(false)]).output(for: [.tensor(.float32, [Axis("time", size: 10)])])
        }
    }

    @Test(arguments: audioStages.names)
    func parametersRoundTrip(name: String) throws {
        let type = try #require(audioStages[name])
        guard type.parameterDescriptions.allSatisfy({ $0.defaultValue != nil }) else { return }
        // Some need one of two parameters; all are held to this by the conformance suite.
        guard let stage = try? type.init(given: [:]) else { return }
        #expect(try type.init(given: stage.canonicalParameters).canonicalParameters == stage.canonicalParameters)
        #expect(!audioStages.profile(of: type.declaration.arithmetic).values.contains("not known"))
    }
}
