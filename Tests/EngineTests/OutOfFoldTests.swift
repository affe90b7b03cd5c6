import Engine
import Stages
import Tensors
import TestSupport
import Testing

/// A stage that is trained on what others predict sees only predictions for rows that these were not fitted on.
@Suite struct OutOfFold {
    private let spec = """
        martlet: 1
        name: stacking
        stages:
          numbers: {uses: toy.numbers}
          centred: {uses: toy.diary, in: numbers}
          mark: {uses: toy.mark, in: centred}
          moved: {uses: toy.add, in: mark, with: {value: 0}}
          stack: {uses: toy.stack, in: moved, with: {value: 4}}
          guess: {uses: classify.dummy, in: stack}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        group: group
        """

    @Test(arguments: ["{uses: split.group_k_fold, with: {n_splits: 3}}", "{uses: split.leave_one_group_out}"])
    func everyFittedAncestorIsFittedAgain(split: String) throws {
        let finished = try Workshop().run(spec + "\nsplit: " + split)
        #expect(finished.run.ending == .complete)
        for trial in finished.plan.trials {
            let training = finished.plan.rows(of: trial, .train).map(Double.init)
            let stack = try #require(trial.fits.first { $0.name == "stack" })
            let state = try finished.run.fittedState(of: stack.node)
            #expect(state.tensors["rows"]?.doubles() == training)
            #expect(state.tensors["marks"]?.doubles() == training.map { _ in 0 })
        }
    }

    /// What is tested and stacked upon comes from the fit on all training rows.
    @Test func testRowsComeFromTheOuterFold() throws {
        let finished = try Workshop().run(spec + "\nsplit: {uses: split.group_k_fold, with: {n_splits: 3}}")
        // Three outer folds, each with four inner ones, and itself.
        #expect(finished.computed["mark.fit"] == 3 * (4 + 1))
        #expect(finished.computed["stack.fit"] == 3)
    }

    @Test func aSecondRunIsIdle() throws {
        let shop = Workshop()
        let text = spec + "\nsplit: {uses: split.group_k_fold, with: {n_splits: 3}}"
        let first = try shop.run(text)
        let second = try shop.run(text)
        #expect(second.idle)
        #expect(second.lasting == first.lasting)
    }
}
