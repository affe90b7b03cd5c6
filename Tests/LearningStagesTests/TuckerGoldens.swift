// decompose.partial_tucker, decompose.tucker and decompose.cp against TensorLy and NumPy, within the tolerances that the
// reference states.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

private let decompositions = GoldenGroup("tensor")

/// The samples along the first axis of an array; the other axes are called `axis_1`, `axis_2` ….
func samples(of array: Tensor) -> [[Value]] {
    let shape = Array(array.shape.dropFirst())
    let (size, elements) = (shape.reduce(1, *), array.doubles() ?? [])
    return (0..<array.shape[0]).map { index in
        [sample(Array(elements[index * size..<(index + 1) * size]), shape)]
    }
}

func sample(_ elements: [Double], _ shape: [Int]) -> Value {
    .tensor(Tensor(.float64(elements), shape: shape, axes: shape.indices.map { "axis_\($0 + 1)" }))
}

/// A · Aᵀ of a (size, rank) tensor.
private func projector(_ factor: Tensor?) -> [Double]? {
    guard let factor, let a = factor.doubles() else { return nil }
    let (size, rank) = (factor.shape[0], factor.shape[1])
    var product = [Double]()
    for row in 0..<size {
        for other in 0..<size {
            var sum = 0.0
            for column in 0..<rank { sum += a[row * rank + column] * a[other * rank + column] }
            product.append(sum)
        }
    }
    return product
}

private func products(_ rows: [[Double]], _ others: [[Double]]) -> [Double] {
    rows.flatMap { row in others.map { other in zip(row, other).reduce(0) { $0 + $1.0 * $1.1 } } }
}

@Suite(.enabled(if: decompositions.isThere, "the reference numbers are not beside the package"))
struct TuckerGoldenTests {
    @Test(arguments: decompositions.cases("tensor.partial_tucker", "tensor.hosvd", "tensor.st_hosvd"))
    func partialTucker(golden: GoldenCase) throws {
        var given = golden.with.filter { ["ranks", "modes", "tol"].contains($0.key) }
        given["n_iter_max"] = golden.with["max_iterations"]
        given["algorithm"] = golden.stage == "tensor.partial_tucker" ? nil : .text(String(golden.stage.dropFirst(7)))
        let stage = try DecomposePartialTucker(given: given)
        let data = samples(of: try golden.input("data"))
        let fitted = try stage.fit(fitInput(data))
        #expect(fitted.warnings.isEmpty)
        let core = try stage.apply(fitted.state, to: data).map(doubles)
        let norm = core.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
        let errors = fitted.metrics.filter { $0.name == "reconstruction_error" }
        var outputs: [String: [Double]?] = [
            "core_norm": [norm], "core_gram": products(core, core),
            "relative_error": errors.first { $0.step == nil }.map { [$0.value] },
        ]
        for mode in golden.with["modes"]?.arrayValue ?? [] {
            let number = mode.intValue ?? 0
            outputs["projector_\(number)"] = projector(fitted.state.tensors["factor_axis_\(number)"])
            if golden.stage == "tensor.hosvd" {
                let values = fitted.state.tensors["eigenvalues_axis_\(number)"]?.doubles() ?? []
                let whole = values.reduce(0, +)
                var sum = 0.0
                outputs["eigenvalues_\(number)"] = values
                outputs["explained_\(number)"] = values.map { value in
                    sum += value
                    return sum / whole
                }
            }
        }
        if golden.stage == "tensor.partial_tucker" {
            let new = try stage.apply(fitted.state, to: samples(of: try golden.input("new"))).map(doubles)
            outputs["errors"] = errors.filter { $0.step != nil }.map(\.value)
            outputs["new_gram"] = products(new, new)
            outputs["new_cross"] = products(new, core)
        }
        try compare(golden, outputs)
    }

    @Test(arguments: decompositions.cases("tensor.tucker"))
    func tucker(golden: GoldenCase) throws {
        let stage = try DecomposeTucker(given: [
            "ranks": golden.with["ranks"] ?? .null, "tol": golden.with["tol"] ?? .null,
            "n_iter_max": golden.with["max_iterations"] ?? .null,
        ])
        let data = try golden.input("data")
        let rows = [[sample(data.doubles() ?? [], data.shape)]]
        let fitted = try stage.fit(fitInput(rows))
        let core = doubles(try stage.apply(fitted.state, to: rows)[0])
        let factors = (1...3).compactMap { fitted.state.tensors["factor_axis_\($0)"] }
        // The core times each factor, one axis after the other: the axis that is expanded comes last.
        var made = core
        for factor in factors {
            let (size, rank, a) = (factor.shape[0], factor.shape[1], factor.doubles() ?? [])
            let behind = made.count / rank
            var next = [Double]()
            for place in 0..<behind {
                for row in 0..<size {
                    var sum = 0.0
                    for column in 0..<rank { sum += a[row * rank + column] * made[column * behind + place] }
                    next.append(sum)
                }
            }
            made = next
        }
        var outputs: [String: [Double]?] = [
            "core_norm": [core.reduce(0) { $0 + $1 * $1 }.squareRoot()], "reconstruction": made,
            "relative_error": fitted.metrics.first { $0.name == "reconstruction_error" && $0.step == nil }.map {
                [$0.value]
            },
        ]
        for (index, factor) in factors.enumerated() { outputs["projector_\(index)"] = projector(factor) }
        try compare(golden, outputs)
    }

    @Test(arguments: decompositions.cases("tensor.cp"))
    func cp(golden: GoldenCase) throws {
        let stage = try DecomposeCp(given: ["rank": golden.with["rank"] ?? .null])
        let array = try golden.input("data")
        let data = samples(of: array)
        let fitted = try stage.fit(fitInput(data))
        let rank = fitted.state.tensors["weights"]?.count ?? 0
        var own = [try stage.apply(fitted.state, to: data).flatMap(doubles)]
        for axis in 1..<array.shape.count { own.append(fitted.state.tensors["factor_axis_\(axis)"]?.doubles() ?? []) }
        let reference = try array.shape.indices.map { axis in
            try decompositions.array("\(golden.name).out.factor_\(axis).npy").doubles() ?? []
        }
        // Weights fall in both, so that components are in one order; signs cancel over the axes.
        var (score, outputs) = (0.0, [String: [Double]?]())
        for axis in array.shape.indices {
            for column in 0..<rank {
                func length(_ factor: [Double]) -> Double {
                    stride(from: column, to: factor.count, by: rank).reduce(0) { $0 + factor[$1] * factor[$1] }
                        .squareRoot()
                }
                var cosine = 0.0
                let scale = length(reference[axis]) / length(own[axis])
                for place in stride(from: column, to: own[axis].count, by: rank) {
                    own[axis][place] *= scale
                    cosine += own[axis][place] * reference[axis][place]
                }
                if cosine < 0 {
                    for place in stride(from: column, to: own[axis].count, by: rank) { own[axis][place] *= -1 }
                }
            }
            outputs["factor_\(axis)"] = own[axis]
        }
        for column in 0..<rank {
            var product = 1.0
            for axis in array.shape.indices {
                var (cosine, first, second) = (0.0, 0.0, 0.0)
                for place in stride(from: column, to: own[axis].count, by: rank) {
                    cosine += own[axis][place] * reference[axis][place]
                    first += own[axis][place] * own[axis][place]
                    second += reference[axis][place] * reference[axis][place]
                }
                product *= abs(cosine) / (first * second).squareRoot()
            }
            score += product / Double(rank)
        }
        outputs["match_score"] = [score]
        outputs["weights"] = fitted.state.tensors["weights"]?.doubles()
        outputs["relative_error"] = fitted.metrics.last { $0.name == "reconstruction_error" }.map { [$0.value] }
        try compare(golden, outputs)
    }

    private func compare(_ golden: GoldenCase, _ outputs: [String: [Double]?]) throws {
        #expect(Set(outputs.keys) == Set(golden.outputs.keys))
        for (name, got) in outputs.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
    }
}
