// How features that look at samples, not at spectra, cut a signal into frames.

internal import Signal
internal import Stages
internal import Tensors

/// Names as in librosa.
struct FramingParameters: Sendable {
    var length = 2048
    var hop = 512
    var isCentred = true

    /// The signal, continued by half a frame at both ends where frames are centred, and how many frames it has.
    func frames(of signal: [Float], padding: Padding) throws(Failure) -> (padded: [Float], count: Int) {
        let padded = isCentred ? padding.padded(signal, by: length / 2) : signal
        guard padded.count >= length else {
            throw Failure(
                "expected a signal of at least frame_length = \(length) samples with center: false, got \(signal.count)",
                advice: "center: true pads the signal; or lower frame_length")
        }
        return (padded, 1 + (padded.count - length) / hop)
    }

    /// The attributes of a feature over these frames.
    func attributes(of tensor: Tensor) -> [String: Scalar] {
        var attributes = tensor.attributes
        attributes["hop_length"] = .int(hop)
        if !isCentred { attributes["center"] = .bool(false) }
        return attributes
    }
}

/// A parameter set with those of framing among its own.
protocol HasFraming: ParameterSet {
    var framing: FramingParameters { get set }
}

extension HasFraming {
    static var framingFields: [Field<Self>] {
        [
            Field(
                "frame_length", \Self.framing.length, as: .int(.between(1, Double(StftParameters.largestSize))),
                unit: "samples", "length of a frame"),
            Field(
                "hop_length", \Self.framing.hop, as: .int(.between(1, 0x1p31)), unit: "samples",
                "from one frame to the next"),
            Field(
                "center", \Self.framing.isCentred,
                "whether frame t is centred on sample t · hop_length, else begins there"),
        ]
    }
}
