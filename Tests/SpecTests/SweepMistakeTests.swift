// Sweeps: addresses that name nothing, values that cannot be.

import Testing

@testable import Spec

@Suite struct SweepMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "addresses that name nothing",
            "target: emotion",
            "target: emotion\nsweep:\n  grid:\n    mfcc.n_mfc: [1]\n    hug.x: [2]\n    classifier.svn.C: [1]\n    params.x: [1]\n    mfcc: [1]\n    classifier.mlp.hidden_layer_sizes.0: [1]",
            """
            spec.yaml:18:5: sweep.grid: mfcc.n_mfc names nothing: mfcc has no n_mfc; its parameters are n_mfcc, hop, lowest
               18 |     mfcc.n_mfc: [1]
                  |     ^^^^^^^^^^
                  = did you mean mfcc.n_mfcc?

            spec.yaml:19:5: sweep.grid: hug.x names nothing: there is no stage hug; there are clips, voice, mfcc, flat, classifier, scores
               19 |     hug.x: [2]
                  |     ^^^^^

            spec.yaml:20:5: sweep.grid: classifier.svn.C names nothing: classifier has no svn; its cases are svm, mlp
               20 |     classifier.svn.C: [1]
                  |     ^^^^^^^^^^^^^^^^
                  = did you mean classifier.svm.C?

            spec.yaml:21:5: sweep.grid: params.x names nothing: the spec has no params
               21 |     params.x: [1]
                  |     ^^^^^^^^

            spec.yaml:22:5: sweep.grid: mfcc names a stage, not a value
               22 |     mfcc: [1]
                  |     ^^^^
                  = name a parameter: mfcc.n_mfcc, mfcc.hop, mfcc.lowest

            spec.yaml:23:5: sweep.grid: classifier.mlp.hidden_layer_sizes.0 names nothing: classifier.mlp.hidden_layer_sizes has nothing inside
               23 |     classifier.mlp.hidden_layer_sizes.0: [1]
                  |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

            """),
        Mistake(
            "one value",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: 3}}",
            """
            spec.yaml:16:29: mfcc.n_mfcc: expected a list of values, or a map of labels to values, got the int 3
               16 | sweep: {grid: {mfcc.n_mfcc: 3}}
                  |                             ^

            """),
        Mistake(
            "no values",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: []}}",
            """
            spec.yaml:16:29: mfcc.n_mfcc: expected a list of values, or a map of labels to values, got a list of 0
               16 | sweep: {grid: {mfcc.n_mfcc: []}}
                  |                             ^^

            """),
        Mistake(
            "later values are checked too",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [3, 0, x], classifier: [svm, mpl]}}",
            """
            spec.yaml:16:33: mfcc.n_mfcc: expected an int of at least 1, got the int 0
               16 | sweep: {grid: {mfcc.n_mfcc: [3, 0, x], classifier: [svm, mpl]}}
                  |                                 ^

            spec.yaml:16:36: mfcc.n_mfcc: expected an int of at least 1, got "x"
               16 | sweep: {grid: {mfcc.n_mfcc: [3, 0, x], classifier: [svm, mpl]}}
                  |                                    ^

            spec.yaml:16:58: classifier: expected one of the cases svm, mlp, got "mpl"
               16 | sweep: {grid: {mfcc.n_mfcc: [3, 0, x], classifier: [svm, mpl]}}
                  |                                                          ^^^
                  = did you mean mlp?

            """),
        Mistake(
            "values of a case that is not picked first",
            "target: emotion",
            "target: emotion\nsweep: {grid: {classifier: [svm, mlp], classifier.mlp.alpha: [-1, 0, 1/3]}}",
            """
            spec.yaml:16:63: classifier.mlp.alpha: expected a number of at least 0, got the int -1
               16 | sweep: {grid: {classifier: [svm, mlp], classifier.mlp.alpha: [-1, 0, 1/3]}}
                  |                                                               ^^

            """),
        Mistake(
            "what cannot be swept",
            "target: emotion",
            "target: emotion\nsweep: {grid: {name: [a]}}",
            """
            spec.yaml:16:16: sweep.grid: name cannot be swept
               16 | sweep: {grid: {name: [a]}}
                  |                ^^^^

            """),
        Mistake(
            "one inside the other",
            "n_splits: 3}}",
            "n_splits: 3}}\nparams: {a: {b: 1}}\nsweep: {grid: {params.a: [{b: 2}], params.a.b: [1]}}",
            """
            spec.yaml:19:36: sweep.grid: params.a.b and params.a name the same value, or one lies in the other
               19 | sweep: {grid: {params.a: [{b: 2}], params.a.b: [1]}}
                  |                                    ^^^^^^^^^^

            """),
        Mistake(
            "a swept value of a swept parameter",
            "n_splits: 3}}",
            "n_splits: 3}}\nparams: {n: 4}\nsweep: {grid: {params.n: [1, 2], mfcc.n_mfcc: [3, \"${n}\"]}}",
            """
            spec.yaml:19:51: mfcc.n_mfcc: a swept value cannot use params.n, which is swept itself
               19 | sweep: {grid: {params.n: [1, 2], mfcc.n_mfcc: [3, "${n}"]}}
                  |                                                   ^^^^^^

            """),
        Mistake(
            "a draw of a swept parameter",
            "n_splits: 3}}",
            "n_splits: 3}}\nparams: {n: 4}\nsweep: {grid: {params.n: [1, 2]}, random: {n: 2, mfcc.n_mfcc: {int: [1, \"${n}\"]}}}",
            """
            spec.yaml:19:63: mfcc.n_mfcc: a swept value cannot use params.n, which is swept itself
               19 | sweep: {grid: {params.n: [1, 2]}, random: {n: 2, mfcc.n_mfcc: {int: [1, "${n}"]}}}
                  |                                                               ^^^^^^^^^^^^^^^^^^

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }
}
