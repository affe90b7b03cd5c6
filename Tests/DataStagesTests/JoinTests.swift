import Stages
import Tensors
import Testing

@testable import DataStages

@Suite struct SamplesJoinTests {
    @Test func rowsOfOneIdBecomeOne() throws {
        let rows = try SamplesJoin(given: [:]).rows(of: [table("clips", ["a", "b"]), table("notes", ["b", "a"])])
        #expect(rows.map(\.line) == ["a = 0:0 + 1:1", "b = 0:1 + 1:0"])
    }

    @Test func theValueCanBeThatOfTheRight() throws {
        let stage = try SamplesJoin(given: ["value": .text("right"), "unmatched": .text("drop")])
        let rows = try stage.rows(of: [table("clips", ["a", "b"]), table("faces", ["b"])])
        #expect(rows.map(\.line) == ["b = 1:0 + 0:1"])
        #expect(try stage.output(for: [.media, .tensor(.float32)]) == .tensor(.float32))
        #expect(try SamplesJoin(given: [:]).output(for: [.media, .tensor(.float32)]) == .media)
    }

    @Test func unequalIdsAreAFailureThatNamesTheFirstFew() throws {
        let stage = try SamplesJoin(given: [:])
        let few = table("notes", ["b"])
        let many = table("clips", ["a", "b", "c", "d", "e"])
        #expect(failure(stage, many, few)?.cause == "4 of 5 rows of clips have no match in notes: a, c, d and 1 more")
        let failure = failure(stage, few, many)
        #expect(failure?.cause == "4 of 5 rows of clips have no match in notes: a, c, d and 1 more")
        #expect(failure?.advice == "set unmatched: drop to leave such rows out, or keep to have those of the left stay")
    }

    @Test func rowsWithoutAMatchCanBeDroppedOrKept() throws {
        let tables = [table("clips", ["a", "b", "c"]), table("notes", ["b", "x"])]
        let drop = try SamplesJoin(given: ["unmatched": .text("drop")])
        #expect(try drop.rows(of: tables).map(\.line) == ["b = 0:1 + 1:0"])
        let keep = try SamplesJoin(given: ["unmatched": .text("keep")])
        #expect(try keep.rows(of: tables).map(\.line) == ["a = 0:0", "b = 0:1 + 1:0", "c = 0:2"])
    }

    @Test func severalRowsOfTheLeftMayMatchOneOfTheRight() throws {
        let stage = try SamplesJoin(given: ["on": .text("actor"), "unmatched": .text("keep")])
        let rows = try stage.rows(of: [
            table("clips", ["a", "b", "c", "d"], ["actor": [.int(2), .int(1), .int(1), .missing]]),
            table("speakers", ["x", "y"], ["actor": [.float(1), .float(2)]]),
        ])
        #expect(stage.columns == ["actor"])
        #expect(rows.map(\.line) == ["a = 0:0 + 1:1", "b = 0:1 + 1:0", "c = 0:2 + 1:0", "d = 0:3"])
    }

    @Test func columnsAndIdsMakeAKeyTogether() throws {
        let stage = try SamplesJoin(given: ["on": .array([.text("id"), .text("take")]), "unmatched": .text("drop")])
        #expect(stage.columns == ["take"])
        let rows = try stage.rows(of: [
            table("clips", ["a", "b"], ["take": ints(1, 2)]), table("notes", ["a", "b"], ["take": ints(2, 2)]),
        ])
        #expect(rows.map(\.line) == ["b = 0:1 + 1:1"])
    }

    @Test func aKeyTwiceOnTheRightIsNamed() throws {
        let stage = try SamplesJoin(given: ["on": .array([.text("actor"), .text("take")])])
        let failure = failure(
            stage, table("clips", ["a"], ["actor": ints(1), "take": ints(1)]),
            table("notes", ["x", "y"], ["actor": ints(3, 3), "take": words("old", "old")]))
        #expect(failure?.cause == "notes has two rows of actor 3, take old: x and y")
        #expect(failure?.advice == "name in on what tells its rows apart, or make it the left side")
    }

    @Test func noMatchAtAllIsAFailureThatShowsBothSides() throws {
        let stage = try SamplesJoin(given: ["on": .text("actor"), "unmatched": .text("keep")])
        #expect(
            failure(
                stage, table("clips", ["a", "b"], ["actor": ints(1, 1)]),
                table("notes", ["x", "y"], ["actor": words("01", "02")]))?.cause
                == #"no row of clips matches one of notes in actor: clips has 1, notes has "01", "02""#)
        #expect(failure(stage, table("clips", ["a"]), table("notes", ["a"]))?.cause == "clips has no column actor")
    }

    @Test func problemsOfParameters() throws {
        func problem(_ given: [String: Canonical]) -> Problem? {
            do throws(Problem) {
                _ = try SamplesJoin(given: given)
                return nil
            } catch { return error }
        }
        #expect(problem(["on": .array([])])?.path == ["on"])
        #expect(problem(["on": .array([.text("a"), .text("a")])])?.path == ["on", "1"])
        #expect(problem(["unmatched": .text("keep"), "value": .text("right")])?.path == ["value"])
    }
}
