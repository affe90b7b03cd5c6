// Times the stages of audio on one clip, in one thread, without engine and cache: a line for each, with its name and the
// median of its CPU seconds. For Benchmarks/run, which puts librosa's beside them.
//
// Usage: AudioBenchmark CLIP [NAME]

internal import AudioStages
internal import Foundation
internal import Media
internal import StageTiming
internal import Stages
internal import Tensors
internal import Workers

@main
enum Main {
    static func main() throws {
        guard (2...3).contains(CommandLine.arguments.count) else { throw Failure("usage: AudioBenchmark CLIP [NAME]") }
        // As the command line does it.
        Heap.keepsFreed()
        let media = Value.media(try MediaReader.digest(MediaLocation(path: CommandLine.arguments[1])))
        let load = try audioStages.stage("audio.load")
        let clip = try run(load, on: [media])
        try time("load") { _ = try run(load, on: [media]) }
        for (name, type, given) in parts {
            let stage = try audioStages.stage(type, given)
            try time(name) { _ = try run(stage, on: [clip]) }
        }
        let curves = try run(
            try audioStages.stage("audio.features", ["features": .array([.text("chroma_stft")])]), on: [clip])
        let powers = try run(try audioStages.stage("audio.spectrogram", ["power": .float(2)]), on: [clip])
        for (name, type, input) in [
            ("delta", "audio.delta", curves), ("tonnetz", "audio.tonnetz", curves),
            ("bspline", "features.bspline", curves), ("power_to_db", "audio.power_to_db", powers),
            ("spec_augment", "audio.spec_augment", powers),
        ] {
            let stage = try audioStages.stage(type)
            try time(name) { _ = try run(stage, on: [input]) }
        }
        let article = try Article()
        try time("article") { _ = try article.matrix(of: media) }
    }

    /// What is timed on its own: librosa's name, the type and its parameters.
    static let parts: [(String, String, [String: Canonical])] =
        [
            "mfcc", "mel_spectrogram", "zero_crossing_rate", "rms", "chroma_stft", "spectral_contrast",
            "spectral_centroid", "spectral_bandwidth", "spectral_rolloff", "spectral_flatness", "poly_features",
        ].map { ($0, "audio.features", ["features": .array([.text($0)])]) }
        + [
            ("pyin", "audio.pitch", ["method": .text("pyin")]), ("yin", "audio.pitch", ["method": .text("yin")]),
            ("stft", "audio.stft", [:]),
            ("add_noise", "audio.add_noise", ["noise_factor": .float(0.005)]),
            ("pitch_shift", "audio.pitch_shift", ["n_steps": .int(4)]),
            ("time_stretch", "audio.time_stretch", ["rate": .float(0.8)]), ("trim", "audio.trim", [:]),
            ("pre_emphasis", "audio.pre_emphasis", [:]), ("resample", "audio.resample", ["sample_rate": .int(16000)]),
            ("band_pass", "audio.band_pass", ["low": .float(100), "high": .float(3000)]),
            ("fix_length", "audio.fix_length", ["size": .int(60000)]), ("pad", "audio.pad", ["before": .float(0.5)]),
            ("gain", "audio.gain", ["gain": .float(-6)]), ("time_shift", "audio.time_shift", ["shift": .float(0.1)]),
            ("mix_noise", "audio.mix_noise", ["noise": .text("pink")]),
        ]
}

/// The article's whole audio step: a file, 8 variants, 34 columns, splines, side by side.
struct Article {
    private let load: any StageType
    private let variants: [any StageType]
    private let features: any StageType
    private let spline: any StageType

    init() throws {
        load = try audioStages.stage("audio.load")
        variants =
            [try audioStages.stage("audio.add_noise", ["noise_factor": .float(0.005)])]
            + (try [4, -6, 3].map { try audioStages.stage("audio.pitch_shift", ["n_steps": .int($0)]) })
            + (try [1.5, 2, 0.8, 0.5].map { try audioStages.stage("audio.time_stretch", ["rate": .float($0)]) })
        features = try audioStages.stage(
            "audio.features",
            [
                "features": .array([
                    .map(["mfcc": .map(["n_mfcc": .int(13)])]), .text("zero_crossing_rate"), .text("rms"),
                    .text("chroma_stft"), .text("spectral_contrast"),
                ])
            ])
        spline = try audioStages.stage("features.bspline")
    }

    func matrix(of media: Value) throws -> [[Double]] {
        let clip = try run(load, on: [media])
        // As the engine does it: what the stretches and shifts share is made once.
        var steps: Value?
        return try variants.map { variant in
            var known = [String: Value]()
            if variant is any CompositeStage { known["steps"] = steps }
            let signal = try run(variant, on: [clip], known: &known)
            steps = known["steps"] ?? steps
            guard case .tensor(let splines) = try run(spline, on: [try run(features, on: [signal])]) else { return [] }
            return splines.doubles() ?? []
        }
    }
}
