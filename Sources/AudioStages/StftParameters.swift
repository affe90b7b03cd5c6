// The parameters of a short-time Fourier transform, shared by `audio.stft` and all that is built on one.

public import Signal
public import Stages
internal import Tensors

extension Window: ParameterValue {}
extension Padding: ParameterValue {}

/// How a signal is cut into frames and these are transformed; names as in librosa.
struct StftParameters: Sendable {
    var size = 2048
    /// Nil: a quarter of the window.
    var hop: Int?
    /// Nil: the size.
    var windowLength: Int?
    var window = Window.hann
    var isCentred = true
    var padding = Padding.constant
    /// Hz; nil: the signal's own.
    var sampleRate: Double?

    /// The most that a frame can have.
    static let largestSize = 1 << 20

    /// The transform; a window longer than the frame is a problem.
    func transform() throws(Problem) -> ShortTimeTransform {
        let length = windowLength ?? size
        guard length <= size else {
            throw Problem(
                "expected a window no longer than n_fft (\(size)), got the int \(length)", at: ["win_length"],
                advice: "raise n_fft, or leave win_length out")
        }
        return ShortTimeTransform(
            size: size, hop: hop ?? max(1, length / 4), window: window, windowLength: length,
            padding: isCentred ? padding : nil)
    }
}

/// Frames that take more memory than a sample may, at eight bytes a value, are a failure.
func checkMemory(frames: Int, values: Int) throws(Failure) {
    let all = Double(frames) * Double(values)
    guard all <= 0x1p29 else {
        throw Failure(
            "\(frames) frames of \(values) values each would take \(Int((all * 8 / 0x1p30).rounded())) GiB; at most 4 are "
                + "allowed", advice: "raise hop_length, or load a part of the file by offset and duration")
    }
}

/// A parameter set with those of a transform among its own.
protocol HasStft: ParameterSet {
    var stft: StftParameters { get set }
}

extension HasStft {
    /// The fields of the transform's parameters; defaults are those of the set.
    static var stftFields: [Field<Self>] {
        let sizes = ParameterKind.int(.between(1, Double(StftParameters.largestSize)))
        return [
            Field(
                "n_fft", \Self.stft.size, as: .int(.between(2, Double(StftParameters.largestSize))), unit: "samples",
                "length of a frame, and of its transform"),
            Field(
                "hop_length", \Self.stft.hop, as: .optional(.int(.between(1, 0x1p31))), unit: "samples",
                "from one frame to the next; null is a quarter of the window"),
            Field(
                "win_length", \Self.stft.windowLength, as: .optional(sizes), unit: "samples",
                "length of the window, in the middle of the frame; null is n_fft"),
            Field("window", \Self.stft.window, "shape of the window, in its periodic form"),
            Field(
                "center", \Self.stft.isCentred, "whether frame t is centred on sample t · hop_length, else begins there"
            ),
            Field("pad_mode", \Self.stft.padding, "what lies beyond the ends of the signal, where frames are centred"),
            Field(
                "sample_rate", \Self.stft.sampleRate,
                as: .optional(.float(Bounds(lower: 0, upper: 1e6, isLowerOpen: true))), unit: "Hz",
                "rate of the signal; null takes its attribute sample_rate"),
        ]
    }
}
