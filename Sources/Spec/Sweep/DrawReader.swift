// What stands in `random`: numbers and distributions, each with its place when it is wrong.

internal import Stages
internal import Tensors

/// Reads what values are drawn from.
struct DrawReader {
    private var substitution: Substitution
    private(set) var errors = ErrorList()

    init(substitution: Substitution) { self.substitution = substitution }

    /// `{uniform: [0, 1]}` and the like.
    mutating func variable(_ value: Located, of place: Place) -> Variable? {
        let words = Distribution.words.joined(separator: ", ")
        guard let entries = value.entries, entries.count == 1, let entry = entries.first else {
            errors.add(
                "expected one of \(words) with its range, got \(value.canonical.phrase)", at: value.range,
                address: place.address, advice: "as {uniform: [0, 1]}")
            return nil
        }
        func variable(_ distribution: Distribution, _ ends: [Located] = []) -> Variable {
            Variable(place: place, distribution: distribution, range: entry.value.range, ends: ends)
        }
        switch entry.key {
        case "uniform", "log_uniform":
            let isLogarithmic = entry.key == "log_uniform"
            guard let ends = ends(entry.value, .float(isLogarithmic ? .above(0) : .any), place.address) else {
                return nil
            }
            let (low, high) = (ends[0].number.floatValue ?? 0, ends[1].number.floatValue ?? 0)
            return variable(
                isLogarithmic ? .logUniform(low, high) : .uniform(low, high), ends.map { $0.value })
        case "int":
            guard let ends = ends(entry.value, .int(.any), place.address) else { return nil }
            let (low, high) = (ends[0].number.intValue ?? 0, ends[1].number.intValue ?? 0)
            if high.subtractingReportingOverflow(low).overflow || high - low == Int.max {
                errors.add("the range is wider than 64 bits", at: entry.value.range, address: place.address)
                return nil
            }
            return variable(.int(low, high), ends.map { $0.value })
        case "choice":
            let given = SweepReader.listed(entry.value)
            if given.isEmpty {
                errors.add(
                    "expected a list of values, or a map of labels to values, got \(entry.value.canonical.phrase)",
                    at: entry.value.range, address: place.address)
                return nil
            }
            return variable(
                .choice(
                    given.map { label, value in
                        SweptValue(
                            value: value, cell: Cell(substitution.apply(to: value), of: place, label: label))
                    }))
        default:
            errors.add(
                "expected one of \(words), got \(entry.key)", at: entry.keyRange, address: place.address,
                advice: nearest(to: entry.key, among: Distribution.words).map { "did you mean \($0)?" })
            return nil
        }
    }

    mutating func int(_ value: Located?, _ bounds: Bounds, _ address: String, advice: String? = nil) -> Int? {
        value.flatMap { number($0, .int(bounds), address, advice) }?.intValue
    }

    /// Two numbers, the smaller first.
    private mutating func ends(
        _ value: Located, _ type: ParameterKind, _ address: String
    ) -> [(number: Canonical, value: Located)]? {
        let shown = substitution.apply(to: value)
        guard let elements = shown.elements, elements.count == 2 else {
            errors.add(
                "expected the two ends of a range, got \(shown.canonical.phrase)", at: value.range, address: address,
                advice: "write [low, high]")
            return nil
        }
        let ends = elements.compactMap { element in number(element, type, address).map { ($0, element) } }
        guard ends.count == 2 else { return nil }
        if let low = ends[0].0.floatValue, let high = ends[1].0.floatValue, low > high {
            errors.add(
                "expected the smaller end first, got \(shown.shown)", at: value.range, address: address,
                advice: "write [\(elements[1].shown), \(elements[0].shown)]")
            return nil
        }
        return ends
    }

    private mutating func number(
        _ value: Located, _ type: ParameterKind, _ address: String, _ advice: String? = nil
    ) -> Canonical? {
        do throws(Problem) { return try type.convert(substitution.apply(to: value).canonical) } catch {
            errors.add(error.message, at: value.range, address: address, advice: advice)
            return nil
        }
    }
}
