// What is wrong with `only`, `keep`, `timeout`, `memory`, `threads`, or cannot be said where it is said.

import Testing

@testable import Spec

private let split = "split: {uses: split.k_fold}\n"

@Suite struct OptionMistakeTests {
    private static func voice(_ title: String, _ option: String, _ message: String) -> Mistake {
        Mistake(title, "audio.load, in: clips", "audio.load, in: clips, \(option)", message)
    }

    static let mistakes: [Mistake] = [
        voice(
            "a time without unit", "timeout: 30",
            """
            spec.yaml:5:49: voice.timeout: expected a time with a unit, such as 30s, got the int 30
                5 |   voice: {uses: audio.load, in: clips, timeout: 30}
                  |                                                 ^^
                  = write one of 30ms, 30s, 30min, 30h

            """),
        voice(
            "a time in text without unit", "timeout: \"30\"",
            """
            spec.yaml:5:49: voice.timeout: expected a time with a unit, such as 30s, got "30"
                5 |   voice: {uses: audio.load, in: clips, timeout: "30"}
                  |                                                 ^^^^
                  = write one of 30ms, 30s, 30min, 30h

            """),
        voice(
            "a time of another unit", "timeout: 30sec",
            """
            spec.yaml:5:49: voice.timeout: expected a time such as 30s, in ms, s, min or h, got "30sec"
                5 |   voice: {uses: audio.load, in: clips, timeout: 30sec}
                  |                                                 ^^^^^

            """),
        voice(
            "a time in other letters", "timeout: 30S",
            """
            spec.yaml:5:49: voice.timeout: expected a time such as 30s, in ms, s, min or h, got "30S"
                5 |   voice: {uses: audio.load, in: clips, timeout: 30S}
                  |                                                 ^^^
                  = did you mean 30s?

            """),
        voice(
            "a time of nothing", "timeout: 0s",
            """
            spec.yaml:5:49: voice.timeout: expected a time above 0, such as 30s, got "0s"
                5 |   voice: {uses: audio.load, in: clips, timeout: 0s}
                  |                                                 ^^

            """),
        voice(
            "a bare 0", "timeout: 0",
            """
            spec.yaml:5:49: voice.timeout: expected a time above 0, such as 30s, got the int 0
                5 |   voice: {uses: audio.load, in: clips, timeout: 0}
                  |                                                 ^

            """),
        voice(
            "a time before nothing", "timeout: -1min",
            """
            spec.yaml:5:49: voice.timeout: expected a time above 0, such as 30s, got "-1min"
                5 |   voice: {uses: audio.load, in: clips, timeout: -1min}
                  |                                                 ^^^^^

            """),
        voice(
            "a time without end", "timeout: 99999999999h",
            """
            spec.yaml:5:49: voice.timeout: expected a time of at most 1000000h, got "99999999999h"
                5 |   voice: {uses: audio.load, in: clips, timeout: 99999999999h}
                  |                                                 ^^^^^^^^^^^^

            """),
        voice(
            "a time that is no number", "timeout: soon",
            """
            spec.yaml:5:49: voice.timeout: expected a time such as 30s, in ms, s, min or h, got "soon"
                5 |   voice: {uses: audio.load, in: clips, timeout: soon}
                  |                                                 ^^^^

            """),
        voice(
            "a time that is a list", "timeout: [1s]",
            """
            spec.yaml:5:49: voice.timeout: expected a time such as 30s, in ms, s, min or h, got a list of 1
                5 |   voice: {uses: audio.load, in: clips, timeout: [1s]}
                  |                                                 ^^^^

            """),
        voice(
            "a time that is not there", "timeout: ~",
            """
            spec.yaml:5:49: voice.timeout: expected a time such as 30s, in ms, s, min or h, got null
                5 |   voice: {uses: audio.load, in: clips, timeout: ~}
                  |                                                 ^

            """),
        voice(
            "a size without unit", "memory: 500",
            """
            spec.yaml:5:48: voice.memory: expected a size with a unit, such as 500MB, got the int 500
                5 |   voice: {uses: audio.load, in: clips, memory: 500}
                  |                                                ^^^
                  = write one of 500kB, 500KiB, 500MB, 500MiB, 500GB, 500GiB

            """),
        voice(
            "a share", "memory: 50%",
            """
            spec.yaml:5:48: voice.memory: expected a size such as 500MB, in kB, KiB, MB, MiB, GB or GiB, got "50%"
                5 |   voice: {uses: audio.load, in: clips, memory: 50%}
                  |                                                ^^^

            """),
        voice(
            "a size in other letters", "memory: 500mb",
            """
            spec.yaml:5:48: voice.memory: expected a size such as 500MB, in kB, KiB, MB, MiB, GB or GiB, got "500mb"
                5 |   voice: {uses: audio.load, in: clips, memory: 500mb}
                  |                                                ^^^^^
                  = did you mean 500MB?

            """),
        voice(
            "no memory", "memory: 0MB",
            """
            spec.yaml:5:48: voice.memory: expected a size above 0, such as 500MB, got "0MB"
                5 |   voice: {uses: audio.load, in: clips, memory: 0MB}
                  |                                                ^^^

            """),
        voice(
            "a size that no machine has", "memory: 99999999999GB",
            """
            spec.yaml:5:48: voice.memory: expected a size of at most 1000000GB, got "99999999999GB"
                5 |   voice: {uses: audio.load, in: clips, memory: 99999999999GB}
                  |                                                ^^^^^^^^^^^^^

            """),
        voice(
            "no threads", "threads: 0",
            """
            spec.yaml:5:49: voice.threads: expected an int of at least 1 and at most 1024, got the int 0
                5 |   voice: {uses: audio.load, in: clips, threads: 0}
                  |                                                 ^

            """),
        voice(
            "threads of another kind", "threads: all",
            """
            spec.yaml:5:49: voice.threads: expected an int of at least 1 and at most 1024, got "all"
                5 |   voice: {uses: audio.load, in: clips, threads: all}
                  |                                                 ^^^

            """),
        voice(
            "more threads than machines have", "threads: 100000",
            """
            spec.yaml:5:49: voice.threads: expected an int of at least 1 and at most 1024, got the int 100000
                5 |   voice: {uses: audio.load, in: clips, threads: 100000}
                  |                                                 ^^^^^^

            """),
        voice(
            "another keep", "keep: alway",
            """
            spec.yaml:5:46: voice.keep: expected one of auto, always, never, got "alway"
                5 |   voice: {uses: audio.load, in: clips, keep: alway}
                  |                                              ^^^^^
                  = did you mean always?

            """),
        voice(
            "rows that there are not", "only: test",
            """
            spec.yaml:5:46: voice.only: expected train, the rows that the stage is for, got "test"
                5 |   voice: {uses: audio.load, in: clips, only: test}
                  |                                              ^^^^

            """),
        voice(
            "only for a stage that makes something else", "only: train",
            """
            spec.yaml:5:46: voice: only: train passes other rows on as they are, and audio.load makes float32 (time) of media
                5 |   voice: {uses: audio.load, in: clips, only: train}
                  |                                              ^^^^^
                  = say it of stages that keep the element type and the axes

            """),
        Mistake(
            "a misspelt option", "audio.load, in: clips", "audio.load, in: clips, timout: 3s",
            """
            spec.yaml:5:40: voice: a stage has no key timout; it has in, uses, with, steps, branches, cases, default, only, keep, timeout, memory, threads
                5 |   voice: {uses: audio.load, in: clips, timout: 3s}
                  |                                        ^^^^^^
                  = did you mean timeout?

            """),
        Mistake(
            "only for a source", "with: {root: data}", "with: {root: data}, only: train",
            """
            spec.yaml:4:58: clips: only: train is for map stages, and ravdess.clips is of kind source
                4 |   clips: {uses: ravdess.clips, with: {root: data}, only: train}
                  |                                                          ^^^^^
                  = say it of the map stages alone

            """),
        Mistake(
            "only for a stage that joins", "in: curves}", "in: curves, only: train}",
            """
            spec.yaml:12:51: joined: only: train passes other rows on as they are, and tensor.concat takes a list of inputs
               12 |   joined: {uses: tensor.concat, in: curves, only: train}
                  |                                                   ^^^^^
                  = say it of stages with one input

            """),
        Mistake(
            "only for a stage in branches that makes something else", "in: variants}", "in: variants, only: train}",
            """
            spec.yaml:11:50: curves[raw]: only: train passes other rows on as they are, and audio.mfcc makes float32 (time, feature 20) of float32 (time)
               11 |   curves: {uses: audio.mfcc, in: variants, only: train}
                  |                                                  ^^^^^
                  = say it of stages that keep the element type and the axes

            """),
        Mistake(
            "only in a branch", "{uses: audio.add_noise}",
            "{only: train, steps: [{uses: audio.add_noise}, {uses: audio.features, with: {features: [rms]}}]}",
            """
            spec.yaml:9:21: variants.noise.features: only: train is for map stages, and audio.features is of kind composite
                9 |       noise: {only: train, steps: [{uses: audio.add_noise}, {uses: audio.features, with: {features: [rms]}}]}
                  |                     ^^^^^
                  = say it of the map stages alone

            spec.yaml:11:34: curves[noise].in: expected a tensor along (time), but variants[noise] gives float32 (time, feature 20)
               11 |   curves: {uses: audio.mfcc, in: variants}
                  |                                  ^^^^^^^^

            """),
        Mistake(
            "a time of a source", "with: {root: data}", "with: {root: data}, timeout: 3s",
            """
            spec.yaml:4:61: clips.timeout: timeout limits each sample of a map stage, and ravdess.clips is of kind source
                4 |   clips: {uses: ravdess.clips, with: {root: data}, timeout: 3s}
                  |                                                             ^^
                  = leave it out, or say it of a map stage

            """),
        Mistake(
            "limits of a chain without maps", "joined: {uses: tensor.concat, in: curves}",
            """
            joined: {uses: tensor.concat, in: curves}
              ends: {in: joined, timeout: 3s, memory: 3MB, steps: [{uses: scale.standard}, {as: again, uses: scale.standard}]}
            """,
            """
            spec.yaml:13:31: ends.timeout: timeout limits each sample of a map stage, and scale.standard is of kind fitted
               13 |   ends: {in: joined, timeout: 3s, memory: 3MB, steps: [{uses: scale.standard}, {as: again, uses: scale.standard}]}
                  |                               ^^
                  = leave it out, or say it of a map stage

            spec.yaml:13:43: ends.memory: memory limits each sample of a map stage, and scale.standard is of kind fitted
               13 |   ends: {in: joined, timeout: 3s, memory: 3MB, steps: [{uses: scale.standard}, {as: again, uses: scale.standard}]}
                  |                                           ^^^
                  = leave it out, or say it of a map stage

            """),
    ]

    @Test func onlyTrainNeedsASplit() {
        let told = errors(
            in: changed("{uses: audio.add_noise}", "{uses: audio.add_noise, only: train}", in: branched),
            catalogue: designCatalogue)
        #expect(
            told == """
                spec.yaml:9:44: split: only: train asks which rows are for training, and the spec has no split
                    9 |       noise: {uses: audio.add_noise, only: train}
                      |                                            ^^^^^
                      = add split: {uses: …}

                """)
    }

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        let told = errors(in: changed(mistake.old, mistake.new, in: branched) + split, catalogue: designCatalogue)
        #expect(told == mistake.message)
    }
}
