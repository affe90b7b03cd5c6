import TestSupport
import Testing

@testable import AudioStages

/// Parity with librosa 0.11 on stored inputs, by the strict tolerances.
@Suite(.enabled(if: AudioGoldens.group.isThere, "the reference numbers are not beside the package"))
struct GoldenTests {
    @Test(arguments: AudioGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let results = try AudioGoldens.results(of: golden)
        #expect(!results.isEmpty)
        for result in results { #expect(result.hasPassed, "\(result)") }
    }
}
