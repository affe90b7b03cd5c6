// audio.pad

internal import Signal
internal import Stages
internal import Tensors

struct AudioPad: MapStage {
    static let declaration = Declaration(
        "audio.pad", revision: 1, kind: .map,
        summary: "Continue a signal before its start and beyond its end.",
        documentation: """
            `mode` is that of numpy's `pad`: zeros (`constant`), the end sample repeated (`edge`), or the signal \
            mirrored at its end samples (`reflect` without repeating these, `symmetric` with them), as often as it \
            takes. Seconds are rounded to whole samples at the signal's rate, halves to even. The bits of the samples \
            stay, and so do type, axes and attributes.

            Fails on: an empty signal, NaN or infinite samples, seconds with an unknown sample rate.

            Source: numpy 2, `numpy.pad`.
            """,
        inputs: [Waveform.port], output: "type and attributes of the input, over more time", isCheap: true)

    struct Parameters: ParameterSet {
        enum Unit: String, CaseIterable, ParameterValue { case seconds, samples }

        var before = 0.0
        var after = 0.0
        var unit = Unit.seconds
        var mode = Padding.constant

        static var fields: [Field<Parameters>] {
            let lengths = ParameterKind.float(.between(0, Double(Waveform.longest)))
            return [
                Field("before", \.before, as: lengths, "how much at the start, in `unit`"),
                Field("after", \.after, as: lengths, "how much at the end, in `unit`"),
                Field("unit", \.unit, "what before and after count"),
                Field("mode", \.mode, "how the signal goes on beyond its ends"),
            ]
        }
    }

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        guard parameters.unit == .samples else { return }
        for (name, count) in [("before", parameters.before), ("after", parameters.after)]
        where Int(exactly: count) == nil {
            throw Problem(
                "expected a whole number of samples, got the number \(decimal(count))", at: [name],
                advice: "unit: seconds takes fractions")
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let size = inputs.first?.axes?.first { $0.name == "time" }?.size
        let added = parameters.unit == .samples ? Int(parameters.before) + Int(parameters.after) : nil
        return Waveform.signature(
            of: inputs, changesLength: true, length: size.flatMap { size in added.map { size + $0 } })
    }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        let isSamples = parameters.unit == .samples
        let before =
            isSamples ? Int(parameters.before) : try signal.count(seconds: parameters.before, "before")
        let after = isSamples ? Int(parameters.after) : try signal.count(seconds: parameters.after, "after")
        let length = before + signal.frames + after
        try Waveform.check(length: length)
        return signal.moved(to: length) { parameters.mode.source(of: $0 - before, count: signal.frames) }
    }
}
