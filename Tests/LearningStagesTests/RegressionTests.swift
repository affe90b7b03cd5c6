// regress.* and evaluate.regression beyond the reference numbers.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite struct RegressionTests {
    private func report(_ targets: [Scalar], _ estimates: [Double]) throws -> Report {
        try EvaluateRegression(given: [:]).report(
            ReportRows(
                role: .test, ids: targets.indices.map { "row-\($0)" }, targets: targets,
                values: estimates.map { Estimate($0).value }))
    }

    @Test func anEstimateIsAValue() {
        #expect(Estimate(Estimate(2.5).value) == Estimate(2.5))
        #expect(Estimate(.nothing) == nil)
        #expect(Estimate(.tensor(Tensor(.float64([1]), shape: [1], axes: ["estimate"]))) == nil)
        #expect(Estimate(Prediction(classes: ["a"], scores: [1], output: .score, predicted: "a").value) == nil)
    }

    @Test func metricsByTheirDefinition() throws {
        let report = try report([.int(1), .float(2), .int(4), .int(5)], [1.5, 2, 3, 5.5])
        #expect(report.value("mean_absolute_error") == 0.5)
        #expect(report.value("mean_squared_error") == 0.375)
        #expect(report.value("r2").map { abs($0 - (1 - 1.5 / 10)) < 1e-12 } == true)
        #expect(report.headline == ["r2", "concordance_correlation", "mean_absolute_error"])
        #expect(report.warnings.isEmpty)
    }

    @Test func whatIsNotDefinedIsLeftOut() throws {
        let flat = try report([.int(3), .int(3)], [3, 4])
        #expect(flat.value("r2") == nil && flat.value("concordance_correlation") == 0)
        #expect(flat.headline == ["concordance_correlation", "mean_absolute_error"])
        #expect(flat.warnings == ["r2 is left out: all targets are 3.0"])
        let single = try report([.float(0.1)], [0.1])
        #expect(single.metrics.map(\.name).contains("r2") == false && single.warnings.count == 2)
        #expect(single.value("root_mean_squared_error") == 0)
        #expect(try report([.int(1), .int(2)], [0.1, 0.1]).value("concordance_correlation") == 0)
    }

    @Test func whatCannotBeReportedOn() throws {
        for (targets, estimates) in [
            ([], []), ([.missing], [1]), ([.string("a")], [1]), ([.bool(true)], [1]), ([.float(.nan)], [1]),
            ([.int(1)], [.nan]), ([.int(1)], [.infinity]), ([.int(1), .int(2)], [1]),
            ([.int(1), .int(0)], [1e300, 0]),
        ] as [([Scalar], [Double])] {
            #expect(throws: Failure.self) { try report(targets, estimates) }
        }
    }

    /// More rows than features, and fewer.
    @Test(arguments: [(20, 4, true), (5, 30, true), (20, 4, false), (5, 30, false)])
    func ridgeHasNoSlopeLeft(count: Int, width: Int, hasIntercept: Bool) throws {
        let x = numbers(count * width, "ridge")
        let y = numbers(count, "targets").map { $0 + 7 }
        let rows = (0..<count).map { row(Array(x[$0 * width..<($0 + 1) * width])) }
        let stage = try RegressRidge(given: ["alpha": .float(0.5), "fit_intercept": .bool(hasIntercept)])
        let fitted = try stage.fit(fitInput(rows, y.map { .float($0) }))
        let errors = zip(try stage.apply(fitted.state, to: rows).compactMap { Estimate($0)?.number }, y).map { $0 - $1 }
        let coefficients = fitted.state.tensors["coef"]?.doubles() ?? []
        for column in 0..<width {
            var slope: Double = 0.5 * coefficients[column]
            for row in 0..<count { slope += errors[row] * x[row * width + column] }
            #expect(abs(slope) < 1e-9)
        }
        #expect((abs(errors.reduce(0, +)) < 1e-9) == hasIntercept)
        #expect(fitted.warnings.isEmpty)
    }

    @Test func ofManySolutionsTheSmallest() throws {
        // The second feature repeats the first, so that they share what there is.
        let rows = (0..<6).map { row([Double($0), Double($0), 1]) }
        let targets: [Scalar] = (0..<6).map { .float(4 * Double($0) + 2) }
        let fitted = try RegressRidge(given: ["alpha": .int(0)]).fit(fitInput(rows, targets))
        let coefficients = fitted.state.tensors["coef"]?.doubles() ?? []
        #expect(zip(coefficients, [2, 2, 0]).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(fitted.warnings.count == 1)
    }

    @Test func supportVectorsKeepWithinTheTube() throws {
        let rows = (0..<30).map { row([Double($0) / 10, 1]) }
        let targets: [Scalar] = (0..<30).map { .float(Double($0) / 5 - 1) }
        let stage = try RegressSvr(given: [
            "kernel": .text("linear"), "C": .int(100), "epsilon": .float(0.25), "tol": .float(1e-6),
        ])
        let fitted = try stage.fit(fitInput(rows, targets))
        for (value, target) in zip(try stage.apply(fitted.state, to: rows), targets) {
            let estimate = try #require(Estimate(value)).number
            guard case .float(let number) = target else { continue }
            #expect(abs(estimate - number) <= 0.25 + 1e-4)
        }
        let few = try RegressSvr(given: ["max_iter": .int(1)]).fit(fitInput(rows, targets))
        #expect(few.warnings.first?.hasPrefix("did not converge in 1 iterations, which is max_iter") == true)
        // One row, and rows that are all the same, are no trouble.
        let one = try stage.fit(fitInput([row([1, 2])], [.int(5)])).state
        #expect(try stage.apply(one, to: [row([9, 9])]).compactMap { Estimate($0)?.number } == [5])
    }

    @Test func dummies() throws {
        let rows = (0..<5).map { row([Double($0)]) }
        let targets: [Scalar] = [.int(1), .int(2), .float(4), .int(8), .int(100)]
        for (given, expected) in [
            ([:], 23), (["strategy": .text("median")], 4),
            (["strategy": .text("quantile"), "quantile": .float(0.625)], 6),
            (["strategy": .text("constant"), "constant": .int(-3)], -3),
        ] as [([String: Canonical], Double)] {
            let stage = try RegressDummy(given: given)
            let state = try stage.fit(fitInput(rows, targets)).state
            #expect(try stage.apply(state, to: [[]]).compactMap { Estimate($0)?.number } == [expected])
        }
        for (given, place) in [
            (["strategy": .text("quantile")], "quantile"), (["constant": .int(1)], "constant"),
            (["strategy": .text("constant")], "constant"), (["quantile": .float(0.5)], "quantile"),
        ] as [([String: Canonical], String)] {
            let problem = #expect(throws: Problem.self) { try RegressDummy(given: given) }
            #expect(problem?.path == [place])
        }
    }

    @Test(arguments: ["regress.ridge", "regress.svr", "regress.dummy"])
    func targetsAreNumbers(type: String) throws {
        let stage = try #require(try learningStages[type]?.init(given: [:]) as? any FittedStage)
        let rows = (0..<3).map { row([Double($0)]) }
        for odd: Scalar in [.string("high"), .bool(true), .missing, .float(.nan), .float(.infinity)] {
            let failure = #expect(throws: Failure.self) { try stage.fit(fitInput(rows, [.int(1), .float(2), odd])) }
            #expect(failure?.advice != nil)
        }
        #expect(throws: Failure.self) { try stage.fit(fitInput(rows, [.int(1)])) }
        #expect(throws: Failure.self) { try stage.fit(fitInput([], [])) }
    }
}
