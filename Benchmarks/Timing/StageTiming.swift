// What the benchmarks of stages share: a stage run without engine and cache, and the time of that, in one thread.

internal import Foundation
public import Stages
public import Tensors

/// Prints the name and the median of the CPU seconds that something takes; unless the second argument of the program names
/// another.
public func time(_ name: String, _ body: () throws -> Void) throws {
    if let only = CommandLine.arguments.dropFirst(2).first, only != name { return }
    try body()
    var seconds = [Double]()
    let start = cpu()
    while seconds.count < 5 || (seconds.count < 41 && cpu() - start < 1) {
        let before = cpu()
        try body()
        seconds.append(cpu() - before)
    }
    print(name, seconds.sorted()[seconds.count / 2])
}

/// Seconds of this thread.
private func cpu() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

extension Catalogue {
    /// A stage of a type.
    public func stage(_ name: String, _ given: [String: Canonical] = [:]) throws -> any StageType {
        guard let type = self[name] else { throw Failure("there is no \(name)") }
        return try type.init(given: given)
    }
}

/// What a stage makes of values; the parts of a composite in order, each once.
/// - Parameter known: what parts made before, and what they make.
public func run(_ stage: any StageType, on inputs: [Value], known: inout [String: Value]) throws -> Value {
    if let map = stage as? any MapStage {
        return try map.apply(MapInput(values: inputs, stream: RandomStream(named: Digest(of: .null))))
    }
    guard let composite = stage as? any CompositeStage else { throw Failure("not a map") }
    let expansion = try composite.expand()
    for part in expansion.parts where known[part.name] == nil {
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

public func run(_ stage: any StageType, on inputs: [Value]) throws -> Value {
    var known = [String: Value]()
    return try run(stage, on: inputs, known: &known)
}
