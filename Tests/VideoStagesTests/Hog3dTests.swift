import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// `video.hog3d`, and `video.gradients` and `video.gaussian` beside it.
struct Hog3dTests {
    /// Frames of bytes over (time, height, width, channel), or (time, height, width) for one channel.
    private func clip(
        _ time: Int, _ height: Int, _ width: Int, channels: Int = 1, seed: Int = 0, levels: Double = 256
    ) -> Tensor {
        var stream = RandomStream(named: Digest(of: .array([.text("hog"), .int(seed)])))
        let count = time * height * width * channels
        let bytes = (0..<count).map { _ in UInt8(stream.uniform() * levels) }
        let shape = [time, height, width] + (channels == 1 ? [] : [channels])
        return Tensor(.uint8(bytes), shape: shape, axes: Array(frameAxes.prefix(shape.count)))
    }

    /// The definition, with an arctangent a voxel.
    private func plain(_ tensor: Tensor, _ cell: [Int], bins: Int, _ variant: HogVariant, isNormalized: Bool = true)
        throws -> [Float]
    {
        let frames = try VideoFrames(tensor, needsTime: true)
        let (time, height, width) = (frames.time, frames.height, frames.width)
        let gradients = try VoxelGradients(of: try frames.grey(), time: time, height: height, width: width)
        let magnitudes = gradients.magnitudes
        let edges = HogEdges(bins: bins, variant: variant)
        let cells = [height / cell[0], width / cell[1], time / cell[2]]
        let sizes = [height, width, time]
        let filled = (0..<3).map { variant == .article ? (sizes[$0] - 1) / cell[$0] : cells[$0] }
        var sums = [Double](repeating: 0, count: cells.reduce(1, *) * bins * 2)
        for (angle, (angles, edges)) in [
            (gradients.azimuths, edges.azimuths), (gradients.polars(variant), edges.polars),
        ].enumerated() {
            for voxel in magnitudes.indices {
                let t = voxel / (height * width)
                let (y, x) = (voxel / width % height, voxel % width)
                let place = [y / cell[0], x / cell[1], t / cell[2]]
                guard place[0] < filled[0], place[1] < filled[1], place[2] < filled[2] else { continue }
                let bin = edges[1..<bins].count { $0 <= angles[voxel] }
                let index = (place[0] * cells[1] + place[1]) * cells[2] + place[2]
                sums[(index * bins + bin) * 2 + angle] += magnitudes[voxel]
            }
        }
        guard isNormalized else { return sums.map { Float($0) } }
        for histogram in 0..<cells.reduce(1, *) {
            for angle in 0..<2 {
                let places = (0..<bins).map { (histogram * bins + $0) * 2 + angle }
                let norm = places.reduce(0) { $0 + sums[$1] * sums[$1] }.squareRoot() + 1e-6
                for place in places { sums[place] /= norm }
            }
        }
        return sums.map { Float($0) }
    }

    private func given(_ cell: [Int], _ bins: Int, _ variant: HogVariant) -> [String: Canonical] {
        ["cell": .array(cell.map { .int($0) }), "n_bins": .int(bins), "variant": variant.canonical]
    }

    @Test(
        "histograms are those of the definition, whatever the sizes, the colours and the ties",
        arguments: [1, 2, 3, 4, 6, 8, 9, 12, 16, 50], HogVariant.allCases)
    func definition(_ bins: Int, _ variant: HogVariant) throws {
        let cases: [([Int], [Int], Int, Double)] = [
            ([9, 11, 17], [5, 6, 5], 1, 4), ([10, 10, 18], [5, 6, 5], 3, 256), ([2, 2, 2], [1, 1, 1], 1, 3),
            ([4, 3, 35], [1, 1, 1], 3, 2), ([12, 13, 21], [7, 20, 6], 4, 256), ([40, 6, 9], [3, 4, 39], 1, 8),
        ]
        for (seed, (sizes, cell, channels, levels)) in cases.enumerated() {
            let frames = clip(sizes[0], sizes[1], sizes[2], channels: channels, seed: seed, levels: levels)
            for tensor in [frames, Tensor(.float64(frames.doubles() ?? []), shape: frames.shape, axes: frames.axes)] {
                let got = try HogGoldens.hog3d(tensor, given(cell, bins, variant)).floats() ?? []
                let want = try plain(tensor, cell, bins: bins, variant)
                #expect(got.count == want.count)
                #expect(zip(got, want).allSatisfy { abs($0 - $1) < 1e-5 }, "\(sizes), cell \(cell)")
            }
        }
    }

    @Test("a still, even clip is all zero; unnormalized histograms add up to the magnitudes")
    func sums() throws {
        let even = Tensor(
            .uint8(Array(repeating: 90, count: 5 * 6 * 6)), shape: [5, 6, 6], axes: ["time", "height", "width"])
        #expect(try HogGoldens.hog3d(even).floats()?.allSatisfy { $0 == 0 } == true)
        let frames = clip(5, 5, 6, channels: 3)
        let sums = try HogGoldens.hog3d(frames, ["normalize": .bool(false)]).doubles() ?? []
        let parts = try VideoFrames(frames, needsTime: true)
        let magnitudes = try VoxelGradients(of: try parts.grey(), time: 5, height: 5, width: 6).magnitudes.reduce(0, +)
        for angle in 0..<2 {
            let sum = stride(from: angle, to: sums.count, by: 2).reduce(0) { $0 + sums[$1] }
            #expect(abs(sum - magnitudes) < 1e-5 * magnitudes)
        }
    }

    @Test("axes are found by name; both ways to write a cell are one")
    func forms() throws {
        let frames = clip(10, 12, 14, channels: 3)
        let moved = frames.arranged(["height", "width", "channel", "time"])
        let made = try HogGoldens.hog3d(frames)
        #expect(try HogGoldens.hog3d(moved) == made)
        #expect(made.axes == ["height", "width", "time", "bin", "angle"])
        #expect(made.shape == [2, 2, 2, 9, 2])
        #expect(made.labels == ["angle": ["azimuth", "polar"]])
        let list = try VideoHog3d(given: ["cell": .array([.int(4), .int(3), .int(2)])])
        let map = try VideoHog3d(given: ["cell": .map(["height": .int(4), "width": .int(3), "time": .int(2)])])
        #expect(list.canonicalParameters == map.canonicalParameters)
    }

    @Test(
        "a wrong cell is a located mistake",
        arguments: [
            (Canonical.array([.int(5), .int(6)]), ["cell"], "three sizes"),
            (.map(["height": .int(5), "width": .int(6)]), ["cell"], "no time"),
            (
                .map(["height": .int(5), "width": .int(6), "time": .int(5), "depth": .int(2)]), ["cell", "depth"],
                "depth"
            ),
            (.array([.int(0), .int(6), .int(5)]), ["cell", "0"], "of at least 1"),
            (.array([.int(5), .int(6), .int(2_000_000)]), ["cell", "time"], "at most"),
        ])
    func mistakes(_ cell: Canonical, _ path: [String], _ part: String) throws {
        let problem = #expect(throws: Problem.self) { try VideoHog3d(given: ["cell": cell]) }
        #expect(problem?.path == path)
        #expect(problem?.message.contains(part) == true, "\(problem?.message ?? "")")
    }

    @Test("too small a clip fails with the sizes")
    func tooSmall() throws {
        func cause(_ tensor: Tensor) -> String? {
            #expect(throws: Failure.self) { try HogGoldens.hog3d(tensor) }?.cause
        }
        #expect(cause(clip(10, 4, 20)) == "frames of 4 × 20 are smaller than a cell of 5 × 6 (height × width)")
        #expect(cause(clip(4, 10, 20)) == "4 frames are fewer than a cell's 5")
        #expect(cause(clip(1, 10, 20)) == "a gradient needs at least 2 frames, got 1")
        #expect(cause(clip(5, 10, 20, channels: 2)) == "expected 1, 3 or 4 channels, got 2")
        let wild = Tensor(
            .float32((0..<180).map { $0 == 100 ? .nan : 1 }), shape: [5, 6, 6], axes: ["time", "height", "width"])
        #expect(cause(wild) == "expected finite numbers, got nan in frame 2")
        let huge = Tensor(
            .float64((0..<180).map { $0 % 2 == 0 ? 1e300 : -1e300 }), shape: [5, 6, 6],
            axes: ["time", "height", "width"])
        #expect(cause(huge) == "the gradients are beyond the range of float32")
    }

    @Test("each channel and each frame is smoothed apart")
    func gaussian() throws {
        let frames = clip(2, 9, 8, channels: 3)
        let smooth = try HogGoldens.run(VideoGaussian.self, [:], frames)
        #expect(smooth.axes == frames.axes)
        let values = frames.doubles() ?? []
        func value(_ t: Int, _ y: Int, _ x: Int, _ c: Int) -> Double {
            (0..<9).contains(y) && (0..<8).contains(x) ? values[((t * 9 + y) * 8 + x) * 3 + c] : 0
        }
        for (place, got) in (smooth.doubles() ?? []).enumerated() {
            let (t, y, x, c) = (place / 216, place / 24 % 9, place / 3 % 8, place % 3)
            var want = 0.0
            for (dy, line) in VideoGaussian.kernel.enumerated() {
                for (dx, weight) in line.enumerated() { want += weight * value(t, y + dy - 3, x + dx - 3, c) }
            }
            #expect(abs(got - want / 1115) < 1e-10)
        }
    }

    @Test("gradients of a ramp point along it")
    func gradients() throws {
        let ramp = Tensor(
            .float64((0..<27).map { Double($0 / 3 % 3) }), shape: [3, 3, 3], axes: ["time", "height", "width"])
        let made = try HogGoldens.run(VideoGradients.self, [:], ramp)
        #expect(made.axes == ["quantity", "time", "height", "width"])
        #expect(made.labels["quantity"] == ["magnitude", "azimuth", "polar"])
        let values = made.doubles() ?? []
        #expect(values[..<27].allSatisfy { $0 == 1 })
        #expect(values[27..<54].allSatisfy { $0 == 0 })
        #expect(values[54...].allSatisfy { $0 == .pi / 2 })
        #expect(try HogGoldens.run(VideoGradients.self, ["dtype": .text("float32")], ramp).type == .float32)
    }
}
