// Connections: names, ports, cycles, what values are, and who may read the target.

import Testing

@testable import Spec

@Suite struct GraphMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "a stage that is none",
            "in: flat\n",
            "in: falt\n",
            """
            spec.yaml:9:9: classifier.in: there is no stage falt; there are classifier, clips, flat, mfcc, scores, voice
                9 |     in: falt
                  |         ^^^^
                  = did you mean flat?

            """),
        Mistake(
            "a step from outside",
            "in: flat\n",
            "in: flat.x\n",
            """
            spec.yaml:9:9: classifier.in: in takes whole stages, and flat.x is inside of flat
                9 |     in: flat.x
                  |         ^^^^^^
                  = did you mean flat?

            """),
        Mistake(
            "no input",
            "uses: audio.load, in: clips",
            "uses: audio.load",
            """
            spec.yaml:5:17: voice: audio.load takes one input, and there is no in
                5 |   voice: {uses: audio.load}
                  |                 ^^^^^^^^^^
                  = add in: the name of a stage

            """),
        Mistake(
            "an input of a source",
            "with: {root: data}",
            "with: {root: data}, in: mfcc",
            """
            spec.yaml:4:56: clips.in: ravdess.clips takes no input
                4 |   clips: {uses: ravdess.clips, with: {root: data}, in: mfcc}
                  |                                                        ^^^^
                  = leave in out

            """),
        Mistake(
            "values along other axes",
            "in: flat\n",
            "in: mfcc\n",
            """
            spec.yaml:9:9: classifier.in: expected a tensor along (feature), but mfcc gives float32 (time, feature 13)
                9 |     in: mfcc
                  |         ^^^^
                  = add tensor.flatten or tensor.summary between them

            """),
        Mistake(
            "values of another kind",
            "in: voice,",
            "in: clips,",
            """
            spec.yaml:6:32: mfcc.in: expected a tensor along (time), but clips gives media
                6 |   mfcc: {uses: audio.mfcc, in: clips, with: {n_mfcc: 13}}
                  |                                ^^^^^
                  = add audio.load between them

            """),
        Mistake(
            "what the stage itself says of its inputs",
            "tensor.flatten, in: mfcc",
            "tensor.concat, in: [mfcc, mfcc], with: {axis: height}",
            """
            spec.yaml:7:62: flat.axis: an input has no axis height
                7 |   flat: {uses: tensor.concat, in: [mfcc, mfcc], with: {axis: height}}
                  |                                                              ^^^^^^

            """),
        Mistake(
            "a cycle",
            "in: voice,",
            "in: flat,",
            """
            spec.yaml:7:36: flat.in: stages cannot wait for each other: flat takes mfcc, mfcc takes flat
                7 |   flat: {uses: tensor.flatten, in: mfcc}
                  |                                    ^^^^

            """),
        Mistake(
            "a stage that takes itself",
            "in: voice,",
            "in: mfcc,",
            """
            spec.yaml:6:32: mfcc.in: stages cannot wait for each other: mfcc takes mfcc
                6 |   mfcc: {uses: audio.mfcc, in: mfcc, with: {n_mfcc: 13}}
                  |                                ^^^^

            """),
        Mistake(
            "too many inputs",
            "tensor.flatten, in: mfcc",
            "tensor.flatten, in: [mfcc, voice]",
            """
            spec.yaml:7:36: flat.in: tensor.flatten takes one input, and got 2
                7 |   flat: {uses: tensor.flatten, in: [mfcc, voice]}
                  |                                    ^^^^^^^^^^^^^

            """),
        Mistake(
            "a port that is none",
            "tensor.flatten, in: mfcc",
            "tensor.join, in: {lefft: mfcc, right: mfcc}",
            """
            spec.yaml:7:34: flat.in: tensor.join has no port lefft; it has left, right
                7 |   flat: {uses: tensor.join, in: {lefft: mfcc, right: mfcc}}
                  |                                  ^^^^^
                  = did you mean left?

            """),
        Mistake(
            "a port without input",
            "tensor.flatten, in: mfcc",
            "tensor.join, in: {left: mfcc}",
            """
            spec.yaml:7:33: flat.in: the port right of tensor.join has no input: the other
                7 |   flat: {uses: tensor.join, in: {left: mfcc}}
                  |                                 ^^^^^^^^^^^^
                  = add right: the name of a stage

            """),
        Mistake(
            "one input for two ports",
            "tensor.flatten, in: mfcc",
            "tensor.join, in: mfcc",
            """
            spec.yaml:7:33: flat.in: tensor.join takes 2 inputs (left, right), and got 1
                7 |   flat: {uses: tensor.join, in: mfcc}
                  |                                 ^^^^
                  = name the ports: {left: …, right: …}

            """),
        Mistake(
            "something behind a report",
            "tensor.flatten, in: mfcc",
            "tensor.flatten, in: scores",
            """
            spec.yaml:7:36: flat.in: scores is a report, and nothing can follow it
                7 |   flat: {uses: tensor.flatten, in: scores}
                  |                                    ^^^^^^

            """),
        Mistake(
            "a split among the stages",
            "tensor.flatten, in: mfcc",
            "split.k_fold, in: mfcc",
            """
            spec.yaml:7:16: flat: split.k_fold is a split, not a stage
                7 |   flat: {uses: split.k_fold, in: mfcc}
                  |                ^^^^^^^^^^^^
                  = it belongs to split, beside stages

            """),
        Mistake(
            "a stage as the split",
            "split.group_k_fold",
            "tensor.flatten",
            """
            spec.yaml:17:15: split: tensor.flatten is not a split
               17 | split: {uses: tensor.flatten, with: {n_splits: 3}}
                  |               ^^^^^^^^^^^^^^
                  = there are split.group_k_fold, split.k_fold

            """),
        Mistake(
            "a split that is none",
            "split.group_k_fold",
            "split.grup_k_fold",
            """
            spec.yaml:17:15: split: there is no stage type split.grup_k_fold
               17 | split: {uses: split.grup_k_fold, with: {n_splits: 3}}
                  |               ^^^^^^^^^^^^^^^^^
                  = did you mean split.group_k_fold?

            """),
        Mistake(
            "a parameter of the split",
            "n_splits: 3",
            "n_splits: 1",
            """
            spec.yaml:17:52: split.n_splits: expected an int of at least 2, got the int 1
               17 | split: {uses: split.group_k_fold, with: {n_splits: 1}}
                  |                                                    ^

            """),
        Mistake(
            "no target",
            "target: emotion\n",
            "",
            """
            spec.yaml:11:19: target: classify.svm reads the target, and the spec names none
               11 |       svm: {uses: classify.svm, with: {C: 10}}
                  |                   ^^^^^^^^^^^^
                  = add target: the name of the column that is predicted

            """),
        Mistake(
            "no group",
            "group: actor\n",
            "",
            """
            spec.yaml:16:15: group: split.group_k_fold keeps groups whole, and the spec names no group
               16 | split: {uses: split.group_k_fold, with: {n_splits: 3}}
                  |               ^^^^^^^^^^^^^^^^^^
                  = add group: the name of a column

            """),
        Mistake(
            "no split",
            "split: {uses: split.group_k_fold, with: {n_splits: 3}}\n",
            "",
            """
            spec.yaml:11:19: split: classify.svm is fitted, and the spec has no split
               11 |       svm: {uses: classify.svm, with: {C: 10}}
                  |                   ^^^^^^^^^^^^
                  = add split: {uses: …}, so that what is tested was not trained on

            """),
        Mistake(
            "a map that reads the target",
            "tensor.flatten, in: mfcc",
            "tensor.summary, in: mfcc, with: {by: emotion}",
            """
            spec.yaml:7:53: flat.by: emotion is the target, which tensor.summary must not read
                7 |   flat: {uses: tensor.summary, in: mfcc, with: {by: emotion}}
                  |                                                     ^^^^^^^
                  = a stage that sees the target would leak it into what is tested

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }
}
