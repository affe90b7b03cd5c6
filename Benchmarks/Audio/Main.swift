// Times the stages of audio on one clip, in one thread, without engine and cache: a line for each, with its name and the
// median of its CPU seconds. For Benchmarks/run, which puts librosa's beside them.
//
// Usage: AudioBenchmark CLIP [NAME]

internal import AudioStages
internal import Foundation
internal import Media
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
        let load = try stage("audio.load")
        let clip = try run(load, on: [media])
        try time("load") { _ = try run(load, on: [media]) }
        for (name, type, given) in parts {
            let stage = try stage(type, given)
            try time(name) { _ = try run(stage, on: [clip]) }
        }
        let curves = try run(try stage("audio.features", ["features": .array([.text("chroma_stft")])]), on: [clip])
        let powers = try run(try stage("audio.spectrogram", ["power": .float(2)]), on: [clip])
        for (name, type, input) in [
            ("delta", "audio.delta", curves), ("tonnetz", "audio.tonnetz", curves),
            ("bspline", "features.bspline", curves), ("power_to_db", "audio.power_to_db", powers),
            ("spec_augment", "audio.spec_augment", powers),
        ] {
            let stage = try stage(type)
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

    static func stage(_ name: String, _ given: [String: Canonical] = [:]) throws -> any StageType {
        guard let type = audioStages[name] else { throw Failure("there is no \(name)") }
        return try type.init(given: given)
    }

    private static func time(_ name: String, _ body: () throws -> Void) throws {
        if let only = CommandLine.arguments.dropFirst(2).first, only != name { return }
        try body()
        var seconds = [Double]()
        let start = cpu()
        while seconds.count < 5 || (seconds.count < 41 && cpu() - start < 0.6) {
            let before = cpu()
            try body()
            seconds.append(cpu() - before)
        }
        print(name, seconds.sorted()[seconds.count / 2])
    }
}

/// Seconds of this thread.
func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// What a stage makes of values; the parts of a composite in order, each once.
func run(_ stage: any StageType, on inputs: [Value], known: inout [String: Value]) throws -> Value {
    if let map = stage as? any MapStage {
        return try map.apply(MapInput(values: inputs, stream: RandomStream(named: Digest(of: .null))))
    }
    guard let composite = stage as? any CompositeStage else { throw Failure("not a map") }
    let expansion = try composite.expand()
    for part in expansion.parts where known[part.name] == nil {
        let values = part.inputs.map { input in
            switch input {
            case .port(let index): inputs[index]
            case .part(let name): known[name] ?? .nothing
            }
        }
        known[part.name] = try run(part.stage, on: values)
    }
    return known[expansion.output] ?? .nothing
}

func run(_ stage: any StageType, on inputs: [Value]) throws -> Value {
    var known = [String: Value]()
    return try run(stage, on: inputs, known: &known)
}

/// The article's whole audio step: a file, 8 variants, 34 columns, splines, side by side.
struct Article {
    private let load: any StageType
    private let variants: [any StageType]
    private let features: any StageType
    private let spline: any StageType

    init() throws {
        load = try Main.stage("audio.load")
        variants =
            [try Main.stage("audio.add_noise", ["noise_factor": .float(0.005)])]
            + (try [4, -6, 3].map { try Main.stage("audio.pitch_shift", ["n_steps": .int($0)]) })
            + (try [1.5, 2, 0.8, 0.5].map { try Main.stage("audio.time_stretch", ["rate": .float($0)]) })
        features = try Main.stage(
            "audio.features",
            [
                "features": .array([
                    .map(["mfcc": .map(["n_mfcc": .int(13)])]), .text("zero_crossing_rate"), .text("rms"),
                    .text("chroma_stft"), .text("spectral_contrast"),
                ])
            ])
        spline = try Main.stage("features.bspline")
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
