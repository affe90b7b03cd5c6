// Anchors, aliases and merge keys.

import Stages
import Tensors
import Testing

@testable import Spec

@Suite struct AnchorTests {
    private func parameters(_ text: String, _ stage: Int = 2) throws -> [String: Canonical] {
        try resolved(text).stages[stage].stage.canonicalParameters
    }

    @Test func aliasesStandForWhatIsAnchored() throws {
        let text = changed(
            "{n_mfcc: 13}", "{n_mfcc: *n}", in: changed("name: plain", "name: plain\nparams: {a: &n 7}"))
        #expect(try parameters(text)["n_mfcc"] == .int(7))
    }

    @Test func mergedKeysGiveWayToThoseThatAreWritten() throws {
        let text = changed(
            "{n_mfcc: 13}", "{n_mfcc: 5, <<: [*one, *two]}",
            in: changed(
                "name: plain",
                "name: plain\nparams: {one: &one {n_mfcc: 6, hop: 7}, two: &two {<<: *one, hop: 8, lowest: 9}}"))
        #expect(try parameters(text) == ["n_mfcc": .int(5), "hop": .int(7), "lowest": .float(9)])
    }

    @Test func wholeStagesAreShared() throws {
        let text = changed(
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {uses: tensor.flatten, in: again}\n  again: {<<: *mfcc, with: {n_mfcc: 2}}",
            in: changed("mfcc: {uses", "mfcc: &mfcc {uses"))
        let stages = try resolved(text).stages
        #expect(stages.map(\.name).contains("again"))
        #expect(stages.first { $0.name == "again" }?.inputs.map(\.stage) == ["voice"])
    }

    @Test func sweepsShareValues() throws {
        let text = changed(
            "target: emotion",
            "target: emotion\nsweep: [{grid: {seed: &s [1, 2]}}, {zip: {mfcc.hop: *s, mfcc.n_mfcc: *s}}]")
        #expect(Array(try read(text).points).map(\.line) == ["0: 1 512 13", "1: 2 512 13", "2: 0 1 1", "3: 0 2 2"])
    }

    @Test func aQuotedMergeKeyIsAName() {
        #expect(errors(in: changed("{n_mfcc: 13}", "{'<<': {}}")).contains("there is no parameter <<"))
    }

    @Test func mergesThatGrowAreRefused() {
        var text = "a0: &a0 {" + (0..<500).map { "k\($0): [1, 2, 3]" }.joined(separator: ", ") + "}\n"
        for level in 1...100 { text += "a\(level): &a\(level) {<<: *a\(level - 1), x\(level): 1}\n" }
        let told = errors(in: text)
        #expect(told.contains("expected at most 100000 values, aliases and merges counted as what they stand for"))
    }

    @Test func aMistakeInWhatIsMergedIsToldWhereItIsWritten() {
        let text = changed(
            "{n_mfcc: 13}", "{<<: *p}", in: changed("name: plain", "name: plain\nparams: {a: &p {n_mfcc: 0}}"))
        #expect(errors(in: text).hasPrefix("spec.yaml:3:25: mfcc.n_mfcc: expected an int of at least 1, got the int 0"))
    }
}
