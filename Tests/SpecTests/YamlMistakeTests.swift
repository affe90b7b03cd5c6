// What is not YAML, or not the YAML of a spec.

import Testing

@testable import Spec

@Suite struct YamlMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "a key twice",
            "target: emotion",
            "target: emotion\ntarget: x",
            """
            spec.yaml:16:1: the key target is already on line 15
               16 | target: x
                  | ^^^^^^
                  = keep one of them

            """),
        Mistake(
            "a tab as indentation",
            "target: emotion",
            "target:\n\tx: emotion",
            """
            spec.yaml:16:1: not YAML: expected spaces as indentation, got a tab
               16 |  x: emotion
                  | ^
                  = a tab has no width in YAML

            """),
        Mistake(
            "two documents",
            "target: emotion",
            "target: emotion\n---\na: 1",
            """
            spec.yaml:16:1: expected one document, got a second one
               16 | ---
                  | ^^^
                  = one file is one experiment; put the other in a file of its own

            """),
        Mistake(
            "a tag",
            "target: emotion",
            "target: !foo emotion",
            """
            spec.yaml:15:9: the tag !foo has no meaning here
               15 | target: !foo emotion
                  |         ^^^^^^^^^^^^
                  = leave it out

            """),
        Mistake(
            "a tag that does not fit",
            "target: emotion",
            "target: !!int emotion",
            """
            spec.yaml:15:9: the tag !!int has no meaning here
               15 | target: !!int emotion
                  |         ^^^^^^^^^^^^^
                  = leave it out

            """),
        Mistake(
            "an open list",
            "target: emotion",
            "target: [emotion",
            """
            spec.yaml:16:6: not YAML: did not find expected ',' or ']', while parsing a flow sequence that began at 15:9
               16 | group: actor
                  |      ^

            """),
        Mistake(
            "an alias of nothing",
            "target: emotion",
            "target: *emotion",
            """
            spec.yaml:15:9: expected an anchor that comes before, got *emotion
               15 | target: *emotion
                  |         ^^^^^^^^

            """),
        Mistake(
            "an alias inside its own anchor",
            "target: emotion",
            "target: &a [*a]",
            """
            spec.yaml:15:13: expected an anchor that comes before, got *a
               15 | target: &a [*a]
                  |             ^^

            """),
        Mistake(
            "an int of too many digits",
            "n_mfcc: 13",
            "n_mfcc: 99999999999999999999",
            """
            spec.yaml:6:54: expected an int of 64 bits, got 99999999999999999999
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 99999999999999999999}}
                  |                                                      ^^^^^^^^^^^^^^^^^^^^
                  = put it in quotes if it is text

            """),
        Mistake(
            "a merge of what is no map",
            "with: {n_mfcc: 13}",
            "with: {<<: 3}",
            """
            spec.yaml:6:50: expected a map to merge, or a list of maps, got the int 3
                6 |   mfcc: {uses: audio.mfcc, in: voice, with: {<<: 3}}
                  |                                                  ^

            """),
        Mistake(
            "a structure as a key",
            "target: emotion",
            "[a]: emotion",
            """
            spec.yaml:15:1: expected a name as the key, got a structure or an alias
               15 | [a]: emotion
                  | ^

            """),
        Mistake(
            "wide characters before the place",
            "with: {root: data}",
            "with: {\"日本é\": data, root: data}",
            """
            spec.yaml:4:39: clips: there is no parameter 日本é; there are root, modality
                4 |   clips: {uses: ravdess.clips, with: {"日本é": data, root: data}}
                  |                                       ^^^^^^^

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }
}
