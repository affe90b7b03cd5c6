// All that is wrong is told at once, in the order of the text, and nothing that only follows from it.

import Testing

@testable import Spec

@Suite struct SeveralMistakesTests {
    @Test func areToldAtOnce() {
        var text = changed("n_mfcc: 13", "n_mfcc: 0")
        text = changed("uses: audio.load", "uses: audio.laod", in: text)
        text = changed("C: 10", "D: 10", in: text)
        text = changed("in: classifier", "in: clasifier", in: text)
        text = changed("target: emotion", "targett: emotion\nsweep: {grid: {split.n_split: [2, 3]}}", in: text)
        #expect(
            errors(in: text) == """
                spec.yaml:5:17: voice: there is no stage type audio.laod
                    5 |   voice: {uses: audio.laod, in: clips}
                      |                 ^^^^^^^^^^
                      = did you mean audio.load?

                spec.yaml:6:54: mfcc.n_mfcc: expected an int of at least 1, got the int 0
                    6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 0}}
                      |                                                      ^

                spec.yaml:11:40: classifier.svm: there is no parameter D; there are C
                   11 |       svm: {uses: classify.svm, with: {D: 10}}
                      |                                        ^
                      = did you mean C?

                spec.yaml:14:47: scores.in: there is no stage clasifier; there are classifier, clips, flat, mfcc, scores, voice
                   14 |   scores: {uses: evaluate.classification, in: clasifier}
                      |                                               ^^^^^^^^^
                      = did you mean classifier?

                spec.yaml:15:1: a spec has no key targett; it has martlet, name, description, seed, params, stages, target, group, split, repeats, sweep, predictions, include
                   15 | targett: emotion
                      | ^^^^^^^
                      = did you mean target?

                spec.yaml:16:16: sweep.grid: split.n_split names nothing: split has no n_split; its parameters are n_splits, stratify
                   16 | sweep: {grid: {split.n_split: [2, 3]}}
                      |                ^^^^^^^^^^^^^
                      = did you mean split.n_splits?

                """)
    }
}
