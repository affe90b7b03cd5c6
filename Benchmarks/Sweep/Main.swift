// Martlet with stages that cost what the spec says: time, or memory. For Benchmarks/run.

internal import Foundation
internal import Martlet
internal import Stages
internal import Tensors

@main
enum Main {
    static func main() { Martlet.main(adding: Catalogue([Spend.self, Swell.self, Shrink.self])) }
}

/// Computes for some time and passes its input on; what comes out depends on all parameters.
struct Spend: MapStage {
    struct Parameters: ParameterSet {
        var seconds = 0.05
        var variant = 0
        static let fields: [Field<Self>] = [
            Field("seconds", \.seconds, "CPU seconds"), Field("variant", \.variant, "is added"),
        ]
    }

    static let declaration = Declaration(
        "bench.spend", revision: 1, kind: .map, summary: "Takes time.",
        inputs: [Port(accepts: [.tensor], "an array")], output: "the same shape")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func apply(_ input: MapInput) throws -> Value {
        let tensor = try input.tensor()
        let end = cpu() + parameters.seconds
        while cpu() < end {}
        let values = (tensor.doubles() ?? []).map { $0 + Double(parameters.variant) }
        return .tensor(Tensor(.float64(values), shape: tensor.shape, axes: tensor.axes))
    }

    private func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Makes a large array of a small one.
struct Swell: MapStage {
    struct Parameters: ParameterSet {
        var megabytes = 16
        static let fields: [Field<Self>] = [Field("megabytes", \.megabytes, "how large")]
    }

    static let declaration = Declaration(
        "bench.swell", revision: 1, kind: .map, summary: "Takes memory.",
        inputs: [Port(accepts: [.tensor], "an array")], output: "float64 (feature)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float64, [Axis("feature")]) }

    func apply(_ input: MapInput) throws -> Value {
        let first = try input.tensor().doubles()?.first ?? 0
        let count = parameters.megabytes * 1_000_000 / 8
        return .tensor(Tensor(.float64((0..<count).map { first + Double($0) }), shape: [count], axes: ["feature"]))
    }
}

/// The sum of an array, `times` over.
struct Shrink: MapStage {
    struct Parameters: ParameterSet {
        var times = 1
        static let fields: [Field<Self>] = [Field("times", \.times, "a factor")]
    }

    static let declaration = Declaration(
        "bench.shrink", revision: 1, kind: .map, summary: "Sums up.",
        inputs: [Port(accepts: [.tensor], "an array")], output: "float64 (feature 1)")
    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }
    func output(for inputs: [Signature]) throws(Problem) -> Signature { .tensor(.float64, [Axis("feature", size: 1)]) }

    func apply(_ input: MapInput) throws -> Value {
        let sum = (try input.tensor().doubles() ?? []).reduce(0, +) * Double(parameters.times)
        return .tensor(Tensor(.float64([sum]), shape: [1], axes: ["feature"]))
    }
}
