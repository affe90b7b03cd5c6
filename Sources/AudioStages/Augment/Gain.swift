// audio.gain

internal import Glibc
internal import Stages
internal import Tensors

struct AudioGain: MapStage {
    static let declaration = Declaration(
        "audio.gain", revision: 1, kind: .map,
        summary: "Make a signal louder or softer, by fixed or by random decibels.",
        documentation: """
            y · 10^(g / 20), where g is `gain`, or with `jitter` a uniform draw from gain − jitter to gain + jitter, one \
            for all samples of the clip, from its own stream. `{gain: -6}` halves every signal (nearly); `{gain: -3, \
            jitter: 9}` is −12 to +6 dB. Nothing is clipped.

            In double precision, rounded to the type of the input. Type, axes and attributes stay, so that `only: \
            train` can be said of it.

            Fails on: an empty signal, NaN or infinite samples, a result beyond the range of the type.
            """,
        inputs: [Waveform.port], output: "type, axes and attributes of the input", draws: true, arithmetic: [.libm],
        isCheap: true, tolerance: 1e-6)

    struct Parameters: ParameterSet {
        var gain = 0.0
        var jitter = 0.0

        static var fields: [Field<Parameters>] {
            [
                Field("gain", \.gain, as: .float(.between(-200, 200)), unit: "dB", isRequired: true, "how much louder"),
                Field(
                    "jitter", \.jitter, as: .float(.between(0, 200)), unit: "dB",
                    "how far the gain may be off, to either side; 0 draws nothing"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Waveform.signature(of: inputs) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        var gain = parameters.gain
        if parameters.jitter > 0 {
            var stream = input.stream
            gain += parameters.jitter * (2 * stream.uniform() - 1)
        }
        let factor = pow(10, gain / 20)
        return try signal.replaced(by: signal.samples.map { factor * $0 })
    }
}
