import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// `video.interpolate`.
struct InterpolateTests {
    private func clip(_ bytes: [UInt8]) -> Tensor {
        Tensor(.uint8(bytes), shape: [1, 1, bytes.count], axes: ["height", "width", "time"])
    }

    @Test("positions are whole steps, and the last is the last frame")
    func positions() {
        for (time, count) in [(110, 50), (50, 110), (7, 5), (2, 1000), (1000, 3), (3, 1), (1, 4)] {
            let positions = FramePosition.all(count, among: time)
            #expect(positions.count == count)
            #expect(positions.first == FramePosition(low: 0, high: 0, below: 1, above: 0))
            if count > 1 { #expect(positions.last == FramePosition(low: time - 1, high: time - 1, below: 1, above: 0)) }
            #expect(positions.allSatisfy { $0.low >= 0 && $0.high < time && $0.high - $0.low <= 1 })
        }
    }

    @Test("what is behind the point is dropped")
    func truncation() throws {
        let made = try run(VideoInterpolate.self, ["n_frames": .int(4)], on: clip([0, 5]))
        #expect(made.elements == .uint8([0, 1, 3, 5]))
        #expect(made.axes == ["time", "height", "width"] && made.shape == [4, 1, 1])
    }

    @Test("floats keep what is behind the point")
    func floats() throws {
        let ramp = Tensor(.float32([0, 5]), shape: [2, 1, 1], axes: ["time", "height", "width"])
        let made = try run(VideoInterpolate.self, ["n_frames": .int(5)], on: ramp)
        #expect(made.elements == .float32([0, 1.25, 2.5, 3.75, 5]))
    }

    @Test("the wanted number of frames passes unchanged; one comes out as the first")
    func counts() throws {
        #expect(
            try run(VideoInterpolate.self, ["n_frames": .int(3)], on: clip([9, 4, 7])).elements == .uint8([9, 4, 7]))
        #expect(try run(VideoInterpolate.self, ["n_frames": .int(1)], on: clip([9, 4, 7])).elements == .uint8([9]))
        #expect(try run(VideoInterpolate.self, ["n_frames": .int(3)], on: clip([9])).elements == .uint8([9, 9, 9]))
    }

    @Test("bytes are those of the formula in double precision")
    func formula() throws {
        var stream = RandomStream(named: Digest(of: .text("clip")))
        let (time, size) = (13, 37)
        let frames = (0..<time * size).map { _ in UInt8(stream.index(below: 256)) }
        for count in [2, 5, 12, 14, 40] {
            let made = interpolated(frames, time: time, frameSize: size, to: count)
            for k in 0..<count {
                let place = k == count - 1 ? Double(time - 1) : Double(k) * (Double(time - 1) / Double(count - 1))
                let (low, high) = (place.rounded(.down), place.rounded(.up))
                for pixel in 0..<size {
                    let a = Double(frames[Int(low) * size + pixel])
                    let b = Double(frames[Int(high) * size + pixel])
                    let below = (high - place) * a
                    let above = (place - low) * b
                    #expect(made[k * size + pixel] == (low == high ? UInt8(a) : UInt8(below + above)))
                }
            }
        }
    }

    @Test("a frame without time does not pass, nor a count of none or of more than memory holds")
    func failures() {
        let frame = Tensor(.uint8([1, 2]), shape: [1, 2], axes: ["height", "width"])
        #expect(throws: Failure.self) { try run(VideoInterpolate.self, ["n_frames": .int(3)], on: frame) }
        #expect(throws: Problem.self) { try VideoInterpolate(given: ["n_frames": .int(0)]) }
        #expect(throws: Problem.self) { try VideoInterpolate(given: [:]) }
        let wide = Tensor(
            .uint8([UInt8](repeating: 0, count: 10000)), shape: [1, 100, 100], axes: ["time", "height", "width"])
        #expect(throws: Failure.self) { try run(VideoInterpolate.self, ["n_frames": .int(1_000_000)], on: wide) }
    }
}
