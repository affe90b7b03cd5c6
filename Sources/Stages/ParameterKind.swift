// The types that parameters are declared in, and the one conversion from what a person wrote to what a stage gets. A
// parameter is converted to its declared type before it is part of an identity, so that `1`, `1.0` and `2/2` are one
// float.

public import Tensors

/// A range of numbers.
public struct Bounds: Sendable, Hashable {
    public let lower: Double?
    public let upper: Double?
    public let isLowerOpen: Bool
    public let isUpperOpen: Bool

    public init(lower: Double? = nil, upper: Double? = nil, isLowerOpen: Bool = false, isUpperOpen: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.isLowerOpen = isLowerOpen
        self.isUpperOpen = isUpperOpen
    }

    public static let any = Bounds()
    public static func atLeast(_ lower: Double) -> Bounds { Bounds(lower: lower) }
    public static func above(_ lower: Double) -> Bounds { Bounds(lower: lower, isLowerOpen: true) }
    public static func between(_ lower: Double, _ upper: Double) -> Bounds { Bounds(lower: lower, upper: upper) }
    /// Above `lower`, and below `upper`: neither end belongs to it.
    public static func inside(_ lower: Double, _ upper: Double) -> Bounds {
        Bounds(lower: lower, upper: upper, isLowerOpen: true, isUpperOpen: true)
    }

    public func contains(_ value: Double) -> Bool {
        if let lower, isLowerOpen ? !(value > lower) : !(value >= lower) { return false }
        if let upper, isUpperOpen ? !(value < upper) : !(value <= upper) { return false }
        return true
    }

    /// "of at least 1", "above 0 and at most 1"; empty where any number will do.
    public var phrase: String {
        func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? decimal(value) }
        let low = lower.map { (isLowerOpen ? "above " : "of at least ") + number($0) }
        let high = upper.map { (isUpperOpen ? "below " : "at most ") + number($0) }
        switch (low, high) {
        case (nil, nil): return ""
        case (let low?, nil): return low
        case (nil, let high?): return (isUpperOpen ? "" : "of ") + high
        case (let low?, let high?): return low + " and " + high
        }
    }
}

/// The declared type of a parameter.
public indirect enum ParameterKind: Sendable, Hashable {
    case bool
    case int(Bounds)
    case float(Bounds)
    case text
    /// One of a few words.
    case choice([String])
    case list(ParameterKind)
    /// Names to values.
    case map(ParameterKind)
    /// Null, or the other.
    case optional(ParameterKind)
    /// The first of these that fits.
    case either([ParameterKind])
    /// The name of an axis.
    case axis
    /// The name of a column; never of the target.
    case column
    /// A file whose content is part of the identity.
    case file
    /// A place (a root, the base of a glob) that is no part of a key: what was found there is.
    case location
    /// A list of parts, each a name or a map of one name to its parameters, as the features of `audio.features`.
    case parts([PartDescription])

    /// What a value must be, in words: "an int of at least 1".
    public var phrase: String {
        func bounded(_ noun: String, _ bounds: Bounds) -> String {
            bounds.phrase.isEmpty ? noun : noun + " " + bounds.phrase
        }
        switch self {
        case .bool: return "true or false"
        case .int(let bounds): return bounded("an int", bounds)
        case .float(let bounds): return bounded("a number", bounds)
        case .text: return "text"
        case .choice(let words): return "one of " + words.joined(separator: ", ")
        case .list(let kind): return "a list, each " + kind.phrase
        case .map(let kind): return "a map of names, each to " + kind.phrase
        case .optional(let kind): return kind.phrase + ", or null"
        case .either(let kinds): return kinds.map(\.phrase).joined(separator: ", or ")
        case .axis: return "the name of an axis"
        case .column: return "the name of a column"
        case .file: return "the path of a file"
        case .location: return "a path"
        case .parts(let parts):
            return "a list of " + parts.map(\.name).joined(separator: ", ") + ", each with or without parameters"
        }
    }

    /// The word for the type in tables and schemas.
    public var word: String {
        switch self {
        case .bool: "bool"
        case .int: "int"
        case .float: "float"
        case .text: "text"
        case .choice(let words): words.joined(separator: "|")
        case .list(let kind): "list of " + kind.word
        case .map(let kind): "map to " + kind.word
        case .optional(let kind): kind.word + " or null"
        case .either(let kinds): kinds.map(\.word).joined(separator: " or ")
        case .axis: "axis"
        case .column: "column"
        case .file: "file"
        case .location: "path"
        case .parts: "list of parts"
        }
    }

    /// The value in this type, as identities and stages take it.
    public func convert(_ value: Canonical) throws(Problem) -> Canonical {
        switch self {
        case .bool:
            if case .bool = value { return value }
        case .int(let bounds):
            var number: Int?
            switch value {
            case .int(let int): number = int
            case .float(let float): number = Int(exactly: float)
            default: break
            }
            if let number, bounds.contains(Double(number)) { return .int(number) }
        case .float(let bounds):
            if let number = Self.number(value), number.isFinite, bounds.contains(number) {
                return .float(number == 0 ? 0 : number)
            }
        case .text:
            if case .text = value { return value }
        case .axis, .column, .file, .location:
            if case .text(let text) = value, !text.isEmpty { return value }
        case .choice(let words):
            if case .text(let word) = value {
                if words.contains(word) { return value }
                throw Problem(
                    "expected \(phrase), got \(value.phrase)",
                    advice: nearest(to: word, among: words).map { "did you mean \($0)?" })
            }
        case .list(let kind):
            if case .array(let values) = value {
                var converted = [Canonical]()
                for (index, element) in values.enumerated() {
                    do throws(Problem) { converted.append(try kind.convert(element)) } catch {
                        throw error.under(String(index))
                    }
                }
                return .array(converted)
            }
        case .map(let kind):
            if case .map(let entries) = value {
                var converted = [String: Canonical]()
                for (name, element) in entries.sorted(by: { precedes($0.key, $1.key) }) {
                    do throws(Problem) { converted[name] = try kind.convert(element) } catch { throw error.under(name) }
                }
                return .map(converted)
            }
        case .optional(let kind):
            if value == .null { return .null }
            do throws(Problem) { return try kind.convert(value) } catch {
                throw error.path.isEmpty
                    ? Problem("expected \(phrase), got \(value.phrase)", advice: error.advice) : error
            }
        case .either(let kinds):
            // Where a count or a share is taken, 1.0 is a share and no count.
            let isWrittenAsShare = if case .float = value { kinds.contains(where: \.isFloat) } else { false }
            for kind in kinds where !(isWrittenAsShare && kind.isInt) {
                if let converted = try? kind.convert(value) { return converted }
            }
            // A list, or a map, is meant for the kind of that form, which knows where it goes wrong.
            for kind in kinds {
                switch (kind, value) {
                case (.list, .array), (.map, .map): return try kind.convert(value)
                default: continue
                }
            }
        case .parts(let parts):
            if case .array(let values) = value {
                var converted = [Canonical]()
                for (index, element) in values.enumerated() {
                    do throws(Problem) { converted.append(try Self.part(element, among: parts)) } catch {
                        throw error.under(String(index))
                    }
                }
                return .array(converted)
            }
        }
        throw Problem("expected \(phrase), got \(value.phrase)")
    }

    /// A number as a person may write it: `2`, `0.5`, `1e-3`, `1/3`. Not `nan`, and no text that merely begins with digits.
    private static func number(_ value: Canonical) -> Double? {
        switch value {
        case .int(let int): return Double(int)
        case .float(let float): return float
        case .text(let text):
            let sides = text.split(separator: "/", omittingEmptySubsequences: false)
            guard sides.count == 2, let above = Int(sides[0]), let below = Int(sides[1]), below != 0 else { return nil }
            return Double(above) / Double(below)
        default: return nil
        }
    }

    private var isInt: Bool { if case .int = self { true } else { false } }
    private var isFloat: Bool { if case .float = self { true } else { false } }

    private static func part(_ value: Canonical, among parts: [PartDescription]) throws(Problem) -> Canonical {
        let (name, given): (String, Canonical)
        switch value {
        case .text(let text): (name, given) = (text, .map([:]))
        case .map(let entries):
            guard entries.count == 1, let entry = entries.first else {
                throw Problem("expected a name, or a map of one name to its parameters, got \(value.phrase)")
            }
            (name, given) = (entry.key, entry.value == .null ? .map([:]) : entry.value)
        default: throw Problem("expected a name, or a map of one name to its parameters, got \(value.phrase)")
        }
        guard let part = parts.first(where: { $0.name == name }) else {
            let names = parts.map(\.name)
            throw Problem(
                "\(name) is not known here; known are \(names.joined(separator: ", "))",
                advice: nearest(to: name, among: names).map { "did you mean \($0)?" })
        }
        guard case .map(let entries) = given else {
            throw Problem("expected the parameters of \(name) as a map, got \(given.phrase)").under(name)
        }
        do throws(Problem) { return .map([name: .map(try complete(entries, by: part.parameters))]) } catch {
            throw error.under(name)
        }
    }
}

/// A part of a composite, as a spec may list it.
public struct PartDescription: Sendable, Hashable {
    public let name: String
    public let summary: String
    public let parameters: [ParameterDescription]

    public init(name: String, summary: String, parameters: [ParameterDescription]) {
        self.name = name
        self.summary = summary
        self.parameters = parameters
    }
}

extension Canonical {
    /// What it is, for messages: `the int 0`, `"fast"`, `a list of 3`.
    public var phrase: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): "the int \(value)"
        case .float(let value): "the number \(decimal(value))"
        case .text(let value): "\"" + (value.count > 60 ? value.prefix(57) + "…" : value[...]) + "\""
        case .bytes(let value): "\(value.count) bytes"
        case .array(let values): "a list of \(values.count)"
        case .map(let entries): "a map of \(entries.count)"
        }
    }
}

/// Given values completed by defaults and converted; unknown names, missing values and wrong ones are problems.
public func complete(
    _ given: [String: Canonical], by descriptions: [ParameterDescription]
) throws(Problem) -> [String: Canonical] {
    let names = descriptions.map(\.name)
    for name in given.keys.sorted(by: precedes) where !names.contains(name) {
        throw Problem(
            names.isEmpty
                ? "there is no parameter \(name); this takes none"
                : "there is no parameter \(name); there are \(names.joined(separator: ", "))", at: [name],
            advice: nearest(to: name, among: names).map { "did you mean \($0)?" })
    }
    var complete = [String: Canonical]()
    for description in descriptions {
        if let value = given[description.name] {
            do throws(Problem) { complete[description.name] = try description.kind.convert(value) } catch {
                throw error.under(description.name)
            }
        } else if let value = description.defaultValue {
            complete[description.name] = value
        } else {
            throw Problem(
                "the parameter \(description.name) is missing: \(description.help)",
                advice: "add \(description.name): \(description.kind.phrase)")
        }
    }
    return complete
}

/// The candidate that a mistyped word most likely stands for: the least edits, at most a third of its length.
public func nearest(to word: String, among candidates: [String]) -> String? {
    let limit = max(1, word.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
        let distance = edits(Array(word.lowercased()), Array(candidate.lowercased()))
        if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
}

/// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
private func edits(_ a: [Character], _ b: [Character]) -> Int {
    if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
    var before = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 1...a.count {
        var row = [i] + [Int](repeating: 0, count: b.count)
        for j in 1...b.count {
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], before[j - 2] + 1) }
        }
        (before, last) = (last, row)
    }
    return last[b.count]
}
