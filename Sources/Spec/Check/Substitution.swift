// `${name}`: parameters of the spec put where they are named. A value that is nothing but `${name}` becomes the parameter
// with its type; inside other text it is spliced as it was written; `$${` is a plain `${`.

internal import Stages
internal import Tensors

/// Puts parameters in.
struct Substitution {
    /// What names stand for, themselves resolved.
    private var values = [String: Located]()
    private let given: [Located.Entry]
    private let byName: [String: Located.Entry]
    private(set) var errors = ErrorList()
    /// Where something could not be put in: what else seems wrong there is only a consequence.
    private(set) var unresolved = Set<SourceRange>()
    private var resolving = [String]()
    private var broken = Set<String>()
    /// Values and characters put in so far: what is put in again and again grows as fast as aliases do.
    private var added = 0
    private static let longest = 1 << 20

    init(_ params: [Located.Entry]) {
        given = params
        byName = Dictionary(params.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for entry in params { _ = value(of: entry.key, at: entry.keyRange) }
    }

    /// A tree with the parameters put in; of the top-level keys `params` itself is left out.
    mutating func apply(toRoot root: Located) -> Located {
        guard let entries = root.entries else { return root }
        var result = [Located.Entry]()
        for var entry in entries {
            if entry.key == "params" {
                entry.value = Located(
                    .mapping(
                        given.map {
                            Located.Entry(key: $0.key, keyRange: $0.keyRange, value: values[$0.key] ?? $0.value)
                        }),
                    entry.value.range)
            } else {
                entry.value = apply(to: entry.value)
            }
            result.append(entry)
        }
        return Located(.mapping(result), root.range)
    }

    mutating func apply(to value: Located) -> Located { apply(to: value, depth: 1) }

    /// What a value that is nothing but `${name}` stands for; others stand for themselves.
    func open(_ value: Located) -> Located {
        guard let text = value.text, let name = Self.wholeName(text) else { return value }
        return values[name] ?? value
    }

    /// The parameters that are named anywhere in a value.
    static func names(in value: Located) -> Set<String> {
        switch value.node {
        case .scalar(.text(let text), _):
            var names = Set<String>()
            var rest = text[...]
            while let start = rest.range(ofText: "${") {
                let tail = rest[start.upperBound...]
                if let end = tail.firstIndex(of: "}") { names.insert(String(tail[..<end])) }
                rest = tail
            }
            return names
        case .scalar: return []
        case .sequence(let elements): return elements.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .mapping(let entries): return entries.reduce(into: []) { $0.formUnion(names(in: $1.value)) }
        }
    }

    private mutating func apply(to value: Located, depth: Int) -> Located {
        switch value.node {
        case .scalar(.text(let text), _):
            guard text.contains("${") else { return value }
            if let result = put(into: value, text, depth: depth) { return result }
            unresolved.insert(value.range)
            return value
        case .scalar: return value
        case .sequence(let elements):
            var result = [Located]()
            for element in elements { result.append(apply(to: element, depth: depth + 1)) }
            return Located(.sequence(result), value.range)
        case .mapping(let entries):
            var result = [Located.Entry]()
            for var entry in entries {
                entry.value = apply(to: entry.value, depth: depth + 1)
                result.append(entry)
            }
            return Located(.mapping(result), value.range)
        }
    }

    private mutating func put(into value: Located, _ text: String, depth: Int) -> Located? {
        if let name = Self.wholeName(text) {
            guard let replacement = self.value(of: name, at: value.range) else { return nil }
            added += replacement.count
            if added > YamlLimits.values || depth + replacement.depth > YamlLimits.depth {
                errors.add(
                    "the parameter \(name) makes the spec too large: at most \(YamlLimits.values) values in \(YamlLimits.depth) levels",
                    at: value.range)
                return nil
            }
            return replacement.moved(to: value.range)
        }
        var result = ""
        var rest = text[...]
        while let dollar = rest.range(ofText: "${") {
            if rest[..<dollar.lowerBound].last == "$" {
                result += rest[..<dollar.lowerBound] + "{"
                rest = rest[dollar.upperBound...]
                continue
            }
            result += rest[..<dollar.lowerBound]
            rest = rest[dollar.upperBound...]
            guard let end = rest.firstIndex(of: "}") else {
                errors.add("${ has no closing }", at: value.range, advice: "write $${ for the characters ${")
                return nil
            }
            let name = String(rest[..<end])
            guard let replacement = self.value(of: name, at: value.range) else { return nil }
            guard case .scalar(_, let written) = replacement.node else {
                errors.add(
                    "expected a scalar to put into text, got \(replacement.canonical.phrase) as ${\(name)}",
                    at: value.range)
                return nil
            }
            result += written
            added += written.utf8.count / 16
            rest = rest[rest.index(after: end)...]
            if result.utf8.count > Self.longest || added > YamlLimits.values {
                errors.add("the parameter \(name) makes this text too long", at: value.range)
                return nil
            }
        }
        return .text(result + rest, value.range)
    }

    /// The resolved value of a parameter; nil after an error.
    private mutating func value(of name: String, at range: SourceRange) -> Located? {
        if let value = values[name] { return value }
        if broken.contains(name) { return nil }
        guard let entry = byName[name] else {
            let names = given.map(\.key)
            errors.add(
                names.isEmpty
                    ? "there is no parameter \(name): the spec has no params"
                    : "there is no parameter \(name); params has \(enumerated(names))", at: range,
                advice: errors.suggestion(for: name, among: names).map { "did you mean ${\($0)}?" })
            return nil
        }
        if let start = resolving.firstIndex(of: name) {
            let ring = (resolving[start...] + [name]).joined(separator: " → ")
            errors.add("parameters that stand for each other: \(ring)", at: range)
            broken.formUnion(resolving[start...])
            return nil
        }
        if resolving.count >= YamlLimits.depth {
            errors.add("expected at most \(YamlLimits.depth) parameters that stand for one another", at: range)
            return nil
        }
        resolving.append(name)
        let before = errors.errors.count
        let value = apply(to: entry.value, depth: 1)
        resolving.removeLast()
        if errors.errors.count > before || broken.contains(name) {
            broken.insert(name)
            return nil
        }
        values[name] = value
        return value
    }

    private static func wholeName(_ text: String) -> String? {
        guard text.hasPrefix("${"), text.hasSuffix("}") else { return nil }
        let name = text.dropFirst(2).dropLast()
        return name.contains("}") || name.contains("$") ? nil : String(name)
    }
}

extension Substring {
    /// The first place of a short text.
    fileprivate func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
