import Stages
import Tensors
import TestSupport
import Testing

@testable import Engine

/// A fold is one, whatever the points around it sweep: the target, the number of repeats, the stages.
@Suite struct SharedFolds {
    /// Points that share some stages of a fold and not others, with two targets.
    @Test func pointsOfTwoTargetsShareFolds() throws {
        let finished = try Workshop().run(
            """
            martlet: 1
            name: targets
            seed: 3
            stages:
              numbers: {uses: toy.numbers, with: {size: 4}}
              mark: {uses: toy.mark, in: numbers}
              a: {uses: toy.add, in: mark, with: {value: 1}}
              b: {uses: toy.add, in: a, with: {value: 1}}
              guess: {uses: classify.dummy, in: b}
              scores: {uses: evaluate.classification, in: guess}
            target: label
            split: {uses: split.k_fold, with: {n_splits: 2}}
            sweep:
              points:
                - {target: label, a.value: 1, b.value: 1}
                - {target: group, a.value: 2, b.value: 1}
                - {target: group, a.value: 1, b.value: 2}
                - {target: label, a.value: 2, b.value: 3}
            """)
        #expect(finished.run.ending == .complete)
        #expect(finished.run.trialResults.allSatisfy { $0.status == .done })
        #expect(finished.plan.folds.count == 2)
        #expect(finished.computed["mark.fit"] == 2)
    }

    @Test func stackingOverTwoTargetsHasItsInnerFolds() throws {
        let finished = try Workshop().run(
            """
            martlet: 1
            name: targets
            seed: 3
            stages:
              numbers: {uses: toy.numbers, with: {size: 4}}
              mark: {uses: toy.mark, in: numbers}
              second: {uses: toy.stack, in: mark, with: {value: 2, log: a}}
              guess: {uses: classify.dummy, in: second}
              scores: {uses: evaluate.classification, in: guess}
            target: label
            split: {uses: split.k_fold, with: {n_splits: 2}}
            sweep: {points: [{target: label, second.log: a}, {target: group, second.log: b}]}
            """)
        #expect(finished.run.ending == .complete, "\(finished.run.failures)")
    }

    /// What a gather gives does not hang on who else takes it.
    @Test func aGatherSeesAllRowsWhoeverTakesThem() throws {
        let spec = """
            martlet: 1
            name: ranks
            stages:
              numbers: {uses: toy.numbers, with: {count: 40}}
              variants: {in: numbers, branches: {copy: {uses: toy.add, with: {value: 1000}}, raw: {}}}
              rows: {uses: samples.stack, in: variants, with: {plain: raw}}
              rank: {uses: toy.rank, in: rows}
              mean: {uses: toy.mean, in: rank}
              count: {uses: toy.count, in: mean}
              OTHER
            target: label
            split: {uses: split.holdout, with: {test_size: 0.25, validation_size: 0.25}}
            """
        let alone = try Workshop().run(spec.replacing("OTHER", with: ""), keepsStates: true)
        let beside = try Workshop().run(
            spec.replacing("OTHER", with: "other: {uses: toy.add, in: rank, with: {value: 3}}"), keepsStates: true)
        // Copies are there for the 22 rows that train.
        #expect(alone.computed["rank"] == 40 + 22)
        #expect(beside.computed["rank"] == 40 + 22)
        #expect(alone.states.values.map(\.digest) == beside.states.values.map(\.digest))
    }
}
