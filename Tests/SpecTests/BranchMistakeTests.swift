// Branch sets that are empty, never joined, do not fit each other, or are not written as they should be.

import Testing

@testable import Spec

/// A spec with a branch set in which everything is right.
let branched = """
    martlet: 1
    name: branched
    stages:
      clips: {uses: ravdess.clips, with: {root: data}}
      voice: {uses: audio.load, in: clips}
      variants:
        in: voice
        branches:
          noise: {uses: audio.add_noise}
          raw: {}
      curves: {uses: audio.mfcc, in: variants}
      joined: {uses: tensor.concat, in: curves}

    """

@Suite struct BranchMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "a set without branches", "\n      noise: {uses: audio.add_noise}\n      raw: {}", " {}",
            """
            spec.yaml:8:15: variants: expected a map of names to branches, at least one, got a map of 0
                8 |     branches: {}
                  |               ^^

            """),
        Mistake(
            "branches that are no map", "\n      noise: {uses: audio.add_noise}\n      raw: {}", " [noise, raw]",
            """
            spec.yaml:8:15: variants: expected a map of names to branches, at least one, got a list of 2
                8 |     branches: [noise, raw]
                  |               ^^^^^^^^^^^^

            """),
        Mistake(
            "a branch without anything", "raw: {}", "raw:",
            """
            spec.yaml:10:7: variants.raw: expected a map with uses and with, or {} to pass the input on, got null
               10 |       raw:
                  |       ^^^

            """),
        Mistake(
            "a branch of no form", "raw: {}", "raw: {keep: always}",
            """
            spec.yaml:10:7: variants.raw: expected one of uses, steps, branches, cases
               10 |       raw: {keep: always}
                  |       ^^^
                  = add uses: the name of a stage type, or write {} to pass the input on as it is

            """),
        Mistake(
            "a branch that is no map", "raw: {}", "raw: voice",
            """
            spec.yaml:10:12: variants.raw: expected a map with uses and with, or {} to pass the input on, got "voice"
               10 |       raw: voice
                  |            ^^^^^

            """),
        Mistake(
            "a branch's name", "raw: {}", "a b: {}",
            """
            spec.yaml:10:7: variants: expected a name of letters, digits, - and _, got "a b"
               10 |       a b: {}
                  |       ^^^

            """),
        Mistake(
            "no branch with a name", "noise: {uses: audio.add_noise}\n      raw: {}", "a b: {}",
            """
            spec.yaml:9:7: variants: expected a name of letters, digits, - and _, got "a b"
                9 |       a b: {}
                  |       ^^^

            """),
        Mistake(
            "an unknown key", "{uses: audio.add_noise}", "{uss: audio.add_noise}",
            """
            spec.yaml:9:15: variants.noise: a branch has no key uss; it has uses, with, steps, branches, cases, default, only, keep, timeout, memory, threads
                9 |       noise: {uss: audio.add_noise}
                  |               ^^^
                  = did you mean uses?

            """),
        Mistake(
            "an input of a branch", "{uses: audio.add_noise}", "{uses: audio.add_noise, in: voice}",
            """
            spec.yaml:9:38: variants.noise: a branch takes what all branches take
                9 |       noise: {uses: audio.add_noise, in: voice}
                  |                                      ^^
                  = in stands beside branches; a stage with other inputs is a stage of its own

            """),
        Mistake(
            "with beside branches", "    in: voice\n", "    in: voice\n    with: {a: 1}\n",
            """
            spec.yaml:8:5: variants: with belongs to a stage type, and there is no uses beside it
                8 |     with: {a: 1}
                  |     ^^^^
                  = write with into the branches

            """),
        Mistake(
            "two forms", "    in: voice\n", "    in: voice\n    uses: audio.load\n",
            """
            spec.yaml:9:5: variants: uses and branches cannot stand together
                9 |     branches:
                  |     ^^^^^^^^
                  = a stage has one of uses, steps, branches, cases

            """),
        Mistake(
            "nothing to pass on", "    in: voice\n", "",
            """
            spec.yaml:8:21: variants.noise: audio.add_noise takes one input, and there is no in
                8 |       noise: {uses: audio.add_noise}
                  |                     ^^^^^^^^^^^^^^^
                  = add in: the name of a stage

            spec.yaml:9:7: variants.raw: raw passes its input on, and there is no in
                9 |       raw: {}
                  |       ^^^
                  = add in: the name of a stage, beside branches

            """),
        Mistake(
            "several things to pass on", "    in: voice\n", "    in: [voice, voice]\n",
            """
            spec.yaml:7:9: variants.noise.in: audio.add_noise takes one input, and got 2
                7 |     in: [voice, voice]
                  |         ^^^^^^^^^^^^^^

            spec.yaml:10:7: variants.raw: raw passes one input on, and in names 2
               10 |       raw: {}
                  |       ^^^
                  = say with uses what becomes of them

            """),
        Mistake(
            "a set that nothing joins", "  joined: {uses: tensor.concat, in: curves}\n", "",
            """
            spec.yaml:11:3: curves: it comes once a branch of variants (noise, raw), and nothing joins them
               11 |   curves: {uses: audio.mfcc, in: variants}
                  |   ^^^^^^
                  = join them behind it: samples.stack or tensor.concat

            """),
        Mistake(
            "a set that reaches a report", "joined: {uses: tensor.concat, in: curves}",
            """
            flat: {uses: tensor.flatten, in: curves}
              classifier: {uses: classify.svm, in: flat}
              scores: {uses: evaluate.classification, in: classifier}
            target: emotion
            split: {uses: split.k_fold}
            """,
            """
            spec.yaml:14:47: scores.in: classifier comes once a branch of variants (noise, raw), and nothing has joined them
               14 |   scores: {uses: evaluate.classification, in: classifier}
                  |                                               ^^^^^^^^^^
                  = join them before the report: samples.stack or tensor.concat

            """),
        Mistake(
            "two sets that meet", "joined: {uses: tensor.concat, in: curves}",
            """
            others: {in: voice, branches: {slow: {uses: audio.time_stretch}, raw: {}}}
              curves_2: {uses: audio.mfcc, in: others}
              joined: {uses: tensor.concat, in: [curves, curves_2]}
            """,
            """
            spec.yaml:14:46: joined.in: different branch sets meet: curves comes once a branch of variants (noise, raw), and curves_2 once a branch of others (raw, slow)
               14 |   joined: {uses: tensor.concat, in: [curves, curves_2]}
                  |                                              ^^^^^^^^
                  = join them before they meet: samples.stack or tensor.concat

            """),
        Mistake(
            "a set that is left open in a branch", "raw: {}",
            "raw: {branches: {a: {}, b: {uses: audio.time_stretch}}}",
            """
            spec.yaml:10:7: variants.raw: the branches of variants.raw (a, b) are not joined in the branch in which they begin
               10 |       raw: {branches: {a: {}, b: {uses: audio.time_stretch}}}
                  |       ^^^
                  = join them at the end of the branch: samples.stack or tensor.concat

            """),
        Mistake(
            "sets that are left open in several branches", "raw: {}",
            "raw: {branches: {a: {}}}\n      slow: {branches: {a: {}}}\n      plain: {}",
            """
            spec.yaml:10:7: variants.raw: the branches of variants.raw (a) are not joined in the branch in which they begin
               10 |       raw: {branches: {a: {}}}
                  |       ^^^
                  = join them at the end of the branch: samples.stack or tensor.concat

            spec.yaml:11:7: variants.slow: the branches of variants.slow (a) are not joined in the branch in which they begin
               11 |       slow: {branches: {a: {}}}
                  |       ^^^^
                  = join them at the end of the branch: samples.stack or tensor.concat

            """),
        Mistake(
            "branches that close a set around them, or not", "joined: {uses: tensor.concat, in: curves}",
            """
            both: {in: curves, branches: {one: {uses: tensor.concat}, two: {uses: tensor.flatten}}}
              joined: {uses: tensor.concat, in: both}
            """,
            """
            spec.yaml:12:61: both.two: the branches of both give different branch sets: one once, and two once a branch of variants (noise, raw)
               12 |   both: {in: curves, branches: {one: {uses: tensor.concat}, two: {uses: tensor.flatten}}}
                  |                                                             ^^^
                  = join them in all of them, or in none: samples.stack or tensor.concat

            """),
        Mistake(
            "a branch whose values do not fit", "{uses: audio.add_noise}",
            "{steps: [{uses: audio.mfcc}, {uses: features.bspline}]}",
            """
            spec.yaml:11:34: curves[noise].in: expected a tensor along (time), but variants[noise] gives float32 (time, feature 20)
               11 |   curves: {uses: audio.mfcc, in: variants}
                  |                                  ^^^^^^^^

            """),
        Mistake(
            "what the stage itself says of a branch", "curves: {uses: audio.mfcc, in: variants}",
            """
            curves: {uses: audio.mfcc, in: variants}
              more: {in: curves, branches: {low: {uses: tensor.flatten}, high: {}}}
              less: {uses: tensor.concat, in: more, with: {axis: time}}
              least: {uses: tensor.concat, in: less}
            """,
            """
            spec.yaml:13:54: less[raw].axis: an input has no axis time
               13 |   less: {uses: tensor.concat, in: more, with: {axis: time}}
                  |                                                      ^^^^

            """),
        Mistake(
            "an input that is a branch", "in: curves}", "in: variants.noise}",
            """
            spec.yaml:12:37: joined.in: in takes whole stages, and variants.noise is inside of variants
               12 |   joined: {uses: tensor.concat, in: variants.noise}
                  |                                     ^^^^^^^^^^^^^^

            """),
        Mistake(
            "a branch that has no input", "noise: {uses: audio.add_noise}",
            "noise: {uses: ravdess.clips, with: {root: data}}",
            """
            spec.yaml:9:21: variants.noise.in: ravdess.clips takes no input
                9 |       noise: {uses: ravdess.clips, with: {root: data}}
                  |                     ^^^^^^^^^^^^^
                  = make it a stage of its own, or leave in out

            """),
        Mistake(
            "a ring through branches", "    in: voice\n", "    in: joined\n",
            """
            spec.yaml:11:34: curves.in: stages cannot wait for each other: curves takes variants, variants takes joined, joined takes curves
               11 |   curves: {uses: audio.mfcc, in: variants}
                  |                                  ^^^^^^^^

            """),
        Mistake(
            "two mistakes in one branch", "noise: {uses: audio.add_noise}",
            "noise: {uses: audio.ad_noise}\n      loud: {uses: audio.add_noise, with: {noise_factor: -1}}",
            """
            spec.yaml:9:21: variants.noise: there is no stage type audio.ad_noise
                9 |       noise: {uses: audio.ad_noise}
                  |                     ^^^^^^^^^^^^^^
                  = did you mean audio.add_noise?

            spec.yaml:10:58: variants.loud.noise_factor: expected a number of at least 0, got the int -1
               10 |       loud: {uses: audio.add_noise, with: {noise_factor: -1}}
                  |                                                          ^^

            """),
        Mistake(
            "sweeping what is no value", "\n  joined: {uses: tensor.concat, in: curves}\n",
            """

              joined: {uses: tensor.concat, in: curves}
            sweep:
              grid:
                variants: [1]
                variants.raw.x: [1]
                variants.nois.noise_factor: [1]
                variants.noise.noise_factr: [1]
                curves[noise].n_mfcc: [1]

            """,
            """
            spec.yaml:15:5: sweep.grid: variants names a set of branches, not a value
               15 |     variants: [1]
                  |     ^^^^^^^^
                  = name a value of one: variants.noise.…, variants.raw.…

            spec.yaml:16:5: sweep.grid: variants.raw.x names nothing: variants.raw passes its input on and has no parameters
               16 |     variants.raw.x: [1]
                  |     ^^^^^^^^^^^^^^

            spec.yaml:17:5: sweep.grid: variants.nois.noise_factor names nothing: variants has no nois; its branches are noise, raw
               17 |     variants.nois.noise_factor: [1]
                  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^
                  = did you mean variants.noise.noise_factor?

            spec.yaml:18:5: sweep.grid: variants.noise.noise_factr names nothing: variants.noise has no noise_factr; its parameters are noise_factor
               18 |     variants.noise.noise_factr: [1]
                  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^
                  = did you mean variants.noise.noise_factor?

            spec.yaml:19:5: sweep.grid: curves[noise].n_mfcc names nothing: a stage has the same parameters in all branches
               19 |     curves[noise].n_mfcc: [1]
                  |     ^^^^^^^^^^^^^^^^^^^^
                  = write curves.n_mfcc

            """),
    ]

    @Test func setsThatMultiplyBeyondReasonAreTold() {
        var text = branched
        let branches = (0..<30).map { "b\($0): {}" }.joined(separator: ", ")
        for level in 0..<4 {
            text += "  set\(level): {in: \(level == 0 ? "voice" : "set\(level - 1)"), branches: {\(branches)}}\n"
        }
        let told = errors(in: text, catalogue: designCatalogue)
        #expect(told.hasPrefix("spec.yaml:15:3: set2: the branches multiply to more than 10000 stages\n"))
        #expect(told.split(separator: "spec.yaml").count == 1)
    }

    @Test func aJoinOfMoreThanReasonIsTold() {
        let branches = (0..<1900).map { "b\($0): {}" }.joined(separator: ", ")
        let names = [String](repeating: "wide", count: 60).joined(separator: ", ")
        let text =
            branched + "  wide: {in: voice, branches: {\(branches)}}\n  all: {uses: tensor.concat, in: [\(names)]}\n"
        #expect(
            errors(in: text, catalogue: designCatalogue)
                .hasPrefix("spec.yaml:14:3: all: the branches multiply to more than 100000 inputs\n"))
    }

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        let told = errors(in: changed(mistake.old, mistake.new, in: branched), catalogue: designCatalogue)
        #expect(told == mistake.message)
    }
}
