// video.flip

internal import Stages
internal import Tensors

struct VideoFlip: MapStage {
    static let declaration = Declaration(
        "video.flip", revision: 1, kind: .map,
        summary: "Frames turned round: a mirror image, upside down, or backwards in time.",
        documentation: """
            `axis: width` mirrors left and right, `height` puts the top at the bottom, `time` plays the last frame first. \
            Beside the plain frames, in a branch set, the mirrored ones double the samples of faces.

            Fails on a single frame where the axis is `time`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["height", "width"], ["height", "width", "channel"], frameAxes], "frames")
        ],
        output: "the type of the input, axes (time, height, width, channel), of those that there are", isCheap: true)

    struct Parameters: ParameterSet {
        var axis = FlippedAxis.width

        static var fields: [Field<Parameters>] { [Field("axis", \.axis, "what is turned round")] }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(inputs.first?.type, try knownAxes(of: inputs.first, needsTime: parameters.axis == .time))
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor(), needsTime: parameters.axis == .time)
        // How many positions the axis has, and how many elements one of them.
        let (size, length) =
            switch parameters.axis {
            case .width: (frames.width, frames.channels)
            case .height: (frames.height, frames.width * frames.channels)
            case .time: (frames.time, frames.height * frames.width * frames.channels)
            }
        let elements = try frames.pieces(frames.tensor.count / length, of: length) { piece in
            (piece / size * size + size - 1 - piece % size) * length
        }
        return .tensor(frames.with(elements))
    }
}

enum FlippedAxis: String, Sendable, Hashable, CaseIterable, ParameterValue {
    case width, height, time
}
