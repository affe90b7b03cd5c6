// video.interpolate

internal import Kernels
internal import Stages
internal import Tensors

struct VideoInterpolate: MapStage {
    static let declaration = Declaration(
        "video.interpolate", revision: 1, kind: .map,
        summary: "Another number of frames, by linear interpolation in time.",
        documentation: """
            Output frame k of n lies at k · step, where step = (t − 1) / (n − 1) and t is the number of input frames; the \
            last is input frame t − 1, and of n = 1 the only one is frame 0. At a position p between the frames lo and hi \
            it is (hi − p) · lo's value + (p − lo) · hi's, in float64; bytes drop what is behind the point. A whole \
            position takes that frame as it is, and frames of the wanted number pass unchanged.

            Source: the article "Classifying Emotions from Videos" (2024), positions by `numpy.linspace`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.uint8, .float32, .float64],
                usualAxes: [["time", "height", "width"], frameAxes], "frames")
        ],
        output: "the type of the input, axes (time, height, width, channel), without channel where there is none")

    struct Parameters: ParameterSet {
        var frames = 1

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "n_frames", \.frames, as: .int(.between(1, 1_000_000)), unit: "frames", isRequired: true,
                    "how many frames come out")
            ]
        }
    }

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(
            inputs.first?.type,
            try knownAxes(of: inputs.first, needsTime: true)?.map { axis in
                axis.name == "time" ? Axis("time", size: parameters.frames) : axis
            })
    }

    func apply(_ input: MapInput) throws -> Value {
        let frames = try VideoFrames(try input.tensor(), needsTime: true)
        let (time, count, size) = (frames.time, parameters.frames, frames.height * frames.width * frames.channels)
        try checkSize(of: size.multipliedReportingOverflow(by: count), "n_frames")
        let elements: Elements =
            switch frames.tensor.elements {
            case .uint8(let values): .uint8(interpolated(values, time: time, frameSize: size, to: count))
            case .float32(let values): .float32(interpolated(values, time: time, frameSize: size, to: count))
            case .float64(let values): .float64(interpolated(values, time: time, frameSize: size, to: count))
            default: throw frames.notFrames
            }
        return .tensor(frames.with(elements, time: count))
    }
}

/// A frame between two others.
struct FramePosition: Equatable {
    let low, high: Int
    /// Of the frames `low` and `high`.
    let below, above: Double

    /// Where `count` frames lie among `time`.
    static func all(_ count: Int, among time: Int) -> [FramePosition] {
        let step = count > 1 ? Double(time - 1) / Double(count - 1) : 0
        return (0..<count).map { index in
            let place = index > 0 && index == count - 1 ? Double(time - 1) : Double(index) * step
            let (low, high) = (place.rounded(.down), place.rounded(.up))
            // Products of a step that was rounded up may end above the last frame, by less than can be seen.
            guard low < high, high < Double(time) else {
                let whole = min(Int(low), time - 1)
                return FramePosition(low: whole, high: whole, below: 1, above: 0)
            }
            return FramePosition(low: Int(low), high: Int(high), below: high - place, above: place - low)
        }
    }
}

/// As many frames as wanted, by linear interpolation in time; of bytes, what is behind the point is dropped.
func interpolated(_ frames: [UInt8], time: Int, frameSize: Int, to count: Int) -> [UInt8] {
    if count == time { return frames }
    return [UInt8](unsafeUninitializedCapacity: count * frameSize) { buffer, filled in
        frames.withUnsafeBufferPointer { frames in
            guard let from = frames.baseAddress, let to = buffer.baseAddress else { return }
            for (index, position) in FramePosition.all(count, among: time).enumerated() {
                let (low, target) = (from + position.low * frameSize, to + index * frameSize)
                if position.low == position.high {
                    target.initialize(from: low, count: frameSize)
                } else {
                    kernel_between_bytes(
                        low, from + position.high * frameSize, position.below, position.above, frameSize, target)
                }
            }
        }
        filled = count * frameSize
    }
}

private func interpolated<Element: BinaryFloatingPoint>(
    _ frames: [Element], time: Int, frameSize: Int, to count: Int
) -> [Element] {
    if count == time { return frames }
    var output = [Element]()
    output.reserveCapacity(count * frameSize)
    for position in FramePosition.all(count, among: time) {
        let (low, high) = (position.low * frameSize, position.high * frameSize)
        if low == high {
            output += frames[low..<low + frameSize]
            continue
        }
        for offset in 0..<frameSize {
            let below = position.below * Double(frames[low + offset])
            let above = position.above * Double(frames[high + offset])
            output.append(Element(below + above))
        }
    }
    return output
}
