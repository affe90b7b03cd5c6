// The size that frames are to have, as `video.decode` and `video.resize` are told it.

internal import Stages
internal import Tensors

/// A share of the size that frames have, or a height and a width; or neither.
struct FrameSize: ParameterSet {
    var scale: Double?
    var size: [Int]?

    static var fields: [Field<FrameSize>] {
        [
            Field(
                "scale", \.scale, as: .optional(.float(Bounds(lower: 0, upper: 1000, isLowerOpen: true))),
                "height and width times this, rounded down; 1/3 may be written so"),
            Field(
                "size", \.size, as: .optional(.list(.int(.between(1, 1_000_000)))), unit: "pixels",
                "height and width themselves"),
        ]
    }

    func check() throws(Problem) {
        if scale != nil, size != nil {
            throw Problem("expected a scale or a size, got both", at: ["size"], advice: "leave one of them out")
        }
        if let size, size.count != 2 {
            throw Problem("expected a height and a width, got a list of \(size.count)", at: ["size"])
        }
    }

    /// The size of frames of a size.
    func target(of from: (height: Int, width: Int)) throws(Failure) -> (height: Int, width: Int) {
        if let size { return (size[0], size[1]) }
        guard let height = scaled(from.height), let width = scaled(from.width) else {
            throw Failure(
                "frames of \(from.height) × \(from.width) times \(decimal(scale ?? 1)) would have a side of less than 1 pixel, "
                    + "or of more than a million", advice: "give a size: [height, width]")
        }
        return (height, width)
    }

    /// The axis as it becomes.
    func axis(_ axis: Axis) -> Axis {
        guard let place = ["height", "width"].firstIndex(of: axis.name) else { return axis }
        return Axis(axis.name, size: size?[place] ?? axis.size.flatMap { scaled($0) })
    }

    /// ⌊n · scale⌋; nil if that is out of bounds.
    private func scaled(_ size: Int) -> Int? {
        let product = Double(size) * (scale ?? 1)
        return product >= 1 && product <= 1_000_000 ? Int(product) : nil
    }
}
