// Which stage computes which case of the goldens of the group `audio`, and under which parameters.

import Foundation
import Media
import Signal
import Stages
import Tensors
import TestSupport

@testable import AudioStages

/// The cases that the stages of this library can compute, and their results.
enum AudioGoldens {
    static let group = GoldenGroup("audio")

    /// The cases that are compared.
    static let cases: [GoldenCase] = group.cases.filter { computed.contains($0.stage) }

    private static let computed: Set<String> = [
        "audio.resample", "audio.mono", "audio.stft", "audio.istft", "audio.spectrogram", "audio.window",
        "audio.mel_filters", "audio.chroma_filters", "audio.mfcc_from_S", "audio.power_to_db", "audio.amplitude_to_db",
        "audio.features", "audio.features_from_S", "audio.estimate_tuning", "audio.piptrack",
    ]

    /// One result an output that is compared.
    static func results(of golden: GoldenCase) throws -> [GoldenResult] {
        let got: [String: [Double]]
        do {
            got = try compute(golden)
        } catch {
            return [golden.mustFail ? golden.refused(words(error)) : golden.failed(words(error))]
        }
        if golden.mustFail { return [golden.failed("it should have failed")] }
        return try got.sorted { $0.key < $1.key }.map { try golden.compare($0.key, $0.value) }
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let failure as Failure: failure.cause
        case let problem as Problem: problem.path.joined(separator: ".") + ": " + problem.message
        default: "\(error)"
        }
    }

    /// The input of a case over (time), or (channel, time).
    static func input(_ golden: GoldenCase, rate: Double = 22050) throws -> Value {
        let name = golden.inputs[0]
        let array: Tensor
        if name.hasSuffix(".wav") {
            let sound = try SoundFile.decode(MediaReader.read(golden.path(name)))
            array = Tensor(.float32(sound.samples), shape: [sound.samples.count], axes: ["time"])
        } else {
            array = try golden.input(name)
        }
        return .tensor(
            Tensor(
                array.elements, shape: array.shape, axes: array.shape.count == 1 ? ["time"] : ["channel", "time"],
                attributes: ["sample_rate": rateAttribute(rate)]))
    }

    /// Outputs in the reference's order of elements: features are (rows, frames).
    private static func compute(_ golden: GoldenCase) throws -> [String: [Double]] {
        var given = golden.with
        func take(_ name: String) -> Canonical? { given.removeValue(forKey: name) }
        switch golden.stage {
        case "audio.window":
            let window = Window(rawValue: take("window")?.textValue ?? "") ?? .boxcar
            return ["window": window.weights(take("n")?.intValue ?? 0)]
        case "audio.mel_filters":
            return ["weights": try melFilters(given).matrix.map(Double.init)]
        case "audio.mono":
            return ["y": try run(AudioMono.self, on: input(golden)).doubles() ?? []]
        case "audio.resample":
            let parameters = ["sample_rate": take("target_sr") ?? .null]
            let rate = take("orig_sr")?.floatValue ?? 0
            return ["y": try run(AudioResample.self, parameters, on: input(golden, rate: rate)).doubles() ?? []]
        case "audio.stft":
            let (re, im, bins) = try spectrum(golden, given)
            return ["re": turned(re, columns: bins), "im": turned(im, columns: bins)]
        case "audio.spectrogram":
            let tensor = try run(AudioSpectrogram.self, given, on: input(golden))
            return ["S": turned(tensor.doubles() ?? [], columns: tensor.shape[1])]
        case "audio.istft":
            let size = take("n_fft")?.intValue ?? 2048
            let value = try spectrum(golden, attributes: ["n_fft": .int(size), "sample_rate": .int(22050)])
            return ["y": try run(AudioIstft.self, given, on: value).doubles() ?? []]
        case "audio.chroma_filters":
            var parameters = ChromaFilters.Parameters()
            if let notes = given["n_chroma"]?.intValue { parameters.notes = notes }
            if let tuning = given["tuning"]?.floatValue { parameters.tuning = tuning }
            let bank = ChromaFilters.bank(
                parameters, sampleRate: given["sr"]?.floatValue ?? 0, size: given["n_fft"]?.intValue ?? 0)
            return ["weights": bank.weights.map(Double.init)]
        case "audio.estimate_tuning", "audio.piptrack": return try peaks(golden, given)
        case "audio.power_to_db", "audio.amplitude_to_db":
            let isPower = golden.stage == "audio.power_to_db"
            let values = Value.tensor(try golden.input(golden.inputs[0]))
            return [
                "db": try
                    (isPower
                    ? run(AudioPowerToDb.self, given, on: values) : run(AudioAmplitudeToDb.self, given, on: values))
                    .doubles() ?? []
            ]
        case "audio.features_from_S": return try fromMagnitudes(golden, given)
        case "audio.mfcc_from_S":
            let decibels = try golden.input(golden.inputs[0])
            given["n_mels"] = .int(decibels.shape[0])
            let rows = turned(decibels.doubles() ?? [], rows: decibels.shape[0]).map(Float.init)
            let coefficients = try SpectrumMfcc(given: given).coefficients(of: rows)
            return ["mfcc": turned(coefficients.map(Double.init), columns: given["n_mfcc"]?.intValue ?? 20)]
        case "audio.features": return try features(golden, given)
        default: throw Failure("no stage for it")
        }
    }

    private static func spectrum(
        _ golden: GoldenCase, _ given: [String: Canonical]
    ) throws -> (re: [Double], im: [Double], bins: Int) {
        let tensor = try run(AudioStft.self, given, on: input(golden))
        guard case .complex64(let values) = tensor.elements else { throw Failure("expected complex64") }
        return (values.map { Double($0.real) }, values.map { Double($0.imaginary) }, tensor.shape[1])
    }

    private static func melFilters(_ given: [String: Canonical]) throws -> MelFilters {
        var mel = MelParameters()
        if let bands = given["n_mels"]?.intValue { mel.bands = bands }
        if let lowest = given["fmin"]?.floatValue { mel.lowest = lowest }
        if let highest = given["fmax"]?.floatValue { mel.highest = highest }
        if let isHtk = given["htk"]?.boolValue { mel.isHtk = isHtk }
        if given["norm"] == .null { mel.norm = nil }
        return try MelFilters.bank(
            mel, sampleRate: given["sr"]?.floatValue ?? 22050, size: given["n_fft"]?.intValue ?? 2048)
    }

    /// The names that the reference has for features, and ours.
    static let names = [
        "melspectrogram": "mel_spectrogram", "zcr": "zero_crossing_rate", "chroma": "chroma_stft",
    ]

    /// The listed features, or all that the case has outputs of.
    static func features(_ golden: GoldenCase, _ with: [String: Canonical]) throws -> [String: [Double]] {
        var given = with
        let rate = given.removeValue(forKey: "sr")?.floatValue ?? 22050
        let signal = try input(golden, rate: rate)
        let feature = given.removeValue(forKey: "feature")?.textValue ?? ""
        if !["all", "article", "augmented"].contains(feature) {
            return [feature: try columns(of: [names[feature] ?? feature: given], on: signal)]
        }
        var result = [String: [Double]]()
        for output in golden.outputs.keys {
            if output == "tuning" {
                let spectrogram = try run(
                    AudioSpectrogram.self, ["power": .float(2), "hop_length": .int(512)], on: signal)
                result[output] = [
                    Tuning.estimate(of: spectrogram.floats() ?? [], size: 2048, sampleRate: rate)
                ]
                continue
            }
            let name = names[output] ?? output
            var parameters = (given[output] ?? given[name])?.mapValue ?? [:]
            if name == "mfcc" && parameters.isEmpty { parameters = ["n_mfcc": .int(13)] }
            result[output] = try columns(of: [name: parameters], on: signal)
        }
        return result
    }

    /// One feature by `audio.features`, in the reference's order: (feature, time).
    static func columns(of feature: [String: [String: Canonical]], on signal: Value) throws -> [Double] {
        let listed = Canonical.array(feature.map { .map([$0.key: .map($0.value)]) })
        let tensor = try run(AudioFeatures.self, ["features": listed], on: signal)
        return turned(tensor.doubles() ?? [], columns: tensor.shape[1])
    }

    /// Spectra given as two arrays (frequency, time).
    static func spectrum(_ golden: GoldenCase, attributes: [String: Scalar]) throws -> Value {
        let (re, im) = (try golden.input(golden.inputs[0]), try golden.input(golden.inputs[1]))
        let parts = [re, im].map { turned($0.doubles() ?? [], rows: $0.shape[0]) }
        return .tensor(
            Tensor(
                .complex64(zip(parts[0], parts[1]).map { Complex64(Float($0), Float($1)) }),
                shape: [re.shape[1], re.shape[0]], axes: ["time", "frequency"], attributes: attributes))
    }

    private static func fromMagnitudes(
        _ golden: GoldenCase, _ with: [String: Canonical]
    ) throws -> [String: [Double]] {
        let array = try golden.input(golden.inputs[0])
        let feature = with["feature"]?.textValue ?? ""
        let magnitudes = Value.tensor(
            Tensor(
                .float32(turned(array.doubles() ?? [], rows: array.shape[0]).map(Float.init)),
                shape: [array.shape[1], array.shape[0]], axes: ["time", "frequency"],
                attributes: [
                    "sample_rate": .float(with["sr"]?.floatValue ?? 22050),
                    "n_fft": with["n_fft"]?.intValue.map { .int($0) } ?? .missing,
                ]))
        let types: [String: any MapStage.Type] = [
            "rms": SpectrumRms.self, "spectral_centroid": SpectrumCentroid.self,
            "spectral_bandwidth": SpectrumBandwidth.self, "spectral_rolloff": SpectrumRolloff.self,
            "spectral_flatness": SpectrumFlatness.self, "spectral_contrast": SpectrumContrast.self,
        ]
        guard let type = types[feature] else { throw Failure("no stage for it") }
        let stage = try type.init(given: [:])
        guard
            case .tensor(let tensor) = try stage.apply(
                MapInput(values: [magnitudes], stream: RandomStream(named: Digest(of: .null))))
        else { throw Failure("expected a tensor") }
        return [feature: turned(tensor.doubles() ?? [], columns: tensor.shape[1])]
    }

    private static func peaks(_ golden: GoldenCase, _ with: [String: Canonical]) throws -> [String: [Double]] {
        let (rate, size) = (with["sr"]?.floatValue ?? 22050, with["n_fft"]?.intValue ?? 2048)
        // librosa.piptrack's hop is a quarter of the frame, that of a tuning estimate too.
        let spectrogram = try run(AudioSpectrogram.self, ["n_fft": .int(size)], on: input(golden, rate: rate))
        let values = spectrogram.floats() ?? []
        if golden.stage == "audio.estimate_tuning" {
            return ["tuning": [Tuning.estimate(of: values, size: size, sampleRate: rate)]]
        }
        let (frames, bins) = (spectrogram.shape[0], spectrogram.shape[1])
        var pitches = [Double](repeating: 0, count: values.count)
        var magnitudes = pitches
        for peak in SpectralPeaks(of: values, size: size, sampleRate: rate).peaks {
            pitches[peak.bin * frames + peak.frame] = Double(peak.frequency)
            magnitudes[peak.bin * frames + peak.frame] = Double(peak.magnitude)
        }
        precondition(frames * bins == values.count)
        return ["pitches": pitches, "mags": magnitudes]
    }
}

/// A matrix in row-major order, turned.
func turned(_ values: [Double], rows: Int) -> [Double] {
    let columns = rows == 0 ? 0 : values.count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
}

func turned(_ values: [Double], columns: Int) -> [Double] {
    turned(values, rows: columns == 0 ? 0 : values.count / columns)
}
