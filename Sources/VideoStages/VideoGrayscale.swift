// video.grayscale

internal import Stages
internal import Tensors

struct VideoGrayscale: MapStage {
    static let declaration = Declaration(
        "video.grayscale", revision: 1, kind: .map,
        summary: "Colours to grey by weights: 0.2989 red, 0.5870 green, 0.1140 blue.",
        documentation: """
            (0.2989 · R + 0.5870 · G) + 0.1140 · B, computed in float64. The weights add up to 0.9999, so white is 254.9745. \
            Frames of one channel, or without a channel, pass with their values as they are.

            Fails on frames of 2 channels, or of more than 4; a fourth (alpha) is left out.

            Source: ITU-R BT.601 to four digits, as MATLAB's `rgb2gray` has them and the article "Classifying Emotions from \
            Videos" (2024).
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["height", "width"], ["height", "width", "channel"], frameAxes], "frames, in colour or not")
        ],
        output: "float64 or float32, axes (time, height, width), without time for a single frame", isTransient: true)

    let parameters: FloatOutput
    init(_ parameters: FloatOutput) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(parameters.dtype.element, try knownAxes(of: inputs.first)?.filter { $0.name != "channel" })
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor())
        let grey = try frames.grey()
        let elements: Elements = parameters.dtype == .float64 ? .float64(grey) : .float32(try rounded(grey))
        return .tensor(frames.with(elements, without: "channel"))
    }
}

extension VideoFrames {
    func checkColours() throws(Failure) {
        guard [.uint8, .float32, .float64].contains(tensor.type) else { throw notFrames }
        guard [1, 3, 4].contains(channels) else { throw Failure("expected 1, 3 or 4 channels, got \(channels)") }
    }

    /// The weighted sum of the colours of each pixel, or its value.
    func grey() throws(Failure) -> [Double] {
        try checkColours()
        return switch tensor.elements {
        case .uint8(let values): Self.grey(values, channels) { Double($0) }
        case .float32(let values): Self.grey(values, channels) { Double($0) }
        case .float64(let values): Self.grey(values, channels) { $0 }
        default: throw notFrames
        }
    }

    private static func grey<Number>(_ values: [Number], _ channels: Int, _ double: (Number) -> Double) -> [Double] {
        if channels == 1 { return values.map(double) }
        return [Double](unsafeUninitializedCapacity: values.count / channels) { grey, count in
            count = values.count / channels
            values.withUnsafeBufferPointer { values in
                for pixel in 0..<count {
                    let place = pixel * channels
                    let redAndGreen = 0.2989 * double(values[place]) + 0.5870 * double(values[place + 1])
                    grey[pixel] = redAndGreen + 0.1140 * double(values[place + 2])
                }
            }
        }
    }
}

/// Numbers in single precision; fails where one is beyond its range.
func rounded(_ values: [Double]) throws(Failure) -> [Float] {
    let floats = values.map { Float($0) }
    if let place = firstNotFinite(floats), values[place].isFinite {
        throw Failure(
            "\(decimal(values[place])) is beyond the range of float32",
            advice: "scale the frames down, or dtype: float64")
    }
    return floats
}

/// The parameter of stages that compute in float64.
struct FloatOutput: ParameterSet {
    var dtype = FloatType.float64

    static var fields: [Field<FloatOutput>] {
        [Field("dtype", \.dtype, "the element type to round to: float32 takes half the memory")]
    }
}

/// An element type to round to.
enum FloatType: String, Sendable, Hashable, CaseIterable, ParameterValue {
    case float32, float64

    var element: ElementType { self == .float32 ? .float32 : .float64 }
}
