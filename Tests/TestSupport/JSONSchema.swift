// A validator for the keywords of JSON Schema that the schema of specs uses, so that what it says can be tested without
// another program. A keyword that it does not know is a fault of the schema.

internal import Foundation
public import Tensors

/// A JSON Schema (draft 2020-12, some keywords).
public struct JSONSchema: Sendable {
    private let root: Canonical

    public init(_ root: Canonical) { self.root = root }

    /// The keywords in it that this validator does not know, each with its place.
    public var unknownKeywords: [String] { Self.unknown(in: root, at: "#") }

    /// What is wrong with a value; empty when it is right.
    public func faults(in value: Canonical) -> [String] { faults(value, root, "") }

    public func accepts(_ value: Canonical) -> Bool { faults(in: value).isEmpty }

    private static let annotations: Set = ["$schema", "title", "description", "default"]
    private static let plain: Set = [
        "$ref", "type", "const", "enum", "pattern", "minLength", "minimum", "maximum", "exclusiveMinimum",
        "exclusiveMaximum", "minItems", "maxItems", "minProperties", "maxProperties", "required", "dependentRequired",
    ]
    private static let single: Set = [
        "not", "if", "then", "else", "items", "contains", "propertyNames", "additionalProperties",
    ]
    private static let several: Set = ["allOf", "anyOf", "oneOf"]
    private static let named: Set = ["properties", "$defs"]

    private static func unknown(in schema: Canonical, at place: String) -> [String] {
        schema.mapValue?.flatMap { keyword, value -> [String] in
            let here = place + "/" + keyword
            if annotations.contains(keyword) || plain.contains(keyword) { return [] }
            if single.contains(keyword) { return unknown(in: value, at: here) }
            if several.contains(keyword) { return (value.arrayValue ?? []).flatMap { unknown(in: $0, at: here) } }
            if named.contains(keyword) {
                return (value.mapValue ?? [:]).flatMap { unknown(in: $1, at: here + "/" + $0) }
            }
            return [here]
        } ?? (schema.boolValue == nil ? [place] : [])
    }

    private func faults(_ value: Canonical, _ schema: Canonical, _ place: String) -> [String] {
        guard let keywords = schema.mapValue else {
            return schema.boolValue == true ? [] : ["\(place): nothing may stand here"]
        }
        var faults = [String]()
        func holds(_ schema: Canonical?) -> Bool { schema.map { self.faults(value, $0, place).isEmpty } ?? true }
        func check(_ isRight: Bool, _ keyword: String) {
            if !isRight, let said = keywords[keyword] { faults.append("\(place): not \(keyword) \(said)") }
        }
        if let name = keywords["$ref"]?.textValue { faults += self.faults(value, definition(name), place) }
        if let types = keywords["type"] {
            let words = types.arrayValue?.compactMap(\.textValue) ?? [types.textValue ?? ""]
            check(words.contains { Self.isType($0, value) }, "type")
        }
        if let constant = keywords["const"] { check(Self.areEqual(constant, value), "const") }
        if let words = keywords["enum"]?.arrayValue { check(words.contains { Self.areEqual($0, value) }, "enum") }
        for part in keywords["allOf"]?.arrayValue ?? [] { faults += self.faults(value, part, place) }
        if let parts = keywords["anyOf"]?.arrayValue { check(parts.contains { holds($0) }, "anyOf") }
        if let parts = keywords["oneOf"]?.arrayValue { check(parts.filter { holds($0) }.count == 1, "oneOf") }
        if let part = keywords["not"] { check(!holds(part), "not") }
        if let condition = keywords["if"], let then = keywords[holds(condition) ? "then" : "else"] {
            faults += self.faults(value, then, place)
        }
        switch value {
        case .text(let text): check(Self.fits(text, keywords), keywords["pattern"] == nil ? "minLength" : "pattern")
        case .int, .float:
            let number = value.floatValue ?? 0
            func compare(_ keyword: String, _ isRight: (Double, Double) -> Bool) {
                if let bound = keywords[keyword]?.floatValue { check(isRight(number, bound), keyword) }
            }
            compare("minimum", >=)
            compare("maximum", <=)
            compare("exclusiveMinimum", >)
            compare("exclusiveMaximum", <)
        case .array(let elements):
            check(elements.count >= keywords["minItems"]?.intValue ?? 0, "minItems")
            check(elements.count <= keywords["maxItems"]?.intValue ?? .max, "maxItems")
            for (index, element) in elements.enumerated() {
                if let items = keywords["items"] { faults += self.faults(element, items, "\(place)/\(index)") }
            }
            if let part = keywords["contains"] {
                check(elements.contains { self.faults($0, part, place).isEmpty }, "contains")
            }
        case .map(let entries): faults += members(entries, keywords, place)
        default: break
        }
        return faults
    }

    private func members(_ entries: [String: Canonical], _ keywords: [String: Canonical], _ place: String) -> [String] {
        var faults = [String]()
        if entries.count < keywords["minProperties"]?.intValue ?? 0 { faults.append("\(place): too few keys") }
        if entries.count > keywords["maxProperties"]?.intValue ?? .max { faults.append("\(place): too many keys") }
        for key in keywords["required"]?.arrayValue?.compactMap(\.textValue) ?? [] where entries[key] == nil {
            faults.append("\(place): \(key) is missing")
        }
        for (key, others) in keywords["dependentRequired"]?.mapValue ?? [:] where entries[key] != nil {
            for other in others.arrayValue?.compactMap(\.textValue) ?? [] where entries[other] == nil {
                faults.append("\(place): \(key) without \(other)")
            }
        }
        let properties = keywords["properties"]?.mapValue ?? [:]
        for (key, value) in entries {
            if let names = keywords["propertyNames"] { faults += self.faults(.text(key), names, "\(place)/\(key)") }
            if let schema = properties[key] ?? keywords["additionalProperties"] {
                faults += self.faults(value, schema, "\(place)/\(key)")
            }
        }
        return faults
    }

    private func definition(_ reference: String) -> Canonical {
        let name = String(reference.dropFirst("#/$defs/".count))
        return root.mapValue?["$defs"]?.mapValue?[name] ?? .null
    }

    private static func isType(_ name: String, _ value: Canonical) -> Bool {
        switch value {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .int: name == "integer" || name == "number"
        case .float(let number): name == "number" || name == "integer" && number.rounded() == number
        case .text: name == "string"
        case .array: name == "array"
        case .map: name == "object"
        case .bytes: false
        }
    }

    private static func areEqual(_ one: Canonical, _ other: Canonical) -> Bool {
        if case .bool = one { return one == other }
        if case .bool = other { return false }
        if let a = one.floatValue, let b = other.floatValue { return a == b }
        return one == other
    }

    private static func fits(_ text: String, _ keywords: [String: Canonical]) -> Bool {
        if text.unicodeScalars.count < keywords["minLength"]?.intValue ?? 0 { return false }
        guard let pattern = keywords["pattern"]?.textValue else { return true }
        return text.range(of: pattern, options: .regularExpression) != nil
    }
}
