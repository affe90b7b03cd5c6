// What a right spec becomes.

import Stages
import Tensors
import Testing

@testable import Spec

@Suite struct PlainSpecTests {
    @Test func isResolved() throws {
        let experiment = try read(plain)
        #expect(experiment.name == "plain")
        #expect(experiment.predictions)
        #expect(experiment.warnings.isEmpty)
        #expect(experiment.sweptAddresses.isEmpty)
        #expect(Array(experiment.points).map(\.index) == [0])
        let resolved = try resolved(plain)
        #expect(
            resolved.summary == [
                #"clips clips ravdess.clips [] ["modality=text(\"audio\")", "root=text(\"data\")"]"#,
                #"voice voice audio.load [in=clips] ["sample_rate=int(22050)"]"#,
                #"mfcc mfcc audio.mfcc [in=voice] ["hop=int(512)", "lowest=float(0.0)", "n_mfcc=int(13)"]"#,
                #"flat flat tensor.flatten [in=mfcc] []"#,
                #"classifier classifier.svm classify.svm [in=flat] ["C=float(10.0)"]"#,
                #"scores scores evaluate.classification [in=classifier] []"#,
            ])
        #expect(resolved.seed == 0)
        #expect(resolved.target == "emotion")
        #expect(resolved.group == "actor")
        #expect(resolved.repeats == 1)
        #expect(resolved.split?.address == "split")
        #expect(resolved.split?.stage.canonicalParameters["n_splits"] == .int(3))
        #expect(resolved.stages[2].signature == .tensor(.float32, [Axis("time"), Axis("feature", size: 13)]))
        #expect(resolved.stages[4].range.start == SourcePosition(line: 11, column: 19))
    }

    @Test func doesNotDependOnTheOrderOfKeys() throws {
        let turned = """
            split: {with: {n_splits: 3}, uses: split.group_k_fold}
            group: actor
            stages:
              scores: {in: classifier, uses: evaluate.classification}
              classifier:
                default: svm
                cases:
                  mlp: {with: {hidden_layer_sizes: [50]}, uses: classify.mlp}
                  svm: {with: {C: 10}, uses: classify.svm}
                in: flat
              flat: {in: mfcc, uses: tensor.flatten}
              mfcc: {with: {n_mfcc: 13}, uses: audio.mfcc, in: voice}
              voice: {uses: audio.load, in: clips}
              clips: {with: {root: data}, uses: ravdess.clips}
            target: emotion
            name: plain
            martlet: 1
            """
        #expect(try resolved(turned).summary == resolved(plain).summary)
    }

    @Test func chainsAreTakenApart() throws {
        let chain = changed(
            "flat: {uses: tensor.flatten, in: mfcc}",
            """
            flat:
                in: mfcc
                steps:
                  - {uses: tensor.flatten}
                  - as: scaled
                    cases: {standard: {uses: scale.standard}, again: {steps: [{uses: tensor.flatten}, {uses: scale.standard}]}}
                    default: again
                  - {as: last, uses: tensor.flatten}
            """)
        let stages = try resolved(chain).stages
        #expect(
            stages.map { "\($0.name) \($0.address) \($0.inputs.map(\.stage))" } == [
                #"clips clips []"#, #"voice voice ["clips"]"#, #"mfcc mfcc ["voice"]"#,
                #"flat.flatten flat.flatten ["mfcc"]"#,
                #"flat.scaled.flatten flat.scaled.again.flatten ["flat.flatten"]"#,
                #"flat.scaled.standard flat.scaled.again.standard ["flat.scaled.flatten"]"#,
                #"flat.last flat.last ["flat.scaled.standard"]"#, #"classifier classifier.svm ["flat.last"]"#,
                #"scores scores ["classifier"]"#,
            ])
        let picked = try resolved(chain, set: ["flat.scaled=standard", "classifier=mlp", "classifier.mlp.alpha=1/2"])
        #expect(picked.stages.map(\.address).contains("flat.scaled.standard"))
        #expect(picked.stages.last?.inputs == [Input(port: "in", stage: "classifier", label: "classifier")])
    }

    @Test func portsTakeNamesAndLists() throws {
        let named = changed("tensor.flatten, in: mfcc", "tensor.join, in: {right: mfcc, left: voice}")
        #expect(
            try resolved(named).stages.first { $0.name == "flat" }?.inputs == [
                Input(port: "left", stage: "voice", label: "voice"), Input(port: "right", stage: "mfcc", label: "mfcc"),
            ])
        let listed = changed("tensor.flatten, in: mfcc", "tensor.concat, in: [mfcc, mfcc]")
        #expect(try resolved(listed).stages.first { $0.name == "flat" }?.inputs.map(\.port) == ["in", "in"])
    }

    @Test func parametersArePutIn() throws {
        let spliced = changed(
            "target: emotion",
            "params: {data: here, root: \"${data}/x\", n: 7, layers: [1, 2]}\ntarget: emotion",
            in: changed("root: data", "root: \"a/${root}/${n}/$${n}\"", in: changed("n_mfcc: 13", "n_mfcc: \"${n}\"")))
        let stages = try resolved(spliced).stages
        #expect(stages[0].stage.canonicalParameters["root"] == .text("a/here/x/7/${n}"))
        #expect(stages[2].stage.canonicalParameters["n_mfcc"] == .int(7))
        #expect(try resolved(spliced, set: ["params.n=9"]).stages[2].stage.canonicalParameters["n_mfcc"] == .int(9))
    }

    @Test func anchorsAndMergesWork() throws {
        let text = changed(
            "{uses: audio.mfcc, in: voice, with: {n_mfcc: 13}}",
            "{uses: audio.mfcc, in: voice, with: {<<: *m, hop: 10}}",
            in: changed(
                "{uses: audio.load, in: clips}\n",
                "{uses: audio.load, in: clips}\n  m2: {uses: audio.mfcc, in: voice, with: &m {n_mfcc: 5, hop: 20}}\n"))
        let mfcc = try resolved(text).stages.first { $0.name == "mfcc" }
        #expect(mfcc?.stage.canonicalParameters == ["n_mfcc": .int(5), "hop": .int(10), "lowest": .float(0)])
    }

    @Test func aSplitThatBreaksTheGroupsIsAnError() {
        #expect(
            errors(in: changed("split.group_k_fold", "split.k_fold")).contains(
                "split: split.k_fold does not keep the groups of actor whole"))
    }

    @Test func whatIsOddIsAWarning() throws {
        let experiment = try read(
            changed(
                "\nsplit:", "\nsweep: {grid: {classifier.mlp.alpha: [1, 1.0]}}\nsplit:",
                in: changed("in: mfcc}", "in: mfcc}\n  more: {uses: tensor.flatten, in: mfcc}")))
        let errors = SpecErrors([], sources: experiment.sources)
        let text = experiment.warnings.map { SpecErrorText.render($0, in: errors, isWarning: true) }.joined(
            separator: "\n")
        #expect(
            text == """
                spec.yaml:8:3: warning: more: nothing takes this stage, and it reports nothing
                    8 |   more: {uses: tensor.flatten, in: mfcc}
                      |   ^^^^
                      = add a stage that takes it, or leave it out

                spec.yaml:18:16: warning: sweep: classifier.mlp.alpha is swept, and classifier is never mlp
                   18 | sweep: {grid: {classifier.mlp.alpha: [1, 1.0]}}
                      |                ^^^^^^^^^^^^^^^^^^^^
                      = sweep classifier too, or pick mlp

                spec.yaml:18:42: warning: classifier.mlp.alpha: this value is listed twice
                   18 | sweep: {grid: {classifier.mlp.alpha: [1, 1.0]}}
                      |                                          ^^^
                      = it runs once

                """)
    }

    @Test func addressesHavePlaces() throws {
        let experiment = try read(plain)
        func place(_ address: String) -> String? {
            experiment.range(of: address).map { "\($0.start.line):\($0.start.column)" }
        }
        #expect(place("target") == "15:9")
        #expect(place("split") == "17:15")
        #expect(place("split.n_splits") == "17:52")
        #expect(place("mfcc") == "6:16")
        #expect(place("stages.mfcc.in") == "6:32")
        #expect(place("mfcc.n_mfcc") == "6:54")
        #expect(place("mfcc.hop") == "6:16")
        #expect(place("classifier.svm") == "11:19")
        #expect(place("classifier.svm.in") == "9:9")
        #expect(place("classifier.in") == "9:9")
        #expect(place("nothing") == nil)
        #expect(
            SpecErrorText.render(
                experiment.error(at: "target", "no item has a column emotion", advice: "see the source"))
                    == """
                    spec.yaml:15:9: target: no item has a column emotion
                       15 | target: emotion
                          |         ^^^^^^^
                          = see the source

                    """)
    }
}
