// Keys of the spec and of stages: unknown, missing, misplaced, not yet there.

import Testing

@testable import Spec

@Suite struct KeyMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "an unknown key",
            "target: emotion",
            "target: emotion\ncolour: red",
            """
            spec.yaml:16:1: a spec has no key colour; it has martlet, name, description, seed, params, stages, target, group, split, repeats, sweep, predictions, include
               16 | colour: red
                  | ^^^^^^

            """),
        Mistake(
            "a misspelt key is not missed as well",
            "target: emotion",
            "targt: emotion",
            """
            spec.yaml:15:1: a spec has no key targt; it has martlet, name, description, seed, params, stages, target, group, split, repeats, sweep, predictions, include
               15 | targt: emotion
                  | ^^^^^
                  = did you mean target?

            """),
        Mistake(
            "a key of a later version",
            "target: emotion",
            "target: emotion\ntune: {}",
            """
            spec.yaml:16:1: tune comes with a later version
               16 | tune: {}
                  | ^^^^
                  = leave it out for now

            """),
        Mistake(
            "a misspelt key of a stage is not missed as well",
            "in: clips}",
            "inn: clips}",
            """
            spec.yaml:5:29: voice: a stage has no key inn; it has in, uses, with, steps, branches, cases, default, only, keep, timeout, memory, threads
                5 |   voice: {uses: audio.load, inn: clips}
                  |                             ^^^
                  = did you mean in?

            """),
        Mistake(
            "a misspelt with does not make parameters missing",
            "with: {root: data}",
            "wiht: {root: data}",
            """
            spec.yaml:4:32: clips: a stage has no key wiht; it has in, uses, with, steps, branches, cases, default, only, keep, timeout, memory, threads
                4 |   clips: {uses: ravdess.clips, wiht: {root: data}}
                  |                                ^^^^
                  = did you mean with?

            """),
        Mistake(
            "a stage of two forms",
            "default: svm",
            "default: svm\n    uses: classify.svm",
            """
            spec.yaml:10:5: classifier: uses and cases cannot stand together
               10 |     cases:
                  |     ^^^^^
                  = a stage has one of uses, steps, branches, cases

            """),
        Mistake(
            "a stage of no form",
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {in: mfcc}",
            """
            spec.yaml:7:3: flat: expected one of uses, steps, branches, cases
                7 |   flat: {in: mfcc}
                  |   ^^^^
                  = add uses: the name of a stage type

            """),
        Mistake(
            "a stage that is no map",
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: 3",
            """
            spec.yaml:7:9: flat: expected a map with uses, in and with, got the int 3
                7 |   flat: 3
                  |         ^

            """),
        Mistake(
            "a stage that is empty",
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat:",
            """
            spec.yaml:7:3: flat: expected a map with uses, in and with, got null
                7 |   flat:
                  |   ^^^^

            """),
        Mistake(
            "no name",
            "name: plain",
            "description: x",
            """
            spec.yaml:1:1: name is missing
                1 | martlet: 1
                  | ^
                  = add name: what the results are called

            """),
        Mistake(
            "a name that no folder can have",
            "name: plain",
            "name: a/b",
            """
            spec.yaml:2:7: name: expected a name of letters, digits, - and _, got "a/b"
                2 | name: a/b
                  |       ^^^

            """),
        Mistake(
            "another version",
            "martlet: 1",
            "martlet: 2",
            """
            spec.yaml:1:10: martlet: this program reads version 1 of the spec's language, got the int 2
                1 | martlet: 2
                  |          ^

            """),
        Mistake(
            "no version",
            "martlet: 1\n",
            "",
            """
            spec.yaml:1:1: martlet is missing: the version of the spec's language
                1 | name: plain
                  | ^
                  = begin with martlet: 1

            """),
        Mistake(
            "a name that is an address",
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat: {uses: tensor.flatten, in: mfcc}\n  seed: {uses: tensor.flatten, in: mfcc}",
            """
            spec.yaml:8:3: a stage cannot be called seed: that is the address of something else
                8 |   seed: {uses: tensor.flatten, in: mfcc}
                  |   ^^^^
                  = call it otherwise

            """),
        Mistake(
            "values of the wrong type at the top",
            "target: emotion",
            "target: emotion\nseed: seven\nrepeats: 0\npredictions: some",
            """
            spec.yaml:16:7: seed: expected an int, got "seven"
               16 | seed: seven
                  |       ^^^^^

            spec.yaml:17:10: repeats: expected an int of at least 1 and at most 100000, got the int 0
               17 | repeats: 0
                  |          ^

            spec.yaml:18:14: predictions: expected all or none, got "some"
               18 | predictions: some
                  |              ^^^^

            """),
        Mistake(
            "a case that is none",
            "default: svm",
            "default: svn",
            """
            spec.yaml:13:14: classifier: expected one of the cases svm, mlp, got "svn"
               13 |     default: svn
                  |              ^^^
                  = did you mean svm?

            """),
        Mistake(
            "no case picked",
            "    default: svm\n",
            "",
            """
            spec.yaml:10:5: classifier: no case is picked
               10 |     cases:
                  |     ^^^^^
                  = add default: one of svm, mlp

            """),
        Mistake(
            "steps that share a name, and one with an input",
            "flat: {uses: tensor.flatten, in: mfcc}",
            "flat:\n    in: mfcc\n    steps:\n      - {uses: tensor.flatten}\n      - {uses: tensor.flatten}\n      - {uses: tensor.flatten, as: x, in: mfcc}",
            """
            spec.yaml:11:16: flat: two steps are called flatten
               11 |       - {uses: tensor.flatten}
                  |                ^^^^^^^^^^^^^^
                  = name this one otherwise: as: …

            spec.yaml:12:39: flat.x: a step takes what the step before it gives
               12 |       - {uses: tensor.flatten, as: x, in: mfcc}
                  |                                       ^^
                  = in stands beside steps; a stage with other inputs is a stage of its own

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }
}
