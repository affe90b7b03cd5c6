import Stages
import Tensors
import Testing

@testable import DataStages

@Suite struct SamplesSelectTests {
    private let clips = table(
        "clips", ["a", "b", "c", "d"],
        [
            "emotion": words("happy", "sad", "happy", ""), "actor": ints(1, 2, 3, 3),
            "valence": [.float(0.5), .float(.nan), .float(3), .missing],
        ])

    private func chosen(_ given: [String: Canonical]) throws -> String {
        try SamplesSelect(given: given).rows(of: [clips]).map(\.id).joined()
    }

    @Test func aValueOrAListOfValues() throws {
        #expect(try chosen(["where": .map(["emotion": .text("happy")])]) == "ac")
        #expect(try chosen(["where": .map(["emotion": .array([.text("sad"), .text("happy")])])]) == "abc")
        #expect(try chosen(["where": .map(["emotion": .text("happy"), "actor": .int(3)])]) == "c")
        #expect(try chosen([:]) == "abcd")
    }

    @Test func numbersAreComparedByValueAndTextIsNoNumber() throws {
        #expect(try chosen(["where": .map(["valence": .int(3)])]) == "c")
        #expect(try chosen(["where": .map(["actor": .float(3)])]) == "cd")
        let stage = try SamplesSelect(given: ["where": .map(["take": .int(1)])])
        let failure = failure(stage, table("clips", ["a", "b"], ["take": words("01", "1")]))
        #expect(failure?.cause == #"no row is left by where take: 1: there are "01", "1""#)
        let share = try SamplesSelect(given: ["where": .map(["size": .text("1/3")])])
        #expect(try share.rows(of: [table("clips", ["a"], ["size": words("1/3")])]).count == 1)
    }

    @Test func rowsWithoutAValuePassNotAndFailWhere() throws {
        #expect(try chosen(["not": .map(["emotion": .text("happy")])]) == "bd")
        #expect(try chosen(["complete": .array([.text("emotion")])]) == "abc")
        #expect(try chosen(["complete": .array([.text("emotion"), .text("valence")])]) == "ac")
    }

    @Test func idStandsForTheRowsName() throws {
        let stage = try SamplesSelect(given: ["not": .map(["id": .array([.text("b"), .text("d")])])])
        #expect(stage.columns.isEmpty)
        #expect(try stage.rows(of: [clips]).map(\.line) == ["a = 0:0", "c = 0:2"])
    }

    @Test func columnsAreThoseOfTheConditions() throws {
        let stage = try SamplesSelect(given: [
            "where": .map(["emotion": .text("sad")]), "not": .map(["actor": .int(3), "emotion": .text("calm")]),
            "complete": .array([.text("valence")]),
        ])
        #expect(stage.columns == ["actor", "emotion", "valence"])
    }

    @Test func nothingLeftIsAFailureThatShowsTheValues() throws {
        func failed(_ given: [String: Canonical]) throws -> Failure? { failure(try SamplesSelect(given: given), clips) }
        let mistyped = try failed(["where": .map(["emotion": .text("hapy")])])
        #expect(mistyped?.cause == "no row is left by where emotion: hapy: there are happy, sad")
        #expect(mistyped?.advice == "did you mean happy?")
        #expect(
            try failed(["where": .map(["emotion": .text("sad"), "actor": .int(1)])])?.cause
                == "of 4 rows, none meets all conditions: where actor: 1 holds for 1, where emotion: sad holds for 1")
        #expect(
            try failed(["not": .map(["actor": .array([.int(1), .int(2), .int(3)])])])?.cause
                == "no row is left by not actor: [1, 2, 3]: there are 1, 2, 3")
        let bare = table("clips", ["a"], ["valence": [.missing]])
        #expect(
            failure(try SamplesSelect(given: ["complete": .array([.text("valence")])]), bare)?.cause
                == "no row is left by complete valence: it has no value in any row")
    }

    @Test func anEmptyListIsAProblem() throws {
        let problem = #expect(throws: Problem.self) {
            try SamplesSelect(given: ["not": .map(["emotion": .array([])])])
        }
        #expect(problem?.path == ["not", "emotion"])
    }
}
