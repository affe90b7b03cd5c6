// Which augmentation computes which case of the goldens of the group `augmentation`.

import Media
import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

enum AugmentGoldens {
    static let group = GoldenGroup("augmentation")
    static let cases = group.cases(
        "augmentation.add_noise", "augmentation.trim", "augmentation.preemphasis")

    static func results(of golden: GoldenCase) throws -> [GoldenResult] {
        let input = try input(golden)
        switch golden.stage {
        case "augmentation.add_noise":
            // The reference's noise is given.
            let (y, noise) = (input.doubles() ?? [], try golden.input(golden.inputs[1]).doubles() ?? [])
            let mixed = sum(y, noise, factor: golden.with["amplitude"]?.floatValue ?? 0).map { Double(Float($0)) }
            return [try golden.compare("y", mixed)]
        case "augmentation.trim":
            let trimmed = try augmented(AudioTrim.self, golden.with, on: .tensor(input))
            guard case .int(let start)? = trimmed.attributes["trim_start"] else { return [golden.failed("no start")] }
            let isSlice = trimmed.floats() == input.floats().map { Array($0[start..<start + trimmed.count]) }
            if !isSlice { return [golden.failed("the samples are not those of the input")] }
            return [try golden.compare("index", [start, start + trimmed.count].map(Double.init))]
        default:
            var given = golden.with
            // A list of one, as for the filter of scipy.
            if case .array(let states)? = given["zi"] { given["zi"] = states.first }
            return [try golden.compare("y", augmented(AudioPreEmphasis.self, given, on: .tensor(input)).doubles())]
        }
    }

    private static func input(_ golden: GoldenCase) throws -> Tensor {
        let name = golden.inputs[0]
        guard name.hasSuffix(".wav") else {
            let array = try golden.input(name)
            return Tensor(array.elements, shape: array.shape, axes: ["time"])
        }
        let sound = try SoundFile.decode(MediaReader.read(golden.path(name)))
        return Tensor(.float32(sound.samples), shape: [sound.samples.count], axes: ["time"])
    }
}

/// Parity with librosa 0.11, by the strict tolerances.
@Suite(.enabled(if: AugmentGoldens.group.isThere, "the reference numbers are not beside the package"))
struct AugmentGoldenTests {
    @Test(arguments: AugmentGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let results = try AugmentGoldens.results(of: golden)
        #expect(!results.isEmpty)
        for result in results { #expect(result.hasPassed, "\(result)") }
    }
}
