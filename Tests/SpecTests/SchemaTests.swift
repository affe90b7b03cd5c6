// `martlet schema`: whatever the reader takes, the schema takes (`read` sees to that for each text of these tests); what
// is wrong in one place, it refuses.

import Stages
import Tensors
import TestSupport
import Testing

@testable import Spec

private let schema = JSONSchema(SpecReader.schema(testCatalogue))

private func faults(in text: String, by schema: JSONSchema = schema) throws -> [String] {
    schema.faults(in: try YamlReader.read(Source(name: "spec.yaml", bytes: Array(text.utf8))).canonical)
}

/// Of a text that was read without an error.
func expectSchemaTakes(_ text: String, of catalogue: Catalogue) {
    let faults = try? faults(in: text, by: JSONSchema(SpecReader.schema(catalogue)))
    #expect(faults == [], "the schema refuses what the reader takes:\n\(text)")
}

@Suite struct SchemaTests {
    @Test func usesTheKeywordsThatItsValidatorKnows() { #expect(schema.unknownKeywords == []) }

    @Test func isTheSameEachTime() {
        #expect(SpecReader.schema(testCatalogue).encoded() == SpecReader.schema(testCatalogue).encoded())
    }

    @Test func knowsWhatTheReaderKnows() {
        let root = SpecReader.schema(testCatalogue).mapValue ?? [:]
        let top = Set((root["properties"]?.mapValue ?? [:]).keys)
        #expect(top.isSuperset(of: FormReader.topKeys))
        let stage = root["$defs"]?.mapValue?["stage"]?.mapValue?["properties"]?.mapValue ?? [:]
        #expect(Set(stage.keys).isSuperset(of: ["in", "uses", "with", "steps", "cases", "default"]))
    }

    @Test func explainsAParameter() {
        let type = SpecReader.schema(testCatalogue).mapValue?["$defs"]?.mapValue?["audio.mfcc"]?.mapValue
        #expect(type?["description"] == .text("MFCC."))
        #expect(
            type?["properties"]?.mapValue?["hop"]
                == .map([
                    "type": .array([.text("integer"), .text("string")]), "pattern": .text(#"\$\{[^}]+\}"#),
                    "minimum": .int(1), "default": .int(512), "description": .text("the step (samples)"),
                ]))
    }

    /// Changes that make the plain spec another right one.
    static let changes: [[String]] = [
        // Stages.
        ["flat: {uses: tensor.flatten, in: mfcc}", "flat: {uses: tensor.flatten, in: [mfcc]}"],
        ["flat: {uses: tensor.flatten, in: mfcc}", "flat: {uses: tensor.join, in: {left: mfcc, right: [mfcc]}}"],
        ["in: clips}", "in: clips, only: train, keep: never, timeout: 30s, memory: 500MB, threads: 2}"],
        ["in: clips}", "in: clips, timeout: 0.5 min, memory: 1GiB}"],
        ["flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, steps: [{uses: tensor.flatten}]}"],
        [
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {in: mfcc, steps: [{as: a, cases: {x: {uses: tensor.flatten}}, default: x, keep: always}]}",
        ],
        [
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {in: mfcc, branches: {raw: {}, a: {uses: tensor.flatten}, b: {steps: [{uses: tensor.flatten}]}}}",
        ],
        [
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {in: mfcc, steps: [{as: many, branches: {raw: {}, a: {uses: tensor.flatten}}}, {uses: tensor.concat}]}",
        ],
        ["with: {C: 10}", "with: ~"], ["with: {C: 10}", "with: {C: 1/3}"],
        [
            "audio.mfcc, in: voice, with: {n_mfcc: 13}",
            "audio.features, in: voice, with: {features: [rms, {mfcc: {n_mfcc: 13}}]}",
        ],
        // Parameters of the spec, wherever a value is.
        ["n_mfcc: 13", "n_mfcc: \"${n}\""], ["C: 10", "C: \"1/${n}\""], ["[50]", "[50, \"${n}\"]"],
        ["[50]", "\"${n}\""], ["with: {C: 10}", "with: \"${with}\""], ["classify.svm", "\"${type}\""],
        ["in: clips}", "in: clips, keep: \"${keep}\", timeout: \"${t}s\"}"], ["default: svm", "default: \"${c}\""],
        ["target: emotion", "target: \"${target}\"\nseed: \"${seed}\"\nrepeats: \"${n}\"\npredictions: \"${p}\""],
        ["name: plain", "name: plain-${n}"],
        // The top.
        ["target: emotion", "target: emotion\nseed: -7\nrepeats: 5\npredictions: none\ndescription: 3"],
        ["target: emotion", "target: emotion\nparams: {a: 1, b: [x, {c: ~}]}"],
        ["name: plain", "name: 2026"], ["name: plain", "name: true"],
        // Sweeps.
        [
            "target: emotion",
            "sweep: {grid: {mfcc.n_mfcc: [1, 2], classifier.mlp.hidden_layer_sizes: {a: [1], b: [2]}}}",
        ],
        ["target: emotion", "sweep: {zip: {mfcc.n_mfcc: [1, 2], mfcc.hop: [1, 2]}, grid: {classifier: [svm, mlp]}}"],
        ["target: emotion", "sweep: {points: [{mfcc.n_mfcc: 1}, {mfcc.n_mfcc: 2, mfcc.hop: 3}], where: mfcc.hop > 2}"],
        [
            "target: emotion",
            "sweep: {random: {n: 9, seed: 1, classifier.svm.C: {log_uniform: [1e-3, 10]}, mfcc.lowest: {uniform: [0, 1/2]}, "
                + "mfcc.n_mfcc: {int: [1, 9]}, classifier: {choice: [svm, mlp]}}}",
        ],
        ["target: emotion", "sweep: [{grid: {mfcc.n_mfcc: [1]}}, {zip: {mfcc.hop: [1]}}, {where: mfcc.hop > 2}]"],
        ["target: emotion", "sweep: ~"],
        // What a sweep gives need not be written.
        ["    default: svm\n", "", "target: emotion", "sweep: {grid: {classifier: [svm, mlp]}}"],
        ["with: {root: data}", "with: {}", "target: emotion", "sweep: [{points: [{clips.root: a}, {clips.root: b}]}]"],
        // What is included may give what is not here.
        ["target: emotion", "include: base.yaml"], ["target: emotion", "include: [a.yaml, b/c.yaml]"],
        ["clips: {uses: ravdess.clips, with: {root: data}}", "clips: {with: {}}", "name: plain", "include: base.yaml"],
        ["    default: svm\n", "", "martlet: 1", "include: base.yaml"],
    ]

    @Test(arguments: changes) func takesTheWholeLanguage(_ change: [String]) throws {
        var text = plain
        for index in stride(from: 0, to: change.count, by: 2) {
            text = changed(change[index], change[index + 1], in: text)
        }
        #expect(try faults(in: text) == [])
    }

    /// Changes that make the plain spec a wrong one, in one place.
    static let mistakes: [(old: String, new: String)] = [
        ("uses: audio.load, in: clips", "in: clips"), ("uses: audio.load, in: clips", "uses: audio.load, in: []"),
        ("in: clips}", "in: clips, as: x}"), ("in: clips}", "in: clips, only: test}"),
        ("in: clips}", "in: clips, keep: sometimes}"), ("in: clips}", "in: clips, timeout: 30}"),
        ("in: clips}", "in: clips, timeout: 0s}"), ("in: clips}", "in: clips, timeout: 30MB}"),
        ("in: clips}", "in: clips, memory: much}"), ("in: clips}", "in: clips, threads: 0}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, branches: {}}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, branches: {a: ~}}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, branches: {a: {with: {}}}}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {branches: {a: {in: mfcc, uses: tensor.flatten}}}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, steps: []}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, steps: [{branches: {a: {}}}]}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {in: mfcc, steps: [{uses: tensor.flatten, with: {a: 1}}]}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {uses: tensor.flatten, in: [mfcc, voice]}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "flat: {uses: tensor.flatten, in: mfcc, default: x}"),
        ("flat: {uses: tensor.flatten, in: mfcc}", "a b: {uses: tensor.flatten, in: mfcc}"),
        ("C: 10", "C: 1/0"), ("C: 10", "C: 0"), ("C: 10", "C: $n"), ("C: 10", "C: ~"), ("[50]", "[50, 1.5]"),
        ("split.group_k_fold", "split.k_fold, in: mfcc"), ("uses: split.group_k_fold, ", ""),
        ("target: emotion", "target: 3"), ("target: emotion", "params: [a]"), ("target: emotion", "include: []\nx: 1"),
        ("target: emotion", "sweep: []"), ("target: emotion", "sweep: {grid: {mfcc.n_mfcc: []}}"),
        ("target: emotion", "sweep: {random: {mfcc.n_mfcc: {int: [1, 2]}}}"),
        ("target: emotion", "sweep: {random: {n: 0, mfcc.n_mfcc: {int: [1, 2]}}}"),
        ("target: emotion", "sweep: {random: {n: 3}}"),
        ("target: emotion", "sweep: {random: {n: 3, mfcc.n_mfcc: {int: [1]}}}"),
        ("target: emotion", "sweep: {random: {n: 3, mfcc.lowest: {log_uniform: [0, 1]}}}"),
        ("target: emotion", "sweep: {random: {n: 3, mfcc.lowest: {normal: [0, 1]}}}"),
        ("target: emotion", "sweep: {random: {n: 3, mfcc.lowest: {int: [0, 1], uniform: [0, 1]}}}"),
        ("target: emotion", "sweep: [{grid: {name: [a, b]}}]"), ("target: emotion", "sweep: [{girt: {seed: [1]}}]"),
        ("target: emotion", "sweep: {where: 3}"), ("target: emotion", "sweep: {points: {seed: 1}}"),
    ]

    @Test(arguments: mistakes) func refusesWhatIsWrongInOnePlace(_ mistake: (old: String, new: String)) throws {
        #expect(try faults(in: changed(mistake.old, mistake.new)) != [])
    }

    @Test func aSweepOfSomethingElseSuppliesNothing() throws {
        let text = changed("target: emotion", "sweep: {grid: {seed: [1, 2]}}")
        #expect(try faults(in: text) == [])
        #expect(try faults(in: changed("with: {root: data}", "with: {}", in: text)) != [])
    }

    /// Those of the reader's mistakes that show only in the whole, or in what a value is put together from.
    static let unseen: Set = [
        "a case that is none", "infinity for a number", "what ranges cannot say",
        "a parameter of the spec that is none",
        "where nothing could be put in, nothing else is wrong", "parameters that stand for each other",
        "a structure inside text", "an open ${",
    ]

    @Test(arguments: (KeyMistakeTests.mistakes + ParameterMistakeTests.mistakes).filter { !unseen.contains($0.title) })
    func refusesWhatTheReaderRefuses(_ mistake: Mistake) throws {
        // What comes with a later version is of the language.
        if mistake.message.contains("comes with a later version") { return }
        #expect(try faults(in: changed(mistake.old, mistake.new)) != [])
    }

    /// Those mistakes in connections that one stage shows.
    static let connections: Set = [
        "no input", "an input of a source", "too many inputs", "a port that is none", "a split among the stages",
        "a stage as the split", "a split that is none", "a parameter of the split",
    ]

    @Test(arguments: GraphMistakeTests.mistakes.filter { connections.contains($0.title) })
    func refusesWhatOneStageShows(_ mistake: Mistake) throws {
        #expect(try faults(in: changed(mistake.old, mistake.new)) != [])
    }
}
