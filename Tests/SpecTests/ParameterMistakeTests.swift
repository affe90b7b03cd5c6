// Parameters: unknown, missing, of the wrong type, out of range, and `${…}`.

import Testing

@testable import Spec

@Suite struct ParameterMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "an unknown parameter",
            "n_mfcc: 13",
            "n_mffc: 13",
            """
            spec.yaml:6:46: mfcc: there is no parameter n_mffc; there are n_mfcc, hop, lowest
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mffc: 13}}
                  |                                              ^^^^^^
                  = did you mean n_mfcc?

            """),
        Mistake(
            "a parameter of a type that takes none",
            "tensor.flatten, in: mfcc",
            "tensor.flatten, in: mfcc, with: {axis: time}",
            """
            spec.yaml:7:49: flat: there is no parameter axis; this takes none
                7 |   flat: {uses: tensor.flatten, in: mfcc, with: {axis: time}}
                  |                                                 ^^^^

            """),
        Mistake(
            "parameters that are no map",
            "with: {n_mfcc: 13}",
            "with: 3",
            """
            spec.yaml:6:45: mfcc: expected a map of parameters, got the int 3
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: 3}
                  |                                             ^

            """),
        Mistake(
            "a missing parameter",
            "with: {root: data}",
            "with: {}",
            """
            spec.yaml:4:17: clips: the parameter root is missing: where the clips lie
                4 |   clips: {uses: ravdess.clips, with: {}}
                  |                 ^^^^^^^^^^^^^
                  = add root: a path

            """),
        Mistake(
            "a word that is no choice",
            "with: {root: data}",
            "with: {root: data, modality: vidio}",
            """
            spec.yaml:4:61: clips.modality: expected one of audio, video, audio_video, got "vidio"
                4 |   clips: {uses: ravdess.clips, with: {root: data, modality: vidio}}
                  |                                                             ^^^^^
                  = did you mean video?

            """),
        Mistake(
            "text for an int",
            "n_mfcc: 13",
            "n_mfcc: fast",
            """
            spec.yaml:6:54: mfcc.n_mfcc: expected an int of at least 1, got "fast"
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: fast}}
                  |                                                      ^^^^

            """),
        Mistake(
            "several at once",
            "n_mfcc: 13",
            "n_mfcc: 0, hop: 0.5, lowest: -1",
            """
            spec.yaml:6:54: mfcc.n_mfcc: expected an int of at least 1, got the int 0
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 0, hop: 0.5, lowest: -1}}
                  |                                                      ^

            spec.yaml:6:62: mfcc.hop: expected an int of at least 1, got the number 0.5
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 0, hop: 0.5, lowest: -1}}
                  |                                                              ^^^

            spec.yaml:6:75: mfcc.lowest: expected a number of at least 0, got the int -1
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 0, hop: 0.5, lowest: -1}}
                  |                                                                           ^^

            """),
        Mistake(
            "NaN for a number",
            "C: 10",
            "C: .nan",
            """
            spec.yaml:11:43: classifier.svm.C: expected a number above 0, got the number nan
               11 |       svm: {uses: classify.svm, with: {C: .nan}}
                  |                                           ^^^^

            """),
        Mistake(
            "infinity for a number",
            "C: 10",
            "C: .inf",
            """
            spec.yaml:11:43: classifier.svm.C: expected a number above 0, got the number inf
               11 |       svm: {uses: classify.svm, with: {C: .inf}}
                  |                                           ^^^^

            """),
        Mistake(
            "no is text",
            "C: 10",
            "C: no",
            """
            spec.yaml:11:43: classifier.svm.C: expected a number above 0, got "no"
               11 |       svm: {uses: classify.svm, with: {C: no}}
                  |                                           ^^

            """),
        Mistake(
            "1_000 is text",
            "n_mfcc: 13",
            "n_mfcc: 1_000",
            """
            spec.yaml:6:54: mfcc.n_mfcc: expected an int of at least 1, got "1_000"
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 1_000}}
                  |                                                      ^^^^^

            """),
        Mistake(
            "each element of a list",
            "[50]",
            "[50, 0, x]",
            """
            spec.yaml:12:65: classifier.mlp.hidden_layer_sizes: expected an int of at least 1, got the int 0
               12 |       mlp: {uses: classify.mlp, with: {hidden_layer_sizes: [50, 0, x]}}
                  |                                                                 ^

            spec.yaml:12:68: classifier.mlp.hidden_layer_sizes: expected an int of at least 1, got "x"
               12 |       mlp: {uses: classify.mlp, with: {hidden_layer_sizes: [50, 0, x]}}
                  |                                                                    ^

            """),
        Mistake(
            "what ranges cannot say",
            "n_mfcc: 13",
            "hop: 9000",
            """
            spec.yaml:6:51: mfcc.hop: a hop above 4096 skips sound
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {hop: 9000}}
                  |                                                   ^^^^
                  = take 4096 or less

            """),
        Mistake(
            "a part that is none, and a parameter of a part",
            "audio.mfcc, in: voice, with: {n_mfcc: 13}",
            "audio.features, in: voice, with: {features: [{mfcc: {n_mfcc: 0, hopp: 1}}, rsm, rms, rms]}",
            """
            spec.yaml:6:77: mfcc.mfcc.n_mfcc: expected an int of at least 1, got the int 0
                6 |   mfcc: {uses: audio.features, in: voice, with: {features: [{mfcc: {n_mfcc: 0, hopp: 1}}, rsm, rms, rms]}}
                  |                                                                             ^

            spec.yaml:6:80: mfcc.mfcc: there is no parameter hopp; there are n_mfcc, hop, lowest
                6 |   mfcc: {uses: audio.features, in: voice, with: {features: [{mfcc: {n_mfcc: 0, hopp: 1}}, rsm, rms, rms]}}
                  |                                                                                ^^^^
                  = did you mean hop?

            spec.yaml:6:91: mfcc.features: rsm is not known here; known are mfcc, rms
                6 |   mfcc: {uses: audio.features, in: voice, with: {features: [{mfcc: {n_mfcc: 0, hopp: 1}}, rsm, rms, rms]}}
                  |                                                                                           ^^^
                  = did you mean rms?

            spec.yaml:6:101: mfcc: rms is listed twice
                6 |   mfcc: {uses: audio.features, in: voice, with: {features: [{mfcc: {n_mfcc: 0, hopp: 1}}, rsm, rms, rms]}}
                  |                                                                                                     ^^^
                  = keep one of them

            """),
        Mistake(
            "a parameter of the spec that is none",
            "target: emotion",
            "params: {count: 3}\ntarget: \"${cont}\"",
            """
            spec.yaml:16:9: there is no parameter cont; params has count
               16 | target: "${cont}"
                  |         ^^^^^^^^^
                  = did you mean ${count}?

            """),
        Mistake(
            "where nothing could be put in, nothing else is wrong",
            "n_mfcc: 13",
            "n_mfcc: \"${count}\"",
            """
            spec.yaml:6:54: there is no parameter count: the spec has no params
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: "${count}"}}
                  |                                                      ^^^^^^^^^^

            """),
        Mistake(
            "parameters that stand for each other",
            "target: emotion",
            "params: {a: \"${b}\", b: {x: \"${a}\"}}\ntarget: \"${a}\"",
            """
            spec.yaml:15:28: parameters that stand for each other: a → b → a
               15 | params: {a: "${b}", b: {x: "${a}"}}
                  |                            ^^^^^^

            """),
        Mistake(
            "a structure inside text",
            "target: emotion",
            "params: {a: [1, 2]}\ntarget: \"x${a}\"",
            """
            spec.yaml:16:9: expected a scalar to put into text, got a list of 2 as ${a}
               16 | target: "x${a}"
                  |         ^^^^^^^

            """),
        Mistake(
            "an open ${",
            "target: emotion",
            "target: \"a${b\"",
            """
            spec.yaml:15:9: ${ has no closing }
               15 | target: "a${b"
                  |         ^^^^^^
                  = write $${ for the characters ${

            """),
        Mistake(
            "an unknown stage type",
            "classify.svm",
            "classify.svn",
            """
            spec.yaml:11:19: classifier.svm: there is no stage type classify.svn
               11 |       svm: {uses: classify.svn, with: {C: 10}}
                  |                   ^^^^^^^^^^^^
                  = did you mean classify.svm?

            """),
        Mistake(
            "a stage type that is like none",
            "classify.svm",
            "something.else",
            """
            spec.yaml:11:19: classifier.svm: there is no stage type something.else
               11 |       svm: {uses: something.else, with: {C: 10}}
                  |                   ^^^^^^^^^^^^^^
                  = martlet stages lists them all

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }
}
