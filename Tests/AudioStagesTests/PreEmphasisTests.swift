import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

@Suite struct PreEmphasisTests {
    @Test func takesAwayAShareOfTheSampleBefore() throws {
        let given: [String: Canonical] = ["coef": .float(0.5), "zi": .int(0)]
        #expect(try augmented(AudioPreEmphasis.self, given, on: signal64([1, 2, 4])).doubles() == [1, 1.5, 3])
    }

    @Test func continuesInAStraightLine() throws {
        // 1 + (2 · 1 − 2), as librosa has it.
        #expect(try augmented(AudioPreEmphasis.self, ["coef": .int(0)], on: signal64([1, 2])).doubles() == [1, 2])
        #expect(try augmented(AudioPreEmphasis.self, ["coef": .int(0)], on: signal64([3, 1])).doubles() == [8, 1])
    }

    @Test func oneSampleStoodStill() throws {
        #expect(try augmented(AudioPreEmphasis.self, on: signal64([0.25])).doubles() == [0.5])
        #expect(try augmented(AudioPreEmphasis.self, ["zi": .int(1)], on: signal64([0.25])).doubles() == [1.25])
    }

    @Test func eachChannelOnItsOwn() throws {
        let given: [String: Canonical] = ["coef": .float(0.5)]
        let both = try augmented(AudioPreEmphasis.self, given, on: stereo([1, 2], [4, 2])).floats()
        let left = try augmented(AudioPreEmphasis.self, given, on: signal([1, 2])).floats() ?? []
        let right = try augmented(AudioPreEmphasis.self, given, on: signal([4, 2])).floats() ?? []
        #expect(both == left + right)
    }
}
