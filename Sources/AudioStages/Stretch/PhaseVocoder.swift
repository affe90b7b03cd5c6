// audio.phase_vocoder

internal import Signal
internal import Stages
internal import Tensors

struct AudioPhaseVocoder: MapStage {
    static let declaration = Declaration(
        "audio.phase_vocoder", revision: 1, kind: .map,
        summary: "A spectrum at another speed.",
        documentation: """
            Spectra at the times 0, rate, 2 · rate …, in frames: ⌈frames / rate⌉ of them, with magnitudes interpolated \
            linearly and phases that go on as they went there. Behind the last frame lies silence.

            Source: librosa 0.11, `librosa.phase_vocoder`, in double precision.
            """,
        inputs: [
            Port(accepts: [.tensor], types: [.complex64], axes: ["time", "frequency"], "the output of audio.stft")
        ],
        output: "complex64, axes (time, frequency); attributes of the input", arithmetic: [.libm], isTransient: true,
        tolerance: 1e-4)

    struct Parameters: ParameterSet {
        var rate = 1.0
        static var fields: [Field<Parameters>] {
            [
                Field(
                    "rate", \.rate, as: .float(.between(0.01, 100)), isRequired: true,
                    "above 1 faster and shorter, below 1 slower and longer")
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.complex64, [Axis("time"), Axis("frequency", size: inputs.first?.axes?.last?.size)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        guard case .complex64(let values) = tensor.elements, tensor.axes == ["time", "frequency"], !values.isEmpty,
            values.allSatisfy({ $0.real.isFinite && $0.imaginary.isFinite })
        else {
            throw Failure(
                "expected the output of audio.stft, complex64 (time, frequency), finite and with at least one frame, got "
                    + Value.tensor(tensor).phrase)
        }
        let bins = tensor.shape[1]
        let steps = PhaseSteps<Double>(
            real: values.map { Double($0.real) }, imaginary: values.map { Double($0.imaginary) }, bins: bins)
        let parts = steps.spectra(at: parameters.rate)
        let result = (0..<parts.count / 2).map { Complex64(Float(parts[2 * $0]), Float(parts[2 * $0 + 1])) }
        return .tensor(
            Tensor(
                .complex64(result), shape: [result.count / bins, bins], axes: ["time", "frequency"],
                attributes: tensor.attributes))
    }
}
