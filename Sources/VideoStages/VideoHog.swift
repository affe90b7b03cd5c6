// video.hog

internal import Stages
internal import Tensors

struct VideoHog: MapStage {
    static let declaration = Declaration(
        "video.hog", revision: 1, kind: .map,
        summary: "Histograms of oriented gradients of each frame on its own, in two dimensions.",
        documentation: """
            Differences of the neighbours on both sides, not halved, 0 on the border; of several channels, at each pixel \
            those of the channel with the largest magnitude. Bytes count from 0 to 255. Angles are without sign, from 0° to \
            180°, in bins that a pixel falls into as a whole; a cell holds, for each bin, the sum of magnitudes divided by \
            the number of its pixels. Pixels behind the last whole cell are left out. Blocks of cells, one a cell on, are \
            each divided by their norm, with ε = 1e-5: √(Σv² + ε²) for L2, Σ|v| + ε for L1; L1-sqrt takes the root of the \
            quotient; L2-Hys cuts the L2 quotients at 0.2 and divides once more.

            Fails on frames smaller than a block, on negative values where `transform_sqrt` is set, and on gradients too \
            large for float32.

            Source: scikit-image 0.26, `skimage.feature.hog`; Dalal and Triggs, "Histograms of Oriented Gradients for Human \
            Detection" (2005).
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["height", "width"], ["height", "width", "channel"], frameAxes], "frames, in colour or not")
        ],
        output:
            "float32 or float64, axes (time, block_row, block_column, cell_row, cell_column, orientation), without time "
            + "for a single frame")

    struct Parameters: ParameterSet {
        var orientations = 9
        var cell = [8, 8]
        var block = [3, 3]
        var norm = BlockNorm.clipped
        var takesRoots = false
        var dtype = FloatType.float32

        static var fields: [Field<Parameters>] {
            let sizes = ParameterKind.list(.int(.between(1, 10_000)))
            return [
                Field("orientations", \.orientations, as: .int(.between(1, 360)), "bins from 0° to 180°"),
                Field("pixels_per_cell", \.cell, as: sizes, unit: "pixels", "height and width of a cell"),
                Field("cells_per_block", \.block, as: sizes, unit: "cells", "height and width of a block"),
                Field("block_norm", \.norm, "what a block is divided by"),
                Field("transform_sqrt", \.takesRoots, "whether to take the roots of the values first"),
                Field("dtype", \.dtype, "the element type to round to"),
            ]
        }
    }

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        for (name, sizes) in [("pixels_per_cell", parameters.cell), ("cells_per_block", parameters.block)]
        where sizes.count != 2 {
            throw Problem("expected a height and a width, got \(sizes.count) numbers", at: [name])
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let known = try knownAxes(of: inputs.first)
        guard let known else { return .tensor(parameters.dtype.element) }
        func blocks(_ name: String, _ axis: Int) throws(Problem) -> Int? {
            guard let size = known.first(where: { $0.name == name })?.size else { return nil }
            let count = size / parameters.cell[axis] - parameters.block[axis] + 1
            guard count > 0 else {
                throw Problem(
                    "frames with a \(name) of \(size) are smaller than a block of \(parameters.block[axis]) cells of "
                        + "\(parameters.cell[axis]) pixels", at: ["pixels_per_cell"],
                    advice: "give smaller pixels_per_cell or cells_per_block")
            }
            return count
        }
        return .tensor(
            parameters.dtype.element,
            known.filter { $0.name == "time" } + [
                Axis("block_row", size: try blocks("height", 0)), Axis("block_column", size: try blocks("width", 1)),
                Axis("cell_row", size: parameters.block[0]), Axis("cell_column", size: parameters.block[1]),
                Axis("orientation", size: parameters.orientations),
            ])
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor())
        let (cell, block) = (parameters.cell, parameters.block)
        let hog = OrientedGradients(
            height: frames.height, width: frames.width, channels: frames.channels,
            cell: (cell[0], cell[1]), orientations: parameters.orientations)
        let blocks = (rows: hog.cells.rows - block[0] + 1, columns: hog.cells.columns - block[1] + 1)
        guard blocks.rows > 0, blocks.columns > 0 else {
            throw Failure(
                "frames of \(frames.height) × \(frames.width) are smaller than a block of \(block[0] * cell[0]) × "
                    + "\(block[1] * cell[1]) pixels (\(block[0]) × \(block[1]) cells of \(cell[0]) × \(cell[1]))",
                advice: "give smaller pixels_per_cell or cells_per_block")
        }
        let blockSize = block[0] * block[1] * parameters.orientations
        let (frameSize, _) = (blocks.rows * blocks.columns).multipliedReportingOverflow(by: blockSize)
        try checkSize(of: frameSize.multipliedReportingOverflow(by: frames.time), "cells_per_block")
        var output = [Double]()
        output.reserveCapacity(frames.time * frameSize)
        for frame in 0..<frames.time {
            let sums = try cellSums(of: frame, in: frames, by: hog)
            for row in 0..<blocks.rows {
                for column in 0..<blocks.columns {
                    var values = [Double]()
                    values.reserveCapacity(blockSize)
                    for cellRow in row..<row + block[0] {
                        let start = (cellRow * hog.cells.columns + column) * parameters.orientations
                        values += sums[start..<start + block[1] * parameters.orientations]
                    }
                    output += parameters.norm.normalized(values)
                }
            }
        }
        let elements: Elements = parameters.dtype == .float64 ? .float64(output) : .float32(output.map(Float.init))
        let shape = [blocks.rows, blocks.columns, block[0], block[1], parameters.orientations]
        let axes = ["block_row", "block_column", "cell_row", "cell_column", "orientation"]
        return .tensor(
            Tensor(
                elements, shape: (frames.hasTime ? [frames.time] : []) + shape,
                axes: (frames.hasTime ? ["time"] : []) + axes, attributes: frames.tensor.attributes))
    }

    private func cellSums(of frame: Int, in frames: VideoFrames, by hog: OrientedGradients) throws -> [Double] {
        let size = frames.height * frames.width * frames.channels
        let range = frame * size..<(frame + 1) * size
        let isFinite =
            switch frames.tensor.elements {
            case .float32(let values): firstNotFinite(Array(values[range])) == nil
            case .float64(let values): firstNotFinite(Array(values[range])) == nil
            default: true
            }
        guard isFinite else { throw Failure("frame \(frame) holds a value that is not a number, or infinite") }
        let sums =
            switch frames.tensor.elements {
            case .uint8(let values): hog.sums(try rooted(values[range].map(Double.init), frame))
            case .float32(let values): hog.sums(try rooted(Array(values[range]), frame))
            case .float64(let values): hog.sums(try rooted(Array(values[range]), frame))
            default: throw frames.notFrames
            }
        guard firstNotFinite(sums) == nil else {
            throw Failure("the gradients of frame \(frame) are too large for float32")
        }
        return sums
    }

    private func rooted<Element: BinaryFloatingPoint>(_ values: [Element], _ frame: Int) throws -> [Element] {
        guard parameters.takesRoots else { return values }
        if let negative = values.first(where: { $0 < 0 }) {
            throw Failure(
                "transform_sqrt takes the roots of values, and frame \(frame) has \(decimal(Double(negative)))",
                advice: "leave transform_sqrt out")
        }
        return values.map { $0.squareRoot() }
    }
}

/// What a block is divided by.
enum BlockNorm: String, Sendable, Hashable, CaseIterable, ParameterValue {
    case clipped = "L2-Hys"
    case euclidean = "L2"
    case sum = "L1"
    case sumRoot = "L1-sqrt"

    private static let least = 1e-5

    func normalized(_ values: [Double]) -> [Double] {
        switch self {
        case .clipped: Self.divided(Self.divided(values).map { min($0, 0.2) })
        case .euclidean: Self.divided(values)
        case .sum: Self.shares(values)
        case .sumRoot: Self.shares(values).map { $0.squareRoot() }
        }
    }

    private static func divided(_ values: [Double]) -> [Double] {
        let norm = (values.reduce(0) { $0 + $1 * $1 } + least * least).squareRoot()
        return values.map { $0 / norm }
    }

    private static func shares(_ values: [Double]) -> [Double] {
        let sum = values.reduce(0) { $0 + $1.magnitude } + least
        return values.map { $0 / sum }
    }
}
