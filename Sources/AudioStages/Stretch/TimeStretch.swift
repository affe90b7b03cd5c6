// audio.time_stretch

internal import Signal
internal import Stages
internal import Tensors

/// The parameters of `audio.time_stretch` and of its part.
struct TimeStretchParameters: HasStft {
    var rate = 1.0
    var stft = StftParameters()

    static var fields: [Field<TimeStretchParameters>] {
        [
            Field(
                "rate", \.rate, as: .float(.between(0.01, 100)), isRequired: true,
                "above 1 faster and shorter, below 1 slower and longer")
        ] + stftFields
    }
}

struct AudioTimeStretch: CompositeStage {
    static let declaration = Declaration(
        "audio.time_stretch", revision: 1, kind: .composite,
        summary: "Make a signal faster or slower at the same pitch.",
        documentation: """
            By a phase vocoder: `audio.phase_steps`, which stretches of one signal by several rates share, and \
            `audio.phase_steps.time_stretch`. Gives round(n / rate) samples, halves to even.

            librosa adds up phases in the signal's own precision, so that its float32 results drift by 1e-5 to 5e-3 from \
            exact ones; here they do not. float64 signals give librosa's result to 5e-9.

            Source: librosa 0.11, `librosa.effects.time_stretch`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "the signal's element type, axes (time); attribute sample_rate", arithmetic: [.fftw, .libm],
        tolerance: 1e-3)

    let parameters: TimeStretchParameters
    private let steps: AudioPhaseSteps

    init(_ parameters: TimeStretchParameters) throws(Problem) {
        self.parameters = parameters
        steps = try AudioPhaseSteps(AudioPhaseSteps.Parameters(stft: parameters.stft))
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { stretchedSignature(of: inputs) }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "steps", stage: steps, inputs: [.port(0)]),
                Part(name: "stretch", stage: PhaseStepsTimeStretch(parameters), inputs: [.part("steps")]),
            ],
            output: "stretch")
    }
}

struct PhaseStepsTimeStretch: MapStage {
    static let declaration = Declaration(
        "audio.phase_steps.time_stretch", revision: 1, kind: .map,
        summary: "A signal at another speed, from its phase steps.",
        documentation: """
            The part of `audio.time_stretch` behind `audio.phase_steps`: spectra at the times 0, rate, 2 · rate …, in frames, \
            with magnitudes interpolated linearly and phases that go on as they went there, and back to a signal. The \
            parameters of the transform are those of `audio.phase_steps`.

            Source: librosa 0.11, `librosa.phase_vocoder` and `librosa.istft`.
            """,
        inputs: [Port(accepts: [.bundle], "the output of audio.phase_steps")],
        output: "the signal's element type, axes (time); attribute sample_rate", arithmetic: [.fftw, .libm],
        tolerance: 1e-3)

    let parameters: TimeStretchParameters
    private let inverse: InverseShortTimeTransform

    init(_ parameters: TimeStretchParameters) {
        self.parameters = parameters
        inverse = parameters.stft.inverse()
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(nil, [Axis("time")])
    }

    func apply(_ input: MapInput) throws -> Value {
        let stepped = try SteppedSignal(input)
        let elements = try stepped.stretched(by: parameters.rate, inverse)
        return .tensor(
            Tensor(elements, shape: [elements.count], axes: ["time"], attributes: stepped.attributes))
    }
}
