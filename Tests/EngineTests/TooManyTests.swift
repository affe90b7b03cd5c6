import Engine
import Spec
import TestSupport
import Testing

/// A plan is held in memory, so it has a bound, told before anything is computed; and it can be stopped.
@Suite struct TooMany {
    private let spec = """
        martlet: 1
        name: many
        stages:
          numbers: {uses: toy.numbers}
          guess: {uses: classify.dummy, in: numbers}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        split: {uses: split.k_fold, with: {n_splits: 3}}

        """

    @Test func moreTrialsThanAPlanCanHoldAreRefusedAtOnce() throws {
        do {
            _ = try Workshop().run(spec + "repeats: 90000\n")
            Issue.record("they were planned")
        } catch let errors as SpecErrors {
            #expect(
                SpecErrorText.render(errors) == """
                    test.yaml:9:10: repeats: these are more than 250000 trials (points × repeats × folds)
                        9 | repeats: 90000
                          |          ^^^^^
                          = run them in parts: fewer points, repeats or folds at a time

                    """)
        }
    }

    @Test func planningEndsWhenItIsTold() throws {
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try Workshop().plan(spec + "repeats: 1000\n") { trials in if trials > 100 { throw Enough() } }
        }
    }
}
