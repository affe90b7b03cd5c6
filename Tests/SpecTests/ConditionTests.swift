// `where`: which points it keeps.

import Testing

@testable import Spec

private func kept(_ condition: String, _ grid: String = "mfcc.n_mfcc: [1, 2, 3], mfcc.hop: [1, 2]") throws -> String {
    try points("{grid: {\(grid)}, where: '\(condition)'}").map { $0.drop { $0 != " " }.dropFirst() }
        .joined(separator: ", ")
}

@Suite struct ConditionTests {
    @Test func arithmetic() throws {
        #expect(try kept("mfcc.n_mfcc * mfcc.hop <= 3") == "1 1, 1 2, 2 1, 3 1")
        #expect(try kept("mfcc.n_mfcc + mfcc.hop * 2 == 5") == "1 2, 3 1")
        #expect(try kept("(mfcc.n_mfcc + mfcc.hop) * 2 == 8") == "2 2, 3 1")
        #expect(try kept("mfcc.n_mfcc - mfcc.hop - 1 == 0") == "2 1, 3 2")
        #expect(try kept("mfcc.n_mfcc / mfcc.hop > 1.2e0") == "2 1, 3 1, 3 2")
        #expect(try kept("mfcc.n_mfcc % 2 == 0") == "2 1, 2 2")
        #expect(try kept("-mfcc.n_mfcc % 3 == 2 and -1-1 == -2") == "1 1, 1 2")
    }

    @Test func comparisonsAndLogic() throws {
        #expect(try kept("mfcc.n_mfcc != 2 and not mfcc.hop >= 2") == "1 1, 3 1")
        #expect(try kept("mfcc.n_mfcc < 2 or mfcc.n_mfcc > 2 and mfcc.hop == 1") == "1 1, 1 2, 3 1")
        #expect(try kept("(mfcc.n_mfcc < 2 or mfcc.n_mfcc > 2) and mfcc.hop == 1") == "1 1, 3 1")
        #expect(try kept("mfcc.n_mfcc in [1, mfcc.hop + 1]") == "1 1, 1 2, 2 1, 3 2")
        #expect(try kept("mfcc.n_mfcc not in [1, 3]") == "2 1, 2 2")
        #expect(try kept("mfcc.hop != 2 and 4 / (mfcc.hop - 2) < -3") == "1 1, 2 1, 3 1", "the right is not asked for")
    }

    @Test func textsAreCompared() throws {
        let grid = "classifier: [svm, mlp], mfcc.hop: [1, 2]"
        #expect(try kept("classifier == \"svm\" and mfcc.hop > 1", grid) == "svm 2")
        #expect(try kept("classifier in [\"mlp\"]", grid) == "mlp 1, mlp 2")
        #expect(try kept("\"svm\" != classifier", grid) == "mlp 1, mlp 2")
    }

    @Test func otherValuesAreCompared() throws {
        let grid = "split.stratify: [true, false], scale.by: [null, actor]"
        let text = changed(
            "in: flat\n", "in: scale\n",
            in: changed(
                "  classifier:", "  scale: {uses: scale.standard, in: flat}\n  classifier:",
                in: swept("{grid: {\(grid)}, where: 'split.stratify == true and scale.by != null'}")))
        #expect(Array(try read(text).points).map(\.line) == ["0: true actor"])
    }

    @Test func whatIsNotSweptHasItsValue() throws {
        // 10 and 13 are written, 512 is a default.
        #expect(
            try kept("classifier.svm.C == mfcc.n_mfcc - 3 and mfcc.hop == 512 and seed == 1", "seed: [0, 1]") == "1")
    }

    @Test func aBlankMakesAComparisonTrue() throws {
        let grid = "classifier: [svm, mlp], classifier.svm.C: [1, 2], mfcc.hop: [1, 2]"
        #expect(try kept("classifier.svm.C * mfcc.hop == 4", grid) == "svm 2 2, mlp - 1, mlp - 2")
        #expect(try kept("classifier.mlp.alpha > 1", grid) == "svm 1 1, svm 1 2, svm 2 1, svm 2 2")
        #expect(
            try kept("classifier.svm.C in [2] and 1 / classifier.svm.C < 1", grid)
                == "svm 2 1, svm 2 2, mlp - 1, mlp - 2")
    }

    @Test func fractionsAndUnitsAreNumbersOfTheirType() throws {
        #expect(try kept("mfcc.lowest < 0.4", "mfcc.lowest: [1/3, 1/2]") == "1/3")
    }

    @Test func structuresAreKnownByTheirLabelsAndByWhatIsInside() throws {
        let text = """
            martlet: 1
            name: frames
            stages:
              clips: {uses: ravdess.clips, with: {root: data}}
              hog: {uses: video.hog3d, in: clips, with: {cell: {height: 4, width: 4}}}
            sweep:
              grid:
                hog.cell: {small: {height: 5, width: 5}, large: {height: 9, width: 8}}
                hog.n_bins: [6, 9]
              where: CONDITION
            """
        func kept(_ condition: String) throws -> [String] {
            Array(try read(changed("CONDITION", condition, in: text)).points).map(\.line)
        }
        #expect(try kept("hog.cell == 'small' or hog.n_bins > 6") == ["0: small 6", "1: small 9", "2: large 9"])
        #expect(try kept("hog.cell.height * hog.n_bins <= 54") == ["0: small 6", "1: small 9", "2: large 6"])
    }

    @Test func parametersArePutIn() throws {
        let text = changed(
            "name: plain", "name: plain\nparams: {most: 2}",
            in: swept("{grid: {seed: [1, 2, 3]}, where: 'seed <= ${most}'}"))
        #expect(Array(try read(text).points).map(\.line) == ["0: 1", "1: 2"])
    }

    @Test func isForTheWholeSweep() throws {
        #expect(
            try points(
                "[{grid: {seed: [1, 2]}}, {where: 'mfcc.hop + seed < 9 or seed == 2'}, {grid: {mfcc.hop: [5, 9]}}]")
                == ["0: 2 512", "1: 0 5"])
        #expect(try points("[{grid: {seed: [1, 2]}, where: seed > 1}]") == ["0: 2"])
        #expect(try points("{where: seed == 0}") == ["0: "])
    }

    @Test func onlyWhatIsKeptIsChecked() throws {
        // A hop above 4096 is refused by the stage.
        #expect(
            try kept("mfcc.hop * mfcc.n_mfcc < 9000", "mfcc.n_mfcc: [1, 2], mfcc.hop: [4000, 9999]") == "1 4000, 2 4000"
        )
        #expect(
            errors(
                in: swept(
                    "{grid: {mfcc.n_mfcc: [2, 1], mfcc.hop: [4000, 9999]}, where: mfcc.hop < 4000 or mfcc.n_mfcc == 1}")
            ).contains("a hop above 4096 skips sound"))
    }
}
