// Features of a spectrum: each is a stage type `audio.spectrum.NAME` over the output of `audio.stft`, a part that
// `audio.features` can list, and, with the transform before it, a stage type `audio.NAME` over a signal.

internal import Signal
internal import Stages
internal import Tensors

/// A stage that computes a feature, frame by frame, from a spectrum: (time, frequency) → (time, feature).
protocol SpectrumFeature: MapStage {
    /// The last word of the names, as in `audio.features`.
    static var name: String { get }
    static var revision: Int { get }
    /// What it is, without "of a spectrum": the noun phrase of one line.
    static var subject: String { get }
    /// Formula, units, ranges, errors, source.
    static var documentation: String { get }
    /// The labels, as a person reads them: `mfcc_0 …`.
    static var labelPhrase: String { get }
    static var arithmetic: Set<NumericLibrary> { get }
    static var tolerance: Double? { get }
    /// Whether phases are not looked at, so that a spectrogram will do.
    static var takesMagnitudes: Bool { get }
    var labels: [String] { get }
}

extension SpectrumFeature {
    static var revision: Int { 1 }
    static var arithmetic: Set<NumericLibrary> { [] }
    static var tolerance: Double? { nil }
    static var takesMagnitudes: Bool { true }

    static var declaration: Declaration {
        Declaration(
            "audio.spectrum.\(name)", revision: revision, kind: .map, summary: "\(subject) of a spectrum.",
            documentation: documentation,
            inputs: [
                Port(
                    accepts: [.tensor], types: takesMagnitudes ? [.complex64, .float32] : [.complex64],
                    axes: ["time", "frequency"],
                    takesMagnitudes ? "the output of audio.stft or audio.spectrogram" : "the output of audio.stft")
            ],
            output: "float32, axes (time, feature), labels \(labelPhrase); attributes of the input",
            arithmetic: arithmetic, isWorthKeeping: true, tolerance: tolerance)
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time", size: inputs.first?.axes?.first?.size), Axis("feature", labels: labels)])
    }
}

/// `audio.stft` and a feature of a spectrum in a row, as a stage over a signal.
struct OfSignal<Feature: SpectrumFeature>: CompositeStage {
    static var declaration: Declaration {
        Declaration(
            "audio.\(Feature.name)", revision: Feature.revision, kind: .composite,
            summary: "\(Feature.subject) of a signal.",
            documentation: """
                `audio.stft` (hop_length 512 by default) and `audio.spectrum.\(Feature.name)` in a row. The result is \
                librosa's, turned: (time, feature).

                \(Feature.documentation)
                """,
            inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
            output: "float32, axes (time, feature), labels \(Feature.labelPhrase); attributes sample_rate, n_fft, "
                + "hop_length", arithmetic: Feature.arithmetic.union([.fftw, .libm]),
            tolerance: max(1e-6, Feature.tolerance ?? 0))
    }

    struct Parameters: HasStft {
        var stft = StftParameters(hop: 512)
        var feature = Feature.Parameters()
        static var fields: [Field<Parameters>] { Field.all(of: \.feature) + stftFields }
    }

    let parameters: Parameters
    private let stft: AudioStft
    private let feature: Feature

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        stft = try AudioStft(AudioStft.Parameters(stft: parameters.stft))
        feature = try Feature(parameters.feature)
    }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "stft", stage: stft, inputs: [.port(0)]),
                Part(name: Feature.name, stage: feature, inputs: [.part("stft")]),
            ],
            output: Feature.name)
    }
}
