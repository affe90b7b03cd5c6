// The sweep: a product of values for addresses, the first address slowest.

internal import Stages
internal import Tensors

/// A value of a swept address.
struct GridValue: Sendable {
    let value: Located
    /// As results show it: a scalar as it is written, or the label.
    let text: String
}

/// A swept address.
struct GridAxis: Sendable {
    let address: String
    let keyRange: SourceRange
    let place: Place
    let values: [GridValue]
}

/// Reads `sweep`.
struct GridReader {
    let book: AddressBook
    var substitution: Substitution
    private(set) var errors = ErrorList()
    private(set) var warnings = ErrorList()

    private static let later = ["zip", "points", "random", "where"]
    private static let mostAddresses = 100
    private static let fixed = ["name", "description", "predictions", "repeats"]

    init(book: AddressBook, substitution: Substitution) {
        self.book = book
        self.substitution = substitution
    }

    mutating func read(_ sweep: Located?) -> [GridAxis] {
        guard let sweep, !sweep.isNull else { return [] }
        guard let entries = sweep.entries else {
            if sweep.elements != nil {
                errors.add("a list of blocks comes with a later version", at: sweep.range, address: "sweep")
            } else {
                errors.add("expected a map with grid, got \(sweep.canonical.phrase)", at: sweep.range, address: "sweep")
            }
            return []
        }
        for entry in entries where entry.key != "grid" {
            if Self.later.contains(entry.key) {
                errors.add(
                    "\(entry.key) comes with a later version", at: entry.keyRange, address: "sweep",
                    advice: "write it as a grid for now")
            } else {
                errors.add(
                    "a sweep has no key \(entry.key); it has grid", at: entry.keyRange, address: "sweep",
                    advice: nearest(to: entry.key, among: ["grid"] + Self.later).map { "did you mean \($0)?" })
            }
        }
        guard let grid = sweep["grid"], !grid.isNull else { return [] }
        guard let addresses = grid.entries else {
            errors.add(
                "expected a map of addresses to values, got \(grid.canonical.phrase)", at: grid.range,
                address: "sweep.grid")
            return []
        }
        var axes = [GridAxis]()
        if addresses.count > Self.mostAddresses {
            errors.add("expected at most \(Self.mostAddresses) addresses", at: grid.range, address: "sweep.grid")
            return []
        }
        for entry in addresses {
            guard let axis = axis(entry) else { continue }
            if let other = axes.first(where: { overlap($0.place.path, axis.place.path) }) {
                errors.add(
                    "\(axis.address) and \(other.address) name the same value, or one lies in the other",
                    at: axis.keyRange,
                    address: "sweep.grid")
                continue
            }
            axes.append(axis)
        }
        refuseSweptParameters(axes)
        return axes
    }

    private mutating func axis(_ entry: Located.Entry) -> GridAxis? {
        let place: Place
        do throws(Misaddress) { place = try book.find(entry.key) } catch {
            if !error.isConsequence {
                errors.add(error.message, at: entry.keyRange, address: "sweep.grid", advice: error.advice)
            }
            return nil
        }
        if place.kind == .top, Self.fixed.contains(entry.key) {
            errors.add("\(entry.key) cannot be swept", at: entry.keyRange, address: "sweep.grid")
            return nil
        }
        var values = [GridValue]()
        var seen = Set<Canonical>()
        let given: [(label: String?, value: Located)]
        switch entry.value.node {
        case .sequence(let elements): given = elements.map { (nil, $0) }
        case .mapping(let entries): given = entries.map { ($0.key, $0.value) }
        case .scalar: given = []
        }
        if given.isEmpty {
            errors.add(
                "expected a list of values, or a map of labels to values, got \(entry.value.canonical.phrase)",
                at: entry.value.range, address: entry.key)
            return nil
        }
        for (label, value) in given {
            let shown = substitution.apply(to: value)
            if !seen.insert(Self.comparable(shown.canonical)).inserted {
                warnings.add("this value is listed twice", at: value.range, address: entry.key, advice: "it runs once")
                continue
            }
            values.append(GridValue(value: value, text: label ?? Self.text(shown)))
        }
        return GridAxis(address: entry.key, keyRange: entry.keyRange, place: place, values: values)
    }

    private mutating func refuseSweptParameters(_ axes: [GridAxis]) {
        let swept = Set(
            axes.filter { $0.place.kind == .shared }.compactMap { axis in
                if case .key(let name)? = axis.place.path.dropFirst().first { name } else { nil as String? }
            })
        guard !swept.isEmpty else { return }
        for axis in axes {
            for value in axis.values {
                for name in Substitution.names(in: value.value).intersection(swept).sorted(by: precedes) {
                    errors.add(
                        "a swept value cannot use params.\(name), which is swept itself", at: value.value.range,
                        address: axis.address)
                }
            }
        }
    }

    private func overlap(_ a: [TreeStep], _ b: [TreeStep]) -> Bool { a.starts(with: b) || b.starts(with: a) }

    private static func text(_ value: Located) -> String {
        if case .scalar(let canonical, let written) = value.node { return canonical.textValue ?? written }
        return YamlText.flow(value)
    }

    /// `1` and `1.0` are one value.
    private static func comparable(_ value: Canonical) -> Canonical {
        switch value {
        case .float(let number): Int(exactly: number).map { .int($0) } ?? value
        case .array(let values): .array(values.map(comparable))
        case .map(let entries): .map(entries.mapValues(comparable))
        default: value
        }
    }
}
