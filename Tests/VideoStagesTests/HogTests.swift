import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// `video.hog`.
struct HogTests {
    private func frame(_ height: Int, _ width: Int, _ value: (Int, Int) -> Double) -> Tensor {
        Tensor(
            .float64((0..<height * width).map { value($0 / width, $0 % width) }), shape: [height, width],
            axes: ["height", "width"])
    }

    private let one: [String: Canonical] = [
        "cells_per_block": .array([.int(1), .int(1)]), "block_norm": .text("L1"), "dtype": .text("float64"),
    ]

    @Test("a ramp has one orientation, in the bin of its angle")
    func ramps() throws {
        for (angle, across, down) in [(0, 1.0, 0.0), (45, 1, 1), (90, 0, 1), (135, -1, 1), (0, -1, 0), (45, -1, -1)] {
            let ramp = frame(24, 24) { Double($1) * across + Double($0) * down }
            let bins = 8
            let made = try run(
                VideoHog.self, one.merging(["orientations": .int(bins)]) { $1 }, on: ramp)
            #expect(made.axes == ["block_row", "block_column", "cell_row", "cell_column", "orientation"])
            #expect(made.shape == [3, 3, 1, 1, bins])
            // The cell in the middle, away from borders. Multiples of 45° lie on edges, and belong to the bin above.
            let middle = (made.doubles() ?? [])[4 * bins..<5 * bins].map { ($0 * 1e4).rounded() / 1e4 }
            #expect(middle == (0..<bins).map { $0 == angle * bins / 180 ? 1 : 0 })
        }
    }

    @Test("a cell holds the mean magnitude, of differences that are not halved")
    func magnitude() {
        let hog = OrientedGradients(height: 8, width: 8, channels: 1, cell: (4, 4), orientations: 4)
        let sums = hog.sums((0..<64).map { Double($0 % 8) * 3 })
        // 6 a pixel, but for those at the left border.
        #expect(sums.prefix(4) == [6 * 12 / 16, 0, 0, 0])
    }

    @Test("of several channels the one that changes most counts, the first of equal ones")
    func channels() {
        let hog = OrientedGradients(height: 3, width: 3, channels: 3, cell: (3, 3), orientations: 2)
        var pixels = [Double](repeating: 0, count: 27)
        // In the middle: 3 across in the first channel, 4 down in the second and 4 across in the third.
        pixels[5 * 3] = 3
        pixels[7 * 3 + 1] = 4
        pixels[5 * 3 + 2] = 4
        let sums = hog.sums(pixels)
        #expect(sums == [0, Double(Float(4) / 9)])
    }

    @Test("each norm, of values that are easy to add up")
    func norms() {
        let values = [3.0, 0, 4, 0]
        func near(_ made: [Double], _ want: [Double]) -> Bool { zip(made, want).allSatisfy { abs($0 - $1) < 1e-5 } }
        #expect(near(BlockNorm.euclidean.normalized(values), [0.6, 0, 0.8, 0]))
        #expect(near(BlockNorm.sum.normalized(values), [3 / 7, 0, 4 / 7, 0]))
        #expect(near(BlockNorm.sumRoot.normalized(values), [(3.0 / 7).squareRoot(), 0, (4.0 / 7).squareRoot(), 0]))
        let half = 0.5.squareRoot()
        #expect(near(BlockNorm.clipped.normalized(values), [half, 0, half, 0]))
        for norm in BlockNorm.allCases { #expect(norm.normalized([0, 0]) == [0, 0]) }
    }

    @Test("frame by frame, axes in any order; the declared sizes come out")
    func clip() throws {
        var stream = RandomStream(named: Digest(of: .text("hog")))
        let bytes = (0..<2 * 20 * 30 * 3).map { _ in UInt8(stream.index(below: 256)) }
        let clip = Tensor(.uint8(bytes), shape: [2, 20, 30, 3], axes: frameAxes)
        let given: [String: Canonical] = [
            "pixels_per_cell": .array([.int(4), .int(5)]), "cells_per_block": .array([.int(2), .int(3)]),
        ]
        let made = try run(VideoHog.self, given, on: clip)
        #expect(made.shape == [2, 4, 4, 2, 3, 9] && made.type == .float32)
        #expect(try run(VideoHog.self, given, on: clip.arranged(["width", "channel", "height", "time"])) == made)
        let declared = try VideoHog(given: given).output(for: [Signature(of: .tensor(clip))])
        #expect(declared == Signature(of: .tensor(made)))
        let second = Tensor(
            .uint8(Array(bytes[1800...])), shape: [20, 30, 3], axes: ["height", "width", "channel"])
        #expect(try run(VideoHog.self, given, on: second).floats() == made.floats().map { Array($0.suffix(864)) })
    }

    @Test("mirror images have mirrored orientations")
    func mirror() throws {
        var stream = RandomStream(named: Digest(of: .text("mirror")))
        let noise = frame(16, 16) { _, _ in stream.uniform() }
        let given = one.merging(["pixels_per_cell": .array([.int(16), .int(16)])]) { $1 }
        let plain = try run(VideoHog.self, given, on: noise).doubles() ?? []
        let mirrored = try run(VideoHog.self, given, on: run(VideoFlip.self, on: noise)).doubles() ?? []
        // But for gradients along the axes, which noise has none of beside the border.
        for bin in 1..<8 where bin != 4 { #expect(abs(plain[bin] - mirrored[8 - bin]) < 1e-6) }
    }

    @Test("frames smaller than a block, negative roots and gradients beyond float32 are failures")
    func failures() {
        let small = frame(20, 30) { Double($0 * $1) }
        let failure = #expect(throws: Failure.self) { try run(VideoHog.self, on: small) }
        #expect(failure?.cause.contains("20 × 30") == true && failure?.cause.contains("24 × 24") == true)
        #expect(throws: Problem.self) { try VideoHog(given: [:]).output(for: [Signature(of: .tensor(small))]) }
        let negative = frame(24, 24) { Double($0 - $1) }
        #expect(throws: Failure.self) { try run(VideoHog.self, ["transform_sqrt": .bool(true)], on: negative) }
        let huge = frame(24, 24) { ($0 + $1) % 4 < 2 ? 1e300 : -1e300 }
        #expect(throws: Failure.self) { try run(VideoHog.self, on: huge) }
        let broken = frame(24, 24) { $0 == 3 && $1 == 3 ? .nan : 1 }
        #expect(throws: Failure.self) { try run(VideoHog.self, on: broken) }
        let problem = #expect(throws: Problem.self) { try VideoHog(given: ["pixels_per_cell": .array([.int(8)])]) }
        #expect(problem?.path == ["pixels_per_cell"])
    }
}
