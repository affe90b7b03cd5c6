// `include`: what comes of several files, and where their mistakes are told.

import Stages
import Tensors
import TestSupport
import Testing

@testable import Spec

/// A directory with a spec and what it includes.
private struct Folder {
    let scratch = Scratch()

    init(_ files: [String: String]) { for (name, text) in files { scratch.write(text, to: name) } }

    func read(_ name: String = "spec.yaml", set: [String] = []) throws(SpecErrors) -> Experiment {
        try SpecReader.read(
            path: scratch.path + "/" + name,
            settings: set.map { text in
                let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
                return Setting(address: sides[0], text: sides[1])
            }, catalogue: testCatalogue)
    }

    /// The rendered errors, without the directory.
    func errors(_ name: String = "spec.yaml") -> String {
        do throws(SpecErrors) {
            _ = try read(name)
            return ""
        } catch {
            return SpecErrorText.render(error).replacing(scratch.path + "/", with: "")
        }
    }
}

@Suite struct IncludeTests {
    /// Parameters are those of a type: they go when another takes its place.
    @Test func anotherTypeHasParametersOfItsOwn() throws {
        let folder = Folder([
            "base.yaml": plain,
            "spec.yaml": "include: base.yaml\nstages: {mfcc: {uses: tensor.flatten}}\n",
        ])
        // The former type's n_mfcc is none of its.
        #expect(folder.errors() == "")
        folder.scratch.write(
            "include: base.yaml\nstages: {mfcc: {cases: {a: {uses: tensor.flatten}}, default: a}}\n", to: "spec.yaml")
        #expect(folder.errors() == "")
    }

    @Test func mapsMergeAndTheRestIsReplaced() throws {
        let folder = Folder([
            "parts/base.yaml": plain,
            "parts/more.yaml": """
            stages:
              mfcc: {with: {hop: 256, n_mfcc: 20}}
              classifier: {cases: {mlp: {with: {hidden_layer_sizes: [7, 8]}}}}
            sweep: {grid: {seed: [1, 2], mfcc.lowest: [1]}}
            """,
            "spec.yaml": """
            include: [parts/base.yaml, parts/more.yaml]
            name: mine
            stages: {mfcc: {with: {n_mfcc: 30}}, classifier: {default: mlp}}
            sweep: {grid: {seed: [5]}}
            """,
        ])
        let experiment = try folder.read(set: ["mfcc.hop=99"])
        #expect(experiment.name == "mine")
        #expect(
            experiment.sources.compactMap { $0.name.split(separator: "/").last } == [
                "spec.yaml", "base.yaml", "more.yaml", "--set",
            ])
        let points = Array(experiment.points)
        #expect(points.map(\.line) == ["0: 5 1"])
        let resolved = try experiment.resolve(points[0])
        #expect(resolved.stages[2].stage.canonicalParameters["n_mfcc"] == .int(30))
        #expect(resolved.stages[2].stage.canonicalParameters["hop"] == .int(99))
        #expect(resolved.stages[4].stage.canonicalParameters["hidden_layer_sizes"] == .array([.int(7), .int(8)]))

        #expect(!experiment.resolvedText.contains("include"))
        let again = try read(experiment.resolvedText)
        #expect(again.resolvedText == experiment.resolvedText)
        #expect(try again.resolve(Array(again.points)[0]).summary == resolved.summary)
    }

    @Test func includesIncludeFromWhereTheyAre() throws {
        let folder = Folder([
            "a/b/plain.yaml": plain, "a/middle.yaml": "include: b/plain.yaml\nseed: 3\n",
            "a/side.yaml": "include: b/../b/plain.yaml\ngroup: speaker\n",
            "spec.yaml": "include:\n- a/middle.yaml\n- a/side.yaml\n",
        ])
        let experiment = try folder.read()
        let resolved = try experiment.resolve(Array(experiment.points)[0])
        #expect(resolved.seed == 3 && resolved.group == "speaker")
        #expect(experiment.sources.count == 4, "each file is read once")
    }

    @Test func aLinkInsideIsFollowed() {
        let folder = Folder(["a/plain.yaml": plain, "spec.yaml": "include: link.yaml\n"])
        folder.scratch.link("link.yaml", to: "a/plain.yaml")
        #expect(folder.errors() == "")
    }

    @Test func mistakesPointIntoTheirFile() {
        let folder = Folder([
            "base.yaml": changed("n_mfcc: 13", "n_mfcc: 0"),
            "spec.yaml": "include: base.yaml\ngroup: actor\ntarget: []\n",
        ])
        #expect(
            folder.errors() == """
                spec.yaml:3:9: target: expected the name of the column that is predicted, got a list of 0
                    3 | target: []
                      |         ^^

                base.yaml:6:54: mfcc.n_mfcc: expected an int of at least 1, got the int 0
                    6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 0}}
                      |                                                      ^

                """)
    }

    @Test func mistakesOfYamlToo() {
        let folder = Folder([
            "one.yaml": "a: [", "two.yaml": "martlet: 2", "three.yaml": "- a",
            "spec.yaml": "martlet: 1\ninclude: [one.yaml, two.yaml, three.yaml]",
        ])
        #expect(
            folder.errors() == """
                one.yaml:1:5: not YAML: did not find expected node content
                    1 | a: [
                      |     ^

                two.yaml:1:10: martlet: this program reads version 1 of the spec's language, got the int 2
                    1 | martlet: 2
                      |          ^

                three.yaml:1:1: expected a spec, a map with martlet, name and stages, got a list of 1
                    1 | - a
                      | ^
                      = begin with martlet: 1

                """)
    }

    @Test func aRingIsNamed() {
        let folder = Folder([
            "spec.yaml": "include: a.yaml\n", "a.yaml": "include: [b.yaml]\n", "b.yaml": "x: 1\ninclude: a.yaml\n",
            "self.yaml": "include: self.yaml",
        ])
        #expect(
            folder.errors() == """
                b.yaml:2:10: include: files that include each other: a.yaml → b.yaml → a.yaml
                    2 | include: a.yaml
                      |          ^^^^^^

                """)
        #expect(
            folder.errors("self.yaml") == """
                self.yaml:1:10: include: files that include each other: self.yaml → self.yaml
                    1 | include: self.yaml
                      |          ^^^^^^^^^

                """)
    }

    @Test func whatLeadsOutIsRefused() {
        let folder = Folder([
            "outside.yaml": plain, "in/sub/base.yaml": "include: ../../outside.yaml\n",
            "in/spec.yaml": "include: [../outside.yaml, link.yaml, door/outside.yaml, sub/base.yaml, /etc/passwd]\n",
        ])
        folder.scratch.link("in/link.yaml", to: "../outside.yaml")
        folder.scratch.link("in/door", to: "..")
        let told = folder.errors("in/spec.yaml")
        let advice = "put what is included into the directory of the spec, or below it"
        #expect(
            told == """
                in/spec.yaml:1:11: include: ../outside.yaml leads out of the directory of the spec, to outside.yaml
                    1 | include: [../outside.yaml, link.yaml, door/outside.yaml, sub/base.yaml, /etc/passwd]
                      |           ^^^^^^^^^^^^^^^
                      = \(advice)

                in/spec.yaml:1:28: include: link.yaml leads out of the directory of the spec, to outside.yaml
                    1 | include: [../outside.yaml, link.yaml, door/outside.yaml, sub/base.yaml, /etc/passwd]
                      |                            ^^^^^^^^^
                      = \(advice)

                in/spec.yaml:1:39: include: door/outside.yaml leads out of the directory of the spec, to outside.yaml
                    1 | include: [../outside.yaml, link.yaml, door/outside.yaml, sub/base.yaml, /etc/passwd]
                      |                                       ^^^^^^^^^^^^^^^^^
                      = \(advice)

                in/spec.yaml:1:73: include: expected a path relative to this file, got /etc/passwd
                    1 | include: [../outside.yaml, link.yaml, door/outside.yaml, sub/base.yaml, /etc/passwd]
                      |                                                                         ^^^^^^^^^^^
                      = write it from here

                in/sub/base.yaml:1:10: include: ../../outside.yaml leads out of the directory of the spec, to outside.yaml
                    1 | include: ../../outside.yaml
                      |          ^^^^^^^^^^^^^^^^^^
                      = \(advice)

                """)
    }

    @Test func whatIsNotThereIsToldWhereItIsIncluded() {
        let folder = Folder([
            "sub/x": "", "spec.yaml": "include: [base.yml, sub, 3, \"${a}\"]\n", "none.yaml": "include:\n",
            "map.yaml": "include: {a: b}",
            "dir.yaml": "include: sub",
        ])
        #expect(
            folder.errors() == """
                spec.yaml:1:26: include: expected the path of a file, or a list of paths, got the int 3
                    1 | include: [base.yml, sub, 3, "${a}"]
                      |                          ^

                """)
        #expect(
            folder.errors("none.yaml").hasPrefix(
                "none.yaml:1:9: include: expected the path of a file, or a list of paths, got null"))
        #expect(
            folder.errors("map.yaml").hasPrefix(
                "map.yaml:1:10: include: expected the path of a file, or a list of paths, got a map of 1"))
        #expect(folder.errors("dir.yaml").hasPrefix("dir.yaml:1:10: include: sub is not a file"))
        folder.scratch.write("include: [base.yml, \"${a}\"]", to: "spec.yaml")
        #expect(
            folder.errors() == """
                spec.yaml:1:11: include: base.yml cannot be read: No such file or directory
                    1 | include: [base.yml, "${a}"]
                      |           ^^^^^^^^

                spec.yaml:1:21: include: a path to include cannot use parameters, which are read later
                    1 | include: [base.yml, "${a}"]
                      |                     ^^^^^^
                      = write it out

                """)
    }

    @Test func theWholeIsBounded() {
        var files = ["spec.yaml": "include: f0.yaml\n"]
        for index in 0..<200 { files["f\(index).yaml"] = "include: f\(index + 1).yaml\n" }
        #expect(Folder(files).errors().hasPrefix("f98.yaml:1:10: include: expected at most 100 files"))

        let large = String(repeating: "# comment\n", count: 300_000)
        let two = Folder(["a.yaml": large + "a: 1", "b.yaml": large, "spec.yaml": "include: [a.yaml, b.yaml]"])
        #expect(
            two.errors().hasPrefix(
                "spec.yaml:1:19: include: expected at most 4194304 bytes with what is included, got 6000"))

        let values = [String](repeating: "1", count: 60_000).joined(separator: ",")
        let many = Folder([
            "a.yaml": "a: [\(values)]", "b.yaml": "b: [\(values)]", "spec.yaml": "include: [a.yaml, b.yaml]",
        ])
        #expect(
            many.errors().hasPrefix(
                "spec.yaml:1:10: include: expected at most 100000 values with what is included, got 120003"))
    }

    @Test func doublingIncludesAreReadOnce() {
        var files = ["spec.yaml": "martlet: 1\ninclude: [f0.yaml, f0.yaml]\n", "f40.yaml": plain]
        for index in 0..<40 { files["f\(index).yaml"] = "include: [f\(index + 1).yaml, f\(index + 1).yaml]\n" }
        #expect(Folder(files).errors() == "")
    }
}
