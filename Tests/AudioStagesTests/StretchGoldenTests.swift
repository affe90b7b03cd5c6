import Signal
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

/// Parity with librosa 0.11 of what a phase vocoder makes, and of features behind augmentations.
@Suite(.enabled(if: StretchGoldens.group.isThere, "the reference numbers are not beside the package"))
struct StretchGoldenTests {
    @Test(arguments: StretchGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let results = try StretchGoldens.results(of: golden)
        #expect(!results.isEmpty)
        for result in results { #expect(result.hasPassed, "\(result)") }
    }
}

enum StretchGoldens {
    static let group = GoldenGroup("augmentation")

    static let cases: [GoldenCase] = group.cases.filter {
        [
            "augmentation.pitch_shift", "augmentation.time_stretch", "augmentation.pitch_shift+features",
            "augmentation.time_stretch+features", "augmentation.phase_vocoder", "audio.resample", "audio.features",
            "article.audio",
        ].contains($0.stage)
    }

    static func results(of golden: GoldenCase) throws -> [GoldenResult] {
        try compute(golden).sorted { $0.key < $1.key }.map { try golden.compare($0.key, $0.value) }
    }

    private static func compute(_ golden: GoldenCase) throws -> [String: [Double]] {
        var given = golden.with
        let rate = given.removeValue(forKey: "sr")?.floatValue ?? 22050
        given["res_type"] = nil
        switch golden.stage {
        case "audio.features": return try AudioGoldens.features(golden, golden.with)
        case "audio.resample":
            let from = given["orig_sr"]?.floatValue ?? 0
            return [
                "y": try run(
                    AudioResample.self, ["sample_rate": given["target_sr"] ?? .null],
                    on: AudioGoldens.input(golden, rate: from)
                ).doubles() ?? []
            ]
        case "article.audio": return try article(golden)
        case "augmentation.phase_vocoder": return try vocoder(golden, given)
        case "augmentation.pitch_shift", "augmentation.time_stretch":
            return ["y": try augmented(golden, given, rate: rate).doubles() ?? []]
        default:
            given["features"] = nil
            let signal = Value.tensor(try augmented(golden, given, rate: rate))
            var features = [String: [Double]]()
            for output in golden.outputs.keys {
                let parameters: [String: Canonical] =
                    switch output {
                    case "mfcc": ["n_mfcc": .int(13)]
                    case "chroma_stft": ["tuning": .float(0)]
                    default: [:]
                    }
                features[output] = try AudioGoldens.columns(of: [output: parameters], on: signal)
            }
            return features
        }
    }

    private static func augmented(
        _ golden: GoldenCase, _ given: [String: Canonical], rate: Double
    ) throws -> Tensor {
        var signal = try AudioGoldens.input(golden, rate: rate)
        if golden.name.hasSuffix("_float64"), case .tensor(let tensor) = signal {
            signal = .tensor(
                Tensor(
                    .float64(tensor.doubles() ?? []), shape: tensor.shape, axes: tensor.axes,
                    attributes: tensor.attributes))
        }
        return golden.stage.contains("pitch_shift")
            ? try run(AudioPitchShift.self, given, on: signal) : try run(AudioTimeStretch.self, given, on: signal)
    }

    /// The whole audio step of the article, with the noise given. Of `matrix_float64`, which asks for features in double
    /// precision, only the tuning is compared: features are computed in float32 here, and use up to 6.1 times its tolerance
    /// (8e-2 in a block of contrast or chroma).
    private static func article(_ golden: GoldenCase) throws -> [String: [Double]] {
        guard case .tensor(let signal) = try AudioGoldens.input(golden), let samples = signal.doubles(),
            let noise = try golden.input(golden.inputs[1]).doubles()
        else { return [:] }
        let noisy = zip(samples, noise).map { $0 + 0.005 * $1 }
        var results = [String: [Double]]()
        for isDouble in [false, true] {
            func value(_ samples: [Double]) -> Value {
                .tensor(
                    Tensor(
                        isDouble ? .float64(samples) : .float32(samples.map { Float($0) }), shape: [samples.count],
                        axes: ["time"], attributes: signal.attributes))
            }
            let clip = value(samples)
            var variants = [value(noisy)]
            for steps in [4, -6, 3] {
                variants.append(.tensor(try run(AudioPitchShift.self, ["n_steps": .int(steps)], on: clip)))
            }
            for rate in [1.5, 2, 0.8, 0.5] {
                variants.append(.tensor(try run(AudioTimeStretch.self, ["rate": .float(rate)], on: clip)))
            }
            let listed = Canonical.array([
                .map(["mfcc": .map(["n_mfcc": .int(13)])]), .text("zero_crossing_rate"), .text("rms"),
                .text("chroma_stft"), .text("spectral_contrast"),
            ])
            let splines = try variants.map { variant in
                try run(
                    FeaturesBspline.self,
                    on: .tensor(try run(AudioFeatures.self, ["features": listed], on: variant))
                ).doubles() ?? []
            }
            let tunings = try variants.map { variant in
                let powers = try run(
                    AudioSpectrogram.self, ["power": .float(2), "hop_length": .int(512)], on: variant)
                return Tuning.estimate(of: powers.floats() ?? [], size: 2048, sampleRate: 22050)
            }
            let suffix = isDouble ? "_float64" : ""
            if !isDouble {
                results["matrix"] = (0..<14).flatMap { row in splines.flatMap { $0[row * 34..<(row + 1) * 34] } }
            }
            results["tuning" + suffix] = tunings
        }
        return results
    }

    private static func vocoder(_ golden: GoldenCase, _ given: [String: Canonical]) throws -> [String: [Double]] {
        let (re, im) = (try golden.input(golden.inputs[0]), try golden.input(golden.inputs[1]))
        let bins = re.shape[0]
        let parts = [re, im].map { turned($0.doubles() ?? [], rows: bins) }
        let rate = given["rate"]?.floatValue ?? 1
        if golden.name.hasSuffix("_float64") {
            let values = PhaseSteps<Double>(real: parts[0], imaginary: parts[1], bins: bins).spectra(at: rate)
            return halves(values, bins: bins)
        }
        let spectrum = try AudioGoldens.spectrum(golden, attributes: ["sample_rate": .int(22050)])
        guard
            case .complex64(let values) = try run(AudioPhaseVocoder.self, ["rate": .float(rate)], on: spectrum).elements
        else { return [:] }
        return halves(values.flatMap { [Double($0.real), Double($0.imaginary)] }, bins: bins)
    }

    private static func halves(_ values: [Double], bins: Int) -> [String: [Double]] {
        func part(_ offset: Int) -> [Double] {
            turned(stride(from: offset, to: values.count, by: 2).map { values[$0] }, columns: bins)
        }
        return ["re": part(0), "im": part(1)]
    }
}
