// Goldens of the stages that work on features over time, and of pitch: which stage computes which case, and the results.

import Stages
import Tensors
import TestSupport
import Testing

@testable import AudioStages

enum CurveGoldens {
    static let groups = [GoldenGroup("spline"), GoldenGroup("audio"), GoldenGroup("augmentation")]

    static let cases = groups.flatMap {
        $0.cases("spline.basis", "spline.project", "audio.delta", "audio.tonnetz", "audio.yin")
    }

    static func results(of golden: GoldenCase) throws -> [GoldenResult] {
        let got: [String: [Double]]
        do {
            got = try compute(golden)
        } catch let failure as Failure {
            return [golden.mustFail ? golden.refused(failure.cause) : golden.failed(failure.cause)]
        }
        if golden.mustFail { return [golden.failed("it should have failed")] }
        return try got.sorted { $0.key < $1.key }.map { try golden.compare($0.key, $0.value) }
    }

    private static func compute(_ golden: GoldenCase) throws -> [String: [Double]] {
        var given = golden.with
        switch golden.stage {
        case "spline.basis":
            return [
                "X": SplineFit.matrix(
                    knots: given["n_knots"]?.intValue ?? 0, order: given["order"]?.intValue ?? 0,
                    frames: given["m"]?.intValue ?? 0)
            ]
        case "spline.project":
            return ["coef": try run(FeaturesBspline.self, given, on: features(golden)).doubles() ?? []]
        case "audio.delta":
            return ["delta": rows(try run(AudioDelta.self, given, on: features(golden)))]
        case "audio.tonnetz":
            return ["tonnetz": rows(try run(AudioTonnetz.self, given, on: features(golden)))]
        case "audio.yin":
            given["sample_rate"] = given.removeValue(forKey: "sr")
            let signal = Tensor(
                .float32(try golden.input(golden.inputs[0]).floats() ?? []),
                shape: [try golden.input(golden.inputs[0]).count], axes: ["time"])
            return ["f0": rows(try run(AudioPitch.self, given, on: .tensor(signal)))]
        default: throw Failure("no stage for it")
        }
    }

    /// The inputs, each (rows, frames) or (frames), one below the other, as (time, feature).
    private static func features(_ golden: GoldenCase) throws -> Value {
        let parts = try golden.inputs.map { try golden.input($0) }
        let frames = parts[0].shape.last ?? 0
        let stacked = parts.flatMap { $0.doubles() ?? [] }
        let count = frames == 0 ? 0 : stacked.count / frames
        let turned = (0..<frames).flatMap { frame in (0..<count).map { stacked[$0 * frames + frame] } }
        let isSingle = parts.allSatisfy { $0.type == .float32 }
        return .tensor(
            Tensor(
                isSingle ? .float32(turned.map(Float.init)) : .float64(turned), shape: [frames, count],
                axes: ["time", "feature"]))
    }

    /// (time, feature) in the reference's order.
    private static func rows(_ tensor: Tensor) -> [Double] {
        let (values, columns) = (tensor.doubles() ?? [], tensor.shape[1])
        return (0..<columns).flatMap { column in (0..<tensor.shape[0]).map { values[$0 * columns + column] } }
    }
}

/// Parity with scikit-fda 0.10 and librosa 0.11 on stored inputs, by the strict tolerances.
@Suite(.enabled(if: CurveGoldens.groups.allSatisfy(\.isThere), "the reference numbers are not beside the package"))
struct CurveGoldenTests {
    @Test(arguments: CurveGoldens.cases)
    func parity(_ golden: GoldenCase) throws {
        let results = try CurveGoldens.results(of: golden)
        #expect(!results.isEmpty)
        for result in results { #expect(result.hasPassed, "\(result)") }
    }
}
