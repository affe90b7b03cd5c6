import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// `video.resize`.
struct ResizeTests {
    private func noise(_ count: Int, _ seed: Int = 0) -> [UInt8] {
        var stream = RandomStream(named: Digest(of: .array([.text("frames"), .int(seed)])))
        return (0..<count).map { _ in UInt8(stream.index(below: 256)) }
    }

    private func frame(_ bytes: [UInt8], _ height: Int, _ width: Int) -> Tensor {
        Tensor(.uint8(bytes), shape: [height, width], axes: ["height", "width"])
    }

    @Test("a third of 1280 × 720 is 426 × 240")
    func sizes() throws {
        let stage = try VideoResize(given: ["scale": .text("1/3")])
        let input = Signature.tensor(
            .uint8, [Axis("height", size: 720), Axis("width", size: 1280), Axis("channel", size: 3), Axis("time")])
        let output = try stage.output(for: [input])
        #expect(output.axes?.map(\.name) == ["time", "height", "width", "channel"])
        #expect(output.axes?.map(\.size) == [nil, 240, 426, 3])
    }

    @Test("2 × 2 pixels round half up, 3 × 1 as they are, 4 × 2 half to even")
    func rounding() throws {
        #expect(
            try run(VideoResize.self, ["scale": .float(0.5)], on: frame([0, 1, 1, 0], 2, 2)).elements == .uint8([1]))
        #expect(
            try run(VideoResize.self, ["size": .array([.int(1), .int(2)])], on: frame([0, 0, 1, 0, 0, 1, 1, 0], 1, 8))
                .elements
                == .uint8([0, 0]))
        #expect(
            try run(VideoResize.self, ["size": .array([.int(1), .int(1)])], on: frame([0, 1, 1, 0, 1, 0, 1, 0], 2, 4))
                .elements
                == .uint8([0]))
        #expect(
            try run(VideoResize.self, ["size": .array([.int(1), .int(1)])], on: frame([2, 1, 1, 2, 1, 2, 1, 2], 2, 4))
                .elements
                == .uint8([2]))
    }

    @Test("a pixel is the mean of the area that it covers")
    func areas() throws {
        let ramp = Tensor(.float64([0, 6, 12, 18, 24]), shape: [1, 5], axes: ["height", "width"])
        // Two pixels of 2.5 each.
        let halves = try run(VideoResize.self, ["size": .array([.int(1), .int(2)])], on: ramp).doubles() ?? []
        #expect(abs(halves[0] - (0 + 6 + 0.5 * 12) / 2.5) < 1e-12)
        #expect(abs(halves[1] - (0.5 * 12 + 18 + 24) / 2.5) < 1e-12)
    }

    @Test(
        "axes are found by name, and each frame is resized on its own",
        arguments: [[7, 9], [5, 4], [20, 31], [12, 1]])
    func order(_ size: [Int]) throws {
        let clip = Tensor(.uint8(noise(3 * 15 * 18 * 3)), shape: [3, 15, 18, 3], axes: frameAxes)
        let given = ["size": Canonical.array(size.map { .int($0) })]
        let made = try run(VideoResize.self, given, on: clip)
        #expect(made.shape == [3] + size + [3])
        #expect(try run(VideoResize.self, given, on: clip.arranged(["height", "width", "channel", "time"])) == made)
        let alone = Tensor(
            .uint8(Array(noise(3 * 15 * 18 * 3)[15 * 18 * 3..<2 * 15 * 18 * 3])), shape: [15, 18, 3],
            axes: ["height", "width", "channel"])
        let second = try run(VideoResize.self, given, on: alone)
        guard case .uint8(let all) = made.elements, case .uint8(let one) = second.elements else { return }
        #expect(Array(all[one.count..<2 * one.count]) == one)
    }

    @Test(
        "bytes and floats give the same averages",
        arguments: [[7, 9], [5, 6], [1, 1], [15, 5], [40, 40], [16, 3]])
    func types(_ size: [Int]) throws {
        for channels in [1, 2, 3, 4, 5] {
            let bytes = noise(15 * 18 * channels, channels)
            let axes = ["height", "width", "channel"]
            let given = ["size": Canonical.array(size.map { .int($0) })]
            let shape = [15, 18, channels]
            let rounded = try run(VideoResize.self, given, on: Tensor(.uint8(bytes), shape: shape, axes: axes))
            let plain = try run(
                VideoResize.self, given, on: Tensor(.float64(bytes.map(Double.init)), shape: shape, axes: axes))
            // Fixed point cuts sums down where a side grows.
            let limit = size[0] > 15 || size[1] > 18 ? 1.2 : 0.501
            for (one, other) in zip(rounded.doubles() ?? [], plain.doubles() ?? []) {
                #expect(abs(one - other) <= limit)
            }
            let single = try run(
                VideoResize.self, given, on: Tensor(.float32(bytes.map(Float.init)), shape: shape, axes: axes))
            #expect(single.type == .float32)
            for (one, other) in zip(single.doubles() ?? [], plain.doubles() ?? []) {
                #expect(abs(one - other) <= 1e-4)
            }
        }
    }

    @Test("an even picture stays even, at any size")
    func even() throws {
        let grey = frame([UInt8](repeating: 201, count: 37 * 53), 37, 53)
        for (height, width) in [(1, 1), (5, 7), (36, 52), (37, 26), (74, 106), (100, 3), (3, 100)] {
            let made = try run(VideoResize.self, ["size": .array([.int(height), .int(width)])], on: grey)
            #expect(made.elements == .uint8([UInt8](repeating: 201, count: height * width)))
        }
        #expect(try run(VideoResize.self, ["scale": .int(1)], on: grey) == grey)
    }

    @Test("rows may lie apart")
    func padding() throws {
        let (plain, gap) = (noise(20 * 30 * 3), 11)
        var padded = [UInt8]()
        for row in 0..<20 { padded += plain[row * 90..<(row + 1) * 90] + [UInt8](repeating: 255, count: gap) }
        for (height, width) in [(6, 10), (10, 15), (7, 9), (20, 30), (25, 40)] {
            let resize = AreaResize(from: (20, 30), to: (height, width), channels: 3)
            func shrunk(_ bytes: [UInt8], stride: Int) -> [UInt8] {
                var made = [UInt8](repeating: 0, count: height * width * 3)
                made.withUnsafeMutableBufferPointer { target in
                    bytes.withUnsafeBytes { resize.shrink($0, stride: stride, into: target) }
                }
                return made
            }
            #expect(shrunk(padded, stride: 90 + gap) == shrunk(plain, stride: 90))
        }
    }

    @Test("one of scale and size is given")
    func parameters() {
        func place(_ given: [String: Canonical]) -> [String]? {
            do throws(Problem) { _ = try VideoResize(given: given) } catch { return error.path }
            return nil
        }
        #expect(place([:]) == ["scale"])
        #expect(place(["scale": .float(0.5), "size": .array([.int(2), .int(2)])]) == ["size"])
        #expect(place(["size": .array([.int(2)])]) == ["size"])
        #expect(place(["size": .array([.int(2), .int(0)])]) == ["size", "1"])
        #expect(place(["scale": .int(0)]) == ["scale"])
        #expect(place(["scale": .text("1/3")]) == nil)
    }

    @Test("a side of less than one pixel is a failure, and so is one that no memory holds")
    func failures() {
        let small = frame([UInt8](repeating: 0, count: 8), 2, 4)
        #expect(throws: Failure.self) { try run(VideoResize.self, ["scale": .float(0.3)], on: small) }
        #expect(throws: Failure.self) {
            try run(VideoResize.self, ["size": .array([.int(1_000_000), .int(1_000_000)])], on: small)
        }
        #expect(throws: Failure.self) {
            try run(VideoResize.self, ["scale": .float(0.5)], on: Tensor(.uint8([1, 2]), shape: [2], axes: ["time"]))
        }
    }
}
