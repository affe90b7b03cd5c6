// video.resize

internal import Stages
internal import Tensors

struct VideoResize: MapStage {
    static let declaration = Declaration(
        "video.resize", revision: 1, kind: .map,
        summary: "Frames of another size, by area averaging.",
        documentation: """
            Each pixel is the mean of the rectangle that it covers, pixels at its border by their share. With `scale`, the \
            sizes are ⌊n · scale⌋ and the true ratio is n / ⌊n · scale⌋. Bytes are rounded: half up where exactly 2 × 2 \
            pixels make one, half to even elsewhere. Floats are not rounded to whole numbers. If the height or the width \
            grows, both are interpolated linearly instead.

            Fails where a size would be 0.

            Source: OpenCV's `resize` with INTER_AREA; bytes are equal to those of OpenCV 5.0.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["height", "width"], ["height", "width", "channel"], frameAxes], "frames")
        ],
        output: "the type of the input, axes (time, height, width, channel), of those that there are")

    let parameters: FrameSize

    init(_ parameters: FrameSize) throws(Problem) {
        self.parameters = parameters
        try parameters.check()
        if parameters.scale == nil, parameters.size == nil {
            throw Problem(
                "expected a scale or a size, got neither", at: ["scale"], advice: "give scale: 1/2, or size: [240, 426]"
            )
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(inputs.first?.type, try knownAxes(of: inputs.first)?.map(parameters.axis))
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor())
        let from = (height: frames.height, width: frames.width)
        let to = try parameters.target(of: from)
        let count = frames.time * frames.channels
        let (pixels, _) = to.height.multipliedReportingOverflow(by: to.width)
        try checkSize(of: pixels.multipliedReportingOverflow(by: count), parameters.size == nil ? "scale" : "size")
        let resize = AreaResize(from: from, to: to, channels: frames.channels)
        let elements: Elements =
            switch frames.tensor.elements {
            case .uint8(let values): .uint8(resize.all(values, time: frames.time))
            case .float32(let values): .float32(resize.all(values, time: frames.time))
            case .float64(let values): .float64(resize.all(values, time: frames.time))
            default: throw frames.notFrames
            }
        if case .float64(let values) = frames.tensor.elements, case .float64(let averages) = elements,
            firstNotFinite(averages) != nil, firstNotFinite(values) == nil
        {
            throw Failure("the values are too large to be averaged in float64")
        }
        return .tensor(frames.with(elements, height: to.height, width: to.width))
    }
}

/// Fails where a number of elements is more than a tensor may reasonably have.
func checkSize(of product: (partialValue: Int, overflow: Bool), _ parameter: String) throws(Failure) {
    let most = 1 << 32
    guard !product.overflow, product.partialValue <= most else {
        throw Failure("\(parameter) asks for more than \(most) values", advice: "give a smaller \(parameter)")
    }
}

extension AreaResize {
    /// Each frame on its own.
    fileprivate func all(_ values: [UInt8], time: Int) -> [UInt8] {
        let (large, small) = (from.height * from.width * channels, to.height * to.width * channels)
        return [UInt8](unsafeUninitializedCapacity: time * small) { buffer, filled in
            values.withUnsafeBytes { source in
                for frame in 0..<time {
                    shrink(
                        UnsafeRawBufferPointer(rebasing: source[frame * large..<(frame + 1) * large]),
                        stride: from.width * channels,
                        into: UnsafeMutableBufferPointer(rebasing: buffer[frame * small..<(frame + 1) * small]))
                }
            }
            filled = time * small
        }
    }

    fileprivate func all<Element: BinaryFloatingPoint>(_ values: [Element], time: Int) -> [Element] {
        let large = from.height * from.width * channels
        return (0..<time).flatMap { shrink(values[$0 * large..<($0 + 1) * large]) }
    }
}
