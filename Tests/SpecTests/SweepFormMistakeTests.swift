// Mistakes in the forms of a sweep other than `grid`, and in how forms and blocks stand together.

import Testing

@testable import Spec

@Suite struct SweepFormMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "an unknown form",
            "target: emotion",
            "target: emotion\nsweep: {grib: {}, grid: {seed: [1]}}",
            """
            spec.yaml:16:9: sweep: a sweep has no key grib; it has grid, zip, points, random, where
               16 | sweep: {grib: {}, grid: {seed: [1]}}
                  |         ^^^^
                  = did you mean grid?

            """),
        Mistake(
            "what is no sweep",
            "target: emotion",
            "target: emotion\nsweep: [3, {grid: {seed: [1]}}]",
            """
            spec.yaml:16:9: sweep: expected a map with grid, zip, points or random, got the int 3
               16 | sweep: [3, {grid: {seed: [1]}}]
                  |         ^

            """),
        Mistake(
            "an empty list",
            "target: emotion",
            "target: emotion\nsweep: []",
            """
            spec.yaml:16:8: sweep: expected at least one block
               16 | sweep: []
                  |        ^^
                  = add - grid: {…}

            """),
        Mistake(
            "lists of a zip that are not equally long",
            "target: emotion",
            "target: emotion\nsweep: {zip: {seed: [1, 2], mfcc.hop: [1, 2, 3]}}",
            """
            spec.yaml:16:39: mfcc.hop: expected as many values as seed has, 2, got 3
               16 | sweep: {zip: {seed: [1, 2], mfcc.hop: [1, 2, 3]}}
                  |                                       ^^^^^^^^^
                  = the lists of a zip go in step

            """),
        Mistake(
            "a zip of what is no list",
            "target: emotion",
            "target: emotion\nsweep: {zip: {seed: 1}}",
            """
            spec.yaml:16:21: seed: expected a list of values, or a map of labels to values, got the int 1
               16 | sweep: {zip: {seed: 1}}
                  |                     ^

            """),
        Mistake(
            "no points",
            "target: emotion",
            "target: emotion\nsweep: {points: []}",
            """
            spec.yaml:16:17: sweep.points: expected a list of maps of addresses to values, got a list of 0
               16 | sweep: {points: []}
                  |                 ^^
                  = a point of the list is {address: value, …}

            """),
        Mistake(
            "points that are no maps",
            "target: emotion",
            "target: emotion\nsweep: {points: {seed: 1}}",
            """
            spec.yaml:16:17: sweep.points: expected a list of maps of addresses to values, got a map of 1
               16 | sweep: {points: {seed: 1}}
                  |                 ^^^^^^^^^
                  = a point of the list is {address: value, …}

            """),
        Mistake(
            "a point that is no map",
            "target: emotion",
            "target: emotion\nsweep: {points: [{seed: 1}, 2]}",
            """
            spec.yaml:16:29: sweep.points: expected a map of addresses to values, got the int 2
               16 | sweep: {points: [{seed: 1}, 2]}
                  |                             ^

            """),
        Mistake(
            "a point of nothing that there is",
            "target: emotion",
            "target: emotion\nsweep: {points: [{mfcc.n_mfc: 1}]}",
            """
            spec.yaml:16:19: sweep.points: mfcc.n_mfc names nothing: mfcc has no n_mfc; its parameters are n_mfcc, hop, lowest
               16 | sweep: {points: [{mfcc.n_mfc: 1}]}
                  |                   ^^^^^^^^^^
                  = did you mean mfcc.n_mfcc?

            """),
        Mistake(
            "a random block without n",
            "target: emotion",
            "target: emotion\nsweep: {random: {seed: 1, mfcc.n_mfcc: {int: [1, 2]}}}",
            """
            spec.yaml:16:9: sweep.random: n is missing: how many points are drawn
               16 | sweep: {random: {seed: 1, mfcc.n_mfcc: {int: [1, 2]}}}
                  |         ^^^^^^
                  = add n: an int of at least 1

            """),
        Mistake(
            "an n of 0, a seed of text",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 0, seed: x, mfcc.n_mfcc: {int: [1, 2]}}}",
            """
            spec.yaml:16:21: sweep.random.n: expected an int of at least 1 and at most 100000, got the int 0
               16 | sweep: {random: {n: 0, seed: x, mfcc.n_mfcc: {int: [1, 2]}}}
                  |                     ^

            spec.yaml:16:30: sweep.random.seed: expected an int, got "x"
               16 | sweep: {random: {n: 0, seed: x, mfcc.n_mfcc: {int: [1, 2]}}}
                  |                              ^
                  = this seed is that of the draws; to sweep the seed of the spec, list it in a grid

            """),
        Mistake(
            "an n of too many",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 100001, mfcc.n_mfcc: {int: [1, 2]}}}",
            """
            spec.yaml:16:21: sweep.random.n: expected an int of at least 1 and at most 100000, got the int 100001
               16 | sweep: {random: {n: 100001, mfcc.n_mfcc: {int: [1, 2]}}}
                  |                     ^^^^^^

            """),
        Mistake(
            "a random block of nothing",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 3}}",
            """
            spec.yaml:16:9: sweep.random: nothing is drawn
               16 | sweep: {random: {n: 3}}
                  |         ^^^^^^
                  = add an address with uniform, log_uniform, int or choice

            """),
        Mistake(
            "ranges that are wrong",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [5, 1]}, mfcc.hop: {log_uniform: [0, 3]}, seed2: {int: [1, 2]}, mfcc.lowest: {int: [1, 2.5]}}}",
            """
            spec.yaml:16:47: mfcc.n_mfcc: expected the smaller end first, got [5, 1]
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [5, 1]}, mfcc.hop: {log_uniform: [0, 3]}, seed2: {int: [1, 2]}, mfcc.lowest: {int: [1, 2.5]}}}
                  |                                               ^^^^^^
                  = write [1, 5]

            spec.yaml:16:81: mfcc.hop: expected a number above 0, got the int 0
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [5, 1]}, mfcc.hop: {log_uniform: [0, 3]}, seed2: {int: [1, 2]}, mfcc.lowest: {int: [1, 2.5]}}}
                  |                                                                                 ^

            spec.yaml:16:89: sweep.random: seed2 names nothing: there is no stage seed2; there are clips, voice, mfcc, flat, classifier, scores
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [5, 1]}, mfcc.hop: {log_uniform: [0, 3]}, seed2: {int: [1, 2]}, mfcc.lowest: {int: [1, 2.5]}}}
                  |                                                                                         ^^^^^
                  = did you mean seed?

            spec.yaml:16:134: mfcc.lowest: expected an int, got the number 2.5
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [5, 1]}, mfcc.hop: {log_uniform: [0, 3]}, seed2: {int: [1, 2]}, mfcc.lowest: {int: [1, 2.5]}}}
                  |                                                                                                                                      ^^^

            """),
        Mistake(
            "distributions that are wrong",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 3, mfcc.n_mfcc: {unifrom: [1, 5]}, mfcc.hop: {int: 3}, mfcc.lowest: [1, 2], classifier: {choice: []}}}",
            """
            spec.yaml:16:38: mfcc.n_mfcc: expected one of uniform, log_uniform, int, choice, got unifrom
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {unifrom: [1, 5]}, mfcc.hop: {int: 3}, mfcc.lowest: [1, 2], classifier: {choice: []}}}
                  |                                      ^^^^^^^
                  = did you mean uniform?

            spec.yaml:16:72: mfcc.hop: expected the two ends of a range, got the int 3
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {unifrom: [1, 5]}, mfcc.hop: {int: 3}, mfcc.lowest: [1, 2], classifier: {choice: []}}}
                  |                                                                        ^
                  = write [low, high]

            spec.yaml:16:89: mfcc.lowest: expected one of uniform, log_uniform, int, choice with its range, got a list of 2
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {unifrom: [1, 5]}, mfcc.hop: {int: 3}, mfcc.lowest: [1, 2], classifier: {choice: []}}}
                  |                                                                                         ^^^^^^
                  = as {uniform: [0, 1]}

            spec.yaml:16:118: classifier: expected a list of values, or a map of labels to values, got a list of 0
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {unifrom: [1, 5]}, mfcc.hop: {int: 3}, mfcc.lowest: [1, 2], classifier: {choice: []}}}
                  |                                                                                                                      ^^

            """),
        Mistake(
            "a range that is too wide",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 3, seed: 1, classifier.svm.C: {int: [-1, 9223372036854775807]}}}",
            """
            spec.yaml:16:57: classifier.svm.C: the range is wider than 64 bits
               16 | sweep: {random: {n: 3, seed: 1, classifier.svm.C: {int: [-1, 9223372036854775807]}}}
                  |                                                         ^^^^^^^^^^^^^^^^^^^^^^^^^

            """),
        Mistake(
            "draws that cannot be",
            "target: emotion",
            "target: emotion\nsweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [1, 5]}, classifier: {choice: [svm, mpl]}, classifier.svm.C: {uniform: [0, 3]}}}",
            """
            spec.yaml:16:47: mfcc.n_mfcc: expected an int of at least 1, got the number 3.2468969070266933
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [1, 5]}, classifier: {choice: [svm, mpl]}, classifier.svm.C: {uniform: [0, 3]}}}
                  |                                               ^^^^^^

            spec.yaml:16:83: classifier: expected one of the cases svm, mlp, got "mpl"
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [1, 5]}, classifier: {choice: [svm, mpl]}, classifier.svm.C: {uniform: [0, 3]}}}
                  |                                                                                   ^^^
                  = did you mean mlp?

            spec.yaml:16:119: classifier.svm.C: expected a number above 0, got the int 0
               16 | sweep: {random: {n: 3, mfcc.n_mfcc: {uniform: [1, 5]}, classifier: {choice: [svm, mpl]}, classifier.svm.C: {uniform: [0, 3]}}}
                  |                                                                                                                       ^

            """),
        Mistake(
            "a case that there is not",
            "target: emotion",
            "target: emotion\nsweep: {points: [{classifier: svm}, {classifier: forest}]}",
            """
            spec.yaml:16:50: classifier: expected one of the cases svm, mlp, got "forest"
               16 | sweep: {points: [{classifier: svm}, {classifier: forest}]}
                  |                                                  ^^^^^^

            """),
        Mistake(
            "an address twice in one block",
            "target: emotion",
            "target: emotion\nsweep: {grid: {seed: [1], mfcc.hop: [1]}, zip: {mfcc.hop: [1]}, random: {n: 1, mfcc.hop: {int: [1, 2]}}}",
            """
            spec.yaml:16:49: sweep.zip: mfcc.hop is swept already in this block
               16 | sweep: {grid: {seed: [1], mfcc.hop: [1]}, zip: {mfcc.hop: [1]}, random: {n: 1, mfcc.hop: {int: [1, 2]}}}
                  |                                                 ^^^^^^^^
                  = keep one of them

            spec.yaml:16:80: sweep.random: mfcc.hop is swept already in this block
               16 | sweep: {grid: {seed: [1], mfcc.hop: [1]}, zip: {mfcc.hop: [1]}, random: {n: 1, mfcc.hop: {int: [1, 2]}}}
                  |                                                                                ^^^^^^^^
                  = keep one of them

            """),
        Mistake(
            "values of later blocks",
            "target: emotion",
            "target: emotion\nsweep: [{grid: {seed: [1]}}, {zip: {mfcc.n_mfcc: [0, 5, x], mfcc.hop: [1, 9999, 3]}}]",
            """
            spec.yaml:16:51: mfcc.n_mfcc: expected an int of at least 1, got the int 0
               16 | sweep: [{grid: {seed: [1]}}, {zip: {mfcc.n_mfcc: [0, 5, x], mfcc.hop: [1, 9999, 3]}}]
                  |                                                   ^

            spec.yaml:16:57: mfcc.n_mfcc: expected an int of at least 1, got "x"
               16 | sweep: [{grid: {seed: [1]}}, {zip: {mfcc.n_mfcc: [0, 5, x], mfcc.hop: [1, 9999, 3]}}]
                  |                                                         ^

            spec.yaml:16:75: mfcc.hop: a hop above 4096 skips sound
               16 | sweep: [{grid: {seed: [1]}}, {zip: {mfcc.n_mfcc: [0, 5, x], mfcc.hop: [1, 9999, 3]}}]
                  |                                                                           ^^^^
                  = take 4096 or less

            """),
        Mistake(
            "a where beside one of several blocks",
            "target: emotion",
            "target: emotion\nsweep: [{grid: {seed: [1]}, where: seed > 0}, {grid: {seed: [2]}}]",
            """
            spec.yaml:16:29: sweep: where is for the whole sweep, and this is one block of 2
               16 | sweep: [{grid: {seed: [1]}, where: seed > 0}, {grid: {seed: [2]}}]
                  |                             ^^^^^
                  = write it as an entry of its own: - where: …

            """),
        Mistake(
            "two wheres",
            "target: emotion",
            "target: emotion\nsweep: [{grid: {seed: [1]}}, {where: seed > 0}, {where: seed < 2}]",
            """
            spec.yaml:16:50: sweep: a sweep has one where
               16 | sweep: [{grid: {seed: [1]}}, {where: seed > 0}, {where: seed < 2}]
                  |                                                  ^^^^^
                  = join them with and

            """),
        Mistake(
            "more combinations than can be meant",
            "target: emotion",
            "target: emotion\nsweep: [{grid: {seed: [1, 2]}, random: {n: 100000, mfcc.hop: {int: [0, 9]}}},\n  {grid: {seed: [1, 2, 3, 4, 5, 6, 7, 8, 9]}, random: {n: 100000, mfcc.lowest: {uniform: [0, 1]}}}]",
            """
            spec.yaml:16:1: sweep: expected a sweep of at most 1000000 combinations, got 1100000
               16 | sweep: [{grid: {seed: [1, 2]}, random: {n: 100000, mfcc.hop: {int: [0, 9]}}},
                  | ^^^^^
                  = sweep fewer values, draw them (random: {n: …}), or give what a case needs a block of its own: - grid: {…}

            spec.yaml:16:69: mfcc.hop: expected an int of at least 1, got the int 0
               16 | sweep: [{grid: {seed: [1, 2]}, random: {n: 100000, mfcc.hop: {int: [0, 9]}}},
                  |                                                                     ^

            """),
        Mistake(
            "where beside a mistake",
            "target: emotion",
            "target: emotion\nsweep: {grid: {seed: [1], mfcc.n_mfcc: 3}, where: seed > 0}",
            """
            spec.yaml:16:40: mfcc.n_mfcc: expected a list of values, or a map of labels to values, got the int 3
               16 | sweep: {grid: {seed: [1], mfcc.n_mfcc: 3}, where: seed > 0}
                  |                                        ^

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }

    @Test func aProductThatCannotBeCountedIsToldAtOnce() {
        let values = "[" + (1...1000).map(String.init).joined(separator: ", ") + "]"
        let addresses = [
            "mfcc.n_mfcc", "mfcc.hop", "mfcc.lowest", "seed", "classifier.svm.C", "classifier.mlp.alpha",
            "split.n_splits",
        ]
        let told = errors(in: swept("{grid: {" + addresses.map { "\($0): \(values)" }.joined(separator: ", ") + "}}"))
        #expect(
            told.hasPrefix(
                "spec.yaml:16:1: sweep: expected a sweep of at most 1000000 combinations, got more than can be counted")
        )
    }

    @Test func aSweepBesideNoStagesIsNoFurtherMistake() {
        #expect(
            errors(in: "martlet: 1\nname: bare\nstages: {}\nsweep: {grid: {mfcc.hop: [1]}}") == """
                spec.yaml:3:9: stages: expected a map of names to stages, got a map of 0
                    3 | stages: {}
                      |         ^^

                """)
    }
}
