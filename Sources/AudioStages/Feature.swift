// The features that `audio.features` can list: each is made of stage types of this library, with their parameters and
// with overrides of the shared transform.

internal import Signal
internal import Stages
internal import Tensors

/// A feature as a part of `audio.features`.
struct Feature: Sendable {
    let name: String
    let description: PartDescription
    /// Adds what computes it, from the parameters of the part.
    let add: @Sendable (_ given: [String: Canonical], _ parts: inout FeatureParts) throws(Problem) -> Void

    static let all: [Feature] = [
        Feature(SpectrumMfcc.self), Feature(SpectrumMelSpectrogram.self), Feature(AudioZeroCrossingRate.self),
        Feature(AudioRms.self), Feature(SpectrumChroma.self), Feature(SpectrumContrast.self),
        Feature(SpectrumCentroid.self), Feature(SpectrumBandwidth.self), Feature(SpectrumRolloff.self),
        Feature(SpectrumFlatness.self), Feature(SpectrumPoly.self), tonnetz, Feature(AudioPitch.self), delta,
    ]

    private init(
        _ name: String, _ summary: String, _ parameters: [ParameterDescription],
        add: @escaping @Sendable (_ given: [String: Canonical], _ parts: inout FeatureParts) throws(Problem) -> Void
    ) {
        self.name = name
        description = PartDescription(name: name, summary: summary, parameters: parameters)
        self.add = add
    }

    /// A feature that a stage type computes from a spectrum.
    init<Stage: SpectrumFeature>(_ type: Stage.Type) {
        let own = Stage.parameterDescriptions
        self.init(Stage.name, Stage.declaration.summary, own + StftOverride.descriptions) {
            given, parts throws(Problem) in
            let transform = try parts.transform(StftOverride(part: given))
            parts.append(Stage.name, try Stage(given: given.only(own.map(\.name))), of: [.part(transform)])
        }
    }

    /// A feature that a stage type computes from a signal.
    init<Stage: MapStage>(_ type: Stage.Type) {
        let declaration = Stage.declaration
        let name = declaration.name.split(separator: ".").last.map(String.init) ?? declaration.name
        let shared = Set(FramingOverride.descriptions.map(\.name))
        let own = Stage.parameterDescriptions
        let names = Set(own.map(\.name))
        let parameters =
            own.filter { !shared.contains($0.name) && $0.name != "sample_rate" }
            + FramingOverride.descriptions.filter { names.contains($0.name) }
        self.init(name, declaration.summary, parameters) { given, parts throws(Problem) in
            let own = given.filter { !shared.contains($0.key) }
            let framing = parts.shared.framing.merging(given.only(shared).filter { $0.value != .null }) { $1 }
            let stage = try Stage(given: own.merging(framing.only(names)) { $1 })
            parts.append(name, stage, of: [.port(0)])
        }
    }
}

extension Feature {
    /// Over a chroma of its own, which is one with a listed `chroma_stft` of the same parameters.
    private static let tonnetz = {
        let chroma = SpectrumChroma.parameterDescriptions
        return Feature(
            "tonnetz", AudioTonnetz.declaration.summary, chroma + StftOverride.descriptions
        ) { given, parts throws(Problem) in
            let transform = try parts.transform(StftOverride(part: given))
            parts.append(
                "tonnetz_chroma", try SpectrumChroma(given: given.only(chroma.map(\.name))), of: [.part(transform)],
                isColumn: false)
            parts.append("tonnetz", AudioTonnetz(NoParameters()), of: [.part("tonnetz_chroma")])
        }
    }()

    /// Of features that are listed before it, in one order or several.
    private static let delta = Feature(
        "delta", AudioDelta.declaration.summary, DeltaPart.descriptions
    ) { given, parts throws(Problem) in
        let part = try DeltaPart(given)
        let listed = parts.columns
        for name in part.of ?? [] where !listed.contains(name) {
            throw Problem(
                "\(name) is not listed before; before it stand \(listed.joined(separator: ", "))", at: ["of"],
                advice: nearest(to: name, among: listed).map { "did you mean \($0)?" } ?? "list \(name) before delta")
        }
        guard !listed.isEmpty else {
            throw Problem("there is no feature before it", advice: "list delta behind what it is the slope of")
        }
        guard !part.orders.isEmpty else { throw Problem("expected at least one order, got none", at: ["order"]) }
        for order in part.orders {
            let stage: AudioDelta
            do throws(Problem) {
                stage = try AudioDelta(AudioDelta.Parameters(width: part.width, order: order, mode: part.mode))
            } catch { throw Problem(error.message, at: [], advice: error.advice) }
            for name in part.of ?? listed {
                let label = order == 1 ? "\(name)_delta" : "\(name)_delta_\(order)"
                guard !parts.columns.contains(label) else { throw Problem("\(label) is there twice", at: ["order"]) }
                parts.append(label, stage, of: [.part(name)])
            }
        }
    }
}

/// The parameters of `delta` as a part.
private struct DeltaPart: ParameterSet {
    var of: [String]?
    var order = Canonical.int(1)
    var width = 9
    var mode = AudioDelta.Mode.interp

    var orders: [Int] { order.intValue.map { [$0] } ?? (order.arrayValue ?? []).compactMap(\.intValue) }

    static var fields: [Field<DeltaPart>] {
        let orders = ParameterKind.int(.between(1, 20))
        return [
            Field("of", \.of, "the features; null for all that are listed before"),
            Field(
                "order", \.order, as: .either([orders, .list(orders)]),
                "1 for the slope, 2 for how that changes …; or a list"
            ),
            Field(
                "width", \.width, as: .int(.between(3, 10_001)), unit: "frames",
                "frames that a polynomial is fitted to; odd"),
            Field("mode", \.mode, "what is done near the ends"),
        ]
    }
}

/// The parts of an `audio.features` as they come together.
struct FeatureParts {
    let shared: StftParameters
    private(set) var parts = [Part]()
    /// The parts that give columns, in their order.
    private(set) var columns = [String]()
    private var transforms = [[String: Canonical]: String]()

    init(shared: StftParameters) { self.shared = shared }

    /// The name of a transform, which features that want the same share.
    mutating func transform(_ override: StftOverride) throws(Problem) -> String {
        let stft = try AudioStft(override.applied(to: shared))
        if let known = transforms[stft.canonicalParameters] { return known }
        let name = transforms.isEmpty ? "stft" : "stft_\(transforms.count + 1)"
        transforms[stft.canonicalParameters] = name
        parts.append(Part(name: name, stage: stft, inputs: [.port(0)]))
        return name
    }

    mutating func append(_ name: String, _ stage: any StageType, of inputs: [Part.Input], isColumn: Bool = true) {
        parts.append(Part(name: name, stage: stage, inputs: inputs))
        if isColumn { columns.append(name) }
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
    init(part given: [String: Canonical]) throws(Problem) { try self.init(given.only(Self.descriptions.map(\.name))) }

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

/// Parameters of framing that one feature wants otherwise.
struct FramingOverride: ParameterSet {
    var length: Int?
    var hop: Int?
    var isCentred: Bool?
    var padding: Padding?

    static var fields: [Field<FramingOverride>] {
        let kind = ParameterKind.optional(.int(.between(1, Double(StftParameters.largestSize))))
        return [
            Field("frame_length", \.length, as: kind, unit: "samples", "length of a frame; null is n_fft"),
            Field("hop_length", \.hop, as: kind, unit: "samples", "from frame to frame; null as for all features"),
            Field("center", \.isCentred, "whether frames are centred; null as for all features"),
            Field("pad_mode", \.padding, "what lies beyond the ends; null as for all features"),
        ]
    }
}

extension StftParameters {
    /// What features of samples take over from the transform, by their parameters' names.
    fileprivate var framing: [String: Canonical] {
        [
            "frame_length": .int(size), "hop_length": .int(hop ?? max(1, (windowLength ?? size) / 4)),
            "center": .bool(isCentred), "pad_mode": padding.canonical, "sample_rate": sampleRate.canonical,
        ]
    }
}

extension [String: Canonical] {
    fileprivate func only(_ names: some Collection<String>) -> [String: Canonical] { filter { names.contains($0.key) } }
}
