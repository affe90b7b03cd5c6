// tensor.summary

internal import Stages
internal import Tensors

struct TensorSummary: MapStage {
    enum Statistic: String, CaseIterable, ParameterValue {
        case mean, std, `var`, min, max, median, range, sum, first, last
    }

    struct Parameters: ParameterSet {
        var over = "time"
        var statistics: [Statistic] = [.mean, .std, .min, .max]

        static var fields: [Field<Self>] {
            [
                Field("over", \.over, as: .axis, "the axis to summarise over; it disappears"),
                Field("statistics", \.statistics, "which numbers to take, in the order of the output"),
            ]
        }
    }

    static let declaration = Declaration(
        "tensor.summary", revision: 1, kind: .map,
        summary: "Statistics over an axis: mean, std, min, max and others.",
        documentation: """
            Gives a tensor with a first axis `statistic`, labelled with the statistics' names in the order asked for, and \
            behind it the input's axes without `over`. So 20 MFCC over time become (statistic 4, feature 20), and \
            `tensor.flatten` makes of that 80 columns: `mean.mfcc_0` to `mean.mfcc_19`, then `std.mfcc_0` ….

            `std` and `var` divide by the number of positions, as numpy does; `median` of an even number is the mean of \
            the middle two; `range` is max − min; `first` and `last` are the values at the ends. Sums are made in \
            double precision. A NaN along `over` makes every statistic NaN but `first` and `last`, as in numpy.

            Fails when there is nothing along `over`.
            """,
        inputs: [Port(accepts: [.tensor], types: realTypes, "real numbers, with the axis `over`")],
        output: "float32 for float32, else float64; axes (statistic, the others)")

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if parameters.statistics.isEmpty { throw Problem("expected at least one statistic", at: ["statistics"]) }
        if Set(parameters.statistics).count < parameters.statistics.count {
            throw Problem("a statistic is listed twice", at: ["statistics"])
        }
        self.parameters = parameters
    }

    private var names: [String] { parameters.statistics.map(\.rawValue) }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        guard let input = inputs.first else { return .unknown }
        if let content = input.content, content != .tensor { throw Problem("expected a tensor, got \(input.phrase)") }
        if input.type == .complex64 { throw Problem("expected real numbers, got \(input.phrase)") }
        let type = input.type.map { $0 == .float32 ? ElementType.float32 : .float64 }
        guard let axes = input.axes else { return .tensor(type) }
        guard let over = axes.first(where: { $0.name == parameters.over }) else {
            throw Problem("there is no axis \(parameters.over) in \(input.phrase)", at: ["over"])
        }
        if over.size == 0 { throw Problem("there is nothing along \(over.name) in \(input.phrase)", at: ["over"]) }
        let others = axes.filter { $0.name != over.name }
        if others.contains(where: { $0.name == "statistic" }) { throw Problem(Self.clash, advice: Self.advice) }
        return .tensor(type, [Axis("statistic", labels: names)] + others)
    }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        guard let position = tensor.axes.firstIndex(of: parameters.over) else {
            throw Failure("there is no axis \(parameters.over) in \(Value.tensor(tensor).phrase)")
        }
        let length = tensor.shape[position]
        guard length > 0 else {
            throw Failure("there is nothing along \(parameters.over): \(Value.tensor(tensor).phrase)")
        }
        guard let elements = tensor.doubles() else { throw Failure("expected real numbers, got complex ones") }
        var (shape, axes, labels) = (tensor.shape, tensor.axes, tensor.labels)
        shape.remove(at: position)
        axes.remove(at: position)
        labels[parameters.over] = nil
        if axes.contains("statistic") { throw Failure(Self.clash, advice: Self.advice) }

        let series = Series(
            elements: elements, outer: tensor.shape[..<position].reduce(1, *), length: length,
            inner: tensor.shape[(position + 1)...].reduce(1, *))
        let result = series.statistics(parameters.statistics)
        labels["statistic"] = names
        return .tensor(
            Tensor(
                tensor.type == .float32 ? .float32(result.map(Float.init)) : .float64(result),
                shape: [names.count] + shape, axes: ["statistic"] + axes, labels: labels, attributes: tensor.attributes)
        )
    }

    private static let clash = "the input already has an axis statistic"
    private static let advice = "put tensor.flatten between two summaries"
}

/// Many series of one length that lie interleaved: (outer, length, inner).
private struct Series {
    let elements: [Double]
    let outer: Int
    let length: Int
    let inner: Int

    /// (statistic, outer, inner).
    func statistics(_ wanted: [TensorSummary.Statistic]) -> [Double] {
        var result = [Double]()
        result.reserveCapacity(wanted.count * outer * inner)
        let sums = totals()
        lazy var variances = deviations(sums: sums).map { $0 / Double(length) }
        lazy var least = extremes(-1)
        lazy var most = extremes(1)
        for statistic in wanted {
            switch statistic {
            case .mean: result += sums.map { $0 / Double(length) }
            case .sum: result += sums
            case .var: result += variances
            case .std: result += variances.map { $0.squareRoot() }
            case .min: result += least
            case .max: result += most
            case .range: result += zip(most, least).map { $0 - $1 }
            case .median: result += medians()
            case .first: result += row(0)
            case .last: result += row(length - 1)
            }
        }
        return result
    }

    /// Runs `step` over (place of the series, element), along each series in order.
    private func forEach(_ step: (Int, Double) -> Void) {
        for block in 0..<outer {
            for time in 0..<length {
                let start = (block * length + time) * inner
                for offset in 0..<inner { step(block * inner + offset, elements[start + offset]) }
            }
        }
    }

    private func totals() -> [Double] {
        var sums = [Double](repeating: 0, count: outer * inner)
        forEach { sums[$0] += $1 }
        return sums
    }

    /// Sums of squared distances from the mean.
    private func deviations(sums: [Double]) -> [Double] {
        let means = sums.map { $0 / Double(length) }
        var squares = [Double](repeating: 0, count: sums.count)
        forEach { squares[$0] += ($1 - means[$0]) * ($1 - means[$0]) }
        return squares
    }

    /// The largest for sign 1, the smallest for −1; NaN where there is one.
    private func extremes(_ sign: Double) -> [Double] {
        var found = [Double](repeating: -.infinity, count: outer * inner)
        forEach { place, element in
            let signed = sign * element
            if signed > found[place] || signed.isNaN { found[place] = signed }
        }
        return found.map { sign * $0 }
    }

    private func medians() -> [Double] {
        (0..<outer * inner).map { place in
            let start = place / inner * length * inner + place % inner
            var series = (0..<length).map { elements[start + $0 * inner] }
            if series.contains(where: \.isNaN) { return .nan }
            series.sort()
            let middle = series[length / 2]
            return length % 2 == 1 ? middle : (series[length / 2 - 1] + middle) / 2
        }
    }

    private func row(_ time: Int) -> [Double] {
        (0..<outer).flatMap { block -> ArraySlice<Double> in
            let start = (block * length + time) * inner
            return elements[start..<start + inner]
        }
    }
}
