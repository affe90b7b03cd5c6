import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// The stored frames: resized, interpolated, and their histograms of gradients.
enum FrameGoldens {
    static let group = GoldenGroup("video")
    static let cases = group.cases("video.resize", "video.interpolate", "video.hog2d")

    static func results(of golden: GoldenCase) throws -> [GoldenResult] {
        let given = golden.with
        switch golden.stage {
        case "video.resize":
            let frame = named(try golden.input("frame"))
            // Once by the scale, once by the sizes that it must come to.
            let scaled = try run(VideoResize.self, ["scale": given["scale"] ?? .null], on: frame)
            let size = Canonical.array([given["height"] ?? .null, given["width"] ?? .null])
            let sized = try run(VideoResize.self, ["size": size], on: frame)
            return try [scaled, sized].map { try golden.compare("frame", $0.doubles()) }
        case "video.interpolate":
            let frames = try golden.input("frames")
            let clip = Tensor(frames.elements, shape: frames.shape, axes: frameAxes)
            let made = try run(VideoInterpolate.self, ["n_frames": given["count"] ?? .null], on: clip)
            return [try golden.compare("frames", made.doubles())]
        default:
            let made = try run(
                VideoHog.self,
                [
                    "orientations": given["orientations"] ?? .null, "pixels_per_cell": given["cell"] ?? .null,
                    "cells_per_block": given["block"] ?? .null, "block_norm": given["norm"] ?? .null,
                ], on: named(try golden.input("image")))
            return [try golden.compare("descriptor", made.doubles())]
        }
    }

    private static func named(_ frame: Tensor) -> Tensor {
        Tensor(
            frame.elements, shape: frame.shape, axes: Array(["height", "width", "channel"].prefix(frame.shape.count)))
    }
}

/// What a stage of that type with these parameters makes of frames.
func run<Stage: MapStage>(_ type: Stage.Type, _ given: [String: Canonical] = [:], on frames: Tensor) throws -> Tensor {
    let input = MapInput(values: [.tensor(frames)], stream: RandomStream(named: Digest(of: .null)))
    guard case .tensor(let made) = try Stage(given: given).apply(input) else { throw Failure("no tensor") }
    return made
}

/// Parity with OpenCV, NumPy and scikit-image on stored frames.
@Suite(.enabled(if: FrameGoldens.group.isThere, "the reference numbers are not beside the package"))
struct FrameGoldenTests {
    @Test(arguments: FrameGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let results = try FrameGoldens.results(of: golden)
        #expect(!results.isEmpty)
        for result in results { #expect(result.hasPassed, "\(result)") }
    }
}
