// video.hog3d

internal import Stages
internal import Tensors

struct VideoHog3d: CompositeStage {
    static let declaration = Declaration(
        "video.hog3d", revision: 1, kind: .composite,
        summary: "Histograms of oriented gradients over cells of height, width and time.",
        documentation: """
            Frames become grey as `video.grayscale` does it. Each voxel has a gradient (gx along height, gy along width, gz \
            along time: half the difference of its neighbours, at a border the difference from the one neighbour), of \
            which follow its magnitude √(gx² + gy² + gz²), its azimuth atan2(gy, gx) over [−π, π], and its polar angle \
            over [0, π]. A cell has one histogram of n_bins equal bins for either angle, of the magnitudes of its voxels; \
            a bin holds its lower edge and not its upper, the last holds both, as `numpy.histogram` has it. With \
            `normalize` each histogram h is divided by (|h| + 1e-6). There are ⌊n / cell⌋ cells along each axis; voxels \
            behind the last cell count in none. A voxel on an edge, or too near one to tell in single precision, is \
            computed in float64 in NumPy's order of operations.

            The variant `corrected` takes atan2(√(gx² + gy²), gz) for the polar angle, and fills all cells. `article` gives \
            the numbers of the published code, which differ in two ways. Its polar angle is atan2(|gx|, gz), as its \
            `np.sqrt(a, b)` writes the root of a into b where √(a + b) was meant. And its loops, `range(0, n − c, c)`, leave \
            out the last cell along each axis whose size the cell's divides: that cell stays zero.

            Expands into `video.hog3d.gray` and `video.hog3d.cells`, so that a sweep over cells or bins shares the first.

            Fails on: frames smaller than a cell, or fewer than a cell is long; fewer than 2 positions along an axis, as \
            they have no gradient; NaN and infinity; 2 channels, or more than 4.

            Source: the article "Classifying Emotions from Videos" (2024), after Dalal and Triggs (2005) and Kläser, \
            Marszałek and Schmid (2008). NumPy 2.4, `gradient`, `arctan2`, `histogram`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["time", "height", "width"], frameAxes], "frames, in colour or not")
        ],
        output: "float32, axes (height, width, time, bin, angle) of cells, labels of angle: azimuth, polar",
        arithmetic: [.libm], tolerance: 1e-3)

    typealias Parameters = VideoHog3dCells.Parameters

    let parameters: Parameters
    private let cells: VideoHog3dCells

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        cells = try VideoHog3dCells(parameters)
    }

    func expand() throws(Problem) -> Expansion {
        Expansion(
            parts: [
                Part(name: "gray", stage: VideoHog3dGray(NoParameters()), inputs: [.port(0)]),
                Part(name: "cells", stage: cells, inputs: [.part("gray")]),
            ],
            output: "cells")
    }
}
