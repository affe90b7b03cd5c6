import Engine
import Stages
import TestSupport
import Testing

/// Nothing is computed twice: across points, folds and runs.
@Suite struct Sharing {
    static let spec = """
        martlet: 1
        name: toy
        seed: 3
        stages:
          numbers: {uses: toy.numbers}
          shifted: {uses: toy.add, in: numbers, with: {value: 10}}
          rounded: {uses: toy.round, in: shifted, with: {value: 2}}
          scaled: {uses: scale.standard, in: rounded}
          guess: {uses: classify.dummy, in: scaled}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        """

    @Test func aSecondRunComputesNothing() throws {
        let shop = Workshop()
        let first = try shop.run(Self.spec)
        #expect(first.run.ending == .complete)
        #expect(first.computed["shifted"] == 24)
        #expect(first.computed["scaled.fit"] == 3)
        let second = try shop.run(Self.spec)
        #expect(second.idle)
        #expect(second.lasting == first.lasting)
    }

    @Test func aSweepSharesWhatItsPointsShare() throws {
        let sweep = ["rounded.value": "[1, 2, 3, 4, 5, 6]", "split.n_splits": "[2, 3, 4, 6]"]
        let finished = try Workshop().run(Self.spec, sweep: sweep)
        #expect(finished.plan.points.count == 24)
        #expect(finished.computed["shifted"] == 24)
        #expect(finished.computed["rounded"] == 24 * 6)
        // Of four splits over six groups two test a single group, as the six splits do: those fits are the same.
        #expect(finished.computed["scaled.fit"] == 6 * (2 + 3 + 4 + 6 - 2))
    }

    @Test func aChangedValueComputesWhatDependsOnIt() throws {
        let shop = Workshop()
        _ = try shop.run(Self.spec)
        let finished = try shop.run(Self.spec, set: ["rounded.value": "3"])
        #expect(finished.computed["shifted"] == 0)
        #expect(finished.cached["shifted"] == 24)
        #expect(finished.computed["rounded"] == 24)
    }

    @Test func oneMoreRowComputesOneRowAMap() throws {
        let shop = Workshop()
        _ = try shop.run(Self.spec, set: ["numbers.skip": "5"])
        let finished = try shop.run(Self.spec)
        #expect(finished.computed["shifted"] == 1)
        #expect(finished.cached["shifted"] == 23)
        #expect(finished.computed["rounded"] == 1)
    }

    @Test func namesLocationsAndOrderAreNoPartOfAKey() throws {
        let shop = Workshop()
        _ = try shop.run(Self.spec)
        let finished = try shop.run(Self.spec.replacing("shifted", with: "moved"), set: ["numbers.rename": "elsewhere"])
        #expect(finished.idle)
    }

    @Test func aCorrectedLabelTouchesNoFeature() throws {
        let shop = Workshop()
        _ = try shop.run(Self.spec)
        let finished = try shop.run(Self.spec, set: ["numbers.classes": "4"])
        #expect(finished.computed["shifted"] == 0)
        #expect(finished.computed["rounded"] == 0)
        #expect(finished.computed["scaled.fit"] == 0)
        #expect(finished.computed["guess.fit"] == 3)
    }

    @Test func twoTargetsAreTwoFits() throws {
        let shop = Workshop()
        let plain = Self.spec.replacing("group: group\n", with: "")
            .replacing("split.group_k_fold", with: "split.k_fold")
        let both = try shop.run(plain, sweep: ["target": "[label, group]"])
        #expect(both.computed["scaled.fit"] == 3)
        #expect(both.computed["guess.fit"] == 6)
        for target in ["label", "group"] {
            let alone = try Workshop().run(plain, set: ["target": target])
            let rows = alone.text("metrics.csv").split(separator: "\n").dropFirst().map { $0.dropFirst() }
            let point = target == "label" ? "0" : "1"
            let same = both.text("metrics.csv").split(separator: "\n").filter { $0.hasPrefix(point + ",") }
            #expect(same.map { $0.dropFirst() } == Array(rows))
        }
    }

    @Test func equalBytesCutOffWhatFollows() throws {
        let shop = Workshop()
        let coarse = try shop.run(Self.spec, set: ["rounded.value": "1000"])
        let again = try shop.run(Self.spec, set: ["rounded.value": "1000", "shifted.value": "11"])
        #expect(again.computed["shifted"] == 24)
        #expect(again.computed["rounded"] == 24)
        #expect(again.computed["scaled.fit"] == 0)
        #expect(again.text("metrics.csv") == coarse.text("metrics.csv"))
    }

    @Test func resultsOfEqualKeysAreOneResult() throws {
        let constant = Self.spec.replacing(
            "{uses: toy.numbers}", with: "{uses: toy.round, in: raw, with: {value: 100000}}"
        )
        .replacing("stages:\n", with: "stages:\n  raw: {uses: toy.numbers}\n")
        let finished = try Workshop().run(constant, jobs: 1)
        // All 24 rows are (0, 0, 0) behind the rounding, and one result serves them.
        #expect(finished.computed["shifted"] == 1)
        #expect(finished.cached["shifted"] == 23)
    }

    @Test func transientValuesAreNotStoredAndTheirKeysCarryOn() throws {
        let shop = Workshop()
        let spec = Self.spec.replacing("toy.round", with: "toy.chain")
        let first = try shop.run(spec)
        #expect(first.computed["rounded.sum"] == 24)
        #expect(first.computed["rounded.square"] == 24)
        #expect(try shop.run(spec).idle)
        let third = try shop.run(spec, set: ["rounded.value": "7"])
        #expect(third.computed["rounded.sum"] == 24)
    }

    @Test func aGatherSeesAllRows() throws {
        let shop = Workshop()
        let spec = Self.spec.replacing(
            "uses: toy.round, in: shifted, with: {value: 2}", with: "uses: toy.rank, in: shifted")
        let first = try shop.run(spec)
        #expect(first.run.ending == .complete)
        #expect(first.computed["rounded"] == 24)
        #expect(try shop.run(spec).idle)
    }
}
