// The resolved text is a spec of the same experiment.

import Stages
import Tensors
import Testing

@testable import Spec

@Suite struct RoundTripTests {
    @Test func settingsAndSweepsArePartOfIt() throws {
        let text = changed(
            "target: e",
            "params: &p {root: \"a b\", n: 0x0A}\ndescription: \"no\"\nsweep: {grid: {seed: [1e0, 2]}}\ntarget: e",
            in: changed("n_mfcc: 13", "n_mfcc: \"${n}\""))
        let experiment = try read(text, set: ["params.n=5", "mfcc.lowest=1/3"], sweep: ["classifier=[svm, mlp]"])
        #expect(
            experiment.resolvedText == """
                martlet: 1
                name: plain
                stages:
                  clips:
                    uses: ravdess.clips
                    with:
                      root: data
                  voice:
                    uses: audio.load
                    in: clips
                  mfcc:
                    uses: audio.mfcc
                    in: voice
                    with:
                      n_mfcc: "${n}"
                      lowest: 1/3
                  flat:
                    uses: tensor.flatten
                    in: mfcc
                  classifier:
                    in: flat
                    cases:
                      svm:
                        uses: classify.svm
                        with:
                          C: 10
                      mlp:
                        uses: classify.mlp
                        with:
                          hidden_layer_sizes: [50]
                    default: svm
                  scores:
                    uses: evaluate.classification
                    in: classifier
                params:
                  root: "a b"
                  n: 5
                description: no
                sweep:
                  grid:
                    seed: [1e0, 2]
                    classifier: [svm, mlp]
                target: emotion
                group: actor
                split:
                  uses: split.group_k_fold
                  with:
                    n_splits: 3

                """)
        try expectSame(experiment)
    }

    @Test(arguments: 0..<40) func holdsForAnySpec(seed: Int) throws {
        var stream = RandomStream(named: Digest(of: .text("round trip \(seed)")))
        func pick<Value>(_ values: [Value]) -> Value { values[stream.index(below: values.count)] }
        let text = changed(
            "root: data", "root: \"${root}\"",
            in: changed(
                "target: emotion",
                """
                target: "\(pick(["emotion", "no", "true", "1", "日本", "a: b", "~", "#x", "a\\nb", "\\u0085 \\\\", " x "]))"
                seed: \(pick(["1", "0x1F", "0o17", "-3", "1e3"]))
                description: \(pick(["'a ''b'''", "|\n  a\n  b", ">\n  a\n  b", "no", "\"$${x}\"", "~"]))
                params: {root: \(pick(["'1'", "a/b", "'${other}'", "\"\\t\""])), other: \(pick(["x", "1_000", "'null'", "2001-01-01"]))}
                sweep:
                  grid:
                    mfcc.lowest: \(pick(["[1/3, 2, .5]", "{a: 1, 'b c': 2}", "[1e1, 1.50]"]))
                    classifier: \(pick(["[svm, mlp]", "[mlp]"]))
                    classifier.mlp.hidden_layer_sizes: \(pick(["[[1], [2, 3]]", "{'1': [1], '-': []}"]))
                  \(pick(["zip: {mfcc.hop: [1, 2], seed: {a: 3, \"#\": 4}}", "points: [{mfcc.hop: 1}, {}]", "random: {n: 3, mfcc.n_mfcc: {int: [1, 99]}, mfcc.hop: {choice: {a: 5, b: 6}}}"]))
                  \(pick(["", "where: mfcc.hop < 6 and classifier == \"mlp\"", "where: 'mfcc.lowest > 0.1 or ''x'' == \"y\"'"]))
                """))
        try expectSame(try read(text))
    }

    @Test func blocksAreKept() throws {
        let experiment = try read(
            swept("[{grid: {seed: [1, 2]}}, {}, {points: [{}, {mfcc.hop: 3}]}, {where: seed < 2}]"),
            sweep: ["mfcc.lowest=[1, 1/2]"])
        #expect(
            experiment.resolvedText.contains(
                """
                sweep:
                  -
                    grid:
                      seed: [1, 2]
                      mfcc.lowest: [1, 1/2]
                  -
                    grid:
                      mfcc.lowest: [1, 1/2]
                  -
                    points:
                      - {}
                      -
                        mfcc.hop: 3
                    grid:
                      mfcc.lowest: [1, 1/2]
                  -
                    where: "seed < 2"
                """))
        try expectSame(experiment)
    }

    private func expectSame(_ experiment: Experiment) throws {
        let again = try read(experiment.resolvedText)
        #expect(again.resolvedText == experiment.resolvedText)
        #expect(again.name == experiment.name)
        #expect(again.description == experiment.description)
        #expect(again.sweptAddresses == experiment.sweptAddresses)
        let (left, right) = (Array(experiment.points), Array(again.points))
        #expect(left.map { $0.values.map(\.text) } == right.map { $0.values.map(\.text) })
        for (a, b) in zip(left, right) {
            let (one, two) = (try experiment.resolve(a), try again.resolve(b))
            #expect(one.summary == two.summary)
            #expect(one.seed == two.seed)
            #expect(one.target == two.target)
        }
    }
}
