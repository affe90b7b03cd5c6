import Engine
import Stages
import Tensors
import TestSupport
import Testing

/// A canary in the mine: whatever the split, `fit` is given training rows and no others.
@Suite struct Leakage {
    @Test(arguments: [
        "{uses: split.holdout, with: {test_size: 0.25}}",
        "{uses: split.holdout, with: {test_size: 0.25, stratify: true}}",
        "{uses: split.group_holdout, with: {test_size: 0.34}}",
        "{uses: split.k_fold, with: {n_splits: 4}}",
        "{uses: split.k_fold, with: {n_splits: 4, stratify: true}}",
        "{uses: split.group_k_fold, with: {n_splits: 3}}",
        "{uses: split.group_k_fold, with: {n_splits: 3, stratify: true}}",
        "{uses: split.leave_one_group_out}",
    ])
    func fitIsGivenTrainingRowsOnly(split: String) throws {
        let spec = """
            martlet: 1
            name: canary
            stages:
              numbers: {uses: toy.numbers}
              diary: {uses: toy.diary, in: numbers}
              second: {uses: toy.diary, in: diary}
              guess: {uses: classify.dummy, in: second}
              scores: {uses: evaluate.classification, in: guess}
            target: label
            \(split.contains("group") ? "group: group" : "")
            split: \(split)
            """
        let finished = try Workshop().run(spec)
        #expect(finished.run.ending == .complete)
        #expect(!finished.plan.trials.isEmpty)
        for trial in finished.plan.trials {
            let fold = finished.plan.folds[trial.fold]
            let training = fold.roles.indices.filter { fold.roles[$0] == .train }.map(Double.init)
            for fit in trial.fits where fit.name != "guess" {
                let state = try finished.run.fittedState(of: fit.node)
                #expect(state.tensors["seen"]?.doubles() == training)
            }
            #expect(Set(fold.roles).isSuperset(of: [.train, .test]))
        }
    }
}
