// decompose.pca against scikit-learn, within the tolerances that the reference states.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

private let decompositions = GoldenGroup("tensor")

@Suite(.enabled(if: decompositions.isThere, "the reference numbers are not beside the package"))
struct PcaGoldenTests {
    @Test(arguments: decompositions.cases("tensor.pca"))
    func pca(golden: GoldenCase) throws {
        let x = try golden.input("X")
        let isFitted = ints(try golden.input("fit")).map { $0 == 1 }
        let stage = try DecomposePca(given: [
            "n_components": golden.with["components"] ?? .null, "whiten": golden.with["whiten"] ?? .null,
        ])
        let state = try stage.fit(fitInput(rows(of: x, isFitted.indices.filter { isFitted[$0] }))).state
        let rest = rows(of: x, isFitted.indices.filter { !isFitted[$0] })
        let scores = try stage.apply(state, to: rest).map(doubles)
        let components = try #require(state.tensors["components"])
        let (count, features) = (components.shape[0], components.shape[1])
        let (directions, mean) = (components.doubles() ?? [], state.tensors["mean"]?.doubles() ?? [])
        let variances = state.tensors["explained_variance"]?.doubles() ?? []

        var projector = [Double](repeating: 0, count: features * features)
        for component in 0..<count {
            let own: [Double] = Array(directions[component * features..<(component + 1) * features])
            for row in 0..<features {
                for column in 0..<features { projector[row * features + column] += own[row] * own[column] }
            }
        }
        var gram = [Double]()
        for one in scores {
            for other in scores {
                var product = 0.0
                for component in 0..<count { product += one[component] * other[component] }
                gram.append(product)
            }
        }
        var inverse = [Double]()
        for row in scores {
            var own = mean
            for component in 0..<count {
                let scale: Double = stage.parameters.whiten ? variances[component].squareRoot() : 1
                let weight: Double = row[component] * scale
                for feature in 0..<features { own[feature] += weight * directions[component * features + feature] }
            }
            inverse += own
        }
        var noise: Double?
        if case .float(let value)? = state.scalars["noise_variance"] { noise = value }
        let outputs: [String: [Double]?] = [
            "mean": mean, "projector": projector, "explained_variance": variances,
            "explained_variance_ratio": state.tensors["explained_variance_ratio"]?.doubles(),
            "singular_values": state.tensors["singular_values"]?.doubles(), "noise_variance": noise.map { [$0] },
            "transform_abs": scores.flatMap { $0.map(abs) }, "transform_gram": gram, "inverse": inverse,
        ]
        #expect(Set(outputs.keys) == Set(golden.outputs.keys))
        for (name, got) in outputs.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
    }
}
