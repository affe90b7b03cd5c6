// audio.pitch_shift

internal import Glibc
internal import Signal
internal import Stages
internal import Tensors

/// The parameters of `audio.pitch_shift` and of its part.
struct PitchShiftParameters: HasStft {
    var steps = 0.0
    var stepsPerOctave = 12
    var stft = StftParameters()

    /// Octaves, either way: beyond them a vocoder gives nothing that could be listened to, and takes ever more memory.
    private static let mostOctaves = 4.0

    static var fields: [Field<PitchShiftParameters>] {
        [
            Field("n_steps", \.steps, isRequired: true, "how many steps up, or down where negative; fractions too"),
            Field(
                "bins_per_octave", \.stepsPerOctave, as: .int(.between(1, 1200)), "steps an octave: 12 are semitones"),
        ] + stftFields
    }

    func check() throws(Problem) {
        let octaves = steps / Double(stepsPerOctave)
        guard abs(octaves) <= Self.mostOctaves else {
            throw Problem(
                "expected a shift of at most \(Int(Self.mostOctaves)) octaves either way (\(4 * stepsPerOctave) steps at "
                    + "bins_per_octave: \(stepsPerOctave)), got \(decimal(steps))", at: ["n_steps"])
        }
    }

    /// By how much the signal is stretched before it is resampled.
    var rate: Double { pow(2, -steps / Double(stepsPerOctave)) }
}

struct AudioPitchShift: CompositeStage {
    static let declaration = Declaration(
        "audio.pitch_shift", revision: 1, kind: .composite,
        summary: "Raise or lower the pitch of a signal at the same length.",
        documentation: """
            Stretched by a phase vocoder at rate 2^(−n_steps / bins_per_octave), resampled back by libsoxr at quality HQ, cut \
            or filled with zeros to the signal's length: `audio.phase_steps`, which shifts and stretches of one signal \
            share, and `audio.phase_steps.pitch_shift`.

            librosa adds up phases in the signal's own precision, so that its float32 results drift by 1e-4 to 3e-3 from \
            exact ones; here they do not.

            Fails on: a shift by more than 4 octaves, an empty signal, NaN or infinite samples.

            Source: librosa 0.11, `librosa.effects.pitch_shift` with `res_type="soxr_hq"`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "the signal's element type, axes (time), the signal's length; attribute sample_rate",
        arithmetic: [.fftw, .libm, .soxr], tolerance: 1e-3)

    let parameters: PitchShiftParameters
    private let steps: AudioPhaseSteps
    private let shift: PhaseStepsPitchShift

    init(_ parameters: PitchShiftParameters) throws(Problem) {
        self.parameters = parameters
        steps = try AudioPhaseSteps(AudioPhaseSteps.Parameters(stft: parameters.stft))
        shift = try PhaseStepsPitchShift(parameters)
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { stretchedSignature(of: inputs) }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "steps", stage: steps, inputs: [.port(0)]),
                Part(name: "shift", stage: shift, inputs: [.part("steps")]),
            ],
            output: "shift")
    }
}

struct PhaseStepsPitchShift: MapStage {
    static let declaration = Declaration(
        "audio.phase_steps.pitch_shift", revision: 1, kind: .map,
        summary: "A signal at another pitch, from its phase steps.",
        documentation: """
            The part of `audio.pitch_shift` behind `audio.phase_steps`. The parameters of the transform are those of \
            `audio.phase_steps`.

            Source: librosa 0.11, `librosa.effects.pitch_shift`.
            """,
        inputs: [Port(accepts: [.bundle], "the output of audio.phase_steps")],
        output: "the signal's element type, axes (time), the signal's length; attribute sample_rate",
        arithmetic: [.fftw, .libm, .soxr], tolerance: 1e-3)

    let parameters: PitchShiftParameters
    private let inverse: InverseShortTimeTransform

    init(_ parameters: PitchShiftParameters) throws(Problem) {
        self.parameters = parameters
        try parameters.check()
        inverse = parameters.stft.inverse()
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(nil, [Axis("time")])
    }

    func apply(_ input: MapInput) throws -> Value {
        let stepped = try SteppedSignal(input)
        let rate = parameters.rate
        let stretched = try stepped.stretched(by: rate, inverse)
        let elements: Elements
        switch stretched {
        case .float64(let signal):
            elements = .float64(try shifted(signal.map { Float($0) }, stepped, rate).map(Double.init))
        case .float32(let signal): elements = .float32(try shifted(signal, stepped, rate))
        default: throw Failure("expected float32 or float64")
        }
        return .tensor(Tensor(elements, shape: [elements.count], axes: ["time"], attributes: stepped.attributes))
    }

    private func shifted(_ signal: [Float], _ stepped: SteppedSignal, _ rate: Double) throws(Failure) -> [Float] {
        var result = try resampled(signal, from: stepped.sampleRate / rate, to: stepped.sampleRate)
        if result.count > stepped.samples { result.removeLast(result.count - stepped.samples) }
        result += repeatElement(0, count: stepped.samples - result.count)
        return result
    }
}
