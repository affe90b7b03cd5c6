import Stages
import TestSupport
import Testing

@testable import Engine

/// A row that fails is named once, where it failed, with its file; and it is missing alone.
@Suite struct FailedRows {
    private func spec(_ stages: String) -> String {
        """
        martlet: 1
        name: failing
        stages:
          numbers: {uses: toy.numbers}
        \(stages)
          guess: {uses: classify.dummy, in: last}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        """
    }

    @Test func aTransientRowBeforeAFitFailsAlone() throws {
        let text = spec(
            "  squared: {uses: toy.spectrum, in: numbers, memory: 1MB}\n  picky: {uses: toy.transient_picky, in: squared, with: {value: 49}}\n  last: {uses: toy.mean, in: picky}"
        )
        let stopped = try Workshop().run(text)
        #expect(stopped.run.ending == .failed)
        #expect(stopped.run.failures.map(\.sample) == ["row_0007"])
        let shop = Workshop()
        let finished = try shop.run(text, keepsGoing: true)
        #expect(finished.run.ending == .withFailures)
        #expect(
            finished.text("failures.csv") == "sample,stage,cause\nrow_0007,picky,the value 49.0 is not to its taste\n")
        #expect(finished.run.trialResults.allSatisfy { $0.status == .done })
        // A failure is no result: it is tried and told again.
        let again = try shop.run(text, keepsGoing: true)
        #expect(again.text("failures.csv") == finished.text("failures.csv"))
        #expect(again.lasting == finished.lasting)
    }

    /// Whoever wants it first: a fit, an apply, a gather, a report.
    @Test(arguments: [
        "  picky: {uses: toy.transient_picky, in: numbers, with: {value: 7}}\n  rank: {uses: toy.rank, in: picky}\n  last: {uses: toy.add, in: rank}",
        "  picky: {uses: toy.transient_picky, in: numbers, with: {value: 7}}\n  last: {uses: toy.mark, in: picky}",
        "  last: {uses: toy.transient_picky, in: numbers, with: {value: 7}}",
    ]) func aTransientRowStopsTheRunByItsName(stages: String) throws {
        let finished = try Workshop().run(spec(stages))
        #expect(finished.run.ending == .failed)
        #expect(finished.run.failures.map(\.sample) == ["row_0007"])
        // Folds that were done before may be.
        #expect(finished.run.trialResults.contains { $0.status != .done })
        let goingOn = try Workshop().run(spec(stages), keepsGoing: true)
        #expect(goingOn.run.ending == .withFailures)
        #expect(goingOn.run.failures.map(\.sample) == ["row_0007"])
    }

    @Test func movedRowsAreToldOnceByTheirFirstName() throws {
        let finished = try Workshop().run(
            spec(
                """
                  picky: {uses: toy.picky, in: numbers, with: {value: 7}}
                  some: {uses: samples.select, in: picky, with: {not: {group: 5}}}
                  added: {uses: toy.add, in: some}
                  variants: {in: added, branches: {copy: {uses: toy.add}, raw: {}}}
                  rows: {uses: samples.stack, in: variants, with: {plain: raw}}
                  last: {uses: toy.mean, in: rows}
                """), keepsGoing: true)
        #expect(
            finished.text("failures.csv") == "sample,stage,cause\nrow_0007,picky,the value 7.0 is not to its taste\n")
        #expect(finished.run.failures.first?.path == "row_0007")
    }

    @Test func whereAMovedRowFailsItIsCalledAsItIsThere() throws {
        let finished = try Workshop().run(
            spec(
                """
                  variants: {in: numbers, branches: {copy: {uses: toy.add, with: {value: 100}}, raw: {}}}
                  rows: {uses: samples.stack, in: variants, with: {plain: raw}}
                  picky: {uses: toy.picky, in: rows, with: {value: 107}}
                  last: {uses: toy.mean, in: picky}
                """), keepsGoing: true)
        #expect(
            finished.text("failures.csv")
                == "sample,stage,cause\nrow_0007#copy,picky,the value 107.0 is not to its taste\n")
        #expect(finished.run.failures.first?.path == "row_0007")
    }
}
