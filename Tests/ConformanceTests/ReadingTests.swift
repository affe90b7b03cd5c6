// Law: what a stage does not declare, the engine does not give it. Two spies, a map and a gather, note the columns that
// reach them; a spec that would let one read the target is refused.

import Engine
import Stages
import Tensors
import TestSupport
import Testing

@Suite struct ReadingLaw {
    @Test(arguments: ["spy.map", "spy.gather"]) func onlyDeclaredColumnsAreGiven(_ spy: String) throws {
        let note = "\(spy) declared"
        let finished = try Workshop(adding: spies).run(spec(spy, column: "group", note: note))
        #expect(finished.run.ending == .complete)
        let seen = Spying.notes.withLock { $0[note] ?? [] }
        #expect(seen == [["group"]], "label, which it does not declare, was there to read")
    }

    @Test(arguments: ["spy.map", "spy.gather"]) func targetCannotBeDeclared(_ spy: String) throws {
        #expect(throws: (any Error).self, "a \(spy) that reads the target was run") {
            try Workshop(adding: spies).run(spec(spy, column: "label", note: "\(spy) target"))
        }
        #expect(Spying.notes.withLock { $0["\(spy) target"] } == nil, "it was refused only after it had run")
    }

    private func spec(_ spy: String, column: String, note: String) -> String {
        """
        martlet: 1
        name: spies
        stages:
          numbers: {uses: toy.numbers}
          spy: {uses: \(spy), in: numbers, with: {by: \(column), note: \(note)}}
          guess: {uses: classify.dummy, in: spy}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        split: {uses: split.k_fold, with: {n_splits: 3}}
        """
    }
}

private let spies = Catalogue([SpyMap.self, SpyGather.self])

private enum Spying {
    /// The sets of columns that reached a spy, by the name of its note.
    static let notes = Lock<[String: Set<Set<String>>]>([:])

    static func note(_ name: String, _ columns: some Sequence<String>) {
        _ = notes.withLock { $0[name, default: []].insert(Set(columns)) }
    }
}

struct SpyParameters: ParameterSet {
    var by = ""
    var note = ""

    static let fields: [Field<Self>] = [
        Field("by", \.by, as: .column, isRequired: true, "a column"),
        Field("note", \.note, isRequired: true, "where to note what was seen"),
    ]
}

struct SpyMap: MapStage {
    static let declaration = Declaration(
        "spy.map", revision: 1, kind: .map, summary: "Notes what it is given.", inputs: [Port("in", "anything")],
        output: "its input")
    let parameters: SpyParameters
    init(_ parameters: SpyParameters) { self.parameters = parameters }
    var columns: [String] { [parameters.by] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func apply(_ input: MapInput) throws -> Value {
        Spying.note(parameters.note, input.columns.keys)
        return input.values[0]
    }
}

struct SpyGather: GatherStage {
    static let declaration = Declaration(
        "spy.gather", revision: 1, kind: .gather, summary: "Notes what it is given.", inputs: [Port("in", "anything")],
        output: "its input")
    let parameters: SpyParameters
    init(_ parameters: SpyParameters) { self.parameters = parameters }
    var columns: [String] { [parameters.by] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func gather(_ rows: [[Value]], columns: [String: [Scalar]]) throws -> [Value] {
        Spying.note(parameters.note, columns.keys)
        return rows.map { $0[0] }
    }
}
