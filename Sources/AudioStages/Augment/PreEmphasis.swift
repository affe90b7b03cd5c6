// audio.pre_emphasis

internal import Stages
internal import Tensors

struct AudioPreEmphasis: MapStage {
    static let declaration = Declaration(
        "audio.pre_emphasis", revision: 1, kind: .map,
        summary: "Raise the high frequencies of a signal by a first-order filter.",
        documentation: """
            Sample n is y[n] − coef · y[n − 1]. Before the first sample there is the filter's state: the first result \
            is y[0] + zi, and without `zi` that is 2 · y[0] − y[1], the signal continued in a straight line. A signal of \
            one sample is taken to have stood still before.

            In double precision, rounded to the type of the input; each channel on its own. Type, axes and attributes \
            stay.

            Fails on: an empty signal, NaN or infinite samples, a result beyond the range of the type.

            Source: librosa 0.11, `librosa.effects.preemphasis`.
            """,
        inputs: [Waveform.port], output: "type, axes and attributes of the input", isCheap: true)

    struct Parameters: ParameterSet {
        var coefficient = 0.97
        var state: Double?

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "coef", \.coefficient, as: .float(.between(-1e6, 1e6)),
                    "share of the sample before that is taken away; 0 changes the first sample only"),
                Field(
                    "zi", \.state, as: .optional(.float(.between(-1e6, 1e6))),
                    "what is added to the first sample; null continues the signal in a straight line"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Waveform.signature(of: inputs) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        let (samples, coefficient) = (signal.samples, parameters.coefficient)
        var output = samples
        for index in 1..<max(1, samples.count) { output[index] = samples[index] - coefficient * samples[index - 1] }
        for start in stride(from: 0, to: samples.count, by: signal.frames) {
            let second = signal.frames > 1 ? samples[start + 1] : samples[start]
            output[start] = samples[start] + (parameters.state ?? 2 * samples[start] - second)
        }
        return try signal.replaced(by: output)
    }
}
