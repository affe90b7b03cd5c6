// What a sweep is made of. A block is a product of factors, the first slowest; a factor is one address with its values
// (`grid`), or several whose values move together (`zip`, `points`, `random`).

internal import Stages
internal import Tensors

/// What an address has at a point.
struct Cell: Sendable {
    /// In the declared type: what makes two values equal, and what `where` compares.
    let normal: Canonical
    /// As results show it: a scalar as it is written, or the label; nil for a value that is not there.
    let text: String?

    /// - Parameter value: with parameters put in.
    init(_ value: Located, of place: Place, label: String? = nil) {
        switch place.kind {
        case .pick: normal = .text(value.shown)
        case .parameter, .shared, .top: normal = Self.normal(value.canonical, place.type)
        }
        text = label ?? (value.isNull ? nil : value.shown)
    }

    /// The default.
    init(fallback: Canonical?, of place: Place, at range: SourceRange) {
        self.init(Located(fallback ?? .null, at: range), of: place)
    }

    /// `1`, `1.0` and, where a number is declared, `2/2` are one value.
    private static func normal(_ value: Canonical, _ type: ParameterKind?) -> Canonical {
        plain((try? type?.convert(value)) ?? value)
    }

    private static func plain(_ value: Canonical) -> Canonical {
        switch value {
        case .float(let number): Int(exactly: number).map { .int($0) } ?? value
        case .array(let values): .array(values.map(plain))
        case .map(let entries): .map(entries.mapValues(plain))
        default: value
        }
    }
}

/// A value that an address is given.
struct SweptValue: Sendable {
    /// As it is written, `${…}` included.
    let value: Located
    let cell: Cell
}

/// An address where it is swept.
struct SweptAddress: Sendable {
    let address: String
    let keyRange: SourceRange
    let place: Place
}

/// Addresses whose values move together.
struct Factor: Sendable {
    enum Rows: Sendable {
        /// The values of each address, at each position; nil where `points` leaves one out.
        case listed([[SweptValue?]])
        case drawn(Draws)
    }

    let addresses: [SweptAddress]
    let rows: Rows
    /// Whether this is one address with values that all differ.
    let isPlain: Bool

    init(_ addresses: [SweptAddress], _ rows: Rows) {
        self.addresses = addresses
        self.rows = rows
        switch rows {
        case .listed(let rows): isPlain = addresses.count == 1 && rows.allSatisfy { $0.first.flatMap { $0 } != nil }
        case .drawn: isPlain = false
        }
    }

    var count: Int {
        switch rows {
        case .listed(let rows): rows.count
        case .drawn(let draws): draws.count
        }
    }

    /// The value of an address; nil where it is left out.
    func value(_ column: Int, at position: Int) -> SweptValue? {
        switch rows {
        case .listed(let rows): rows[position][column]
        case .drawn(let draws): draws.value(column, at: position)
        }
    }

    /// All values that an address can have here; nil where there are too many to say.
    func values(_ column: Int) -> [SweptValue?]? {
        switch rows {
        case .listed(let rows): return rows.map { $0[column] }
        case .drawn(let draws):
            if case .choice(let values) = draws.variables[column].distribution { return values }
            return nil
        }
    }
}

/// A product of factors.
struct Block: Sendable {
    let factors: [Factor]

    /// The number of combinations; `Int.max` where it is more.
    var count: Int {
        factors.reduce(1) { product, factor in
            let (next, overflow) = product.multipliedReportingOverflow(by: factor.count)
            return overflow ? Int.max : next
        }
    }

    var addresses: [SweptAddress] { factors.flatMap(\.addresses) }
}

extension [Block] {
    /// The number of combinations; `Int.max` where it is more.
    var combinations: Int {
        reduce(0) { sum, block in
            let (next, overflow) = sum.addingReportingOverflow(block.count)
            return overflow ? Int.max : next
        }
    }
}

/// A position in each factor of a block.
struct Combination: Sendable {
    let block: Int
    var positions: [Int]
}
