// `--set` and `--sweep`.

import Stages
import Tensors
import Testing

@testable import Spec

@Suite struct SettingTests {
    @Test func standInThePlaceOfWhatIsWritten() throws {
        let resolved = try resolved(
            plain, set: ["mfcc.n_mfcc=4", "mfcc.hop=8", "seed=3", "split.stratify=true", "clips.root=\"x y\""])
        #expect(
            resolved.stages[2].stage.canonicalParameters == ["n_mfcc": .int(4), "hop": .int(8), "lowest": .float(0)])
        #expect(resolved.stages[0].stage.canonicalParameters["root"] == .text("x y"))
        #expect(resolved.seed == 3)
        #expect((resolved.split?.stage as? GroupKFold)?.stratify == .target)
    }

    @Test func goThroughParametersAndParts() throws {
        let text = changed(
            "audio.mfcc, in: voice, with: {n_mfcc: 13}", "audio.features, in: voice, with: {features: [mfcc, rms]}",
            in: changed(
                "hidden_layer_sizes: [50]", "hidden_layer_sizes: \"${layers}\"",
                in: changed("target: e", "params: {layers: [1]}\ntarget: e")))
        let features = try resolved(text, set: ["mfcc.mfcc.n_mfcc=3"]).stages[2].stage.canonicalParameters["features"]
        #expect(features?.arrayValue?.first?["mfcc"]?["n_mfcc"] == .int(3))
    }

    @Test func aSetAddressIsSweptNoMore() throws {
        let text = changed("target: e", "sweep: {grid: {seed: [1, 2], mfcc.n_mfcc: [3, 4]}}\ntarget: e")
        let experiment = try read(text, set: ["seed=5"], sweep: ["mfcc.hop=[1, 2, 3]", "mfcc.n_mfcc={a: 1, b: 2}"])
        #expect(experiment.sweptAddresses == ["mfcc.n_mfcc", "mfcc.hop"])
        let points = Array(experiment.points)
        #expect(
            points.map { $0.values.map { $0.text ?? "-" }.joined(separator: " ") } == [
                "a 1", "a 2", "a 3", "b 1", "b 2", "b 3",
            ])
        #expect(try experiment.resolve(points[5]).seed == 5)
        #expect(try experiment.resolve(points[5]).stages[2].stage.canonicalParameters["n_mfcc"] == .int(2))
    }

    /// The points, with some addresses set or swept.
    private func points(_ sweep: String, set: [String] = [], sweep settings: [String] = []) throws -> [String] {
        let experiment = try read(swept(sweep), set: set, sweep: settings)
        let head = experiment.sweptAddresses.map { String($0.split(separator: ".").last ?? "") }.joined(separator: " ")
        return [head] + Array(experiment.points).map(\.line)
    }

    @Test func aSetAddressIsSweptNoMoreInAnyForm() throws {
        let forms = """
            [{zip: {mfcc.hop: [1, 2], mfcc.n_mfcc: [3, 4]}}, {points: [{mfcc.hop: 5, mfcc.lowest: 1}, {mfcc.lowest: 2}]},
             {random: {n: 9, mfcc.hop: {int: [6, 99]}}}, {grid: {mfcc.hop: [7, 8]}}, {where: mfcc.hop < 50}]
            """
        #expect(
            try points(forms, set: ["mfcc.hop=42"]) == [
                "n_mfcc lowest", "0: 3 0.0", "1: 4 0.0", "2: 13 1", "3: 13 2", "4: 13 0.0",
            ])
        #expect(try points("{zip: {seed: [1, 2]}}", set: ["seed=5"]) == ["", "0: "])
    }

    @Test func aSweptAddressJoinsTheGridOfEachBlock() throws {
        #expect(
            try points(
                "[{grid: {mfcc.hop: [1, 2], seed: [3]}}, {points: [{mfcc.lowest: 1}, {seed: 4}]}, {where: seed < 9}]",
                sweep: ["seed=[5, 6]"]) == [
                    "hop seed lowest", "0: 1 5 0.0", "1: 1 6 0.0", "2: 2 5 0.0", "3: 2 6 0.0", "4: 512 5 1",
                    "5: 512 6 1", "6: 512 5 0.0", "7: 512 6 0.0",
                ])
        #expect(
            try points("{zip: {mfcc.hop: [1, 2], seed: [3, 4]}}", sweep: ["seed=[5, 6]", "mfcc.lowest=[7]"]) == [
                "hop seed lowest", "0: 1 5 7", "1: 1 6 7", "2: 2 5 7", "3: 2 6 7",
            ])
        #expect(
            try points("{random: {n: 3, seed: 1, mfcc.hop: {int: [1, 9]}}}", sweep: ["mfcc.hop=[4]"]) == [
                "hop", "0: 4",
            ])
    }

    /// The seed of a block's draws is not the spec's.
    @Test func theSeedOfTheSpecLeavesTheDraws() throws {
        let random = "{random: {n: 3, seed: 5, mfcc.hop: {int: [1, 500]}}}"
        let plain = try points(random)
        #expect(try points(random, set: ["seed=9"]) == plain)
        let swept = try points(random, sweep: ["seed=[9]"])
        #expect(
            swept.dropFirst().map { $0.split(separator: " ")[1] }
                == plain.dropFirst().map { $0.split(separator: " ")[1] })
    }

    @Test func whatASweptStructureWouldReplaceCannotBeSet() {
        let text = changed(
            "with: {n_mfcc: 13}", "with: \"${m}\"",
            in: changed(
                "name: plain", "name: plain\nparams: {m: {n_mfcc: 3}}",
                in: swept("{zip: {params.m: {a: {n_mfcc: 4}, b: {n_mfcc: 5}}}}")))
        #expect(
            errors(in: text, set: ["params.m.n_mfcc=9"]) == """
                --set:1:1: params.m.n_mfcc lies in params.m, which is swept: its values would replace this one
                    1 | params.m.n_mfcc=9
                      | ^^^^^^^^^^^^^^^
                      = set params.m, or sweep it otherwise: --sweep params.m=[…]

                """)
    }

    @Test func aValueOfBlanksHasItsPlace() {
        #expect(
            errors(in: plain, set: ["seed= ", "mfcc.hop=# none"]) == """
                --set:1:6: seed: expected an int, got null
                    1 | seed=\u{20}
                      |      ^

                --set:2:16: mfcc.hop: expected an int of at least 1, got null
                    2 | mfcc.hop=# none
                      |                ^

                """)
    }

    @Test func errorsPointAtTheCommandLine() {
        let told = errors(
            in: plain,
            set: [
                "mfcc.n_mfcc=0", "mfcc.n_mfc=1", "classifier=svn", "seed=[", "classifier.mlp.hidden_layer_sizes=[0]",
                "seed=a\nb",
            ],
            sweep: ["classifier.mlp.alpha=[1, -1]", "mfcc.lowest=3"])
        #expect(
            told == """
                --set:1:13: mfcc.n_mfcc: expected an int of at least 1, got the int 0
                    1 | mfcc.n_mfcc=0
                      |             ^

                --set:2:1: mfcc.n_mfc names nothing: mfcc has no n_mfc; its parameters are n_mfcc, hop, lowest
                    2 | mfcc.n_mfc=1
                      | ^^^^^^^^^^
                      = did you mean mfcc.n_mfcc?

                --set:3:12: classifier: expected one of the cases svm, mlp, got "svn"
                    3 | classifier=svn
                      |            ^^^
                      = did you mean svm?

                --set:4:7: not YAML: did not find expected node content
                    4 | seed=[
                      |       ^

                --set:5:36: classifier.mlp.hidden_layer_sizes: expected an int of at least 1, got the int 0
                    5 | classifier.mlp.hidden_layer_sizes=[0]
                      |                                    ^

                --set:6:1: expected one line
                    6 | seed=a
                      | ^^^^

                --sweep:1:26: classifier.mlp.alpha: expected a number of at least 0, got the int -1
                    1 | classifier.mlp.alpha=[1, -1]
                      |                          ^^

                --sweep:2:13: mfcc.lowest: expected a list of values, or a map of labels to values, got the int 3
                    2 | mfcc.lowest=3
                      |             ^

                """)
    }
}
