// decompose.nmf, decompose.truncated_svd and decompose.random_projection beyond the reference numbers.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite struct MatrixDecompositionTests {
    private func parts(_ count: Int, _ features: Int, _ components: Int, _ name: String = "") -> [[Value]] {
        let directions = (0..<components).map { numbers(features, "part \(name) \($0)").map { max(0, $0) } }
        return (0..<count).map { index in
            let weights = numbers(components, "weights \(name) \(index)").map { abs($0) }
            return row(
                (0..<features).map { feature in zip(weights, directions).reduce(0) { $0 + $1.0 * $1.1[feature] } })
        }
    }

    private func value(_ fitted: Fitted, _ name: String) -> Double {
        fitted.metrics.first { $0.name == name }?.value ?? .nan
    }

    /// What was made of three parts is found to be, whichever way.
    @Test(
        arguments: [("cd", "frobenius"), ("mu", "frobenius"), ("mu", "kullback-leibler")],
        ["nndsvd", "nndsvda", "random"])
    func factorsOfWhatHasThem(solver: (String, String), start: String) throws {
        let rows = parts(30, 12, 3)
        let stage = try DecomposeNmf(given: [
            "n_components": .int(3), "solver": .text(solver.0), "beta_loss": .text(solver.1), "init": .text(start),
            "tol": .float(1e-7), "max_iter": .int(2000),
        ])
        let fitted = try stage.fit(fitInput(rows))
        var norm = 0.0
        for row in rows { for element in doubles(row[0]) { norm += element * element } }
        #expect(value(fitted, "reconstruction_err") < 0.1 * norm.squareRoot())
        let components = try #require(fitted.state.tensors["components"])
        #expect(components.doubles()?.allSatisfy { $0 >= 0 } == true)
        // Rows by their weights.
        let weights = try stage.apply(fitted.state, to: rows).map(doubles)
        var rest = 0.0
        for (row, own) in zip(rows, weights) {
            #expect(own.allSatisfy { $0 >= 0 })
            for (feature, element) in doubles(row[0]).enumerated() {
                var made = 0.0
                for component in 0..<3 {
                    made += own[component] * (components.doubles() ?? [])[component * 12 + feature]
                }
                rest += (made - element) * (made - element)
            }
        }
        #expect(rest < 0.02 * norm)
    }

    @Test func penaltiesMakeWeightsSmallAndZero() throws {
        let rows = parts(20, 8, 4)
        func sizes(_ given: [String: Canonical]) throws -> (sum: Double, zeros: Int) {
            var all: [String: Canonical] = ["n_components": .int(4), "max_iter": .int(1000)]
            all.merge(given) { $1 }
            let stage = try DecomposeNmf(given: all)
            let values = try stage.apply(stage.fit(fitInput(rows)).state, to: rows).flatMap(doubles)
            return (values.reduce(0, +), values.count { $0 == 0 })
        }
        let (plain, square) = (try sizes([:]), try sizes(["alpha_W": .float(0.1), "alpha_H": .int(0)]))
        let linear = try sizes(["alpha_W": .float(0.1), "alpha_H": .int(0), "l1_ratio": .int(1)])
        #expect(square.sum < plain.sum)
        #expect(linear.zeros > square.zeros)
    }

    @Test func whatNmfRefuses() throws {
        let stage = try DecomposeNmf(given: ["n_components": .int(2)])
        #expect(
            cause { _ = try stage.fit(fitInput([row([1, 2]), row([3, -0.5], labels: ["x", "y"])])) }
                == "feature 1 is -0.5 in a training row, expected numbers of at least 0")
        let labelled = [row([1, 2], labels: ["x", "y"]), row([3, 1], labels: ["x", "y"])]
        let state = try stage.fit(fitInput(labelled)).state
        #expect(
            cause { _ = try stage.apply(state, to: [row([-1, 2])]) }
                == "feature x is -1 in a row, expected numbers of at least 0")
        #expect(
            cause { _ = try stage.fit(fitInput([row([0, 0]), row([0, 0])])) } == "the training rows are all zero")
        #expect(
            cause {
                _ = try DecomposeNmf(given: ["n_components": .int(3), "init": .text("nndsvd")]).fit(fitInput(labelled))
            }
                == "init nndsvd gives at most 2 components of 2 training rows of 2 features, and n_components is 3")
        #expect(
            cause { _ = try DecomposeNmf(given: ["n_components": .int(.max)]).fit(fitInput(labelled)) }?
                .contains("are too many") == true)
        let problem = #expect(throws: Problem.self) {
            try DecomposeNmf(given: ["beta_loss": .text("kullback-leibler")])
        }
        #expect(problem?.path == ["beta_loss"])
        let short = try DecomposeNmf(given: ["n_components": .int(2), "max_iter": .int(1)])
        #expect(
            try short.fit(fitInput(parts(20, 8, 4))).warnings
                == ["did not converge in 1 iterations; raise max_iter or tol"])
    }

    @Test func svdWithoutTheMean() throws {
        let rows = (0..<20).map { row(numbers(6, "row \($0)").map { $0 + 3 }) }
        let stage = try DecomposeTruncatedSvd(given: ["n_components": .int(6)])
        let fitted = try stage.fit(fitInput(rows))
        let values = try stage.apply(fitted.state, to: rows).map(doubles)
        let singular = fitted.state.tensors["singular_values"]?.doubles() ?? []
        for component in 0..<6 {
            let squares = values.reduce(0) { $0 + $1[component] * $1[component] }
            #expect(abs(squares.squareRoot() - singular[component]) < 1e-9)
        }
        #expect(abs(value(fitted, "explained_variance_ratio_sum") - 1) < 1e-12)
        // Zero stays zero.
        #expect(try doubles(stage.apply(fitted.state, to: [row([0, 0, 0, 0, 0, 0])])[0]).allSatisfy { $0 == 0 })

        let flat = rows.map { row(doubles($0[0]).map { _ in 2 }) }
        #expect(
            try DecomposeTruncatedSvd(given: ["n_components": .int(2)]).fit(fitInput(flat)).warnings
                == ["the training rows have 1 directions only: of the 2 components the others are 0"])
        #expect(
            cause { _ = try DecomposeTruncatedSvd(given: ["n_components": .int(3)]).fit(fitInput([row([1, 2, 3])])) }
                == "n_components is 3, and there are at most 1 components in 1 training rows of 3 features")
        #expect(
            cause { _ = try DecomposeTruncatedSvd(given: ["n_components": .int(1)]).fit(fitInput([row([0, 0])])) }
                == "the training rows are all zero, so that they have no direction")
    }

    /// Squared distances stay what they were, on average and nearly so each time.
    @Test(arguments: ["gaussian", "sparse"]) func distancesStay(kind: String) throws {
        let rows = (0..<8).map { row(numbers(400, "row \($0)")) }
        let stage = try DecomposeRandomProjection(given: ["n_components": .int(300), "kind": .text(kind)])
        let fitted = try stage.fit(fitInput(rows))
        let values = try stage.apply(fitted.state, to: rows).map(doubles)
        var shares = [Double]()
        for one in 0..<8 {
            for other in 0..<one {
                func distance(_ a: [Double], _ b: [Double]) -> Double {
                    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                }
                shares.append(
                    distance(values[one], values[other]) / distance(doubles(rows[one][0]), doubles(rows[other][0])))
            }
        }
        #expect(shares.allSatisfy { abs($0 - 1) < 0.4 })
        #expect(abs(shares.reduce(0, +) / Double(shares.count) - 1) < 0.1)
        #expect(fitted.warnings.isEmpty)
    }

    @Test func weightsAreAsDeclared() throws {
        let rows = [row(numbers(2500, "a")), row(numbers(2500, "b"))]
        let gaussian = try DecomposeRandomProjection(given: ["n_components": .int(20)]).fit(fitInput(rows)).state
        let weights = gaussian.tensors["components"]?.doubles() ?? []
        #expect(weights.count == 50_000)
        #expect(abs(weights.reduce(0, +)) / 50_000 < 0.003)
        #expect(abs(weights.reduce(0) { $0 + $1 * $1 } / 2500 - 1) < 0.03)
        let sparse = try DecomposeRandomProjection(given: ["n_components": .int(20), "kind": .text("sparse")])
            .fit(fitInput(rows)).state
        // A share of 1/50 of 50,000.
        #expect(abs((sparse.tensors["columns"]?.count ?? 0) - 1000) < 150)
        #expect(sparse.scalars["weight"] == .float((50.0 / 20).squareRoot()))
    }

    @Test func howManyComponents() throws {
        let wide = (0..<2).map { row([Double](repeating: Double($0), count: 700)) }
        let auto = try DecomposeRandomProjection(given: [:])
        // ⌊4 ln 2 / (0.1²/2 − 0.1³/3)⌋
        #expect(try auto.fit(fitInput(wide)).metrics.first?.value == 594)
        #expect(
            cause { _ = try auto.fit(fitInput([row([1, 2]), row([1, 3])])) }
                == "n_components: auto wants 594 components for 2 training rows and eps 0.1, and there are 2 features only"
        )
        #expect(
            cause { _ = try auto.fit(fitInput([row([1, 2])])) }
                == "n_components: auto needs at least two training rows")
        let many = try DecomposeRandomProjection(given: ["n_components": .int(3)])
        #expect(
            try many.fit(fitInput([row([1, 2])])).warnings == ["there are more components (3) than features (2)"])
        var small = many
        small.limit = 5
        #expect(cause { _ = try small.fit(fitInput([row([1, 2])])) }?.contains("may have 5 weights") == true)
    }
}
