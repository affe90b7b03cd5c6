// audio.add_noise

internal import Stages
internal import Tensors

struct AudioAddNoise: MapStage {
    static let declaration = Declaration(
        "audio.add_noise", revision: 1, kind: .map,
        summary: "Add white noise of a fixed amplitude to a signal.",
        documentation: """
            y + noise_factor · N(0, 1), a draw for each sample of each channel from the clip's own stream: another seed \
            gives other noise, and neither the number of workers nor other clips change it. For noise at a given \
            distance from each signal's own power see `audio.mix_noise`.

            Drawn and added in double precision, then rounded to the type of the input; the same bits on every \
            processor. Type, axes and attributes stay, so that `only: train` can be said of it.

            Fails on: an empty signal, NaN or infinite samples, a result beyond the range of the type.

            Source: the first of the eight variants of "Classifying Emotions from Videos" (2024); Box and Muller 1958.
            """,
        inputs: [Waveform.port], output: "type, axes and attributes of the input", draws: true)

    struct Parameters: ParameterSet {
        var factor = 0.005

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "noise_factor", \.factor, as: .float(.between(0, 1e6)),
                    "standard deviation of the noise; a full scale signal is −1 to 1")
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Waveform.signature(of: inputs) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        var stream = input.stream
        return try signal.replaced(
            by: sum(
                signal.samples, NormalNoise.values(signal.samples.count, from: &stream), factor: parameters.factor))
    }
}

/// signal + factor · noise, of equal lengths; the noise's own room takes the result.
func sum(_ signal: [Double], _ noise: consuming [Double], factor: Double) -> [Double] {
    for index in 0..<min(signal.count, noise.count) { noise[index] = signal[index] + factor * noise[index] }
    return noise
}
