// Stand-ins for the stage types that fuse face and voice, with which a spec of the whole language can be read, and that
// spec.

import Stages
import Tensors

@testable import Spec

let designCatalogue: Catalogue = {
    let types: [any StageType.Type] = [
        Films.self, Curves.self, AddNoise.self, PitchShift.self, TimeStretch.self, Spline.self, Fusion.self,
        Stack.self, Decode.self, Tucker.self,
    ]
    let names = types.map { $0.declaration.name }
    return Catalogue(testCatalogue.types.filter { !names.contains($0.declaration.name) } + types)
}()

let designSpec = """
    martlet: 1
    name: ravdess-fusion
    description: Emotion from face and voice
    seed: 7

    params:
      root: data/ravdess

    stages:
      clips:
        uses: ravdess.clips
        with: {root: "${root}", modality: audio_video, channel: speech}

      voice: {uses: audio.load, in: clips, with: {sample_rate: 22050}}
      variants:
        in: voice
        branches:
          noise: {uses: audio.add_noise, with: {noise_factor: 0.005}}
          up_4:  {uses: audio.pitch_shift, with: {n_steps: 4}}
          slow:  {uses: audio.time_stretch, with: {rate: 0.8}}
          raw:   {}
      curves:
        in: variants
        steps:
          - {uses: audio.features, with: {features: [{mfcc: {n_mfcc: 13}}, zero_crossing_rate, rms, chroma_stft, spectral_contrast]}}
          - {as: spline, uses: features.bspline, with: {n_knots: 12, order: 4}}
          - {uses: tensor.concat, with: {axis: feature}}
      voice_tucker: {uses: decompose.partial_tucker, in: curves, with: {ranks: {time: 10, feature: 150}}}

      frames: {uses: video.decode, in: clips, with: {scale: 1/3, n_frames: 50}}
      hog:    {uses: video.hog3d, in: frames, with: {cell: {height: 5, width: 6, time: 5}, n_bins: 9}}
      face_tucker: {uses: decompose.partial_tucker, in: hog, with: {ranks: {height: 8, width: 8, time: 3, angle: 1}}}

      features: {uses: tensor.concat, in: [face_tucker, voice_tucker], with: {flatten: true}}
      scaled:   {uses: scale.standard, in: features}
      classifier:
        in: scaled
        cases:
          mlp: {uses: classify.mlp, with: {hidden_layer_sizes: [250, 500, 100], alpha: 0.07}}
          svm: {uses: classify.svm, with: {C: 10}}
          forest: {uses: classify.random_forest, with: {n_estimators: 500}}
        default: mlp
      scores: {uses: evaluate.classification, in: classifier}

    target: emotion
    group: actor
    split: {uses: split.group_k_fold, with: {n_splits: 6, stratify: true}}
    repeats: 1

    sweep:
      grid:
        hog.n_bins: [6, 9, 12]
        face_tucker.ranks.height: [4, 8, 12]
        classifier: [mlp, svm, forest]

    """

struct Films: SourceStage {
    struct Parameters: ParameterSet {
        var root = ""
        var modality = "audio"
        var channel = "speech"
        static var fields: [Field<Parameters>] {
            [
                Field("root", \.root, as: .location, isRequired: true, "where the clips lie"),
                Field("modality", \.modality, as: .choice(["audio", "audio_video"]), "which of them"),
                Field("channel", \.channel, as: .choice(["speech", "song"]), "which of them"),
            ]
        }
    }
    static let declaration = Declaration(
        "ravdess.clips", revision: 1, kind: .source, summary: "Clips.", output: "media")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .media }
    func list() throws -> Listing { Listing(items: [], signature: .media) }
}

struct Curves: CompositeStage {
    static let parts = ["zero_crossing_rate", "rms", "chroma_stft", "spectral_contrast"].map {
        PartDescription(name: $0, summary: $0, parameters: [])
    }
    struct Parameters: ParameterSet {
        var features = Canonical.array([])
        static var fields: [Field<Parameters>] {
            let mfcc = PartDescription(name: "mfcc", summary: "MFCC.", parameters: Mfcc.parameterDescriptions)
            return [Field("features", \.features, as: .parts([mfcc] + parts), isRequired: true, "which features")]
        }
    }
    static let declaration = Declaration(
        "audio.features", revision: 1, kind: .composite, summary: "Features.",
        inputs: [Port(accepts: [.tensor], axes: ["time"], "a signal")], output: "(time, feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func expand() throws(Problem) -> Expansion {
        Expansion(parts: [Part(name: "mfcc", stage: try Mfcc(given: [:]), inputs: [.port(0)])], output: "mfcc")
    }
}

/// A signal → a signal.
protocol Augmentation: StillMap {}
extension Augmentation {
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32, [Axis("time")]) }
}

struct AddNoise: Augmentation {
    struct Parameters: ParameterSet {
        var factor = 0.01
        static var fields: [Field<Parameters>] {
            [Field("noise_factor", \.factor, as: .float(.atLeast(0)), "how loud")]
        }
    }
    static let declaration = Declaration(
        "audio.add_noise", revision: 1, kind: .map, summary: "Noise.",
        inputs: [Port(accepts: [.tensor], axes: ["time"], "a signal")], output: "(time)", draws: true)
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
}

struct PitchShift: Augmentation {
    struct Parameters: ParameterSet {
        var steps = 1.0
        static var fields: [Field<Parameters>] { [Field("n_steps", \.steps, as: .float(.any), "how far")] }
    }
    static let declaration = Declaration(
        "audio.pitch_shift", revision: 1, kind: .map, summary: "Pitch.",
        inputs: [Port(accepts: [.tensor], axes: ["time"], "a signal")], output: "(time)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
}

struct TimeStretch: Augmentation {
    struct Parameters: ParameterSet {
        var rate = 1.0
        static var fields: [Field<Parameters>] { [Field("rate", \.rate, as: .float(.above(0)), "how fast")] }
    }
    static let declaration = Declaration(
        "audio.time_stretch", revision: 1, kind: .map, summary: "Stretch.",
        inputs: [Port(accepts: [.tensor], axes: ["time"], "a signal")], output: "(time)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
}

struct Spline: StillMap {
    struct Parameters: ParameterSet {
        var knots = 10
        var order = 4
        static var fields: [Field<Parameters>] {
            [
                Field("n_knots", \.knots, as: .int(.atLeast(1)), "knots"),
                Field("order", \.order, as: .int(.atLeast(1)), "the order"),
            ]
        }
    }
    static let declaration = Declaration(
        "features.bspline", revision: 1, kind: .map, summary: "Splines.",
        inputs: [Port(accepts: [.tensor], axes: ["time", "feature"], "curves")], output: "(time, feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }
}

struct Fusion: StillMap {
    struct Parameters: ParameterSet {
        var axis = "feature"
        var flatten = false
        static var fields: [Field<Parameters>] {
            [
                Field("axis", \.axis, as: .axis, "along which"),
                Field("flatten", \.flatten, "whether to flatten first"),
            ]
        }
    }
    static let declaration = Declaration(
        "tensor.concat", revision: 1, kind: .map, summary: "Concat.",
        inputs: [Port(accepts: [.tensor], isList: true, joinsBranches: true, "tensors")], output: "tensor")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        for axes in inputs.compactMap(\.axes) where !axes.contains(where: { $0.name == parameters.axis }) {
            throw Problem("an input has no axis \(parameters.axis)", at: ["axis"])
        }
        return parameters.flatten ? .tensor(nil, [Axis("feature")]) : .tensor(nil, nil)
    }
}

struct Stack: RowsStage {
    struct Parameters: ParameterSet {
        var plain = ""
        static var fields: [Field<Parameters>] { [Field("plain", \.plain, isRequired: true, "the plain branch")] }
    }
    static let declaration = Declaration(
        "samples.stack", revision: 1, kind: .rows, summary: "Stack.",
        inputs: [Port(joinsBranches: true, "a branch set")], output: "rows")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }
    func rows(of tables: [RowTable]) throws -> [RowReference] { [] }
}

struct Decode: StillMap {
    struct Parameters: ParameterSet {
        var scale = 1.0
        var frames = 10
        static var fields: [Field<Parameters>] {
            [
                Field("scale", \.scale, as: .float(.above(0)), "how large"),
                Field("n_frames", \.frames, as: .int(.atLeast(1)), "how many"),
            ]
        }
    }
    static let declaration = Declaration(
        "video.decode", revision: 1, kind: .map, summary: "Frames.", inputs: [Port(accepts: [.media], "a file")],
        output: "frames", isTransient: true)
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .unknown }
}

struct Tucker: StillFitted {
    struct Parameters: ParameterSet {
        var ranks = [String: Int]()
        static var fields: [Field<Parameters>] {
            [Field("ranks", \.ranks, as: .map(.int(.atLeast(1))), isRequired: true, "the ranks")]
        }
    }
    static let declaration = Declaration(
        "decompose.partial_tucker", revision: 1, kind: .fitted, summary: "Tucker.",
        inputs: [Port(accepts: [.tensor], "tensors")], output: "tensor")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float32) }
}
