// audio.rms

internal import Signal
internal import Stages
internal import Tensors

struct AudioRms: SignalFeature {
    static let declaration = Declaration(
        "audio.rms", revision: 1, kind: .map,
        summary: "The root mean square of a signal, frame by frame.",
        documentation: """
            √(mean of squares) of the samples of each frame, in the signal's unit; zeros beyond the ends by default.

            Fails on: an empty signal, NaN or infinite samples; with center: false, a signal shorter than a frame.

            Source: librosa 0.11, `librosa.feature.rms`.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float32, .float64], axes: ["time"], "a signal")],
        output: "float32, axes (time, feature), label rms; attributes sample_rate, hop_length",
        isWorthKeeping: true)

    struct Parameters: HasFraming {
        var framing = FramingParameters()
        var padding = Padding.constant
        static var fields: [Field<Parameters>] {
            framingFields + [
                Field("pad_mode", \.padding, "what lies beyond the ends of the signal, where frames are centred")
            ]
        }
    }

    let parameters: Parameters
    let labels = ["rms"]
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let framing = parameters.framing
        let (padded, count) = try framing.frames(of: try tensor.signal(over: ["time"]), padding: parameters.padding)
        let values = frameSquares(of: padded, length: framing.length, hop: framing.hop, count: count).map {
            Float(($0 / Double(framing.length)).squareRoot())
        }
        return try features(values, tensor, framing)
    }
}
