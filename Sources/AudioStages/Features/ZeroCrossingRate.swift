// audio.zero_crossing_rate

internal import Signal
internal import Stages
internal import Tensors

struct AudioZeroCrossingRate: SignalFeature {
    static let declaration = Declaration(
        "audio.zero_crossing_rate", revision: 1, kind: .map,
        summary: "How often a signal changes its sign, frame by frame.",
        documentation: """
            The share of a frame's samples, from 0 to 1, whose sign is not that of the sample before. Samples of at most \
            `threshold` count as zero, and zero as positive. The first sample of a frame never counts. Beyond the ends lie \
            the end samples.

            Fails on: an empty signal, NaN or infinite samples; with center: false, a signal shorter than a frame.

            Source: librosa 0.11, `librosa.feature.zero_crossing_rate`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "float32, axes (time, feature), label zero_crossing_rate; attributes sample_rate, hop_length",
        isWorthKeeping: true)

    struct Parameters: HasFraming {
        var framing = FramingParameters()
        var threshold = 1e-10
        static var fields: [Field<Parameters>] {
            framingFields + [
                Field("threshold", \.threshold, as: .float(.atLeast(0)), "what counts as zero, in the signal's unit")
            ]
        }
    }

    let parameters: Parameters
    let labels = ["zero_crossing_rate"]
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let framing = parameters.framing
        let (padded, count) = try framing.frames(of: try tensor.signal(over: ["time"]), padding: .edge)
        // How many crossings lie before each sample, so that a frame is a difference of two of these.
        let threshold = -parameters.threshold
        let before = [Int32](unsafeUninitializedCapacity: padded.count + 1) { output, initialized in
            padded.withUnsafeBufferPointer { padded in
                var (total, wasNegative) = (Int32(0), Double(padded[0]) < threshold)
                output.initializeElement(at: 0, to: 0)
                for index in 0..<padded.count {
                    let isNegative = Double(padded[index]) < threshold
                    total += isNegative == wasNegative ? 0 : 1
                    wasNegative = isNegative
                    output.initializeElement(at: index + 1, to: total)
                }
            }
            initialized = padded.count + 1
        }
        let values = (0..<count).map { frame in
            let start = frame * framing.hop
            return Float(Double(before[start + framing.length] - before[start + 1]) / Double(framing.length))
        }
        return try features(values, tensor, framing)
    }
}
