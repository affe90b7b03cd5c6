// Located values → outline: the keys of the spec and of its stages, known and unknown. A new form of stage is a case here
// and in `StageForm.Body`.

internal import Stages
internal import Tensors

/// Reads the forms of a spec.
struct FormReader {
    private(set) var errors = ErrorList()
    /// Stages, steps and cases so far.
    private var count = 0
    /// More than anyone writes; what follows may compare each with each.
    private static let mostForms = 2000

    static let topKeys = [
        "martlet", "name", "description", "seed", "params", "stages", "target", "group", "split", "repeats", "sweep",
        "predictions",
    ]
    /// Top-level words that are addresses; no stage can be called so.
    static let reserved = [
        "params", "split", "seed", "repeats", "target", "group", "name", "description", "predictions", "sweep", "stages",
        "martlet",
    ]
    private static let laterTop = ["include", "tune"]
    private static let laterForms = ["branches", "only", "keep", "timeout", "memory", "threads"]

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
        outline.seed = int(root, "seed", atLeast: nil) ?? 0
        outline.repeats = int(root, "repeats", atLeast: 1) ?? 1
        if let value = root["predictions"] {
            switch value.text {
            case "all": outline.predictions = true
            case "none": outline.predictions = false
            default: wrong(value, "all or none", "predictions")
            }
        }
        if let params = root["params"], !params.isNull {
            if let entries = params.entries { outline.params = entries } else { wrong(params, "a map of names to values", "params") }
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
                    "expected a name of letters, digits, - and _, got \"\(stage.key)\"", at: stage.keyRange, address: "stages")
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

    // MARK: - Stages

    private mutating func form(
        _ value: Located, word: String, name: String, address: String, path: [TreeStep], keyRange: SourceRange,
        isStep: Bool = false
    ) -> StageForm {
        var misspelt = Set<String>()
        count += 1
        if count == Self.mostForms {
            errors.add("expected at most \(Self.mostForms) stages, steps and cases", at: keyRange, address: address)
        }
        func made(_ body: StageForm.Body, _ input: InputForm? = nil) -> StageForm {
            StageForm(
                word: word, name: name, address: address, path: path, keyRange: keyRange, input: input,
                isInputBroken: input == nil && (value["in"] != nil || misspelt.contains("in")), body: body)
        }
        guard let entries = value.entries else {
            wrong(value.isNull ? value.moved(to: keyRange) : value, "a map with uses, in and with", address)
            return made(.broken)
        }
        let input = value.entry("in").flatMap { entry -> InputForm? in
            if isStep {
                errors.add(
                    "a step takes what the step before it gives", at: entry.keyRange, address: address,
                    advice: "in stands beside steps; a stage with other inputs is a stage of its own")
                return nil
            }
            return self.input(entry.value, address: address + ".in")
        }
        let forms = ["uses", "steps", "cases"].filter { value[$0] != nil }
        var known = ["in", "uses", "with", "steps", "cases", "default"]
        if isStep { known = known.filter { $0 != "in" } + ["as"] }
        for entry in entries where !known.contains(entry.key) && entry.key != "in" {
            let meant = unknownKey(
                entry, among: known, later: Self.laterForms, address: address, of: isStep ? "a step" : "a stage")
            if let meant { misspelt.insert(meant) }
        }
        if !misspelt.isDisjoint(with: ["uses", "with", "steps", "cases"]) { return made(.broken, input) }
        if forms.count > 1, let second = value.entry(forms[1]) {
            errors.add(
                "\(forms[0]) and \(forms[1]) cannot stand together", at: second.keyRange, address: address,
                advice: "a stage has one of uses, steps, cases")
            return made(.broken, input)
        }
        if let with = value.entry("with"), forms.first == "steps" || forms.first == "cases" {
            errors.add(
                "with belongs to a stage type, and there is no uses beside it", at: with.keyRange, address: address,
                advice: "write with into the \(forms[0])")
        }
        if let pick = value.entry("default"), forms.first != "cases" {
            errors.add("default belongs to cases", at: pick.keyRange, address: address)
        }
        switch forms.first {
        case "uses": return made(use(value, address: address, keyRange: keyRange), input)
        case "steps": return made(steps(value, name: name, address: address, path: path), input)
        case "cases": return made(cases(value, name: name, address: address, path: path), input)
        default:
            if value["branches"] == nil {
                errors.add(
                    "expected one of uses, steps, cases", at: keyRange, address: address,
                    advice: "add uses: the name of a stage type")
            }
            return made(.broken, input)
        }
    }

    private mutating func use(_ value: Located, address: String, keyRange: SourceRange) -> StageForm.Body {
        var with = value["with"]
        if let given = with, given.entries == nil {
            if !given.isNull { wrong(given, "a map of parameters", address) }
            with = nil
        }
        guard let type = value["uses"] else {
            errors.add("uses is missing", at: keyRange, address: address, advice: "add uses: the name of a stage type")
            return .broken
        }
        guard let name = type.text, !name.isEmpty else {
            wrong(type, "the name of a stage type", address)
            return .broken
        }
        return .use(UseForm(type: Word(text: name, range: type.range), with: with))
    }

    private mutating func steps(_ value: Located, name: String, address: String, path: [TreeStep]) -> StageForm.Body {
        guard let list = value["steps"], let elements = list.elements, !elements.isEmpty else {
            if let list = value["steps"] { wrong(list, "a list of steps", address) }
            return .broken
        }
        var forms = [StageForm]()
        for (index, element) in elements.enumerated() {
            if count >= Self.mostForms { break }
            var word = element["uses"]?.text.map { String($0.split(separator: ".").last ?? "") } ?? ""
            var range = element["uses"]?.range ?? start(of: element)
            if let given = element["as"] {
                range = given.range
                if let text = given.text, isName(text) {
                    word = text
                } else {
                    wrong(given, "a name of letters, digits, - and _", address)
                }
            } else if word.isEmpty, element["cases"] != nil || element["steps"] != nil {
                errors.add(
                    "a step that is not a single stage type needs a name", at: start(of: element), address: address,
                    advice: "add as: a name")
            }
            let isTwin = !word.isEmpty && forms.contains { $0.word == word }
            if isTwin {
                errors.add(
                    "two steps are called \(word)", at: range, address: address, advice: "name this one otherwise: as: …")
            }
            if word.isEmpty || isTwin { word += "#\(index + 1)" }
            forms.append(
                form(
                    element, word: word, name: name + "." + word, address: address + "." + word,
                    path: path + [.key("steps"), .element(index)], keyRange: start(of: element), isStep: true))
        }
        return .steps(forms)
    }

    private mutating func cases(_ value: Located, name: String, address: String, path: [TreeStep]) -> StageForm.Body {
        guard let map = value["cases"], let entries = map.entries, !entries.isEmpty else {
            if let map = value["cases"] { wrong(map, "a map of names to stages", address) }
            return .broken
        }
        var forms = [StageForm]()
        for entry in entries {
            if count >= Self.mostForms { break }
            guard isName(entry.key) else {
                errors.add(
                    "expected a name of letters, digits, - and _, got \"\(entry.key)\"", at: entry.keyRange, address: address)
                continue
            }
            forms.append(
                form(
                    entry.value, word: entry.key, name: name, address: address + "." + entry.key,
                    path: path + [.key("cases"), .key(entry.key)], keyRange: entry.keyRange))
        }
        guard let pick = value["default"] else {
            errors.add(
                "no case is picked", at: value.entry("cases")?.keyRange, address: address,
                advice: "add default: one of " + forms.map(\.word).joined(separator: ", "))
            return .cases(forms, pick: nil)
        }
        guard case .scalar(_, let word) = pick.node, forms.contains(where: { $0.word == word }) else {
            let names = forms.map(\.word)
            errors.add(
                "expected one of the cases \(enumerated(names)), got \(pick.canonical.phrase)", at: pick.range,
                address: address,
                advice: pick.text.flatMap { errors.suggestion(for: $0, among: names) }.map { "did you mean \($0)?" })
            return .cases(forms, pick: nil)
        }
        return .cases(forms, pick: Word(text: word, range: pick.range))
    }

    private mutating func input(_ value: Located, address: String) -> InputForm? {
        func words(_ elements: [Located]) -> [Word]? {
            let words = elements.compactMap { element in
                element.text.map { Word(text: $0, range: element.range) }
            }
            return words.count == elements.count && !words.isEmpty ? words : nil
        }
        switch value.node {
        case .scalar(.text(let text), _): return InputForm(content: .one(Word(text: text, range: value.range)), range: value.range)
        case .sequence(let elements):
            if let words = words(elements) { return InputForm(content: .list(words), range: value.range) }
        case .mapping(let entries):
            let ports = entries.compactMap { entry in
                words(entry.value.elements ?? [entry.value]).map {
                    (port: Word(text: entry.key, range: entry.keyRange), inputs: $0)
                }
            }
            if ports.count == entries.count, !ports.isEmpty { return InputForm(content: .ports(ports), range: value.range) }
        default: break
        }
        wrong(value, "the name of a stage, a list of names, or a map of ports to names", address)
        return nil
    }
}

// MARK: - Small values

extension FormReader {
    private mutating func wrong(_ value: Located, _ expected: String, _ address: String) {
        errors.add("expected \(expected), got \(value.canonical.phrase)", at: value.range, address: address)
    }

    /// Tells of a key that is not known; gives the one that was most likely meant.
    private mutating func unknownKey(
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
            "\(whole) has no key \(entry.key); it has \(known.joined(separator: ", "))", at: entry.keyRange, address: address,
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

    private mutating func int(_ root: Located, _ key: String, atLeast lower: Double?) -> Int? {
        guard let value = root[key] else { return nil }
        do throws(Problem) {
            return try ParameterKind.int(Bounds(lower: lower)).convert(value.canonical).intValue
        } catch {
            errors.add(error.message, at: value.range, address: key)
            return nil
        }
    }

    private func start(of value: Located) -> SourceRange {
        let first = value.range.start
        return SourceRange(
            file: value.range.file, start: first, end: SourcePosition(line: first.line, column: first.column + 1))
    }

    private func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }
}
