// Parameters of a stage type: a Swift struct whose initial values are the defaults, and a table that gives each property
// its name in a spec, its range and a line of help.

public import Tensors

/// A type of property that a parameter can be.
public protocol ParameterValue: Sendable {
    static var kind: ParameterKind { get }
    /// From a value that was converted to `kind`; nil never happens for those.
    init?(canonical: Canonical)
    var canonical: Canonical { get }
}

/// The parameters of a stage type.
public protocol ParameterSet: Sendable {
    /// All defaults.
    init()
    static var fields: [Field<Self>] { get }
}

/// For stage types without parameters.
public struct NoParameters: ParameterSet {
    public init() {}
    public static var fields: [Field<NoParameters>] { [] }
}

/// What is told of a parameter.
public struct ParameterDescription: Sendable, Hashable {
    public let name: String
    public let kind: ParameterKind
    /// `Hz`, `samples`, `semitones` …, where it has one.
    public let unit: String?
    /// Nil where a value must be given.
    public let defaultValue: Canonical?
    /// One line.
    public let help: String
}

/// A property of a parameter set, as a parameter.
public struct Field<Owner: ParameterSet>: Sendable {
    public let description: ParameterDescription
    let write: @Sendable (inout Owner, Canonical) -> Bool
    let read: @Sendable (Owner) -> Canonical

    /// - Parameters:
    ///   - kind: where the property's own kind is too wide: a range, an axis, a column.
    ///   - isRequired: whether a spec must give it; the initial value is then a placeholder.
    public init<Value: ParameterValue>(
        _ name: String, _ property: any WritableKeyPath<Owner, Value> & Sendable, as kind: ParameterKind? = nil,
        unit: String? = nil, isRequired: Bool = false, _ help: String
    ) {
        description = ParameterDescription(
            name: name, kind: kind ?? Value.kind, unit: unit,
            defaultValue: isRequired ? nil : Owner()[keyPath: property].canonical, help: help)
        write = { owner, canonical in
            guard let value = Value(canonical: canonical) else { return false }
            owner[keyPath: property] = value
            return true
        }
        read = { $0[keyPath: property].canonical }
    }
}

extension Field {
    private init(
        description: ParameterDescription, write: @escaping @Sendable (inout Owner, Canonical) -> Bool,
        read: @escaping @Sendable (Owner) -> Canonical
    ) {
        self.description = description
        self.write = write
        self.read = read
    }

    /// The fields of a parameter set that is a property of this one, for stage types that share parameters.
    public static func all<Inner: ParameterSet>(of property: any WritableKeyPath<Owner, Inner> & Sendable) -> [Field<
        Owner
    >] {
        Inner.fields.map { field in
            Field(
                description: field.description, write: { field.write(&$0[keyPath: property], $1) },
                read: { field.read($0[keyPath: property]) })
        }
    }
}

extension ParameterSet {
    public static var descriptions: [ParameterDescription] { fields.map(\.description) }

    /// Parameters from what a spec gives.
    public init(_ given: [String: Canonical]) throws(Problem) {
        let values = try complete(given, by: Self.descriptions)
        self.init()
        for field in Self.fields {
            guard let value = values[field.description.name] else { continue }
            if !field.write(&self, value) {
                throw Problem(
                    "expected \(field.description.kind.phrase), got \(value.phrase)", at: [field.description.name])
            }
        }
    }

    /// All values by name, defaults included: what is part of an identity.
    public var canonical: [String: Canonical] {
        Dictionary(uniqueKeysWithValues: Self.fields.map { ($0.description.name, $0.read(self)) })
    }
}

extension Bool: ParameterValue {
    public static var kind: ParameterKind { .bool }
    public init?(canonical: Canonical) {
        guard let value = canonical.boolValue else { return nil }
        self = value
    }
    public var canonical: Canonical { .bool(self) }
}

extension Int: ParameterValue {
    public static var kind: ParameterKind { .int(.any) }
    public init?(canonical: Canonical) {
        guard let value = canonical.intValue else { return nil }
        self = value
    }
    public var canonical: Canonical { .int(self) }
}

extension Double: ParameterValue {
    public static var kind: ParameterKind { .float(.any) }
    public init?(canonical: Canonical) {
        guard let value = canonical.floatValue else { return nil }
        self = value
    }
    public var canonical: Canonical { .float(self) }
}

extension String: ParameterValue {
    public static var kind: ParameterKind { .text }
    public init?(canonical: Canonical) {
        guard let value = canonical.textValue else { return nil }
        self = value
    }
    public var canonical: Canonical { .text(self) }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public static var kind: ParameterKind { .optional(Wrapped.kind) }
    public init?(canonical: Canonical) {
        if canonical == .null {
            self = .none
        } else {
            guard let value = Wrapped(canonical: canonical) else { return nil }
            self = value
        }
    }
    public var canonical: Canonical { map(\.canonical) ?? .null }
}

extension Array: ParameterValue where Element: ParameterValue {
    public static var kind: ParameterKind { .list(Element.kind) }
    public init?(canonical: Canonical) {
        guard let values = canonical.arrayValue else { return nil }
        let elements = values.compactMap { Element(canonical: $0) }
        guard elements.count == values.count else { return nil }
        self = elements
    }
    public var canonical: Canonical { .array(map(\.canonical)) }
}

extension Dictionary: ParameterValue where Key == String, Value: ParameterValue {
    public static var kind: ParameterKind { .map(Value.kind) }
    public init?(canonical: Canonical) {
        guard let entries = canonical.mapValue else { return nil }
        let values = entries.compactMapValues { Value(canonical: $0) }
        guard values.count == entries.count else { return nil }
        self = values
    }
    public var canonical: Canonical { .map(mapValues(\.canonical)) }
}

/// Parameters of several possible types take the value as it was converted.
extension Canonical: ParameterValue {
    public static var kind: ParameterKind { .text }
    public init?(canonical: Canonical) { self = canonical }
    public var canonical: Canonical { self }
}

/// An enumeration of words is a choice among them.
extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public static var kind: ParameterKind { .choice(allCases.map(\.rawValue)) }
    public init?(canonical: Canonical) {
        guard let word = canonical.textValue, let value = Self(rawValue: word) else { return nil }
        self = value
    }
    public var canonical: Canonical { .text(rawValue) }
}
