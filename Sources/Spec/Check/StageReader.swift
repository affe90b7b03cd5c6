// The forms of a stage: a use of a type, a chain of steps, branches, alternatives. A new form is a case here and in
// `StageForm.Body`.

internal import Stages
internal import Tensors

/// Where a form stands, which decides what can be said in it.
enum Standing {
    case stage, step, branch

    var noun: String {
        switch self {
        case .stage: "a stage"
        case .step: "a step"
        case .branch: "a branch"
        }
    }
}

extension FormReader {
    private static let bodies = ["uses", "steps", "branches", "cases"]

    mutating func form(
        _ value: Located, word: String, name: String, address: String, path: [TreeStep], keyRange: SourceRange,
        as standing: Standing = .stage
    ) -> StageForm {
        var misspelt = Set<String>()
        count += 1
        if count == Self.mostForms {
            errors.add(
                "expected at most \(Self.mostForms) stages, steps, branches and cases", at: keyRange, address: address)
        }
        func made(_ body: StageForm.Body, _ input: InputForm? = nil, _ options: StageOptions = .init()) -> StageForm {
            StageForm(
                word: word, name: name, address: address, path: path, keyRange: keyRange, input: input,
                isInputBroken: input == nil && (value["in"] != nil || misspelt.contains("in")), options: options,
                body: body)
        }
        guard let entries = value.entries else {
            let place = value.isNull ? value.moved(to: keyRange) : value
            wrong(
                place,
                standing == .branch
                    ? "a map with uses and with, or {} to pass the input on" : "a map with uses, in and with",
                address)
            return made(.broken)
        }
        if entries.isEmpty, standing == .branch { return made(.pass) }
        let input = value.entry("in").flatMap { entry in self.input(entry, as: standing, address: address) }
        let forms = Self.bodies.filter { value[$0] != nil }
        var known = ["in", "uses", "with", "steps", "branches", "cases", "default"] + Self.optionKeys
        if standing != .stage { known.removeFirst() }
        if standing == .step { known.append("as") }
        for entry in entries where !known.contains(entry.key) && entry.key != "in" {
            let meant = unknownKey(entry, among: known, later: [], address: address, of: standing.noun)
            if let meant { misspelt.insert(meant) }
        }
        let options = options(value, address: address)
        if !misspelt.isDisjoint(with: Self.bodies + ["with"]) { return made(.broken, input) }
        if forms.count > 1, let second = value.entry(forms[1]) {
            errors.add(
                "\(forms[0]) and \(forms[1]) cannot stand together", at: second.keyRange, address: address,
                advice: "\(standing.noun) has one of \(Self.bodies.joined(separator: ", "))")
            return made(.broken, input)
        }
        if let with = value.entry("with"), let form = forms.first, form != "uses" {
            errors.add(
                "with belongs to a stage type, and there is no uses beside it", at: with.keyRange, address: address,
                advice: "write with into the \(form)")
        }
        if let pick = value.entry("default"), forms.first != "cases" {
            errors.add("default belongs to cases", at: pick.keyRange, address: address)
        }
        switch forms.first {
        case "uses": return made(use(value, address: address, keyRange: keyRange), input, options)
        case "steps": return made(steps(value, name: name, address: address, path: path), input, options)
        case "branches": return made(branches(value, name: name, address: address, path: path), input, options)
        case "cases": return made(cases(value, name: name, address: address, path: path), input, options)
        default:
            errors.add(
                "expected one of \(Self.bodies.joined(separator: ", "))", at: keyRange, address: address,
                advice: "add uses: the name of a stage type"
                    + (standing == .branch ? ", or write {} to pass the input on as it is" : ""))
            return made(.broken, input)
        }
    }

    mutating func use(_ value: Located, address: String, keyRange: SourceRange) -> StageForm.Body {
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
            } else if word.isEmpty, Self.bodies.contains(where: { element[$0] != nil }) {
                errors.add(
                    "a step that is not a single stage type needs a name", at: start(of: element), address: address,
                    advice: "add as: a name")
            }
            let isTwin = !word.isEmpty && forms.contains { $0.word == word }
            if isTwin {
                errors.add(
                    "two steps are called \(word)", at: range, address: address,
                    advice: "name this one otherwise: as: …")
            }
            if word.isEmpty || isTwin { word += "#\(index + 1)" }
            forms.append(
                form(
                    element, word: word, name: name + "." + word, address: address + "." + word,
                    path: path + [.key("steps"), .element(index)], keyRange: start(of: element), as: .step))
        }
        return .steps(forms)
    }

    private mutating func branches(_ value: Located, name: String, address: String, path: [TreeStep]) -> StageForm.Body
    {
        guard let map = value["branches"], let entries = map.entries, !entries.isEmpty else {
            if let map = value["branches"] { wrong(map, "a map of names to branches, at least one", address) }
            return .broken
        }
        let forms = named(entries, address, path + [.key("branches")], .branch) { name + "." + $0 }
        return forms.isEmpty ? .broken : .branches(forms.sorted { precedes($0.word, $1.word) })
    }

    /// The forms of a map of names.
    private mutating func named(
        _ entries: [Located.Entry], _ address: String, _ path: [TreeStep], _ standing: Standing,
        name: (String) -> String
    ) -> [StageForm] {
        var forms = [StageForm]()
        for entry in entries {
            if count >= Self.mostForms { break }
            guard isName(entry.key) else {
                errors.add(
                    "expected a name of letters, digits, - and _, got \"\(entry.key)\"", at: entry.keyRange,
                    address: address)
                continue
            }
            forms.append(
                form(
                    entry.value, word: entry.key, name: name(entry.key), address: address + "." + entry.key,
                    path: path + [.key(entry.key)], keyRange: entry.keyRange, as: standing))
        }
        return forms
    }

    private mutating func cases(_ value: Located, name: String, address: String, path: [TreeStep]) -> StageForm.Body {
        guard let map = value["cases"], let entries = map.entries, !entries.isEmpty else {
            if let map = value["cases"] { wrong(map, "a map of names to stages", address) }
            return .broken
        }
        let forms = named(entries, address, path + [.key("cases")], .stage) { _ in name }
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

    private mutating func input(_ entry: Located.Entry, as standing: Standing, address: String) -> InputForm? {
        switch standing {
        case .stage: return input(entry.value, address: address + ".in")
        case .step:
            errors.add(
                "a step takes what the step before it gives", at: entry.keyRange, address: address,
                advice: "in stands beside steps; a stage with other inputs is a stage of its own")
        case .branch:
            errors.add(
                "a branch takes what all branches take", at: entry.keyRange, address: address,
                advice: "in stands beside branches; a stage with other inputs is a stage of its own")
        }
        return nil
    }

    private mutating func input(_ value: Located, address: String) -> InputForm? {
        func words(_ elements: [Located]) -> [Word]? {
            let words = elements.compactMap { element in
                element.text.map { Word(text: $0, range: element.range) }
            }
            return words.count == elements.count && !words.isEmpty ? words : nil
        }
        switch value.node {
        case .scalar(.text(let text), _):
            return InputForm(content: .one(Word(text: text, range: value.range)), range: value.range)
        case .sequence(let elements):
            if let words = words(elements) { return InputForm(content: .list(words), range: value.range) }
        case .mapping(let entries):
            let ports = entries.compactMap { entry in
                words(entry.value.elements ?? [entry.value]).map {
                    (port: Word(text: entry.key, range: entry.keyRange), inputs: $0)
                }
            }
            if ports.count == entries.count, !ports.isEmpty {
                return InputForm(content: .ports(ports), range: value.range)
            }
        default: break
        }
        wrong(value, "the name of a stage, a list of names, or a map of ports to names", address)
        return nil
    }
}
