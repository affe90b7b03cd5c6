// Support vector machines by libsvm, and systems of equations.

import Linear
import Testing

@Suite struct LibsvmTests {
    /// Two points on each side of 0: the outer ones support nothing.
    @Test func theWidestMargin() {
        let points = [3.0, 1, -1, -4]
        let matrix = KernelMatrix(points.flatMap { a in points.map { a * $0 } }, size: 4)
        let machine = matrix.classifier(
            rows: [0, 1, 2, 3], signs: [1, 1, -1, -1], costs: (10, 10), tolerance: 1e-9, shrinks: true)
        #expect(machine.weights[0] == 0 && machine.weights[3] == 0)
        #expect(abs(machine.weights[1] - 0.5) < 1e-6 && abs(machine.weights[2] + 0.5) < 1e-6)
        #expect(abs(machine.offset) < 1e-6 && machine.iterations > 0 && machine.hasConverged)
        // The order of the rows, and which side comes first, tell nothing.
        let turned = matrix.classifier(
            rows: [2, 3, 1], signs: [-1, -1, 1], costs: (10, 10), tolerance: 1e-9, shrinks: false)
        #expect(abs(turned.weights[0] + 0.5) < 1e-6 && turned.weights[1] == 0 && abs(turned.weights[2] - 0.5) < 1e-6)
    }

    @Test func costsBoundWeights() {
        let matrix = KernelMatrix([1, 1, 1, 1, 1, 1, 1, 1, 1], size: 3)
        let machine = matrix.classifier(
            rows: [0, 1, 2], signs: [1, 1, -1], costs: (0.25, 2), tolerance: 1e-9, shrinks: true)
        #expect(machine.weights == [0.25, 0.25, -0.5])
    }

    @Test func aRegressionWithinItsTube() {
        let points = [0.0, 1, 2, 3]
        let matrix = KernelMatrix(points.flatMap { a in points.map { a * $0 } }, size: 4)
        let machine = matrix.regressor(
            rows: [0, 1, 2, 3], targets: points.map { 2 * $0 + 1 }, cost: 100, width: 0.1, tolerance: 1e-9,
            shrinks: true)
        for (index, point) in points.enumerated() {
            let sum = machine.weights.indices.reduce(0) { $0 + machine.weights[$1] * matrix[$1, index] }
            #expect(abs(sum - machine.offset - (2 * point + 1)) <= 0.1 + 1e-6)
        }
    }

    @Test func equations() throws {
        let solution = try #require(Lapack.solve(positiveDefinite: [4, 9, 2, 3], size: 2, [2, 5]))
        // What lies above the diagonal is not read.
        #expect(zip(solution, [-0.5, 2]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(Lapack.solve(positiveDefinite: [1, 1, 1, 1], size: 2, [1, 1]) == nil)
        let scaled = try #require(Lapack.solve(positiveDefinite: [1e20, 0, 0, 1e-20], size: 2, [1e20, 1e-20]))
        #expect(scaled.allSatisfy { abs($0 - 1) < 1e-12 })
        #expect(Lapack.solve(positiveDefinite: [1, 0, 2, 1], size: 2, [1, 1]) == nil)
        #expect(Lapack.solve(positiveDefinite: [.nan], size: 1, [1]) == nil)
        #expect(Lapack.solve(positiveDefinite: [], size: 0, []) == [])
    }
}
