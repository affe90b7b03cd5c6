// audio.fix_length

internal import Signal
internal import Stages
internal import Tensors

struct AudioFixLength: MapStage {
    static let declaration = Declaration(
        "audio.fix_length", revision: 1, kind: .map,
        summary: "Cut a signal, or pad it at its end, to a given length.",
        documentation: """
            Gives the first `size` samples, or those of `duration` seconds, rounded to whole samples at the signal's \
            rate, halves to even; a shorter signal is continued at its end by `mode`, numpy's: zeros (`constant`), the \
            last sample repeated (`edge`), or the signal mirrored (`reflect`, `symmetric`). The bits of the samples \
            stay, and so do type, axes and attributes.

            Fails on: an empty signal, NaN or infinite samples, a duration with an unknown sample rate or of no \
            sample.

            Source: librosa 0.11, `librosa.util.fix_length`.
            """,
        inputs: [Waveform.port], output: "type and attributes of the input, over size samples", isCheap: true)

    struct Parameters: ParameterSet {
        var size: Int?
        var duration: Double?
        var mode = Padding.constant

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "size", \.size, as: .optional(.int(.between(1, Double(Waveform.longest)))), unit: "samples",
                    "the length; null where duration gives it"),
                Field(
                    "duration", \.duration, as: .optional(.float(Bounds(lower: 0, upper: 1e6, isLowerOpen: true))),
                    unit: "s", "the length; null where size gives it"),
                Field("mode", \.mode, "how a shorter signal goes on beyond its end"),
            ]
        }
    }

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        switch (parameters.size, parameters.duration) {
        case (nil, nil):
            throw Problem(
                "expected a size in samples or a duration in seconds, got neither", at: ["size"],
                advice: "give one of them")
        case (_?, _?):
            throw Problem("expected a size or a duration, got both", at: ["duration"], advice: "leave one of them out")
        default: break
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        Waveform.signature(of: inputs, changesLength: true, length: parameters.size)
    }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        var length = parameters.size ?? 0
        if let duration = parameters.duration {
            length = try signal.count(seconds: duration, "duration")
            if length == 0 { throw Failure("duration is \(decimal(duration)) s, which is less than half a sample") }
        }
        return signal.moved(to: length) { parameters.mode.source(of: $0, count: signal.frames) }
    }
}
