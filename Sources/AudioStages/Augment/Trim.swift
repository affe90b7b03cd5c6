// audio.trim

internal import Glibc
internal import Stages
internal import Tensors

struct AudioTrim: MapStage {
    static let declaration = Declaration(
        "audio.trim", revision: 1, kind: .map,
        summary: "Cut silence from the start and the end of a signal.",
        documentation: """
            Frames of frame_length samples, centred on every hop_length-th one with zeros beyond the ends, are loud \
            where their root mean square lies less than `top_db` below `ref` (the loudest frame's by default). What \
            stays goes from the centre of the first loud frame to one hop behind the centre of the last. Amplitudes \
            below 1e-5 count as 1e-5, so that digital silence is kept whole. Of several channels the loudest decides, \
            and all are cut alike.

            The attribute `trim_start` says how many samples were cut from the start. The bits of the samples stay, and \
            so do type, axes and the other attributes.

            Fails on: an empty signal, NaN or infinite samples, and where no frame is loud, which only a `ref` of one's \
            own can bring about.

            Source: librosa 0.11, `librosa.effects.trim`; means of squares in double precision.
            """,
        inputs: [Waveform.port],
        output: "type and axes of the input, over less time; attribute trim_start", arithmetic: [.libm],
        isCheap: true, tolerance: 1e-6)

    struct Parameters: ParameterSet {
        var range = 60.0
        var reference = Decibels.Reference.max
        var frame = 2048
        var hop = 512

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "top_db", \.range, as: .float(.above(0)), unit: "dB",
                    "how far below the reference a frame is still loud"),
                Field(
                    "ref", \.reference, as: Decibels.Reference.kind,
                    "the amplitude that is 0 dB, or max for that of the loudest frame"),
                Field(
                    "frame_length", \.frame, as: .int(.between(1, Double(StftParameters.largestSize))),
                    unit: "samples", "length of a frame"),
                Field(
                    "hop_length", \.hop, as: .int(.between(1, 0x1p31)), unit: "samples",
                    "from one frame to the next"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        Waveform.signature(of: inputs, changesLength: true)
    }

    func apply(_ input: MapInput) throws -> Value {
        let signal = try Waveform(input)
        let loud = try interval(of: signal)
        return signal.moved(to: loud.count, adding: ["trim_start": .int(loud.lowerBound)]) { loud.lowerBound + $0 }
    }

    /// What stays, in samples.
    func interval(of signal: Waveform) throws(Failure) -> Range<Int> {
        let least = 1e-10
        let powers = powers(of: signal)
        guard powers.allSatisfy(\.isFinite) else {
            throw Failure("the power of the signal is beyond the range of float64", advice: "scale the signal down")
        }
        let reference: Double =
            switch parameters.reference {
            case .power(let amplitude): amplitude * amplitude
            case .max: powers.max() ?? 0
            }
        let zero = 10 * log10(max(least, reference))
        let isLoud = powers.map { 10 * log10(max(least, $0)) - zero > -parameters.range }
        guard let first = isLoud.firstIndex(of: true), let last = isLoud.lastIndex(of: true) else {
            throw Failure(
                "no frame of the signal is loud: all lie \(decimal(parameters.range)) dB or more below ref",
                advice: "raise top_db, or lower ref")
        }
        let start = first * parameters.hop
        guard start < signal.frames else {
            throw Failure(
                "the only loud frame is centred on the end of the signal, so that nothing would stay",
                advice: "lower hop_length, or raise frame_length")
        }
        return start..<min(signal.frames, (last + 1) * parameters.hop)
    }

    /// The mean square of each frame, of its loudest channel.
    private func powers(of signal: Waveform) -> [Double] {
        let (length, margin) = (parameters.frame, parameters.frame / 2)
        let count = 1 + (signal.frames + 2 * margin - length) / parameters.hop
        let silence = [Double](repeating: 0, count: margin)
        var loudest = [Double](repeating: 0, count: count)
        for channel in 0..<signal.channels {
            let padded = silence + signal.channel(channel) + silence
            let sums = frameSquares(of: padded, length: length, hop: parameters.hop, count: count)
            for frame in 0..<count { loudest[frame] = max(loudest[frame], sums[frame] / Double(length)) }
        }
        return loudest
    }
}
