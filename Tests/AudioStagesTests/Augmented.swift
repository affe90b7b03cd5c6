// Runs an augmentation on a signal, under a stream of one's own.

import Foundation
import Stages
import Tensors
import TestSupport

@testable import AudioStages

/// What a map stage of that type makes of a value.
func augmented<Stage: MapStage>(
    _ type: Stage.Type, _ given: [String: Canonical] = [:], on input: Value, seed: Int = 0
) throws -> Tensor {
    let value = try Stage(given: given).apply(
        MapInput(values: [input], stream: RandomStream(named: Digest(of: .int(seed)))))
    guard case .tensor(let tensor) = value else { throw Failure("expected a tensor, got \(value.phrase)") }
    return tensor
}

/// Why it fails, in words.
func failure<Stage: MapStage>(
    _ type: Stage.Type, _ given: [String: Canonical] = [:], on input: Value
) throws -> String? {
    do {
        _ = try augmented(type, given, on: input)
        return nil
    } catch let failure as Failure { return failure.cause }
}

/// What is wrong with the parameters: where, and what.
func problem<Stage: MapStage>(_ type: Stage.Type, _ given: [String: Canonical]) -> String? {
    do throws(Problem) {
        _ = try Stage(given: given)
        return nil
    } catch { return error.path.joined(separator: ".") + ": " + error.message }
}

/// A signal in double precision.
func signal64(_ samples: [Double], rate: Int = 22050) -> Value {
    .tensor(Tensor(.float64(samples), shape: [samples.count], axes: ["time"], attributes: ["sample_rate": .int(rate)]))
}

/// A signal of two channels.
func stereo(_ left: [Float], _ right: [Float], rate: Int = 22050) -> Value {
    .tensor(
        Tensor(
            .float32(left + right), shape: [2, left.count], axes: ["channel", "time"],
            attributes: ["sample_rate": .int(rate), "take": .string("b")]))
}

/// Numbers from −1 to 1 without any function of the C library: (37 i mod 101) / 50 − 1.
func sawtooth(_ count: Int) -> [Double] { (0..<count).map { Double($0 * 37 % 101) / 50 - 1 } }
