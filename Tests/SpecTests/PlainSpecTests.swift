// What a right spec becomes.

import Stages
import Testing

@testable import Spec

@Suite struct PlainSpecTests {
    @Test func isResolved() throws {
        let resolved = try resolved(plain)
        #expect(resolved.stages.map(\.name) == ["clips", "voice", "mfcc", "flat", "classifier", "scores"])
        #expect(resolved.stages.map(\.address) == ["clips", "voice", "mfcc", "flat", "classifier.svm", "scores"])
        #expect(resolved.target == "emotion")
        print(errors(in: changed("n_mfcc: 13", "n_mfcc: 0, hopp: 3").replacing("C: 10", with: "C: -1").replacing("in: classifier", with: "in: classifer")))
    }
}
