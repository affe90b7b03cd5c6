// audio.delta

internal import Stages
internal import Tensors

struct AudioDelta: MapStage {
    static let declaration = Declaration(
        "audio.delta", revision: 1, kind: .map,
        summary: "How features change from frame to frame: local slopes, or derivatives of higher order.",
        documentation: """
            The derivative of order `order`, in units a frame, of the polynomial of that degree that fits `width` frames \
            best (Savitzky and Golay), around each frame. Fitted and summed in double precision.

            Near the ends, `mode: interp` takes the polynomial of the first or last `width` frames, and fails where \
            there are fewer; the other modes continue the features beyond their ends: `nearest` repeats the end frame, \
            `mirror` mirrors at it, `constant` takes zeros, `wrap` goes on at the other end.

            Fails on: fewer than `width` frames with `mode: interp`, NaN and infinite numbers.

            Source: librosa 0.11, `librosa.feature.delta`; scipy, `scipy.signal.savgol_filter`.
            """,
        inputs: [
            Port(
                accepts: [.tensor], types: [.float32, .float64], usualAxes: [["time"], ["time", "feature"]],
                "features over (time, feature) or the like")
        ],
        output: "type, axes and attributes of the input; labels with _delta, or _delta_2 and so on, behind")

    enum Mode: String, CaseIterable, ParameterValue { case interp, nearest, mirror, constant, wrap }

    struct Parameters: ParameterSet {
        var width = 9
        var order = 1
        var mode = Mode.interp
        var axis = "time"

        static var fields: [Field<Parameters>] {
            [
                Field(
                    "width", \.width, as: .int(.between(3, 10_001)), unit: "frames",
                    "frames that a polynomial is fitted to; odd"),
                Field("order", \.order, as: .int(.between(1, 20)), "1 for the slope, 2 for how that changes …"),
                Field("mode", \.mode, "what is done near the ends"),
                Field("axis", \.axis, as: .axis, "the axis of time"),
            ]
        }
    }

    let parameters: Parameters
    /// What the frames from -width / 2 to width / 2 around a frame are weighted by.
    private let weights: [Double]

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        guard !parameters.width.isMultiple(of: 2) else {
            throw Problem("expected an odd number of frames, got the int \(parameters.width)", at: ["width"])
        }
        guard parameters.order < parameters.width else {
            throw Problem(
                "expected an order below width (\(parameters.width)), got the int \(parameters.order)", at: ["order"])
        }
        weights = Self.weights(half: parameters.width / 2, order: parameters.order)
    }

    /// The least-squares coefficient of xᵒʳᵈᵉʳ over the integers around 0, times order!, is a projection on the
    /// polynomial of that degree that is orthogonal to all lower ones there (Gram's).
    private static func weights(half: Int, order: Int) -> [Double] {
        let points = (-half...half).map(Double.init)
        var (before, now) = ([Double](repeating: 0, count: points.count), [Double](repeating: 1, count: points.count))
        var (normBefore, norm, factorial) = (1.0, Double(points.count), 1.0)
        for degree in 1...order {
            let ratio = degree == 1 ? 0 : norm / normBefore
            let next = points.indices.map { points[$0] * now[$0] - ratio * before[$0] }
            (before, now, normBefore) = (now, next, norm)
            norm = now.reduce(0) { $0 + $1 * $1 }
            factorial *= Double(degree)
        }
        return now.map { factorial * $0 / norm }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        guard let input = inputs.first else { return .tensor(nil) }
        guard let axes = try input.axes(with: parameters.axis) else { return .tensor(input.type) }
        if let frames = axes.first(where: { $0.name == parameters.axis })?.size, isTooShort(frames) {
            throw Problem(tooShort(frames), at: ["width"], advice: Self.advice)
        }
        return .tensor(
            input.type,
            axes.map { axis in
                Axis(axis.name, size: axis.size, labels: axis.name == "feature" ? axis.labels.map(labels) : axis.labels)
            })
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let lines = try Lines(of: tensor, along: parameters.axis)
        if isTooShort(lines.length) { throw Failure(tooShort(lines.length), advice: Self.advice) }
        let elements: Elements
        switch tensor.elements {
        case .float32(let values):
            let deltas = self.deltas(of: values, lines).map(Float.init)
            guard deltas.allSatisfy(\.isFinite) else { throw tensor.notFinite() }
            elements = .float32(deltas)
        case .float64(let values):
            let deltas = self.deltas(of: values, lines)
            guard deltas.allSatisfy(\.isFinite) else { throw tensor.notFinite() }
            elements = .float64(deltas)
        default: throw Failure("expected float32 or float64, got \(Value.tensor(tensor).phrase)")
        }
        var names = tensor.labels
        if let own = names["feature"] { names["feature"] = labels(own) }
        return .tensor(
            Tensor(elements, shape: tensor.shape, axes: tensor.axes, labels: names, attributes: tensor.attributes))
    }

    private func labels(_ names: [String]) -> [String] {
        names.map { $0 + (parameters.order == 1 ? "_delta" : "_delta_\(parameters.order)") }
    }

    private static let advice = "lower width, or choose another mode than interp"

    private func isTooShort(_ frames: Int) -> Bool { parameters.mode == .interp && frames < parameters.width }

    private func tooShort(_ frames: Int) -> String {
        "expected at least width = \(parameters.width) frames with mode: interp, got \(frames)"
    }

    private func deltas<Number: BinaryFloatingPoint>(of values: [Number], _ lines: Lines) -> [Double] {
        let (half, inner) = (parameters.width / 2, lines.inner)
        var deltas = [Double](repeating: 0, count: values.count)
        values.withUnsafeBufferPointer { values in
            deltas.withUnsafeMutableBufferPointer { deltas in
                for block in 0..<lines.outer {
                    let start = block * lines.length
                    for frame in 0..<lines.length {
                        // The highest derivative of a fitted polynomial is the same all along it.
                        let centre =
                            parameters.mode == .interp ? max(half, min(lines.length - 1 - half, frame)) : frame
                        let to = (start + frame) * inner
                        for (offset, weight) in weights.enumerated() {
                            guard let source = source(centre + offset - half, of: lines.length) else { continue }
                            let from = (start + source) * inner
                            for column in 0..<inner { deltas[to + column] += weight * Double(values[from + column]) }
                        }
                    }
                }
            }
        }
        return deltas
    }

    /// The frame that stands at a position before, among or behind `count` frames; nil for zeros.
    private func source(_ position: Int, of count: Int) -> Int? {
        if position >= 0 && position < count { return position }
        switch parameters.mode {
        case .interp, .nearest: return max(0, min(count - 1, position))
        case .constant: return nil
        case .wrap: return ((position % count) + count) % count
        case .mirror:
            if count == 1 { return 0 }
            let period = 2 * (count - 1)
            let phase = ((position % period) + period) % period
            return phase < count ? phase : period - phase
        }
    }
}
