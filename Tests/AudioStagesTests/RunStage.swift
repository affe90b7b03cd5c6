// Runs a map stage, or a composite of such, on values in memory.

import Stages
import Tensors

/// What a stage of that type with these parameters makes of the inputs.
func run<Stage: StageType>(
    _ type: Stage.Type, _ given: [String: Canonical] = [:], on inputs: Value...
) throws -> Tensor {
    try tensor(of: run(try Stage(given: given), on: inputs))
}

private func tensor(of value: Value) throws -> Tensor {
    guard case .tensor(let tensor) = value else { throw Failure("expected a tensor, got \(value.phrase)") }
    return tensor
}

private func run(_ stage: any StageType, on inputs: [Value]) throws -> Value {
    if let map = stage as? any MapStage {
        return try map.apply(MapInput(values: inputs, stream: RandomStream(named: Digest(of: .null))))
    }
    guard let composite = stage as? any CompositeStage else { throw Failure("not a stage that a test can run") }
    let expansion = try composite.expand()
    var known = [String: Value]()
    for part in expansion.parts {
        let values = part.inputs.map { input in
            switch input {
            case .port(let index): inputs[index]
            case .part(let name): known[name] ?? .nothing
            }
        }
        known[part.name] = try run(part.stage, on: values)
    }
    return known[expansion.output] ?? .nothing
}

/// A signal as a value.
func signal(_ samples: [Float], rate: Int = 22050) -> Value {
    .tensor(Tensor(.float32(samples), shape: [samples.count], axes: ["time"], attributes: ["sample_rate": .int(rate)]))
}
