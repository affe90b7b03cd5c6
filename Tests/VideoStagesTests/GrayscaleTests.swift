import Stages
import Tensors
import TestSupport
import Testing

@testable import VideoStages

/// `video.grayscale`.
struct GrayscaleTests {
    private func gray(_ tensor: Tensor, _ given: [String: Canonical] = [:]) throws -> Tensor {
        let stage = try VideoGrayscale(given: given)
        let value = try stage.apply(MapInput(values: [.tensor(tensor)], stream: RandomStream(named: Digest(of: .null))))
        guard case .tensor(let made) = value else { throw Failure("no tensor") }
        return made
    }

    @Test("axes are found by name, in any order")
    func order() throws {
        let bytes = (0..<24).map { UInt8($0 * 10) }
        let plain = Tensor(.uint8(bytes), shape: [2, 2, 2, 3], axes: ["time", "height", "width", "channel"])
        let moved = plain.arranged(["height", "width", "channel", "time"])
        #expect(try gray(moved) == gray(plain))
        #expect(try gray(plain).axes == ["time", "height", "width"])
    }

    @Test("white is 254.9745")
    func white() throws {
        let white = Tensor(.uint8([255, 255, 255]), shape: [1, 1, 3], axes: ["height", "width", "channel"])
        #expect(try abs((gray(white).doubles() ?? [0])[0] - 254.9745) < 1e-10)
        #expect(try gray(white, ["dtype": .text("float32")]).type == .float32)
    }
}
