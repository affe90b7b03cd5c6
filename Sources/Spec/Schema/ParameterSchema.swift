// Declared types as JSON Schema. `${…}` is text wherever it stands, so every type but text takes text of that form beside
// its own values; keywords of JSON Schema speak of one type each (`minimum` of numbers, `pattern` of text), so both fit
// into one flat schema, which editors explain better than alternatives.

internal import Stages
internal import Tensors

/// The keywords of a schema.
struct Keywords: Sendable, ExpressibleByDictionaryLiteral {
    private(set) var values: [String: Canonical]

    init(_ values: [String: Canonical]) { self.values = values }
    init(dictionaryLiteral elements: (String, Canonical)...) {
        values = Dictionary(uniqueKeysWithValues: elements)
    }

    func with(_ others: Keywords) -> Keywords { Keywords(values.merging(others.values) { _, new in new }) }
    func described(_ help: String) -> Keywords { with(["description": .text(help)]) }

    private static let putIn = #"\$\{[^}]+\}"#
    private static let name = "^[A-Za-z0-9_-]+$"

    /// Text of this form, or text in which a parameter is put.
    static func pattern(_ form: String? = nil) -> Canonical { .text(form.map { $0 + "|" + putIn } ?? putIn) }

    /// Text in which a parameter is put.
    static let substitution: Keywords = ["type": .text("string"), "pattern": pattern()]

    /// Values of types of JSON, or `${…}`.
    static func typed(_ types: String..., and keywords: Keywords = [:]) -> Keywords {
        keywords.with(["type": .texts(types + ["string"]), "pattern": pattern()])
    }

    /// Names as keys.
    static let names: Keywords = ["pattern": .text(name)]

    /// A name, or `${…}`. What YAML takes for a number or a truth value is a name all the same.
    static let word: Keywords = ["type": .texts(["string", "integer", "boolean"]), "pattern": pattern(name)]

    /// One of some schemas.
    static func any(of schemas: [Keywords]) -> Keywords { ["anyOf": .schemas(schemas)] }

    /// All of some schemas, where there are any.
    static func all(of schemas: [Keywords]) -> Keywords { schemas.isEmpty ? [:] : ["allOf": .schemas(schemas)] }

    /// Something of the schema's `$defs`.
    static func reference(_ name: String) -> Keywords { ["$ref": .text("#/$defs/" + name)] }
}

extension Canonical {
    static func texts(_ words: [String]) -> Canonical { .array(words.map { .text($0) }) }
    static func schema(_ keywords: Keywords) -> Canonical { .map(keywords.values) }
    static func schemas(_ schemas: [Keywords]) -> Canonical { .array(schemas.map { .schema($0) }) }
    static func schemas(_ schemas: [String: Keywords]) -> Canonical { .map(schemas.mapValues { .schema($0) }) }
}

extension ParameterDescription {
    var schema: Keywords {
        let described = kind.schema.described(unit.map { "\(help) (\($0))" } ?? help)
        return defaultValue.map { described.with(["default": $0]) } ?? described
    }
}

extension [ParameterDescription] {
    /// A map of these parameters.
    var schema: Keywords {
        .typed(
            "object", "null",
            and: [
                "properties": .schemas(Dictionary(uniqueKeysWithValues: map { ($0.name, $0.schema) })),
                "additionalProperties": .bool(false),
            ])
    }
}

extension ParameterKind {
    var schema: Keywords {
        switch self {
        case .bool: return .typed("boolean")
        case .int(let bounds): return .typed("integer", and: bounds.keywords)
        case .float(let bounds):
            return bounds.keywords.with([
                "type": .texts(["number", "string"]),
                "pattern": Keywords.pattern(#"^[-+]?[0-9]+/[-+]?0*[1-9][0-9]*$"#),
            ])
        case .text: return ["type": .text("string")]
        case .axis, .column, .file, .location: return ["type": .text("string"), "minLength": .int(1)]
        case .choice(let words): return .any(of: [["enum": .texts(words)], .substitution])
        case .list(let kind): return .typed("array", and: ["items": .schema(kind.schema)])
        case .map(let kind): return .typed("object", and: ["additionalProperties": .schema(kind.schema)])
        case .optional(let kind): return .any(of: [kind.schema, ["type": .text("null")]])
        case .either(let kinds): return .any(of: kinds.map(\.schema))
        case .parts(let parts): return .typed("array", and: ["items": .schema(Self.schema(of: parts))])
        }
    }

    /// A name, or a map of one name to its parameters.
    private static func schema(of parts: [PartDescription]) -> Keywords {
        let names = parts.map { (["const": .text($0.name)] as Keywords).described($0.summary) }
        let maps = parts.map { ($0.name, $0.parameters.schema.described($0.summary)) }
        let map: Keywords = [
            "type": .text("object"), "minProperties": .int(1), "maxProperties": .int(1),
            "properties": .schemas(Dictionary(uniqueKeysWithValues: maps)), "additionalProperties": .bool(false),
        ]
        return .any(of: names + [map, .substitution])
    }
}

extension Bounds {
    fileprivate var keywords: Keywords {
        func number(_ value: Double) -> Canonical { Int(exactly: value).map { .int($0) } ?? .float(value) }
        var ends = [String: Canonical]()
        if let lower { ends[isLowerOpen ? "exclusiveMinimum" : "minimum"] = number(lower) }
        if let upper { ends[isUpperOpen ? "exclusiveMaximum" : "maximum"] = number(upper) }
        return Keywords(ends)
    }
}
