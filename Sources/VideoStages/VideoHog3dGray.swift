// video.hog3d.gray: the part of video.hog3d that does not depend on cells and bins.
//
// Of bytes, 10000 times the weighted sum is an integer, so that differences are exact in single precision; but NumPy's sum in
// double precision is off by up to two units in the last place, and where gradients tie it is these that decide. So both are
// kept in one int32.

internal import Kernels
internal import Stages
internal import Tensors

struct VideoHog3dGray: MapStage {
    static let declaration = Declaration(
        "video.hog3d.gray", revision: 1, kind: .map,
        summary: "Grey frames as video.hog3d.cells takes them.",
        documentation: """
            The part of `video.hog3d` that makes frames grey, as `video.grayscale` does. uint8 gives int32: 256 times the \
            exact weighted sum in steps of 1/10000 (or the value, of a single channel), and in what is left by how many \
            units in the last place the sum in float64 differs from it times 1e-4. Other types give float64. Each row \
            begins with its first value once more, and ends with its last, up to a multiple of 16 and 2; the attribute \
            `columns` is the width without these, `steps` is 10000 or 1.

            Fails on 2 channels, or more than 4, and on NaN and infinity.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["time", "height", "width"], frameAxes], "frames, in colour or not")
        ],
        output: "int32 or float64, axes (time, height, width); attributes columns, steps", isTransient: true)

    let parameters: NoParameters
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let known = try knownAxes(of: inputs.first, needsTime: true)
        return .tensor(
            nil,
            known?.filter { $0.name != "channel" }.map { $0.name == "width" ? Axis("width") : $0 })
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor(), needsTime: true)
        try frames.checkColours()
        let (rows, width) = (frames.time * frames.height, frames.width)
        let stride = Self.stride(of: width)
        let elements: Elements
        if case .uint8(let bytes) = frames.tensor.elements {
            elements = .int32(
                [Int32](unsafeUninitializedCapacity: rows * stride) { grey, count in
                    bytes.withUnsafeBufferPointer { bytes in
                        guard let from = bytes.baseAddress, let to = grey.baseAddress else { return }
                        kernel_hog_grey(from, rows, width, frames.channels, stride, to)
                    }
                    count = rows * stride
                })
        } else {
            let grey = try frames.grey()
            if let place = firstNotFinite(grey) {
                throw Failure("expected finite numbers, got \(grey[place]) in frame \(place / (frames.height * width))")
            }
            elements = .float64(Self.padded(grey, rows: rows, width: width, stride: stride))
        }
        var attributes = frames.tensor.attributes
        attributes["columns"] = .int(width)
        attributes["steps"] = .int(frames.channels == 1 ? 1 : 10_000)
        return .tensor(
            Tensor(
                elements, shape: [frames.time, frames.height, stride], axes: ["time", "height", "width"],
                attributes: attributes))
    }

    /// The length of a row of a width.
    static func stride(of width: Int) -> Int { (width + 15) / 16 * 16 + 2 }

    private static func padded(_ values: [Double], rows: Int, width: Int, stride: Int) -> [Double] {
        var padded = [Double]()
        padded.reserveCapacity(rows * stride)
        for row in 0..<rows {
            let line = values[row * width..<(row + 1) * width]
            padded.append(line[line.startIndex])
            padded += line
            padded += repeatElement(line[line.endIndex - 1], count: stride - width - 1)
        }
        return padded
    }
}
