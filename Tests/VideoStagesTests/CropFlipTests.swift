import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// Two frames of 3 × 4 pixels of two channels, whose values are their places.
private let clip = Tensor(.uint8((0..<48).map { UInt8($0) }), shape: [2, 3, 4, 2], axes: frameAxes)

private func value(_ tensor: Tensor, _ place: Int...) -> Double? {
    var offset = 0
    for (size, position) in zip(tensor.shape, place) { offset = offset * size + position }
    return tensor.doubles()?[offset]
}

/// `video.crop`.
struct CropTests {
    @Test("a rectangle of each frame, whatever the order of the axes")
    func rectangle() throws {
        let given: [String: Canonical] = ["top": .int(1), "left": .int(2), "height": .int(2), "width": .int(1)]
        let made = try run(VideoCrop.self, given, on: clip)
        #expect(made.shape == [2, 2, 1, 2])
        for (time, row, channel) in [(0, 0, 0), (1, 1, 1), (1, 0, 1)] {
            #expect(value(made, time, row, 0, channel) == value(clip, time, row + 1, 2, channel))
        }
        #expect(try run(VideoCrop.self, given, on: clip.arranged(["width", "channel", "time", "height"])) == made)
    }

    @Test("without sizes, all that follows stays")
    func rest() throws {
        #expect(try run(VideoCrop.self, on: clip) == clip)
        #expect(try run(VideoCrop.self, ["top": .int(2)], on: clip).shape == [2, 1, 4, 2])
        let signature = try VideoCrop(given: ["top": .int(2)]).output(for: [Signature(of: .tensor(clip))])
        #expect(signature.axes?.map(\.size) == [2, 1, 4, 2])
    }

    @Test("a rectangle that reaches out of the frame names the frame's size")
    func outside() {
        for given: [String: Canonical] in [
            ["top": .int(3)], ["top": .int(2), "height": .int(2)], ["left": .int(1), "width": .int(4)],
            ["width": .int(5)],
        ] {
            let failure = #expect(throws: Failure.self) { try run(VideoCrop.self, given, on: clip) }
            #expect(failure?.cause.contains("3 × 4") == true)
            // Where the size is known before, so is that.
            #expect(throws: Problem.self) { try VideoCrop(given: given).output(for: [Signature(of: .tensor(clip))]) }
        }
    }
}

/// `video.flip`.
struct FlipTests {
    @Test("left and right, top and bottom, first and last")
    func axes() throws {
        let mirrored = try run(VideoFlip.self, on: clip)
        let upset = try run(VideoFlip.self, ["axis": .text("height")], on: clip)
        let backwards = try run(VideoFlip.self, ["axis": .text("time")], on: clip)
        for (time, row, column, channel) in [(0, 0, 0, 0), (1, 2, 1, 1), (0, 1, 3, 1)] {
            let here = value(clip, time, row, column, channel)
            #expect(value(mirrored, time, row, 3 - column, channel) == here)
            #expect(value(upset, time, 2 - row, column, channel) == here)
            #expect(value(backwards, 1 - time, row, column, channel) == here)
        }
    }

    @Test("twice is not at all", arguments: FlippedAxis.allCases)
    func twice(_ axis: FlippedAxis) throws {
        let given: [String: Canonical] = ["axis": .text(axis.rawValue)]
        #expect(try run(VideoFlip.self, given, on: run(VideoFlip.self, given, on: clip)) == clip)
    }

    @Test("a single frame has no time to turn round")
    func single() throws {
        let frame = Tensor(.float64([1, 2]), shape: [1, 2], axes: ["height", "width"])
        #expect(try run(VideoFlip.self, on: frame).elements == .float64([2, 1]))
        #expect(throws: Failure.self) { try run(VideoFlip.self, ["axis": .text("time")], on: frame) }
    }
}
