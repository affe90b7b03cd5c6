import Stages
import Tensors
import Testing

@testable import DataStages

@Suite struct SamplesConcatTests {
    @Test func rowsComeInTheOrderOfTheirIds() throws {
        let rows = try SamplesConcat(given: [:]).rows(of: [table("song", ["b", "d"]), table("speech", ["a", "c"])])
        #expect(rows.map(\.line) == ["a = 1:0", "b = 0:0", "c = 1:1", "d = 0:1"])
    }

    @Test func oneIdInTwoTablesIsAFailureThatSaysWhatToDo() throws {
        let stage = try SamplesConcat(given: [:])
        let failure = failure(stage, table("song", ["a", "b"]), table("speech", ["b", "c"]))
        #expect(failure?.cause == "song and speech both have a row b")
        #expect(
            failure?.advice
                == "set prefix: true to keep both as song/b and speech/b, or use samples.join where they are one sample"
        )
    }

    @Test func aPrefixTellsThemApart() throws {
        let stage = try SamplesConcat(given: ["prefix": .bool(true)])
        let rows = try stage.rows(of: [table("song", ["a", "b"]), table("speech", ["b"])])
        #expect(rows.map(\.line) == ["song/a = 0:0", "song/b = 0:1", "speech/b = 1:0"])
    }

    @Test func oneTableTwiceIsAProblem() throws {
        let stage = try SamplesConcat(given: ["prefix": .bool(true)])
        #expect(throws: Problem("song is listed twice, so each of its rows would be", advice: "list it once")) {
            try stage.check(labels: ["song", "speech", "song"])
        }
        try stage.check(labels: ["song", "speech"])
    }

    @Test func whatIsNotKnownOfAllIsNotKnown() throws {
        let stage = try SamplesConcat(given: [:])
        let short = Signature.tensor(.float32, [Axis("time", size: 4), Axis("feature", labels: ["a", "b"])])
        let long = Signature.tensor(.float32, [Axis("time", size: 9), Axis("feature", labels: ["a", "b"])])
        #expect(
            try stage.output(for: [short, long])
                == .tensor(.float32, [Axis("time"), Axis("feature", labels: ["a", "b"])]))
        #expect(try stage.output(for: [short, .tensor(.float32)]) == .tensor(.float32))
        #expect(try stage.output(for: [short, .unknown]) == .unknown)
        #expect(try stage.output(for: [.media, .media]) == .media)
    }

    @Test func valuesOfTwoKindsAreAProblem() throws {
        let stage = try SamplesConcat(given: [:])
        let features = Signature.tensor(.float32, [Axis("feature", labels: ["a", "b"])])
        let problem = #expect(throws: Problem.self) { try stage.output(for: [features, .unknown, .media]) }
        #expect(
            problem?.message
                == "the rows of a table have values of one kind, and these are float32 (feature 2) and media")
        for other in [Signature.tensor(.float64), .tensor(nil, [Axis("time")])] {
            #expect(throws: Problem.self) { try stage.output(for: [features, other]) }
        }
        let others = Signature.tensor(.float32, [Axis("feature", labels: ["b", "c"])])
        #expect(throws: Problem.self, "features of another meaning") { try stage.output(for: [features, others]) }
    }
}
