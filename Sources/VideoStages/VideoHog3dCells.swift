// video.hog3d.cells: gradients, and their histograms cell by cell; the arithmetic is in Kernels/hog.c.

internal import Glibc
internal import Kernels
internal import Stages
internal import Tensors

struct VideoHog3dCells: MapStage {
    static let declaration = Declaration(
        "video.hog3d.cells", revision: 1, kind: .map,
        summary: "Histograms of oriented gradients of grey frames.",
        documentation: """
            The part of `video.hog3d` behind `video.hog3d.gray`: gradients, and their histograms cell by cell.

            Fails on: frames smaller than a cell, or fewer than a cell is long; fewer than 2 positions along an axis.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.int32, .float64], axes: ["time", "height", "width"],
                "the output of video.hog3d.gray")
        ],
        output: "float32, axes (height, width, time, bin, angle) of cells, labels of angle: azimuth, polar",
        arithmetic: [.libm], tolerance: 1e-3)

    struct Parameters: ParameterSet {
        var cell = HogCell()
        var bins = 9
        var variant = HogVariant.corrected
        var isNormalized = true

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "cell", \.cell, unit: "voxels", "the size of a cell: {height, width, time}, or a list in that order"
                ),
                Field("n_bins", \.bins, as: .int(.between(1, 1000)), "bins of a histogram"),
                Field("variant", \.variant, "corrected, or article for the published numbers"),
                Field("normalize", \.isNormalized, "whether each histogram is divided by (its L2 norm + 1e-6)"),
            ]
        }
    }

    let parameters: Parameters
    private let edges: HogEdges

    init(_ parameters: Parameters) throws(Problem) {
        try parameters.cell.check()
        self.parameters = parameters
        edges = HogEdges(bins: parameters.bins, variant: parameters.variant)
    }

    private static let angles = ["azimuth", "polar"]

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let (known, cell) = (inputs.first?.axes, parameters.cell)
        func cells(_ axis: String, _ size: Int) -> Axis {
            Axis(axis, size: known?.first { $0.name == axis }?.size.map { $0 / size })
        }
        for (axis, wanted) in [("time", cell.time), ("height", cell.height)] {
            guard let size = known?.first(where: { $0.name == axis })?.size, size < max(2, wanted) else { continue }
            throw Problem(
                wanted < 2
                    ? "a gradient needs at least 2 positions along \(axis), and there is \(size)"
                    : "cells of \(wanted) along \(axis) are larger than frames of \(size)", at: ["cell"])
        }
        return .tensor(
            .float32,
            [
                cells("height", cell.height), Axis("width"), cells("time", cell.time),
                Axis("bin", size: parameters.bins), Axis("angle", labels: Self.angles),
            ])
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let shape = try VoxelShape(of: tensor)
        let cell = parameters.cell
        try check(shape)
        let cells = [shape.height / cell.height, shape.width / cell.width, shape.time / cell.time]
        // The article's loops run over range(0, n − c, c).
        func filled(_ size: Int, _ cell: Int) -> Int {
            parameters.variant == .article ? (size - 1) / cell : size / cell
        }
        let isSigned = if case .int32 = tensor.elements { true } else { false }
        let count = cells[0] * cells[1] * cells[2] * parameters.bins * 2
        guard count <= Self.most else {
            throw Failure(
                "\(cells[0]) × \(cells[1]) × \(cells[2]) cells of \(parameters.bins) bins are more than 1 GiB",
                advice: "take larger cells, or fewer bins")
        }
        var histograms = [Float](repeating: 0, count: count)
        edges.withPointers { azimuths, polars, turns, tilts in
            var hog = kernel_hog()
            (hog.time, hog.height, hog.width, hog.stride) = (shape.time, shape.height, shape.width, shape.stride)
            (hog.cell_time, hog.cell_height, hog.cell_width) = (cell.time, cell.height, cell.width)
            (hog.cells_time, hog.cells_width) = (cells[2], cells[1])
            hog.filled_time = filled(shape.time, cell.time)
            hog.filled_height = filled(shape.height, cell.height)
            hog.filled_width = filled(shape.width, cell.width)
            hog.bins = parameters.bins
            hog.is_article = parameters.variant == .article ? 1 : 0
            hog.is_normalized = parameters.isNormalized ? 1 : 0
            hog.has_right_angle = parameters.bins % 4 == 0 ? 1 : 0
            hog.has_diagonals = isSigned && shape.steps == 1 && parameters.bins % 4 == 0 ? 1 : 0
            hog.is_careful = edges.lieBesideAxes ? 1 : 0
            hog.unit = shape.steps == 1 ? 1 : 1e-4
            // Differences span two voxels, and values count steps.
            hog.scale = isSigned ? 0.5 / Double(Int(KERNEL_HOG_STEP) * shape.steps) : 0.5
            (hog.azimuth_edges, hog.polar_edges, hog.turns, hog.tilts) = (azimuths, polars, turns, tilts)
            switch tensor.elements {
            case .int32(let values):
                values.withUnsafeBufferPointer { kernel_hog_integers($0.baseAddress, &hog, &histograms) }
            case .float64(let values):
                values.withUnsafeBufferPointer { kernel_hog_doubles($0.baseAddress, &hog, &histograms) }
            default: break
            }
        }
        guard firstNotFinite(histograms) == nil else {
            throw Failure("the gradients are beyond the range of float32", advice: "scale the frames down")
        }
        return .tensor(
            Tensor(
                .float32(histograms), shape: cells + [parameters.bins, 2],
                axes: ["height", "width", "time", "bin", "angle"], labels: ["angle": Self.angles],
                attributes: tensor.attributes.filter { !["columns", "steps", "frame_rate"].contains($0.key) }))
    }

    /// Numbers in the histograms of one clip.
    private static let most = 1 << 28

    private func check(_ shape: VoxelShape) throws(Failure) {
        let cell = parameters.cell
        let sizes = [
            ("time", shape.time, cell.time), ("height", shape.height, cell.height), ("width", shape.width, cell.width),
        ]
        for (axis, size, _) in sizes where size < 2 {
            throw Failure(
                "a gradient needs at least 2 \(axis == "time" ? "frames" : "voxels along \(axis)"), got \(size)",
                advice: axis == "time" ? "n_frames or another clip gives more" : nil)
        }
        for (axis, size, wanted) in sizes where size < wanted {
            throw Failure(
                axis == "time"
                    ? "\(size) frames are fewer than a cell's \(wanted)"
                    : "frames of \(shape.height) × \(shape.width) are smaller than a cell of \(cell.height) × \(cell.width) "
                        + "(height × width)",
                advice: "lower cell.\(axis), or give \(axis == "time" ? "more" : "larger") frames")
        }
    }
}

/// The size of what `video.hog3d.gray` gives.
private struct VoxelShape {
    let time, height, width, stride, steps: Int

    init(of tensor: Tensor) throws(Failure) {
        let values = tensor.attributes
        guard tensor.axes == ["time", "height", "width"], case .int(let columns)? = values["columns"],
            case .int(let steps)? = values["steps"], columns >= 1, columns <= tensor.shape[2],
            steps == 1 || steps == 10_000,
            tensor.shape[2] == VideoHog3dGray.stride(of: columns), tensor.count > 0
        else { throw Failure("expected the output of video.hog3d.gray, got \(Value.tensor(tensor).phrase)") }
        (time, height, stride) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
        (width, self.steps) = (columns, steps)
    }
}

/// The edges between bins, and where they lie on the folded ranges that the kernel compares.
struct HogEdges: Sendable, Hashable {
    /// As numpy.histogram has them: lo + k · ((hi − lo) / n), the last exactly hi.
    let azimuths, polars: [Double]
    /// The fractions of the edges in (0, π) and (0, π/2).
    let turns, tilts: [Double]
    /// Whether rounding puts an edge that should lie on an axis beyond it, so that even gradients of 0 are on its other side.
    let lieBesideAxes: Bool

    init(bins: Int, variant: HogVariant) {
        func edges(_ low: Double, _ high: Double) -> [Double] {
            let step = (high - low) / Double(bins)
            return (0..<bins).map { Double($0) * step + low } + [high]
        }
        azimuths = edges(-.pi, .pi)
        polars = edges(0, .pi)
        let folded = (bins + 1) / 2 - 1
        turns = azimuths[(bins / 2 + 1)...].prefix(folded).map { 1 - cos($0) / (abs(cos($0)) + sin($0)) }
        tilts = polars[1...].prefix(folded).map { angle in
            variant == .article ? sin(angle) / (sin(angle) + cos(angle)) : sin(angle) * sin(angle)
        }
        let halves = bins % 2 == 0 && (azimuths[bins / 2] > 0 || polars[bins / 2] > .pi / 2)
        let quarters = bins % 4 == 0 && (azimuths[3 * bins / 4] > .pi / 2 || azimuths[bins / 4] > -.pi / 2)
        lieBesideAxes = halves || quarters
    }

    func withPointers(
        _ body: (UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafePointer<Double>?, UnsafePointer<Double>?) -> Void
    ) {
        azimuths.withUnsafeBufferPointer { azimuths in
            polars.withUnsafeBufferPointer { polars in
                turns.withUnsafeBufferPointer { turns in
                    tilts.withUnsafeBufferPointer { tilts in
                        body(azimuths.baseAddress, polars.baseAddress, turns.baseAddress, tilts.baseAddress)
                    }
                }
            }
        }
    }
}
