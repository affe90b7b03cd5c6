import Engine
import Stages
import Tensors
import TestSupport
import Testing

/// Several classifiers together: by vote, and by what they predict for rows that they were not fitted on.
@Suite struct Stacking {
    private let spec = """
        martlet: 1
        name: stacked
        stages:
          numbers: {uses: toy.numbers}
          scaled: {uses: scale.standard, in: numbers}
          strict: {uses: classify.logistic_regression, in: scaled, with: {C: 0.01}}
          loose: {uses: classify.logistic_regression, in: scaled, with: {C: 100}}
          vote: {uses: classify.vote, in: [strict, loose], with: {voting: soft, weights: [1, 3]}}
          stack: {uses: classify.stack, in: [strict, loose], with: {cv: 3}}
          vote_scores: {uses: evaluate.classification, in: vote}
          scores: {uses: evaluate.classification, in: stack}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        """

    @Test func classifiersAreFittedOnceMoreOnEachInnerFold() throws {
        let shop = Workshop()
        let finished = try shop.run(spec)
        #expect(finished.run.ending == .complete)
        for name in ["scaled.fit", "strict.fit", "loose.fit"] { #expect(finished.computed[name] == 3 * (3 + 1)) }
        #expect(finished.computed["stack.fit"] == 3)
        let again = try shop.run(spec)
        #expect(again.idle && again.lasting == finished.lasting)
    }

    /// A branch set of classifiers is what a list of them is.
    @Test func branchesAreAListOfClassifiers() throws {
        let branched = """
            martlet: 1
            name: stacked
            stages:
              numbers: {uses: toy.numbers}
              scaled: {uses: scale.standard, in: numbers}
              both:
                in: scaled
                branches:
                  strict: {uses: classify.logistic_regression, with: {C: 0.01}}
                  loose: {uses: classify.logistic_regression, with: {C: 100}}
              vote: {uses: classify.vote, in: both}
              scores: {uses: evaluate.classification, in: vote}
            target: label
            group: group
            split: {uses: split.group_k_fold, with: {n_splits: 3}}
            """
        #expect(try Workshop().run(branched).run.ending == .complete)
    }
}
