import Stages
import Tensors
import Testing

@testable import LearningStages

/// Samples of (4, 3) that are weighted sums of two outer products, and the weights.
private func exact(_ count: Int) -> (rows: [[Value]], weights: [[Double]]) {
    let (a, b, c) = (numbers(8, "a"), numbers(6, "b"), numbers(2 * count, "c"))
    let rows = (0..<count).map { index in
        let elements = (0..<12).map { place in
            (0..<2).reduce(0.0) { sum, column in
                sum + c[index * 2 + column] * a[place / 3 * 2 + column] * b[place % 3 * 2 + column]
            }
        }
        return [sample(elements, [4, 3])]
    }
    return (rows, (0..<count).map { [c[$0 * 2], c[$0 * 2 + 1]] })
}

@Suite struct CpTests {
    @Test func weightsOfNewSamplesAreThoseTheyWereMadeWith() throws {
        let (rows, weights) = exact(12)
        let stage = try DecomposeCp(given: ["rank": .int(2), "n_iter_max": .int(1000), "tol": .float(1e-12)])
        let fitted = try stage.fit(fitInput(Array(rows[..<8])))
        let made = try stage.apply(fitted.state, to: rows).map(doubles)
        // Up to order and length of the components: the same ratio in every sample.
        for own in 0..<2 {
            let matches = (0..<2).contains { other in
                let ratio = made[0][own] / weights[0][other]
                return zip(made, weights).allSatisfy { abs($0[own] - ratio * $1[other]) < 1e-4 * abs(ratio) }
            }
            #expect(matches)
        }
        let lengths = fitted.state.tensors["weights"]?.doubles() ?? []
        #expect(lengths[0] >= lengths[1])
        #expect((fitted.metrics.last { $0.name == "reconstruction_error" }?.value ?? 1) < 1e-4)
        guard case .tensor(let tensor) = try stage.apply(fitted.state, to: [rows[0]])[0] else { return }
        #expect(tensor.axes == ["component"] && tensor.labels == ["component": ["cp_0", "cp_1"]])
        #expect(try stage.output(for: [Signature(of: rows[0][0])]) == Signature(of: .tensor(tensor)))
    }

    @Test func errorsFall() throws {
        let rows = (0..<9).map { index in [sample(numbers(24, "noise \(index)"), [4, 3, 2])] }
        let fitted = try DecomposeCp(given: ["rank": .int(3), "tol": .int(0), "n_iter_max": .int(8)]).fit(
            fitInput(rows))
        let errors = fitted.metrics.filter { $0.step != nil }.map(\.value)
        #expect(errors.count == 8 && fitted.warnings.isEmpty)
        for (one, next) in zip(errors, errors.dropFirst()) { #expect(next <= one + 1e-12) }
        let few = try DecomposeCp(given: ["rank": .int(3), "tol": .float(1e-12), "n_iter_max": .int(3)])
        #expect(
            try few.fit(fitInput(rows)).warnings.first?.hasPrefix("it did not converge: after n_iter_max = 3") == true)
    }

    @Test func ranksAboveWhatIsThereGiveNumbers() throws {
        let (rows, _) = exact(8)
        let fitted = try DecomposeCp(given: ["rank": .int(6)]).fit(fitInput(rows))
        let hasNaN = fitted.state.tensors.values.contains { $0.hasNaN }
        #expect(!hasNaN)
        #expect((fitted.metrics.last { $0.name == "reconstruction_error" }?.value ?? 1) < 1e-3)
    }

    @Test func whatCannotBeIsRefused() throws {
        #expect(throws: Problem.self) { try DecomposeCp(given: ["rank": .int(0)]) }
        #expect(throws: Problem.self) { try DecomposeCp(given: [:]) }
        let stage = try DecomposeCp(given: ["rank": .int(13)])
        let (rows, _) = exact(4)
        do {
            _ = try stage.output(for: [Signature(of: rows[0][0])])
            Issue.record("13 components of 12 numbers were taken")
        } catch let problem {
            #expect(problem.path == ["rank"])
            #expect(problem.message == "expected at most 12, the numbers in a sample, got 13")
        }
        #expect(throws: Failure.self) { try stage.fit(fitInput(rows)) }
        var small = try DecomposeCp(given: ["rank": .int(2)])
        small.limit = 47
        #expect(throws: Failure.self) { try small.fit(fitInput(rows)) }
        #expect(throws: Failure.self) { try small.fit(fitInput([[sample([Double](repeating: 0, count: 6), [2, 3])]])) }
    }
}
