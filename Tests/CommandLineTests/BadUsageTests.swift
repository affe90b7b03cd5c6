// Commands that cannot be meant: exit code 2, and one sentence that says what holds and what would do.

import Foundation
import TestSupport
import Testing

@Suite struct BadInputUsage {
    let tones = Tones()

    /// Runs a line of words and expects exit code 2 and a message.
    private func expect(
        _ command: [String], _ message: String, code: Int32 = 2, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let result = Binary.run(command, in: tones.path)
        #expect(result.status == code, "\(result.messages)", sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        #expect(result.messages == message + "\n", sourceLocation: sourceLocation)
    }

    /// The parser's messages end with the usage, which is not pinned here.
    private func expectBeginning(
        _ command: [String], _ line: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let result = Binary.run(command, in: tones.path)
        #expect(result.status == 2, sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        #expect(result.messages.hasPrefix(line + "\n"), "\(result.messages)", sourceLocation: sourceLocation)
        #expect(result.messages.contains("Usage: martlet"), sourceLocation: sourceLocation)
    }

    @Test func commandsAndOptions() {
        expectBeginning(["frobnicate"], "Error: Unexpected argument 'frobnicate'")
        expectBeginning(["run"], "Error: Missing expected argument '<spec>'")
        expectBeginning(["run", "spec.yaml", "more"], "Error: Unexpected argument 'more'")
        expectBeginning(
            ["run", "spec.yaml", "--jobs", "0"], "Error: --jobs takes a number of at least 1; got 0")
        expectBeginning(
            ["run", "spec.yaml", "--jobs", "5000"], "Error: --jobs takes a number of at most 1024; got 5000")
        expectBeginning(["run", "spec.yaml", "--jobs", "x"], "Error: The value 'x' is invalid for '--jobs <jobs>'")
        expect(
            ["run", "spec.yaml", "--memory", "0MB"],
            "error: --memory: expected a size above 0, such as 500MB, got 0MB")
        expect(
            ["run", "spec.yaml", "--memory", "1KB"],
            "error: --memory: expected a size such as 500MB, in kB, KiB, MB, MiB, GB or GiB, got 1KB\n    = did you mean 1kB?"
        )
        expectBeginning(["synth", "x", "--actors", "0"], "Error: --actors takes a number from 1 to 99; got 0")
        expect(
            ["stages", "audio.loud"], "error: there is no stage type audio.loud; did you mean audio.load?")
        expect(["stages", "nothing.here"], "error: there is no stage type nothing.here; see martlet stages")
    }

    @Test func settings() {
        expect(
            ["run", "spec.yaml", "--set", "mfcc.n_mfcc"],
            "error: --set takes address=value, as in --set split.n_splits=5; got mfcc.n_mfcc")
        expect(
            ["run", "spec.yaml", "--set", "=3"],
            "error: --set takes address=value, as in --set split.n_splits=5; got =3")
        let unknown = tones.martlet("run", "spec.yaml", "--set", "mfcc.n_mfc=1")
        #expect(unknown.status == 2)
        #expect(
            unknown.messages.hasPrefix("--set:1:1: mfcc.n_mfc names nothing: mfcc has no n_mfc; its parameters are "))
        #expect(
            unknown.messages.hasSuffix(
                """
                    1 | mfcc.n_mfc=1
                      | ^^^^^^^^^^
                      = did you mean mfcc.n_mfcc?

                """))
        expect(
            ["run", "spec.yaml", "--set", "mfcc.n_mfcc=zebra"],
            """
            --set:1:13: mfcc.n_mfcc: expected an int of at least 1 and at most 10000, got "zebra"
                1 | mfcc.n_mfcc=zebra
                  |             ^^^^^
            """)
        #expect(!FileManager.default.fileExists(atPath: tones.path + "/results"))
    }

    @Test func specs() {
        expect(["run", "missing.yaml"], "missing.yaml cannot be read: No such file or directory")
        expect(["run", "clips"], "clips is not a file\n      = give the path of a spec, a YAML file")
        tones.folder.write("", to: "empty.yaml")
        expect(
            ["run", "empty.yaml"],
            """
            empty.yaml:1:1: expected a spec, a map with martlet, name and stages, got null
                1 | \("")
                  | ^
                  = begin with martlet: 1
            """)
        tones.folder.write(Array("martlet: 1\nname: ".utf8) + [0xFF, 0x0A], to: "latin.yaml")
        expect(
            ["check", "latin.yaml"],
            """
            latin.yaml:2:7: expected UTF-8, got the byte 0xff
                2 | name: \u{FFFD}
                  |       ^
                  = save the file as UTF-8
            """)
    }

    @Test func fiveMistakesInOneSpec() {
        tones.folder.write(
            """
            martlet: 1
            name: five
            sede: 3
            stages:
              clips: {uses: file.media, with: {base: clips, glob: "*.wav"}}
              voice: {uses: audio.load, in: clip}
              loud: {uses: audio.load, in: clips, with: {sample_rate: -1}}
            split: {uses: split.k_fold, with: {n_splits: two}}

            """, to: "five.yaml")
        let message = """
            five.yaml:3:1: a spec has no key sede; it has martlet, name, description, seed, params, stages, target, group, \
            split, repeats, sweep, predictions, include
                3 | sede: 3
                  | ^^^^
                  = did you mean seed?

            five.yaml:5:17: clips: there is no stage type file.media
                5 |   clips: {uses: file.media, with: {base: clips, glob: "*.wav"}}
                  |                 ^^^^^^^^^^
                  = did you mean files.media?

            five.yaml:6:33: voice.in: there is no stage clip; there are clips, loud, voice
                6 |   voice: {uses: audio.load, in: clip}
                  |                                 ^^^^
                  = did you mean clips?

            five.yaml:7:59: loud.sample_rate: expected an int of at least 1 and at most 1000000, or null, got the int -1
                7 |   loud: {uses: audio.load, in: clips, with: {sample_rate: -1}}
                  |                                                           ^^

            five.yaml:8:46: split.n_splits: expected an int of at least 2, got "two"
                8 | split: {uses: split.k_fold, with: {n_splits: two}}
                  |                                              ^^^
            """
        for command in ["check", "plan", "run"] { expect([command, "five.yaml"], message) }
    }

    @Test func apply() {
        let clip = "clips/low_0.wav"
        expect(
            ["apply", "audio.loud", "--in", clip],
            "error: there is no stage type audio.loud; did you mean audio.load?")
        expect(
            ["apply", "scale.standard", "--in", clip],
            """
            error: scale.standard is of kind fitted: it needs many rows, and cannot be applied to one file
                = write a spec and use martlet run; what that fitted is applied by --state
            """)
        expect(["apply", "audio.mono", "--in", clip, "--in", clip], "error: audio.mono takes one input, got 2")
        expect(
            ["apply", "audio.mfcc", "--in", clip, "--with", "{n_mfcc: 0}"],
            "error: --with: n_mfcc: expected an int of at least 1 and at most 10000, got the int 0")
        expect(
            ["apply", "audio.mfcc", "--in", clip, "--with", "3"],
            "error: --with: expected a map of parameters, got the int 3\n    = write {name: value, …}")
        expect(
            ["apply", "tensor.flatten", "--in", clip, "--attribute", "rate"],
            "error: --attribute takes name=value; got rate")
        expectBeginning(["apply", "audio.mfcc"], "Error: Missing expected argument '--in <file> ...'")
        // The files' faults are the data's.
        expect(
            ["apply", "audio.mfcc", "--in", "none.wav"],
            "error: there is no \(tones.path)/none.wav\n    = check the path; a relative one starts at the current directory",
            code: 3)
        expect(
            ["apply", "audio.mfcc", "--in", "spec.yaml"],
            "error: spec.yaml: audio.load: libsndfile cannot read it: Format not recognised", code: 3)
        tones.folder.write("garbage", to: "garbage.npy")
        expect(
            ["apply", "tensor.flatten", "--in", "garbage.npy"],
            "error: garbage.npy: this is not a .npy file: it does not begin with \\x93NUMPY", code: 3)
    }

    @Test func runs() {
        let place = "results"
        #expect(tones.martlet("runs").messages == "there are no runs in \(place) yet\n")
        expect(["runs", "show", "nothing"], "error: there is no run nothing in \(place); see martlet runs")
        expect(["runs", "compare", "a", "b"], "error: there is no run a in \(place); see martlet runs")
        expectBeginning(["runs", "show"], "Error: Missing expected argument '<name>'")
    }
}
