import Engine
import Stages
import Tensors
import TestSupport
import Testing

/// What a fit needs in sum is added up apart from the fit, and kept.
@Suite struct Summaries {
    private func spec(_ log: String = "") -> String {
        """
        martlet: 1
        name: sums
        stages:
          numbers: {uses: toy.numbers}
          centred: {uses: toy.mean, in: numbers, with: {value: 1, log: "\(log)"}}
          guess: {uses: classify.dummy, in: centred}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        """
    }

    @Test func theStateIsThatOfThePlainFit() throws {
        let finished = try Workshop().run(spec())
        for trial in finished.plan.trials {
            let training = finished.plan.rows(of: trial, .train).map(Double.init)
            let fit = try #require(trial.fits.first { $0.name == "centred" })
            let mean = try #require(finished.run.fittedState(of: fit.node).tensors["mean"]?.doubles())
            #expect(mean[0] == training.reduce(0, +) / Double(training.count))
        }
    }

    @Test func theFoldsOfASplitShareTheirSums() throws {
        let log = "folds share"
        _ = try Workshop().run(spec(log))
        // Each row trains in two folds of three, and is summed up once.
        #expect(ToyLog.notes(of: log).sorted() == (0..<24).map(Double.init))
    }

    @Test func aSweepOverWhatTheSumDoesNotUseSharesIt() throws {
        let log = "sweep shares"
        let finished = try Workshop().run(spec(log), sweep: ["centred.value": "[1, 2, 3, 4]"])
        #expect(finished.computed["centred.fit"] == 12)
        #expect(ToyLog.notes(of: log).count == 24)
    }

    @Test func aLaterRunAddsNothingUp() throws {
        let shop = Workshop()
        let log = "later run"
        _ = try shop.run(spec(log))
        #expect(try shop.run(spec(log)).idle)
        _ = try shop.run(spec(log), set: ["centred.value": "7"])
        #expect(ToyLog.notes(of: log).count == 24)
    }

    @Test func oneWorkerAndManyGiveTheSameBytes() throws {
        let sweep = ["centred.value": "[1, 2]"]
        #expect(
            try Workshop().run(spec(), sweep: sweep, jobs: 1).lasting
                == Workshop().run(spec(), sweep: sweep, jobs: 8).lasting)
    }
}
