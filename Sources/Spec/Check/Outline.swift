// The forms of a spec, read but not yet compared with the catalogue: which stages there are, of what they are made, and
// where each word of it stands.

/// A word and its place.
struct Word: Sendable {
    let text: String
    let range: SourceRange
}

/// What stands behind `in`.
struct InputForm: Sendable {
    enum Content: Sendable {
        case one(Word)
        case list([Word])
        case ports([(port: Word, inputs: [Word])])
    }

    let content: Content
    let range: SourceRange

    /// Every stage that is named.
    var names: [Word] {
        switch content {
        case .one(let word): [word]
        case .list(let words): words
        case .ports(let ports): ports.flatMap(\.inputs)
        }
    }
}

/// A use of a stage type with parameters.
struct UseForm: Sendable {
    /// The stage type's name.
    let type: Word
    let with: Located?
}

/// A stage, a step, a branch or a case.
struct StageForm: Sendable {
    indirect enum Body: Sendable {
        case use(UseForm)
        /// A chain under one name.
        case steps([StageForm])
        /// Parallel chains from one input, by name.
        case branches([StageForm])
        /// A branch that gives what it takes.
        case pass
        /// Alternatives, and which of them is picked.
        case cases([StageForm], pick: Word?)
        /// Not readable; an error says so.
        case broken
    }

    /// The last word of the address.
    let word: String
    /// As messages and results call it: the address without names of cases.
    let name: String
    let address: String
    let path: [TreeStep]
    /// The key, or the step's start.
    let keyRange: SourceRange
    let input: InputForm?
    /// Whether there is an `in` that could not be read, which an error says.
    let isInputBroken: Bool
    var options = StageOptions()
    let body: Body

    /// All uses in this form, those of cases that are not picked included.
    var uses: [(form: StageForm, use: UseForm)] {
        switch body {
        case .use(let use): [(self, use)]
        case .steps(let forms), .branches(let forms), .cases(let forms, _): forms.flatMap(\.uses)
        case .pass, .broken: []
        }
    }

    /// All forms in this one, itself first.
    var all: [StageForm] {
        switch body {
        case .steps(let forms), .branches(let forms), .cases(let forms, _): [self] + forms.flatMap(\.all)
        case .use, .pass, .broken: [self]
        }
    }
}

/// A spec, read.
struct Outline: Sendable {
    var name = ""
    var description: String?
    var seed = 0
    var target: Word?
    var group: Word?
    var repeats = 1
    var predictions = true
    var split: StageForm?
    var stages = [StageForm]()
    var params = [Located.Entry]()

    /// The values and keys at the top, for places.
    var top = [Located.Entry]()
    /// Keys that are most likely written, but wrong: nobody should miss them.
    var misspelt = Set<String>()

    /// Whether there is a key at the top, right or wrong.
    func isWritten(_ key: String) -> Bool { misspelt.contains(key) || top.contains { $0.key == key } }

    /// Every form, splits and parts of chains included, by address.
    func form(at address: String) -> StageForm? {
        for stage in stages + (split.map { [$0] } ?? []) {
            if stage.address == address { return stage }
            if address.hasPrefix(stage.address + ".") { return stage.all.first { $0.address == address } }
        }
        return nil
    }
}
