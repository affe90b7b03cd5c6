import Engine
import Stages
import TestSupport
import Testing

/// The same bytes with any number of workers, in any order; and who breaks that is caught.
@Suite struct Determinism {
    static let spec = Sharing.spec.replacing(
        "  rounded:", with: "  noisy: {uses: toy.noise, in: shifted, with: {value: 0.5}}\n  rounded:"
    ).replacing("in: shifted, with: {value: 2}", with: "in: noisy, with: {value: 0.125}")

    @Test(arguments: [2, 4, 16])
    func theNumberOfWorkersChangesNothing(jobs: Int) throws {
        let alone = try Workshop().run(Self.spec, sweep: ["noisy.value": "[0.5, 1, 2]"], jobs: 1)
        let together = try Workshop().run(Self.spec, sweep: ["noisy.value": "[0.5, 1, 2]"], jobs: jobs)
        #expect(alone.lasting == together.lasting)
        #expect(alone.computed == together.computed)
    }

    @Test func anOldRowKeepsItsNoiseWhenARowIsAdded() throws {
        let shop = Workshop()
        _ = try shop.run(Self.spec, set: ["numbers.skip": "7"])
        #expect(try shop.run(Self.spec).computed["noisy"] == 1)
    }

    @Test func theSeedMovesWhatDrawsAndNothingElse() throws {
        let shop = Workshop()
        _ = try shop.run(Self.spec)
        let finished = try shop.run(Self.spec, set: ["seed": "4"])
        #expect(finished.computed["shifted"] == 0)
        #expect(finished.computed["noisy"] == 24)
    }

    @Test func aStageThatIsNotDeterministicIsCaught() throws {
        let shop = Workshop()
        let spec = Sharing.spec.replacing("toy.add", with: "toy.fickle")
        #expect(try shop.run(spec).run.ending == .complete)
        // The values of `shifted` were not kept, so a changed stage behind it has it run again on the same inputs.
        let finished = try shop.run(spec, set: ["rounded.value": "3"])
        #expect(finished.run.ending == .failed)
        let failure = try #require(finished.run.failures.first)
        #expect(failure.stage == "shifted")
        #expect(failure.sample?.hasPrefix("row_") == true)
        #expect(failure.cause.contains("not deterministic"))
    }

    @Test func theOrderOfKeysInTheSpecChangesNothing() throws {
        let shop = Workshop()
        let first = try shop.run(Sharing.spec)
        let lines = Sharing.spec.split(separator: "\n").map(String.init)
        let stages = lines.filter { $0.hasPrefix("  ") }
        let turned = lines.filter { !$0.hasPrefix("  ") && $0 != "stages:" } + ["stages:"] + stages.reversed()
        let second = try shop.run(turned.joined(separator: "\n"))
        #expect(first.text("metrics.csv") == second.text("metrics.csv"))
        #expect(second.idle)
    }
}
