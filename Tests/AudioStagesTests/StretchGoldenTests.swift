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
