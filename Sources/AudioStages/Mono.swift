// audio.mono

internal import Stages
internal import Tensors

struct AudioMono: MapStage {
    static let declaration = Declaration(
        "audio.mono", revision: 1, kind: .map,
        summary: "Average the channels of a signal into one.",
        documentation: """
            The mean over the axis `channel`, summed in float32 in the order of the channels. A signal without that \
            axis passes as it is.

            Source: librosa 0.11, `librosa.to_mono`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time"], ["channel", "time"]],
                "a signal over (channel, time) or (time)")
        ],
        output: "float32, axes (time)", isCheap: true)

    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float32, [Axis("time", size: inputs.first?.axes?.last?.size)])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let samples = try tensor.signal(over: ["channel", "time"], ["time"])
        let channels = tensor.size(of: "channel") ?? 1
        let mixed = channels == 1 ? samples : mean(ofPlanar: samples, channels: channels)
        return .tensor(Tensor(signal: mixed, attributes: tensor.attributes))
    }
}

/// The mean over channels of (time, channel).
func mean(ofInterleaved samples: [Float], channels: Int) -> [Float] {
    let divisor = Float(channels)
    return (0..<samples.count / channels).map { frame in
        var sum = samples[frame * channels]
        for channel in 1..<channels { sum += samples[frame * channels + channel] }
        return sum / divisor
    }
}

/// The mean over channels of (channel, time).
private func mean(ofPlanar samples: [Float], channels: Int) -> [Float] {
    let (frames, divisor) = (samples.count / channels, Float(channels))
    return (0..<frames).map { frame in
        var sum = samples[frame]
        for channel in 1..<channels { sum += samples[channel * frames + frame] }
        return sum / divisor
    }
}
