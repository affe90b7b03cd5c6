// Frames as stages work on them: a tensor's axes are found by their names, in whatever order they stand, and brought into
// the order (time, height, width, channel).

internal import Stages
internal import Tensors

/// The axes of frames, in the order in which stages give them.
let frameAxes = ["time", "height", "width", "channel"]

/// A tensor over (height, width), and over time and channel where it has them.
struct VideoFrames {
    /// In the order (time, height, width, channel), of the axes that there are.
    let tensor: Tensor
    /// 1 for an axis that there is not.
    let time, height, width, channels: Int

    var hasTime: Bool { tensor.axes.first == "time" }
    var hasChannels: Bool { tensor.axes.last == "channel" }

    /// - Parameter needsTime: whether a single frame will not do.
    init(_ given: Tensor, needsTime: Bool = false) throws(Failure) {
        let wanted = needsTime ? ["time", "height", "width"] : ["height", "width"]
        guard wanted.allSatisfy(given.axes.contains), given.axes.allSatisfy(frameAxes.contains) else {
            throw Failure(
                "expected frames over (\(needsTime ? "time, height, width" : "height, width")), and channel where they are in "
                    + "colour, got \(Value.tensor(given).phrase)",
                advice: "name the axes of a .npy file with --axes")
        }
        if let empty = zip(given.axes, given.shape).first(where: { $0.1 == 0 }) {
            throw Failure("expected at least one position along \(empty.0), got \(Value.tensor(given).phrase)")
        }
        tensor = given.arranged(frameAxes.filter(given.axes.contains))
        time = given.size(of: "time") ?? 1
        height = given.size(of: "height") ?? 1
        width = given.size(of: "width") ?? 1
        channels = given.size(of: "channel") ?? 1
    }

    /// Frames of another size, type or number of channels, along the same axes but for those left out.
    func with(
        _ elements: Elements, time: Int? = nil, height: Int? = nil, width: Int? = nil, without dropped: String? = nil
    ) -> Tensor {
        let sizes = [
            "time": time ?? self.time, "height": height ?? self.height, "width": width ?? self.width,
            "channel": channels,
        ]
        let axes = tensor.axes.filter { $0 != dropped }
        let labels = tensor.labels.filter { $0.key == "channel" && axes.contains("channel") }
        return Tensor(
            elements, shape: axes.map { sizes[$0] ?? 1 }, axes: axes, labels: labels, attributes: tensor.attributes)
    }
}

extension Tensor {
    /// The same elements along the same axes in another order.
    func arranged(_ order: [String]) -> Tensor {
        if order == axes { return self }
        let places = order.compactMap { axes.firstIndex(of: $0) }
        precondition(places.count == axes.count && order.count == axes.count, "each axis once")
        let sizes = places.map { shape[$0] }
        let steps = places.map { place in shape[(place + 1)...].reduce(1, *) }
        func moved<Element>(_ from: [Element]) -> [Element] {
            var to = [Element]()
            to.reserveCapacity(from.count)
            var position = [Int](repeating: 0, count: sizes.count)
            var offset = 0
            for _ in from.indices {
                to.append(from[offset])
                for axis in sizes.indices.reversed() {
                    position[axis] += 1
                    offset += steps[axis]
                    if position[axis] < sizes[axis] { break }
                    offset -= steps[axis] * sizes[axis]
                    position[axis] = 0
                }
            }
            return to
        }
        let elements: Elements =
            switch self.elements {
            case .uint8(let values): .uint8(moved(values))
            case .int16(let values): .int16(moved(values))
            case .int32(let values): .int32(moved(values))
            case .int64(let values): .int64(moved(values))
            case .float32(let values): .float32(moved(values))
            case .float64(let values): .float64(moved(values))
            case .complex64(let values): .complex64(moved(values))
            case .bool(let values): .bool(moved(values))
            }
        return Tensor(elements, shape: sizes, axes: order, labels: labels, attributes: attributes)
    }
}

/// What is known of frames that arrive: their axes in the order in which stages give them; nil where they are not known.
func knownAxes(of input: Signature?, needsTime: Bool = false) throws(Problem) -> [Axis]? {
    guard let input else { return nil }
    if let content = input.content, content != .tensor { throw Problem("expected frames, got \(input.phrase)") }
    guard let axes = input.axes else { return nil }
    let names = axes.map(\.name)
    let wanted = needsTime ? ["time", "height", "width"] : ["height", "width"]
    guard wanted.allSatisfy(names.contains), names.allSatisfy(frameAxes.contains) else {
        throw Problem(
            "expected frames over (\(wanted.joined(separator: ", "))), and channel where they are in colour, got "
                + input.phrase)
    }
    return frameAxes.compactMap { name in axes.first { $0.name == name } }
}
