// audio.time_shift

internal import Stages
internal import Tensors

struct AudioTimeShift: MapStage {
    static let declaration = Declaration(
        "audio.time_shift", revision: 1, kind: .map,
        summary: "Move a signal in time, by a fixed or a random number of samples.",
        documentation: """
            A positive shift moves the sound to later, a negative one to earlier; the length stays. `mode: zero` fills \
            what becomes free with zeros and drops what is moved out, `mode: roll` puts it in at the other end. \
            Without `shift` a whole number of samples is drawn from −max_shift to max_shift, all as likely, from the \
            clip's own stream; all channels move together.

            Seconds are rounded to whole samples at the signal's rate, halves to even. The bits of the samples stay, \
            and so do type, axes and attributes, so that `only: train` can be said of it.

            Fails on: an empty signal, NaN or infinite samples, an unknown sample rate.
            """,
        inputs: [Waveform.port], output: "type, axes and attributes of the input", draws: true, isCheap: true)

    struct Parameters: ParameterSet {
        enum Mode: String, CaseIterable, ParameterValue { case zero, roll }

        var shift: Double?
        var largest = 0.1
        var mode = Mode.zero

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "shift", \.shift, as: .optional(.float(.between(-1e6, 1e6))), unit: "s",
                    "how far; null draws it up to max_shift"),
                Field(
                    "max_shift", \.largest, as: .float(.between(0, 1e6)), unit: "s",
                    "the furthest of a random shift, to either side"),
                Field("mode", \.mode, "what comes in at the free end: zeros, or what was moved out"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { Waveform.signature(of: inputs) }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        let shift: Int
        if let seconds = parameters.shift {
            shift = try signal.count(seconds: seconds, "shift")
        } else {
            let largest = try signal.count(seconds: parameters.largest, "max_shift")
            var stream = input.stream
            shift = stream.index(below: 2 * largest + 1) - largest
        }
        let frames = signal.frames
        return signal.moved(to: frames) { position in
            let source = position - shift
            switch parameters.mode {
            case .zero: return source >= 0 && source < frames ? source : nil
            case .roll: return (source % frames + frames) % frames
            }
        }
    }
}
