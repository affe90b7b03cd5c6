// video.gaussian

internal import Kernels
internal import Stages
internal import Tensors

struct VideoGaussian: MapStage {
    static let declaration = Declaration(
        "video.gaussian", revision: 1, kind: .map,
        summary: "Smooth each frame by the article's 7 × 7 kernel.",
        documentation: """
            A kernel of whole numbers, close to a Gaussian of standard deviation 1, divided by their sum of 1115. Beyond \
            its borders a frame is 0, so that borders darken. Each frame and each channel is smoothed apart, in float64.

            Fails on NaN and infinity.

            Source: the article "Classifying Emotions from Videos" (2024), where it is switched off by default.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["height", "width"], ["height", "width", "channel"], frameAxes], "frames, in colour or not")
        ],
        output: "float64 or float32, axes (time, height, width, channel), of those that the frames have",
        isTransient: true)

    let parameters: FloatOutput
    init(_ parameters: FloatOutput) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(parameters.dtype.element, try knownAxes(of: inputs.first))
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor())
        guard let values = frames.tensor.doubles() else { throw frames.notFrames }
        try checkFinite(values, frames)
        let smooth = Self.smooth(
            values, frames: frames.time, height: frames.height, width: frames.width, channels: frames.channels)
        guard firstNotFinite(smooth) == nil else {
            throw Failure("the frames are beyond the range of float64", advice: "scale them down")
        }
        let elements: Elements = parameters.dtype == .float64 ? .float64(smooth) : .float32(try rounded(smooth))
        return .tensor(frames.with(elements))
    }

    static let kernel: [[Double]] = [
        [1, 4, 7, 10, 7, 4, 1],
        [4, 12, 26, 33, 26, 12, 4],
        [7, 26, 55, 71, 55, 26, 7],
        [10, 33, 71, 91, 71, 33, 10],
        [7, 26, 55, 71, 55, 26, 7],
        [4, 12, 26, 33, 26, 12, 4],
        [1, 4, 7, 10, 7, 4, 1],
    ]

    /// Row-major (frame, height, width, channel).
    private static func smooth(_ values: [Double], frames: Int, height: Int, width: Int, channels: Int) -> [Double] {
        let row = width * channels
        let reach = kernel.count / 2
        let weights = kernel.map { line in line.map { $0 / 1115 } }
        var smooth = [Double](repeating: 0, count: values.count)
        values.withUnsafeBufferPointer { values in
            smooth.withUnsafeMutableBufferPointer { smooth in
                for line in 0..<frames * height {
                    let y = line % height
                    for (down, weights) in weights.enumerated() where (0..<height).contains(y + down - reach) {
                        let from = (line + down - reach) * row
                        for (right, weight) in weights.enumerated() {
                            let shift = (right - reach) * channels
                            let (first, end) = (max(0, -shift), min(row, row - shift))
                            if first >= end { continue }
                            guard let source = values.baseAddress, let target = smooth.baseAddress else { return }
                            kernel_add_weighted(
                                source + from + shift + first, end - first, weight, target + line * row + first)
                        }
                    }
                }
            }
        }
        return smooth
    }
}
