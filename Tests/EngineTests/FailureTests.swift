import Engine
import Stages
import TestSupport
import Testing

/// Failures are never results; what was computed is never lost.
@Suite struct Failing {
    static let spec = Sharing.spec.replacing(
        "toy.round, in: shifted, with: {value: 2}", with: "toy.picky, in: shifted, with: {value: 17}")

    @Test func theFirstFailureStopsTheRunAndGivesNoMetric() throws {
        let finished = try Workshop().run(Self.spec)
        #expect(finished.run.ending == .failed)
        #expect(
            finished.text("failures.csv") == "sample,stage,cause\nrow_0007,rounded,the value 17.0 is not to its taste\n"
        )
        #expect(finished.text("metrics.csv").split(separator: "\n").count == 1)
        #expect(finished.text("trials.csv").contains("stopped"))
    }

    @Test func keepGoingLeavesTheRowOutAndSaysSo() throws {
        let shop = Workshop()
        let finished = try shop.run(Self.spec, keepsGoing: true)
        #expect(finished.run.ending == .withFailures)
        #expect(finished.run.trialResults.allSatisfy { $0.status == .done })
        #expect(!finished.text("predictions.csv").contains("row_0007"))
        let points = finished.text("points.csv").split(separator: "\n")
        #expect(
            points[0].hasPrefix("point,folds,folds_done,failed_train,failed_validation,failed_test,failed_excluded"))
        #expect(points[1].hasPrefix("0,3,3,2,0,1,0"))
        let again = try shop.run(Self.spec, keepsGoing: true)
        #expect(again.lasting == finished.lasting)
        // The failure was not recorded as a value: it is tried again.
        #expect(again.run.failures.count == 1)
        #expect(again.computed["shifted"] == 0)
    }

    /// Nothing is run at a transient stage on its own: what failed above it must reach what follows all the same.
    @Test(arguments: ["toy.spectrum", "toy.chain"]) func failuresPassThroughTransientStages(type: String) throws {
        let spec = Self.spec.replacing("in: rounded}", with: "in: squared}").replacing(
            "  scaled:", with: "  squared: {uses: \(type), in: rounded}\n  scaled:")
        let shop = Workshop()
        for _ in 0..<2 {
            let finished = try shop.run(spec, keepsGoing: true)
            #expect(
                finished.text("failures.csv")
                    == "sample,stage,cause\nrow_0007,rounded,the value 17.0 is not to its taste\n")
            #expect(finished.run.trialResults.allSatisfy { $0.status == .done })
            #expect(finished.text("points.csv").split(separator: "\n")[1].hasPrefix("0,3,3,2,0,1,0"))
        }
    }

    @Test func aFoldThatLosesAClassIsMissingAndNotAveraged() throws {
        // Two rows a class, one in each group: without row 7, nothing of its class is left where the other is tested.
        let finished = try Workshop().run(
            Self.spec,
            set: ["numbers.count": "16", "numbers.classes": "8", "numbers.size": "8", "split.n_splits": "2"],
            keepsGoing: true)
        #expect(finished.run.ending == .withFailures)
        #expect(finished.run.trialResults.map(\.status.word).sorted() == ["done", "failed"])
        #expect(finished.text("trials.csv").contains("every training row of the class c7 failed"))
        // The row is counted in the fold that it cost, too.
        #expect(finished.text("points.csv").split(separator: "\n")[1].hasPrefix("0,2,1,1,0,1,0"))
    }

    @Test func goingOnAfterAFailureComputesOnlyTheRest() throws {
        let shop = Workshop()
        let before = try shop.run(Self.spec, jobs: 1).computed["shifted"] ?? 0
        let finished = try shop.run(Self.spec, set: ["rounded.value": "999"], jobs: 1)
        #expect(finished.computed["shifted"] == 24 - before)
        #expect(finished.run.ending == .complete)
    }

    @Test func aStoppedRunKeepsWhatItHas() throws {
        let shop = Workshop()
        let flag = StopFlag()
        flag.raise(.interrupt)
        let stopped = try shop.run(Sharing.spec, stop: flag)
        #expect(stopped.run.ending == .interrupted)
        #expect(stopped.text("trials.csv").contains("stopped"))
        #expect(try shop.run(Sharing.spec).run.ending == .complete)
    }
}
