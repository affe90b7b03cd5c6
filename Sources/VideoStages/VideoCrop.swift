// video.crop

internal import Stages
internal import Tensors

struct VideoCrop: MapStage {
    static let declaration = Declaration(
        "video.crop", revision: 1, kind: .map,
        summary: "A rectangle of each frame.",
        documentation: """
            `top` and `left` are the first row and column that stay, from 0; `height` and `width` are how many stay, null for \
            all that follow.

            Fails where the rectangle reaches out of the frame.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["height", "width"], ["height", "width", "channel"], frameAxes], "frames")
        ],
        output: "the type of the input, axes (time, height, width, channel), of those that there are", isCheap: true)

    struct Parameters: ParameterSet {
        var top = 0
        var left = 0
        var height: Int?
        var width: Int?

        static var fields: [Field<Parameters>] {
            let places = ParameterKind.int(.between(0, 1_000_000))
            let sizes = ParameterKind.optional(.int(.between(1, 1_000_000)))
            return [
                Field("top", \.top, as: places, unit: "pixels", "rows left out above"),
                Field("left", \.left, as: places, unit: "pixels", "columns left out on the left"),
                Field("height", \.height, as: sizes, unit: "pixels", "rows that stay; null for all below"),
                Field("width", \.width, as: sizes, unit: "pixels", "columns that stay; null for all on the right"),
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(
            inputs.first?.type,
            try knownAxes(of: inputs.first)?.map { (axis) throws(Problem) in
                switch axis.name {
                case "height": try kept(axis, "top", parameters.top, "height", parameters.height)
                case "width": try kept(axis, "left", parameters.left, "width", parameters.width)
                default: axis
                }
            })
    }

    /// What stays of a side as far as that is known.
    private func kept(
        _ axis: Axis, _ start: String, _ first: Int, _ size: String, _ count: Int?
    ) throws(Problem) -> Axis {
        guard let known = axis.size else { return Axis(axis.name, size: count) }
        guard first < known, first + (count ?? 1) <= known else {
            let isTooFar = first >= known
            throw Problem(
                "\(start) \(first)" + (count.map { " and \(size) \($0)" } ?? "")
                    + " reach out of a \(axis.name) of \(known)",
                at: [isTooFar ? start : size])
        }
        return Axis(axis.name, size: count ?? known - first)
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor())
        let (top, left) = (parameters.top, parameters.left)
        let (height, width) = (parameters.height ?? frames.height - top, parameters.width ?? frames.width - left)
        guard height > 0, width > 0, top + height <= frames.height, left + width <= frames.width else {
            let rows = parameters.height.map { "\(top) to \(top + $0 - 1)" } ?? "\(top) and below"
            let columns = parameters.width.map { "\(left) to \(left + $0 - 1)" } ?? "\(left) and on"
            throw Failure(
                "rows \(rows), columns \(columns) are not all inside frames of \(frames.height) × \(frames.width)")
        }
        let line = frames.width * frames.channels
        let elements = try frames.pieces(frames.time * height, of: width * frames.channels) { piece in
            (piece / height * frames.height + top + piece % height) * line + left * frames.channels
        }
        return .tensor(frames.with(elements, height: height, width: width))
    }
}
