// What can be wrong with `where`, told at its place inside the text.

import Tensors
import Testing

@testable import Spec

@Suite struct ConditionMistakeTests {
    static let mistakes: [Mistake] = [
        Mistake(
            "divides by zero",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: '4 / (mfcc.n_mfcc - 2) > 1'}",
            """
            spec.yaml:16:46: sweep.where: divides by zero at the point mfcc.n_mfcc=2
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: '4 / (mfcc.n_mfcc - 2) > 1'}
                  |                                              ^^^^^^^^^^^^^^^^^^^^^
                  = put a condition before it: b != 0 and a / b < 1

            """),
        Mistake(
            "divides by zero for a rest",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: '5 % seed == 1'}",
            """
            spec.yaml:16:46: sweep.where: divides by zero at the point mfcc.n_mfcc=1
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: '5 % seed == 1'}
                  |                                              ^^^^^^^^
                  = put a condition before it: b != 0 and a / b < 1

            """),
        Mistake(
            "names nothing",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.n_mfcc > 1 and mfcc.n_mfc <= 3'}",
            """
            spec.yaml:16:66: sweep.where: mfcc.n_mfc names nothing: mfcc has no n_mfc; its parameters are n_mfcc, hop, lowest
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.n_mfcc > 1 and mfcc.n_mfc <= 3'}
                  |                                                                  ^^^^^^^^^^
                  = did you mean mfcc.n_mfcc?

            """),
        Mistake(
            "names a stage",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: \"mfcc < 3\"}",
            """
            spec.yaml:16:46: sweep.where: mfcc names a stage, not a value
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: "mfcc < 3"}
                  |                                              ^^^^
                  = name a parameter: mfcc.n_mfcc, mfcc.hop, mfcc.lowest

            """),
        Mistake(
            "a minus in a name",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop-1 == 2}",
            """
            spec.yaml:16:45: sweep.where: mfcc.hop-1 names nothing: mfcc has no hop-1; its parameters are n_mfcc, hop, lowest
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop-1 == 2}
                  |                                             ^^^^^^^^^^
                  = a minus has spaces round it

            """),
        Mistake(
            "ends early",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop == (3}",
            """
            spec.yaml:16:59: sweep.where: expected ), got the end
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop == (3}
                  |                                                           ^

            """),
        Mistake(
            "has two values",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.hop 3'}",
            """
            spec.yaml:16:55: sweep.where: expected and, or, or the end, got the number 3
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.hop 3'}
                  |                                                       ^

            """),
        Mistake(
            "has a single sign",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.hop = 3'}",
            """
            spec.yaml:16:55: sweep.where: = has no meaning here
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.hop = 3'}
                  |                                                       ^
                  = write ==

            """),
        Mistake(
            "chains",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 1 < mfcc.hop < 3}",
            """
            spec.yaml:16:58: sweep.where: comparisons do not chain
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 1 < mfcc.hop < 3}
                  |                                                          ^
                  = write a < b and b < c

            """),
        Mistake(
            "has an open text",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop == \"a}",
            """
            spec.yaml:16:57: sweep.where: the text has no closing "
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop == "a}
                  |                                                         ^^

            """),
        Mistake(
            "has a number that is none",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop == 3x}",
            """
            spec.yaml:16:57: sweep.where: expected a number, got 3x
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop == 3x}
                  |                                                         ^^
                  = put text in quotes

            """),
        Mistake(
            "has a character without meaning",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.hop & 3'}",
            """
            spec.yaml:16:55: sweep.where: & has no meaning here
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.hop & 3'}
                  |                                                       ^

            """),
        Mistake(
            "compares text with a number",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: classifier > 3}",
            """
            spec.yaml:16:45: sweep.where: compares text with a number: "svm" > 3 at the point mfcc.n_mfcc=1
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: classifier > 3}
                  |                                             ^^^^^^^^^^^^^^

            """),
        Mistake(
            "compares a number with text",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.n_mfcc == \"3\"'}",
            """
            spec.yaml:16:46: sweep.where: compares a number with text: 1 == "3" at the point mfcc.n_mfcc=1
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 'mfcc.n_mfcc == "3"'}
                  |                                              ^^^^^^^^^^^^^^^^^^

            """),
        Mistake(
            "orders texts",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: \"classifier < 'svm'\"}",
            """
            spec.yaml:16:46: sweep.where: < compares numbers, got "svm" < "svm" at the point mfcc.n_mfcc=1
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: "classifier < 'svm'"}
                  |                                              ^^^^^^^^^^^^^^^^^^

            """),
        Mistake(
            "calculates with text",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: classifier + 1 == 2}",
            """
            spec.yaml:16:45: sweep.where: expected a number to calculate with, got "svm" at the point mfcc.n_mfcc=1
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: classifier + 1 == 2}
                  |                                             ^^^^^^^^^^

            """),
        Mistake(
            "is a number",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.n_mfcc}",
            """
            spec.yaml:16:45: sweep.where: expected a comparison, which is true or false, got the number 1 at the point mfcc.n_mfcc=1
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.n_mfcc}
                  |                                             ^^^^^^^^^^^

            """),
        Mistake(
            "is no text",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 3}",
            """
            spec.yaml:16:45: sweep.where: expected a condition, as "mfcc.n_mfcc <= 20", got the int 3
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: 3}
                  |                                             ^

            """),
        Mistake(
            "leaves nothing",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.n_mfcc > 5}",
            """
            spec.yaml:16:45: sweep.where: no point of the sweep is left: nothing is to run
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.n_mfcc > 5}
                  |                                             ^^^^^^^^^^^^^^^
                  = loosen the condition

            """),
        Mistake(
            "is empty",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: ''}",
            """
            spec.yaml:16:46: sweep.where: expected an address, a number or text in quotes, got the end
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: ''}
                  |                                              ^

            """),
        Mistake(
            "a list that is none",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop in 3}",
            """
            spec.yaml:16:57: sweep.where: expected a list, as [1, 2], got the number 3
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: mfcc.hop in 3}
                  |                                                         ^

            """),
        Mistake(
            "escaped",
            "target: emotion",
            "target: emotion\nsweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: \"mfcc.hop == \\x33 3\"}",
            """
            spec.yaml:16:45: sweep.where: expected and, or, or the end, got the number 3
               16 | sweep: {grid: {mfcc.n_mfcc: [1, 2]}, where: "mfcc.hop == \\x33 3"}
                  |                                             ^^^^^^^^^^^^^^^^^^^^

            """),
    ]

    @Test(arguments: mistakes) func isTold(_ mistake: Mistake) {
        #expect(errors(in: changed(mistake.old, mistake.new)) == mistake.message)
    }

    private func told(_ condition: String) -> String {
        String(errors(in: swept("{grid: {seed: [1]}, where: \(condition)}")).prefix { $0 != "\n" })
    }

    @Test func deepAndLongOnesEnd() {
        let deep = String(repeating: "(", count: 500) + "1" + String(repeating: ")", count: 500)
        #expect(told("\(deep) < 2") == "spec.yaml:16:100: sweep.where: expected at most 64 levels of nesting")
        #expect(
            told("'\(String(repeating: "not ", count: 400)) 1 < 2'").hasSuffix("expected at most 64 levels of nesting"))
        #expect(told("1 < \(String(repeating: "-", count: 400))2").hasSuffix("expected at most 64 levels of nesting"))
        let long = String(repeating: "1 + ", count: 498) + "1 > 0"
        #expect(told(long) == "")
        #expect(told(long + " + 1 + 1").hasSuffix("expected at most 2000 characters, got 2005"))
    }

    @Test(arguments: 0..<300) func noiseIsToldInItsPlace(seed: Int) {
        var stream = RandomStream(named: Digest(of: .text("condition \(seed)")))
        let words = [
            "mfcc.hop", "seed", "classifier", "classifier.mlp.alpha", "3", "1e", "-", "- ", "+", "*", "/", "%", "(",
            ")",
            "[", "]", ",", "<", "==", "!=", "=", "!", "and", "or", "not", "in", "\\\"", "\\\"a\\\"", "é", "true",
            "null", ".",
        ]
        let text = (0..<stream.index(below: 12)).map { _ in words[stream.index(below: words.count)] }
            .joined(separator: " ")
        let first = told("\"\(text)\"")
        #expect(first.isEmpty || first.hasPrefix("spec.yaml:16:"), "\(text)")
    }

    @Test func parametersThatAreSweptCannotBePutIn() {
        let text = changed(
            "name: plain", "name: plain\nparams: {n: 1}",
            in: swept("{grid: {params.n: [1, 2]}, where: 'seed < ${n}'}"))
        #expect(
            errors(in: text) == """
                spec.yaml:17:42: sweep.where: where cannot use ${n}, which is swept
                   17 | sweep: {grid: {params.n: [1, 2]}, where: 'seed < ${n}'}
                      |                                          ^^^^^^^^^^^^^
                      = write params.n

                """)
    }

    @Test func lateOnesAreToldAtTheirPoint() throws {
        // More combinations than are tried when a spec is read.
        let many = "[" + (1...400).map(String.init).joined(separator: ", ") + "]"
        let experiment = try read(
            swept("{grid: {seed: \(many), mfcc.hop: \(many)}, where: '1 / (seed - 399) < 2 and seed in [1, 399]'}"))
        var last: Point?
        for point in experiment.points { last = point }
        let point = try #require(last)
        let error = try #require(throws: SpecErrors.self) { try experiment.resolve(point) }
        #expect(
            SpecErrorText.render(error).contains("sweep.where: divides by zero at the point seed=399, mfcc.hop=400\n"))
    }
}
