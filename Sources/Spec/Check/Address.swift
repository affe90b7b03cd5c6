// Addresses: dotted names of values, as `sweep`, `--set` and `--sweep` use them and as results are headed. An address is
// found through the forms of the spec and the declarations of the stage types, so that a parameter that is not written
// has one too.

internal import Stages
internal import Tensors

/// What an address names.
struct Place: Sendable {
    enum Kind: Sendable {
        /// Which case of a stage.
        case pick
        case parameter
        /// `params.root`.
        case shared
        /// `seed`, `repeats` …
        case top
    }

    let address: String
    let kind: Kind
    let path: [TreeStep]
    /// Stages with cases that this lies in, and the case that it lies in: nothing if others are picked.
    let cases: [(stage: StageForm, word: String)]
    /// The declared type, where there is one.
    var type: ParameterKind?
    /// What holds where nothing is written.
    var fallback: Canonical?
}

/// Why an address names nothing.
struct Misaddress: Error {
    let message: String
    let advice: String?
    /// The fault lies elsewhere and is told there.
    var isConsequence = false
}

/// The addresses of a spec.
struct AddressBook {
    let outline: Outline
    let catalogue: Catalogue

    private static let top = ["seed", "repeats", "target", "group", "name", "description", "predictions"]

    func find(_ address: String) throws(Misaddress) -> Place {
        let words = address.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let first = words.first ?? ""
        let rest = words.dropFirst()
        if first == "params" { return try shared(address, rest) }
        if Self.top.contains(first), rest.isEmpty {
            let (type, fallback) = Self.declared(first)
            return Place(
                address: address, kind: .top, path: [.key(first)], cases: [], type: type, fallback: fallback)
        }
        if first == "split", let split = outline.split { return try descend(split, rest, address, []) }
        if let open = address.firstIndex(of: "["), let close = address.lastIndex(of: "]"), open < close {
            throw Misaddress(
                message: "\(address) names nothing: a stage has the same parameters in all branches",
                advice: "write \(address[..<open])\(address[address.index(after: close)...])")
        }
        guard let stage = outline.stages.first(where: { $0.word == first }) else {
            let names = outline.stages.map(\.word)
            if names.isEmpty { throw Misaddress(message: "", advice: nil, isConsequence: true) }
            throw nothing(
                address, "there is no stage \(first); there are \(enumerated(names))",
                nearest(to: first, among: names + Self.top + ["split", "params"]).map {
                    ([$0] + rest).joined(separator: ".")
                })
        }
        return try descend(stage, rest, address, [])
    }

    private func shared(_ address: String, _ words: ArraySlice<String>) throws(Misaddress) -> Place {
        let names = outline.params.map(\.key)
        guard let name = words.first else {
            throw Misaddress(message: "params is a map, not a value", advice: "name one of them: params.…")
        }
        guard let entry = outline.params.first(where: { $0.key == name }) else {
            throw nothing(
                address, names.isEmpty ? "the spec has no params" : "params has \(enumerated(names))",
                nearest(to: name, among: Array(names.prefix(1000))).map {
                    (["params", $0] + words.dropFirst()).joined(separator: ".")
                })
        }
        let path = try inside(entry.value, nil, words.dropFirst(), address, [.key("params"), .key(name)])
        return Place(address: address, kind: .shared, path: path, cases: [])
    }

    /// On into one of the forms that a chain or a branch set has.
    private func enter(
        _ forms: [StageForm], of form: StageForm, _ nouns: (whole: String, parts: String, value: String),
        _ words: ArraySlice<String>, _ address: String, _ cases: [(stage: StageForm, word: String)]
    ) throws(Misaddress) -> Place {
        guard let word = words.first else {
            throw Misaddress(
                message: "\(address) names a \(nouns.whole) of \(nouns.parts), not a value",
                advice: "name \(nouns.value) of one: "
                    + forms.map { address + "." + $0.word + ".…" }.joined(separator: ", "))
        }
        guard let next = forms.first(where: { $0.word == word }) else {
            throw missing(address, form, nouns.parts, word, forms.map(\.word), words)
        }
        return try descend(next, words.dropFirst(), address, cases)
    }

    private func descend(
        _ form: StageForm, _ words: ArraySlice<String>, _ address: String, _ cases: [(stage: StageForm, word: String)]
    ) throws(Misaddress) -> Place {
        switch form.body {
        case .broken: throw Misaddress(message: "", advice: nil, isConsequence: true)
        case .steps(let forms):
            return try enter(forms, of: form, ("chain", "steps", "a parameter"), words, address, cases)
        case .pass: throw nothing(address, "\(form.address) passes its input on and has no parameters", nil)
        case .branches(let forms):
            return try enter(forms, of: form, ("set", "branches", "a value"), words, address, cases)
        case .cases(let forms, _):
            guard let word = words.first else {
                return Place(address: address, kind: .pick, path: form.path + [.key("default")], cases: cases)
            }
            guard let picked = forms.first(where: { $0.word == word }) else {
                throw missing(address, form, "cases", word, forms.map(\.word), words)
            }
            return try descend(picked, words.dropFirst(), address, cases + [(form, word)])
        case .use(let use):
            guard let type = catalogue[use.type.text] else {
                throw Misaddress(message: "", advice: nil, isConsequence: true)
            }
            let found = try parameter(form, use, type.parameterDescriptions, words, address)
            return Place(
                address: address, kind: .parameter, path: found.path, cases: cases, type: found.type,
                fallback: found.fallback)
        }
    }

    private func parameter(
        _ form: StageForm, _ use: UseForm, _ descriptions: [ParameterDescription], _ words: ArraySlice<String>,
        _ address: String
    ) throws(Misaddress) -> (path: [TreeStep], type: ParameterKind?, fallback: Canonical?) {
        let names = descriptions.map(\.name)
        guard let word = words.first else {
            throw Misaddress(
                message: "\(address) names a stage, not a value",
                advice: names.isEmpty
                    ? "\(use.type.text) has no parameters"
                    : "name a parameter: " + names.map { address + "." + $0 }.joined(separator: ", "))
        }
        let with = form.path + [.key("with")]
        if let description = descriptions.first(where: { $0.name == word }) {
            let path = try inside(
                use.with?[word], description, words.dropFirst(), address, with + [.key(word)])
            let (type, fallback) = Self.declared(description, words.dropFirst())
            return (path, type, fallback)
        }
        // The parts of a composite have addresses right below it.
        for description in descriptions {
            guard case .parts(let parts) = description.kind, let part = parts.first(where: { $0.name == word }) else {
                continue
            }
            let list = use.with?[description.name]
            guard let index = list?.elements?.firstIndex(where: { $0.text == word || $0.entry(word) != nil }) else {
                throw nothing(address, "\(word) is not among the \(description.name) of \(form.address)", nil)
            }
            guard let name = words.dropFirst().first else {
                throw Misaddress(message: "\(address) names a part, not a value", advice: "name one of its parameters")
            }
            guard let inner = part.parameters.first(where: { $0.name == name }) else {
                throw missing(
                    address, named: words.prefix(1), of: form, "parameters", name, part.parameters.map(\.name),
                    words.dropFirst())
            }
            let value = list?.elements?[index][word]?[name]
            let path = try inside(
                value, inner, words.dropFirst(2), address,
                with + [.key(description.name), .element(index), .key(word), .key(name)])
            let (type, fallback) = Self.declared(inner, words.dropFirst(2))
            return (path, type, fallback)
        }
        throw missing(address, form, "parameters", word, names, words)
    }

    private static func declared(_ top: String) -> (type: ParameterKind?, fallback: Canonical?) {
        switch top {
        case "seed": (.int(.any), .int(0))
        case "repeats": (.int(.atLeast(1)), .int(1))
        case "predictions": (nil, .text("all"))
        default: (nil, nil)
        }
    }

    /// The type and the default of what words name inside a parameter.
    private static func declared(
        _ description: ParameterDescription, _ words: ArraySlice<String>
    ) -> (type: ParameterKind?, fallback: Canonical?) {
        var (type, fallback) = (Optional(description.kind), description.defaultValue)
        for word in words {
            type = type?.inside
            fallback = fallback?[word]
        }
        return (type, fallback)
    }

    /// The way into a structured value: keys of maps; in lists, the keys of one-key maps.
    private func inside(
        _ value: Located?, _ description: ParameterDescription?, _ words: ArraySlice<String>, _ address: String,
        _ path: [TreeStep]
    ) throws(Misaddress) -> [TreeStep] {
        guard let word = words.first else { return path }
        if case .parts? = description?.kind {
            throw nothing(address, "parts are addressed below the stage, without \(description?.name ?? "")", nil)
        }
        if let value {
            if let next = value[word] { return try inside(next, nil, words.dropFirst(), address, path + [.key(word)]) }
            if let index = value.elements?.firstIndex(where: { $0.text == word || $0.entries?.first?.key == word }) {
                return try inside(
                    value.elements?[index][word], nil, words.dropFirst(), address, path + [.element(index), .key(word)])
            }
        } else if let entries = description?.defaultValue?.mapValue, entries[word] != nil, words.count == 1 {
            return path + [.key(word)]
        }
        let names = value?.entries?.map(\.key) ?? description?.defaultValue?.mapValue?.keys.sorted(by: precedes) ?? []
        let parent = address.split(separator: ".").dropLast(words.count).joined(separator: ".")
        throw nothing(
            address, names.isEmpty ? "\(parent) has nothing inside" : "\(parent) has \(enumerated(names))",
            nearest(to: word, among: Array(names.prefix(1000))).map {
                ([parent, $0] + words.dropFirst()).joined(separator: ".")
            })
    }

    private func missing(
        _ address: String, _ form: StageForm, _ what: String, _ word: String, _ names: [String],
        _ words: ArraySlice<String>
    ) -> Misaddress {
        missing(address, named: [], of: form, what, word, names, words)
    }

    private func missing(
        _ address: String, named between: ArraySlice<String>, of form: StageForm, _ what: String, _ word: String,
        _ names: [String], _ words: ArraySlice<String>
    ) -> Misaddress {
        let owner = ([form.address] + between).joined(separator: ".")
        return nothing(
            address,
            names.isEmpty
                ? "\(owner) has no \(what)"
                : "\(owner) has no \(word); its \(what) are \(enumerated(names))",
            nearest(to: word, among: names).map { ([owner, $0] + words.dropFirst()).joined(separator: ".") })
    }

    private func nothing(_ address: String, _ reason: String, _ suggestion: String?) -> Misaddress {
        Misaddress(message: "\(address) names nothing: \(reason)", advice: suggestion.map { "did you mean \($0)?" })
    }
}

extension ParameterKind {
    /// The type of what a map of this type maps to, whatever else may be given in its place.
    fileprivate var inside: ParameterKind? {
        switch self {
        case .map(let inner): inner
        case .optional(let kind): kind.inside
        case .either(let kinds): kinds.lazy.compactMap(\.inside).first
        default: nil
        }
    }
}
