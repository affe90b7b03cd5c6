// One stage on one set of values, outside any plan: for `martlet apply` and for tests.

internal import Spec
public import Stages
public import Tensors

public enum OneShot {
    /// The output of a map or of a composite of maps.
    /// - Parameter runner: where a stage runs that is to be isolated.
    /// - Throws: `Failure`, `Problem`; `WorkerError`.
    public static func apply(
        _ stage: any StageType, to values: [Value], names: [String], seed: Int, runner: any Runner
    ) throws -> Value {
        try apply(stage, to: values, names: names, seed: seed, runner, address: type(of: stage).declaration.name)
    }

    private static func apply(
        _ stage: any StageType, to values: [Value], names: [String], seed: Int, _ runner: any Runner, address: String
    ) throws -> Value {
        if let composite = stage as? any CompositeStage {
            let expansion = try composite.expand()
            var made = [String: Value]()
            for part in expansion.parts {
                let inputs = try part.inputs.map { input -> Value in
                    switch input {
                    case .port(let position):
                        guard values.indices.contains(position) else {
                            throw Failure("it needs \(position + 1) inputs, got \(values.count)")
                        }
                        return values[position]
                    case .part(let name):
                        guard let value = made[name] else { throw Failure("the part \(name) comes after \(part.name)") }
                        return value
                    }
                }
                let partNames = part.inputs.compactMap { if case .part(let name) = $0 { name } else { nil } }
                made[part.name] = try apply(
                    part.stage, to: inputs, names: partNames, seed: seed, runner, address: address + "." + part.name)
            }
            guard let value = made[expansion.output] else { throw Failure("there is no part \(expansion.output)") }
            return value
        }
        guard let map = stage as? any MapStage else {
            let declaration = type(of: stage).declaration
            throw Failure(
                "\(declaration.name) is of kind \(declaration.kind.rawValue): it needs many rows, and cannot be applied to one file",
                advice: "write a spec and use martlet run")
        }
        let declaration = type(of: stage).declaration
        let fewest = declaration.inputs.count
        if values.count < fewest { throw Failure("\(declaration.name) needs \(fewest) inputs, got \(values.count)") }
        let input = MapInput(
            values: values, names: values.count > 1 ? names : [],
            stream: RandomStream(named: StreamName(seed: seed, address: address).digest(sample: "")))
        return try runner.value(of: map, for: input, limits: Limits())
    }
}
