import Stages
import Tensors
import Testing

@testable import DataStages

@Suite struct SamplesStackTests {
    private func stack(_ plain: String) throws -> SamplesStack { try SamplesStack(given: ["plain": .text(plain)]) }

    @Test func copiesAreForTrainingAndThePlainRowForAll() throws {
        let rows = try stack("raw").rows(of: [table("noise", ["a", "b"]), table("raw", ["a", "b"])])
        #expect(rows.map(\.line) == ["a#noise = 0:0 *", "a#raw = 1:0", "b#noise = 0:1 *", "b#raw = 1:1"])
    }

    @Test func idsAreUniqueWhateverIsInThem() throws {
        let rows = try stack("raw").rows(of: [table("noise", ["a", "a#noise"]), table("raw", ["a", "a#noise"])])
        #expect(rows.map(\.id) == ["a#noise", "a#noise#noise", "a#noise#raw", "a#raw"])
    }

    @Test func plainMustBeABranch() throws {
        let problem = #expect(throws: Problem.self) { try stack("raww").check(labels: ["noise", "raw", "up_4"]) }
        #expect(problem?.message == "plain: raww is none of the branches noise, raw, up_4")
        #expect(problem?.path == ["plain"])
        #expect(problem?.advice == "did you mean raw?")
        try stack("raw").check(labels: ["noise", "raw"])
        #expect(failure(try stack("raw"), table("noise", ["a"]))?.cause == "there is no branch raw")
        #expect(throws: Problem.self, "it is required") { try SamplesStack(given: [:]) }
    }

    @Test func branchesHaveTheSameRows() throws {
        let stage = try stack("raw")
        #expect(
            failure(stage, table("noise", ["a", "b"]), table("raw", ["a", "b", "c"]))?.cause
                == "the branch raw has the row c, and noise has not")
        #expect(
            failure(stage, table("noise", ["a", "b"]), table("raw", ["b"]))?.cause
                == "the branch noise has the row a, and raw has not")
    }

    @Test func branchesHaveValuesOfOneKind() throws {
        let (slow, raw) = (
            Signature.tensor(.float32, [Axis("time", size: 5)]), Signature.tensor(.float32, [Axis("time")])
        )
        #expect(try stack("raw").output(for: [slow, raw]) == raw)
        #expect(throws: Problem.self) { try stack("raw").output(for: [slow, .tensor(.complex64)]) }
    }
}
