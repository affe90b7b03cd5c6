// Scalars: the values of columns and attributes.

/// A typed scalar, or a missing one.
public enum Scalar: Sendable, Hashable {
    case missing
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)

    public var canonical: Canonical {
        switch self {
        case .missing: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .float(let value): .float(value)
        case .string(let value): .text(value)
        }
    }

    public init?(_ canonical: Canonical) {
        switch canonical {
        case .null: self = .missing
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .float(let value): self = .float(value)
        case .text(let value): self = .string(value)
        default: return nil
        }
    }

    /// Missing, or not a number.
    public var isAbsent: Bool {
        switch self {
        case .missing: true
        case .float(let value): value.isNaN
        default: false
        }
    }

    /// One scalar for equal numbers, so that 3 is 3.0; what is absent is missing.
    public var comparable: Scalar {
        guard case .float(let number) = self else { return self }
        return number.isNaN ? .missing : Int(exactly: number).map { .int($0) } ?? self
    }

    /// The type's name as messages and records spell it.
    public var typeName: String {
        switch self {
        case .missing: "missing"
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .string: "string"
        }
    }
}

extension Scalar: CustomStringConvertible {
    /// As written in a CSV cell: a missing value is empty; floats read back to the same number.
    public var description: String {
        switch self {
        case .missing: ""
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value): decimal(value)
        case .string(let value): value
        }
    }
}

extension Scalar: Comparable {
    /// A total order: missing, bools, numbers (by value, an int before an equal float, NaN last), then strings by their
    /// bytes.
    public static func < (left: Scalar, right: Scalar) -> Bool {
        switch (left, right) {
        case (.bool(let a), .bool(let b)): !a && b
        case (.int(let a), .int(let b)): a < b
        case (.float(let a), .float(let b)): a < b || (b.isNaN && !a.isNaN)
        case (.int(let a), .float(let b)): !isBelow(b, a)
        case (.float(let a), .int(let b)): isBelow(a, b)
        case (.string(let a), .string(let b)): precedes(a, b)
        default: left.rank < right.rank
        }
    }

    /// Whether a float is less than an int, exactly: a large int is not rounded to a float first. NaN never is.
    private static func isBelow(_ a: Double, _ b: Int) -> Bool {
        if a.isNaN || a >= 0x1p63 { return false }
        if a < -0x1p63 { return true }
        return Int(a.rounded(.down)) < b
    }

    private var rank: Int {
        switch self {
        case .missing: 0
        case .bool: 1
        case .int, .float: 2
        case .string: 3
        }
    }
}

/// Whether `a` comes before `b` when both are compared as UTF-8 bytes, which no locale and no Unicode version changes.
public func precedes(_ a: String, _ b: String) -> Bool {
    a.utf8.lexicographicallyPrecedes(b.utf8)
}

/// A float as decimal text that reads back to the same number; `nan`, `inf` and `-inf` as pandas spells them.
public func decimal(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    if value == 0 { return "0.0" }
    return value.description
}
