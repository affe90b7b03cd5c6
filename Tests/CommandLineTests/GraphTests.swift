import Foundation
import TestSupport
import Testing

@Suite struct GraphTests {
    let folder = Scratch()

    init() {
        folder.write(
            """
            martlet: 1
            name: small
            stages:
              clips: {uses: ravdess.clips, with: {root: data}}
              voice: {uses: audio.load, in: clips, with: {sample_rate: 16000}}
              features:
                in: voice
                steps:
                  - {uses: audio.mfcc, with: {n_mfcc: 13}}
                  - {uses: tensor.summary, with: {over: time}}
                  - {uses: tensor.flatten}
              classifier:
                in: features
                cases:
                  regression: {uses: classify.logistic_regression}
                  dummy: {uses: classify.dummy}
                default: dummy
              scores: {uses: evaluate.classification, in: classifier}
            target: emotion
            group: actor
            split: {uses: split.leave_one_group_out}

            """, to: "spec.yaml")
    }

    @Test func isForGraphviz() {
        let result = Binary.run(["graph", "spec.yaml"], in: folder.path)
        #expect(result.status == 0 && result.messages.isEmpty)
        #expect(
            result.output == """
                // source: cylinder; map: box; rows: parallelogram; gather: trapezium; fitted: hexagon; report: note; composite:
                // box with tabs; dashed: cheap, made again rather than stored
                digraph "small" {
                  label="small\\nsplit.leave_one_group_out"; labelloc=t;
                  node [shape=box];
                  "clips" [label="clips\\nravdess.clips", shape=cylinder];
                  "voice" [label="voice\\naudio.load", shape=box];
                  "features.mfcc" [label="features.mfcc\\naudio.mfcc", shape=component];
                  "features.summary" [label="features.summary\\ntensor.summary", shape=box];
                  "features.flatten" [label="features.flatten\\ntensor.flatten", shape=box, style=dashed];
                  "classifier" [label="classifier\\nclassify.dummy\\ncase dummy", shape=hexagon];
                  "scores" [label="scores\\nevaluate.classification", shape=note];
                  "clips" -> "voice";
                  "voice" -> "features.mfcc";
                  "features.mfcc" -> "features.summary";
                  "features.summary" -> "features.flatten";
                  "features.flatten" -> "classifier";
                  "classifier" -> "scores";
                }

                """)
    }

    @Test func isForMermaid() {
        let arguments = [
            "--format", "mermaid", "--set", "classifier=regression", "--sweep", "features.mfcc.n_mfcc=[13, 20]",
        ]
        let result = Binary.run(["graph", "spec.yaml"] + arguments, in: folder.path)
        #expect(result.status == 0 && result.messages.isEmpty)
        #expect(
            result.output == """
                ---
                title: "small, first point, split.leave_one_group_out"
                ---
                flowchart TB
                  n1[("clips<br>ravdess.clips")]
                  n2["voice<br>audio.load"]
                  n3[["features.mfcc<br>audio.mfcc<br>swept: n_mfcc"]]
                  n4["features.summary<br>tensor.summary"]
                  n5["features.flatten<br>tensor.flatten"]:::cheap
                  n6{{"classifier<br>classify.logistic_regression<br>case regression"}}
                  n7>"scores<br>evaluate.classification"]
                  n1 --> n2
                  n2 --> n3
                  n3 --> n4
                  n4 --> n5
                  n5 --> n6
                  n6 --> n7
                  classDef cheap stroke-dasharray: 4 3

                """)
    }

    @Test(.enabled(if: Binary.shell("command -v dot", in: "/").status == 0)) func graphvizReadsIt() {
        let result = Binary.shell("\"$MARTLET\" graph spec.yaml | dot -Tplain", in: folder.path)
        #expect(result.status == 0 && result.messages.isEmpty)
        #expect(result.output.split(separator: "\n").filter { $0.hasPrefix("edge ") }.count == 6)
    }

    @Test func anotherFormatIsAnError() {
        let result = Binary.run(["graph", "spec.yaml", "--format", "svg"], in: folder.path)
        #expect(result.status == 2 && result.output.isEmpty)
        #expect(result.messages.contains("'dot' and 'mermaid'"), "\(result)")
    }
}
