import Testing

@testable import AudioStages

/// Parity with librosa 0.11 on stored inputs, by the strict tolerances.
@Suite(.enabled(if: AudioGoldens.group != nil, "the goldens are not beside the package"))
struct GoldenTests {
    @Test(arguments: AudioGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let group = try #require(AudioGoldens.group)
        let results = AudioGoldens(group: group).results(of: golden)
        #expect(!results.isEmpty)
        for result in results {
            print(result.line)
            #expect(result.hasPassed, "\(result.line)")
        }
    }
}
