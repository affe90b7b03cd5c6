// The values of a spec, each with the place where it is written. Everything behind the YAML reader works on this tree, so
// that whatever is found wrong, and however late, can be pointed at.

internal import Tensors

/// A value and its place.
struct Located: Sendable {
    enum Node: Sendable {
        /// A typed scalar, and the characters that it was written with.
        case scalar(Canonical, written: String)
        case sequence([Located])
        case mapping([Entry])
    }

    /// A key of a mapping and its value.
    struct Entry: Sendable {
        let key: String
        let keyRange: SourceRange
        var value: Located
    }

    let range: SourceRange
    let node: Node
    /// Values in this tree with itself. Aliases share memory but not work, so it is counted, not walked.
    let count: Int
    /// Levels of this tree: 1 for a scalar.
    let depth: Int

    init(_ node: Node, _ range: SourceRange) {
        self.node = node
        self.range = range
        switch node {
        case .scalar: (count, depth) = (1, 1)
        case .sequence(let elements):
            count = elements.reduce(1) { $0 + $1.count }
            depth = 1 + elements.reduce(0) { max($0, $1.depth) }
        case .mapping(let entries):
            count = entries.reduce(1) { $0 + $1.value.count }
            depth = 1 + entries.reduce(0) { max($0, $1.value.depth) }
        }
    }

    /// A value that nobody wrote: a default, or one that was drawn.
    init(_ value: Canonical, at range: SourceRange) {
        switch value {
        case .array(let values): self.init(.sequence(values.map { Located($0, at: range) }), range)
        case .map(let entries):
            let sorted = entries.sorted { precedes($0.key, $1.key) }
            self.init(
                .mapping(sorted.map { Entry(key: $0.key, keyRange: range, value: Located($0.value, at: range)) }), range
            )
        default: self.init(.scalar(value, written: value.written), range)
        }
    }

    static func text(_ text: String, _ range: SourceRange) -> Located {
        Located(.scalar(.text(text), written: text), range)
    }
    static func null(_ range: SourceRange) -> Located { Located(.scalar(.null, written: ""), range) }

    var entries: [Entry]? { if case .mapping(let entries) = node { entries } else { nil } }
    var elements: [Located]? { if case .sequence(let elements) = node { elements } else { nil } }
    var text: String? { if case .scalar(.text(let text), _) = node { text } else { nil } }
    var isNull: Bool { if case .scalar(.null, _) = node { true } else { false } }
    var isScalar: Bool { if case .scalar = node { true } else { false } }

    func entry(_ key: String) -> Entry? { entries?.first { $0.key == key } }
    subscript(_ key: String) -> Located? { entry(key)?.value }

    /// The value without its places.
    var canonical: Canonical {
        switch node {
        case .scalar(let value, _): value
        case .sequence(let elements): .array(elements.map(\.canonical))
        case .mapping(let entries):
            .map(Dictionary(entries.map { ($0.key, $0.value.canonical) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// On one line, as results show it.
    var shown: String {
        if case .scalar(let canonical, let written) = node { return canonical.textValue ?? written }
        return YamlText.flow(self)
    }

    /// The same value, as if written elsewhere.
    func moved(to range: SourceRange) -> Located { Located(node, range) }
}

extension Canonical {
    /// A scalar as YAML may spell it.
    fileprivate var written: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .int(let value): String(value)
        case .float(let value) where value.isNaN: ".nan"
        case .float(let value) where value.isInfinite: value < 0 ? "-.inf" : ".inf"
        case .float(let value): decimal(value)
        case .text(let value): value
        case .bytes, .array, .map: ""
        }
    }
}

/// A step on the way to a value inside a tree.
enum TreeStep: Sendable, Hashable {
    case key(String)
    case element(Int)
}

extension Located {
    /// The value at the end of a path; nil when it is not written.
    func value(at path: ArraySlice<TreeStep>) -> Located? {
        guard let step = path.first else { return self }
        switch step {
        case .key(let key): return self[key]?.value(at: path.dropFirst())
        case .element(let index):
            guard let elements, elements.indices.contains(index) else { return nil }
            return elements[index].value(at: path.dropFirst())
        }
    }

    /// A copy with another value at the end of a path. Mappings that are missing on the way are made, and a name in a list
    /// of names becomes a map of that name. `open` gives what a scalar that stands for something else stands for.
    func replacing(
        _ path: ArraySlice<TreeStep>, with value: Located, open: (Located) -> Located
    ) -> Located {
        guard let step = path.first else { return value }
        let rest = path.dropFirst()
        let opened = open(self)
        switch step {
        case .element(let index):
            guard var elements = opened.elements, elements.indices.contains(index) else { return self }
            elements[index] = elements[index].replacing(rest, with: value, open: open)
            return Located(.sequence(elements), opened.range)
        case .key(let key):
            var entries = opened.entries ?? []
            if let position = entries.firstIndex(where: { $0.key == key }) {
                entries[position].value = entries[position].value.replacing(rest, with: value, open: open)
            } else {
                let keyRange = opened.text == key ? opened.range : value.range
                let empty = Located.null(value.range)
                entries.append(
                    Entry(key: key, keyRange: keyRange, value: empty.replacing(rest, with: value, open: open)))
            }
            return Located(.mapping(entries), opened.range)
        }
    }
}
