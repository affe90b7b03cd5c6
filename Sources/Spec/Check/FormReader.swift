// Located values → outline: the keys of the spec, known and unknown. Stages are read in `StageReader.swift`.

internal import Stages
internal import Tensors

/// Reads the forms of a spec.
struct FormReader {
    var errors = ErrorList()
    /// Stages, steps, branches and cases so far.
    var count = 0
    /// More than anyone writes; what follows may compare each with each.
    static let mostForms = 2000

    static let topKeys = [
        "martlet", "name", "description", "seed", "params", "stages", "target", "group", "split", "repeats", "sweep",
        "predictions", "include",
    ]
    /// Top-level words that are addresses; no stage can be called so.
    static let reserved = [
        "params", "split", "seed", "repeats", "target", "group", "name", "description", "predictions", "sweep",
        "stages",
        "martlet",
    ]
    private static let laterTop = ["tune"]

    /// The outline of a spec whose root is a map; what is wrong is left out of it and is in `errors`.
    mutating func read(_ root: Located) -> Outline {
        var outline = Outline()
        outline.top = root.entries ?? []
        for entry in outline.top where !Self.topKeys.contains(entry.key) {
            let meant = unknownKey(entry, among: Self.topKeys, later: Self.laterTop, address: "", of: "a spec")
            if let meant { outline.misspelt.insert(meant) }
        }
        readName(root, into: &outline)
        outline.description = text(root, "description")
        outline.target = word(root, "target", as: "the name of the column that is predicted")
        outline.group = word(root, "group", as: "the name of the column whose values stay on one side of a split")
        outline.seed = int(root, "seed", in: Bounds()) ?? 0
        outline.repeats = int(root, "repeats", in: Bounds(lower: 1, upper: 100_000)) ?? 1
        if let value = root["predictions"] {
            switch value.text {
            case "all": outline.predictions = true
            case "none": outline.predictions = false
            default: wrong(value, "all or none", "predictions")
            }
        }
        if let params = root["params"], !params.isNull {
            if let entries = params.entries {
                outline.params = entries
            } else {
                wrong(params, "a map of names to values", "params")
            }
        }
        if let entry = root.entry("split") { readSplit(entry, into: &outline) }
        readStages(root, into: &outline)
        return outline
    }

    private mutating func readStages(_ root: Located, into outline: inout Outline) {
        guard let entry = root.entry("stages") else {
            if outline.isWritten("stages") { return }
            errors.add("stages are missing", at: start(of: root), advice: "add stages: a map of names to stages")
            return
        }
        guard let entries = entry.value.entries, !entries.isEmpty else {
            return wrong(entry.value, "a map of names to stages", "stages")
        }
        for stage in entries {
            if count >= Self.mostForms { return }
            guard isName(stage.key) else {
                errors.add(
                    "expected a name of letters, digits, - and _, got \"\(stage.key)\"", at: stage.keyRange,
                    address: "stages")
                continue
            }
            if Self.reserved.contains(stage.key) {
                errors.add(
                    "a stage cannot be called \(stage.key): that is the address of something else", at: stage.keyRange,
                    advice: "call it otherwise")
            }
            outline.stages.append(
                form(
                    stage.value, word: stage.key, name: stage.key, address: stage.key,
                    path: [.key("stages"), .key(stage.key)], keyRange: stage.keyRange))
        }
    }

    private mutating func readSplit(_ entry: Located.Entry, into outline: inout Outline) {
        guard let entries = entry.value.entries else { return wrong(entry.value, "a map with uses and with", "split") }
        for child in entries where !["uses", "with"].contains(child.key) {
            let meant = unknownKey(child, among: ["uses", "with"], later: [], address: "split", of: "a split")
            if meant != nil { return }
        }
        outline.split = StageForm(
            word: "split", name: "split", address: "split", path: [.key("split")], keyRange: entry.keyRange, input: nil,
            isInputBroken: false, body: use(entry.value, address: "split", keyRange: entry.keyRange))
    }

    private mutating func readName(_ root: Located, into outline: inout Outline) {
        guard let value = root["name"] else {
            if outline.isWritten("name") { return }
            errors.add("name is missing", at: start(of: root), advice: "add name: what the results are called")
            return
        }
        guard case .scalar(let canonical, let written) = value.node, canonical != .null, isName(written) else {
            return wrong(value, "a name of letters, digits, - and _", "name")
        }
        outline.name = written
    }
}

// MARK: - Small values

extension FormReader {
    mutating func wrong(_ value: Located, _ expected: String, _ address: String) {
        errors.add("expected \(expected), got \(value.canonical.phrase)", at: value.range, address: address)
    }

    /// Tells of a key that is not known; gives the one that was most likely meant.
    mutating func unknownKey(
        _ entry: Located.Entry, among known: [String], later: [String], address: String, of whole: String
    ) -> String? {
        if later.contains(entry.key) {
            errors.add(
                "\(entry.key) comes with a later version", at: entry.keyRange, address: address,
                advice: "leave it out for now")
            return nil
        }
        let meant = errors.suggestion(for: entry.key, among: known)
        errors.add(
            "\(whole) has no key \(entry.key); it has \(known.joined(separator: ", "))", at: entry.keyRange,
            address: address,
            advice: meant.map { "did you mean \($0)?" })
        return meant
    }

    private mutating func text(_ root: Located, _ key: String) -> String? {
        guard let value = root[key], !value.isNull else { return nil }
        guard case .scalar(_, let written) = value.node else {
            wrong(value, "text", key)
            return nil
        }
        return written
    }

    private mutating func word(_ root: Located, _ key: String, as expected: String) -> Word? {
        guard let value = root[key], !value.isNull else { return nil }
        guard let text = value.text, !text.isEmpty else {
            wrong(value, expected, key)
            return nil
        }
        return Word(text: text, range: value.range)
    }

    private mutating func int(_ root: Located, _ key: String, in bounds: Bounds) -> Int? {
        guard let value = root[key] else { return nil }
        do throws(Problem) {
            return try ParameterKind.int(bounds).convert(value.canonical).intValue
        } catch {
            errors.add(error.message, at: value.range, address: key)
            return nil
        }
    }

    func start(of value: Located) -> SourceRange {
        let first = value.range.start
        return SourceRange(
            file: value.range.file, start: first, end: SourcePosition(line: first.line, column: first.column + 1))
    }

    func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }
}
