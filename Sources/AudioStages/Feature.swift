// The features that `audio.features` can list: each is a stage type over a spectrum, under the last word of its name,
// with its own parameters and the transform's as overrides.

internal import Signal
internal import Stages
internal import Tensors

/// A feature as a part of `audio.features`.
struct Feature: Sendable {
    let name: String
    let description: PartDescription
    /// The stage, from the parameters of the part.
    let stage: @Sendable ([String: Canonical]) throws(Problem) -> any StageType

    static let all: [Feature] = [Feature(SpectrumMfcc.self)]

    /// A feature that a stage type computes from a spectrum.
    init<Stage: MapStage>(_ type: Stage.Type) {
        let declaration = Stage.declaration
        let own = Stage.parameterDescriptions
        name = declaration.name.split(separator: ".").last.map(String.init) ?? declaration.name
        description = PartDescription(
            name: name, summary: declaration.summary, parameters: own + StftOverride.descriptions)
        stage = { given throws(Problem) in
            let names = Set(own.map(\.name))
            return try Stage(given: given.filter { names.contains($0.key) })
        }
    }
}

/// Parameters of the transform that one feature wants otherwise.
struct StftOverride: ParameterSet {
    var size: Int?
    var hop: Int?
    var windowLength: Int?
    var window: Window?
    var isCentred: Bool?
    var padding: Padding?

    static var fields: [Field<StftOverride>] {
        func kind(_ lower: Double) -> ParameterKind {
            .optional(.int(.between(lower, Double(StftParameters.largestSize))))
        }
        return [
            Field("n_fft", \.size, as: kind(2), unit: "samples", "length of a frame; null as for all features"),
            Field("hop_length", \.hop, as: kind(1), unit: "samples", "from frame to frame; null as for all features"),
            Field(
                "win_length", \.windowLength, as: kind(1), unit: "samples",
                "length of the window; null as for all features"),
            Field("window", \.window, "shape of the window; null as for all features"),
            Field("center", \.isCentred, "whether frames are centred; null as for all features"),
            Field("pad_mode", \.padding, "what lies beyond the ends; null as for all features"),
        ]
    }

    init() {}

    /// From the parameters of a part, among which there are others.
    init(part given: [String: Canonical]) throws(Problem) {
        let names = Set(Self.descriptions.map(\.name))
        try self.init(given.filter { names.contains($0.key) })
    }

    func applied(to shared: StftParameters) -> AudioStft.Parameters {
        var stft = shared
        if let size { stft.size = size }
        if let hop { stft.hop = hop }
        if let windowLength { stft.windowLength = windowLength }
        if let window { stft.window = window }
        if let isCentred { stft.isCentred = isCentred }
        if let padding { stft.padding = padding }
        return AudioStft.Parameters(stft: stft)
    }
}
