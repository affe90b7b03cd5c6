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
    static let cases: [GoldenCase] = group.cases.filter { golden in
        let computed = [
            "audio.resample", "audio.mono", "audio.stft", "audio.spectrogram", "audio.window", "audio.mel_filters",
            "audio.mfcc_from_S", "audio.power_to_db",
        ]
        if computed.contains(golden.stage) { return true }
        guard golden.stage == "audio.features" else { return false }
        return golden.with["feature"] == .text("mfcc") || golden.with["feature"] == .text("melspectrogram")
            || (golden.outputs["mfcc"] != nil && !isAugmented(golden))
    }

    /// Behind an augmentation that is not built yet.
    private static func isAugmented(_ golden: GoldenCase) -> Bool {
        golden.with["feature"] == .text("augmented") || golden.with["augment"] != nil
    }

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
    private static func input(_ golden: GoldenCase, rate: Double = 22050) throws -> Value {
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
                attributes: ["sample_rate": .int(Int(rate))]))
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
            let power = take("power")?.floatValue ?? 1
            let (re, im, bins) = try spectrum(golden, given)
            let magnitudes = zip(re, im).map { pow(($0 * $0 + $1 * $1).squareRoot(), power) }
            return ["S": turned(magnitudes, columns: bins)]
        case "audio.power_to_db":
            var decibels = Decibels()
            if let reference = take("ref") { decibels.reference = Decibels.Reference(canonical: reference) ?? .max }
            if let least = take("amin")?.floatValue { decibels.least = least }
            if let range = take("top_db") { decibels.range = range.floatValue }
            return ["db": decibels.apply(try golden.input(golden.inputs[0]).floats() ?? []).map(Double.init)]
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

    /// Those of the listed features that there are.
    private static func features(_ golden: GoldenCase, _ with: [String: Canonical]) throws -> [String: [Double]] {
        var given = with
        let rate = given.removeValue(forKey: "sr")?.floatValue ?? 22050
        let feature = given.removeValue(forKey: "feature")
        if feature == .text("melspectrogram") { return try melSpectrogram(golden, given, rate: rate) }
        var part = given
        if feature != .text("mfcc") { part = given["mfcc"]?.mapValue ?? ["n_mfcc": .int(13)] }
        let features = Canonical.array([.map(["mfcc": .map(part)])])
        let tensor = try run(AudioFeatures.self, ["features": features], on: input(golden, rate: rate))
        return ["mfcc": turned(tensor.doubles() ?? [], columns: tensor.shape[1])]
    }

    private static func melSpectrogram(
        _ golden: GoldenCase, _ given: [String: Canonical], rate: Double
    ) throws -> [String: [Double]] {
        let names = Set(AudioStft.parameterDescriptions.map(\.name))
        var stft: [String: Canonical] = ["hop_length": .int(512)]
        stft.merge(given.filter { names.contains($0.key) }) { $1 }
        let spectrum = try MapInput(
            values: [.tensor(try run(AudioStft.self, stft, on: input(golden, rate: rate)))],
            stream: RandomStream(named: Digest(of: .null))
        ).spectrum()
        var mel = given
        mel["sr"] = .float(rate)
        mel["n_fft"] = .int(spectrum.size)
        let bank = try melFilters(mel)
        let energies = bank.energies(
            of: spectrum.values, frames: spectrum.frames, power: given["power"]?.floatValue ?? 2)
        return ["melspectrogram": turned(energies.map(Double.init), columns: bank.bands.count)]
    }
}

/// A matrix in row-major order, turned.
private func turned(_ values: [Double], rows: Int) -> [Double] {
    let columns = rows == 0 ? 0 : values.count / rows
    return (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
}

private func turned(_ values: [Double], columns: Int) -> [Double] {
    turned(values, rows: columns == 0 ? 0 : values.count / columns)
}
