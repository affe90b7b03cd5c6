// L-BFGS on functions with known minima.

import Testing

@testable import LearningStages

@Suite struct SolveTests {
    @Test func rosenbrock() {
        let solver = Lbfgs(maxIterations: 200, gradientTolerance: 1e-8, valueTolerance: 0)
        let result = solver.minimise(from: [-1.2, 1, -1.2, 1]) { x, gradient in
            var value = 0.0
            gradient = [0, 0, 0, 0]
            for i in 0..<3 {
                let (a, b) = (x[i + 1] - x[i] * x[i], 1 - x[i])
                value += 100 * a * a + b * b
                gradient[i] += -400 * x[i] * a - 2 * b
                gradient[i + 1] += 200 * a
            }
            return value
        }
        #expect(result.hasConverged)
        #expect(result.point.allSatisfy { abs($0 - 1) < 1e-6 })
        #expect(result.iterations < 80)
    }

    @Test func anIllConditionedBowl() {
        let result = Lbfgs(maxIterations: 500, gradientTolerance: 1e-9, valueTolerance: 0)
            .minimise(from: [5, 5, 5]) { x, gradient in
                gradient = [2 * x[0], 2e3 * x[1], 2e6 * x[2]]
                return x[0] * x[0] + 1e3 * x[1] * x[1] + 1e6 * x[2] * x[2]
            }
        #expect(result.hasConverged)
        #expect(result.value < 1e-16)
    }

    @Test func whatHasNoMinimum() {
        let falling = Lbfgs(maxIterations: 50).minimise(from: [0]) { x, gradient in
            gradient = [-1]
            return -x[0]
        }
        #expect(!falling.hasConverged)
        let wrong = Lbfgs().minimise(from: [1]) { x, gradient in
            gradient = [-2 * x[0]]
            return x[0] * x[0]
        }
        #expect(wrong.point == [1])
        let notANumber = Lbfgs().minimise(from: [1]) { _, gradient in
            gradient = [.nan]
            return .nan
        }
        #expect(!notANumber.hasConverged && notANumber.iterations == 0)
        let start = Lbfgs().minimise(from: []) { _, _ in 3 }
        #expect(start.hasConverged && start.value == 3)
    }
}
