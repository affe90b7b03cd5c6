// audio.spectrogram

internal import Stages
internal import Tensors

/// The part behind `audio.stft`.
struct SpectrumMagnitude: MapStage {
    static let declaration = Declaration(
        "audio.spectrum.magnitude", revision: 1, kind: .map,
        summary: "Magnitudes of a spectrum, to a power.",
        documentation: """
            |X|^power in float32. The attribute `power` tells features of a spectrum, which take it in place of \
            `audio.stft`'s output, what to undo.

            Source: librosa 0.11, `numpy.abs(librosa.stft(y)) ** power`.
            """,
        inputs: [
            Port(accepts: [.tensor], types: [.complex64], axes: ["time", "frequency"], "the output of audio.stft")
        ],
        output: "float32, axes (time, frequency); attributes of the input, and power", arithmetic: [.libm],
        tolerance: 1e-6)

    struct Parameters: ParameterSet {
        var power = 1.0
        static var fields: [Field<Parameters>] {
            [Field("power", \.power, as: .float(.above(0)), "exponent of the magnitudes: 1 energy, 2 power")]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, inputs.first?.axes)
    }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        var attributes = spectrum.attributes
        attributes["power"] = Int(exactly: parameters.power).map { .int($0) } ?? .float(parameters.power)
        return .tensor(
            Tensor(
                .float32(try spectrum.magnitudes(power: parameters.power)), shape: [spectrum.frames, spectrum.bins],
                axes: ["time", "frequency"], attributes: attributes))
    }
}

struct AudioSpectrogram: CompositeStage {
    static let declaration = Declaration(
        "audio.spectrogram", revision: 1, kind: .composite,
        summary: "Magnitudes of the short-time Fourier transform of a signal, to a power.",
        documentation: """
            `audio.stft` and `audio.spectrum.magnitude` in a row. The result is librosa's, turned: (time, frequency).

            Source: librosa 0.11, `numpy.abs(librosa.stft(y)) ** power`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "float32, axes (time, frequency); attributes sample_rate, n_fft, hop_length, power",
        arithmetic: [.fftw, .libm], tolerance: 1e-6)

    struct Parameters: HasStft {
        var stft = StftParameters()
        var magnitude = SpectrumMagnitude.Parameters()
        static var fields: [Field<Parameters>] { Field.all(of: \.magnitude) + stftFields }
    }

    let parameters: Parameters
    private let stft: AudioStft

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        stft = try AudioStft(AudioStft.Parameters(stft: parameters.stft))
    }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "stft", stage: stft, inputs: [.port(0)]),
                Part(name: "magnitude", stage: SpectrumMagnitude(parameters.magnitude), inputs: [.part("stft")]),
            ],
            output: "magnitude")
    }
}
