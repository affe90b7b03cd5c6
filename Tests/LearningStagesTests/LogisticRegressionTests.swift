// classify.logistic_regression beyond the reference numbers.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite struct LogisticRegressionTests {
    /// Three clouds, the last class rarer than the others.
    private func clouds(_ count: Int, classes: Int = 3, _ name: String = "") -> (rows: [[Value]], targets: [Scalar]) {
        let targets = (0..<count).map { $0 % 7 == 0 ? classes - 1 : $0 % classes }
        let rows = targets.enumerated().map { index, target in
            let noise = numbers(6, "cloud \(name) \(index)")
            return row(noise.enumerated().map { $1 + ($0 == target ? 1.5 : 0) })
        }
        return (rows, targets.map { .string("class \($0)") })
    }

    @Test(arguments: [1, 3], [true, false])
    func theGradientIsThatOfTheLoss(outputs: Int, hasIntercept: Bool) {
        let (rows, columns) = (12, 4)
        let weights = (0..<rows).map { Double($0 + 1) / 78 }
        let loss = LogisticLoss(
            features: numbers(rows * columns, "x"), rows: rows, columns: columns,
            targets: (0..<rows).map { $0 % max(2, outputs) }, weights: weights, outputs: outputs,
            hasIntercept: hasIntercept, penalty: 0.3)
        let point = numbers(loss.pointSize, "point")
        var gradient = [Double](), unused = [Double]()
        _ = loss.evaluate(point, gradient: &gradient)
        #expect(gradient.count == point.count)
        for index in point.indices {
            var (up, down) = (point, point)
            up[index] += 1e-5
            down[index] -= 1e-5
            let slope = (loss.evaluate(up, gradient: &unused) - loss.evaluate(down, gradient: &unused)) / 2e-5
            #expect(abs(slope - gradient[index]) < 1e-8)
        }
    }

    @Test(arguments: [2, 3, 5])
    func blocksDoNotMatter(classes: Int) throws {
        let data = clouds(260, classes: classes)
        let stage = try ClassifyLogisticRegression(given: [:])
        let state = try stage.fit(fitInput(data.rows, data.targets)).state
        let whole = try stage.apply(state, to: data.rows).compactMap { Prediction($0) }
        let single = try data.rows.flatMap { try stage.apply(state, to: [$0]) }.compactMap { Prediction($0) }
        #expect(whole.count == 260 && single.count == 260)
        for (a, b) in zip(whole, single) {
            #expect(a.predicted == b.predicted)
            #expect(abs(a.scores.reduce(0, +) - 1) < 1e-12)
            #expect(zip(a.scores, b.scores).allSatisfy { abs($0 - $1) <= 1e-12 })
        }
        let right = zip(whole, data.targets).count { $0.predicted == $1.description }
        #expect(right > 130)
    }

    @Test func theSameBytesTwice() throws {
        let data = clouds(90)
        let stage = try ClassifyLogisticRegression(given: ["class_weight": .text("balanced")])
        let (once, twice) = (
            try stage.fit(fitInput(data.rows, data.targets)), try stage.fit(fitInput(data.rows, data.targets))
        )
        #expect(once.state.digest == twice.state.digest)
        #expect(try stage.apply(once.state, to: data.rows) == stage.apply(twice.state, to: data.rows))
    }

    @Test func rowsMayComeInAnyOrderAndClassesUnderAnyName() throws {
        let data = clouds(80)
        let stage = try ClassifyLogisticRegression(given: ["tol": .float(1e-10), "max_iter": .int(1000)])
        let state = try stage.fit(fitInput(data.rows, data.targets)).state
        let turned = try stage.fit(fitInput(data.rows.reversed(), data.targets.reversed())).state
        let (a, b) = (state.tensors["coef"]?.doubles() ?? [], turned.tensors["coef"]?.doubles() ?? [])
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-6 })
        let numbered = try stage.fit(fitInput(data.rows, data.targets.map { .int(Int($0.description.suffix(1)) ?? 0) }))
        #expect(numbered.state.tensors["coef"]?.doubles() == a)
        #expect(numbered.state.tensors["counts"]?.labels["class"] == ["0", "1", "2"])
    }

    @Test func notConvergingIsAWarning() throws {
        let data = clouds(60)
        let stage = try ClassifyLogisticRegression(given: ["max_iter": .int(2)])
        let fitted = try stage.fit(fitInput(data.rows, data.targets))
        #expect(fitted.warnings.count == 1)
        #expect(fitted.warnings.first?.hasPrefix("did not converge in 2 iterations") == true)
        #expect(fitted.state.scalars["n_iter"] == .int(2))
        #expect(try ClassifyLogisticRegression(given: [:]).fit(fitInput(data.rows, data.targets)).warnings.isEmpty)
    }

    @Test func withoutInterceptOrPenalty() throws {
        let data = clouds(60, classes: 2)
        let plain = try ClassifyLogisticRegression(given: ["fit_intercept": .bool(false)])
        let state = try plain.fit(fitInput(data.rows, data.targets)).state
        #expect(state.tensors["intercept"]?.doubles() == [0])
        #expect(state.tensors["coef"]?.shape == [1, 6])
        let given: [String: Canonical] = ["C": .float(1e9), "tol": .float(1e-9), "max_iter": .int(1000)]
        let weak = try ClassifyLogisticRegression(given: given)
        let none = try ClassifyLogisticRegression(
            given: given.merging(["penalty": .text("none"), "C": .float(1)]) { $1 })
        let a = try weak.fit(fitInput(data.rows, data.targets)).state.tensors["coef"]?.doubles() ?? []
        let b = try none.fit(fitInput(data.rows, data.targets)).state.tensors["coef"]?.doubles() ?? []
        #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-5 * max(1, abs($1)) })
    }

    @Test func whatCannotBeFittedOn() throws {
        let stage = try ClassifyLogisticRegression(given: [:])
        let one = #expect(throws: Failure.self) { try stage.fit(fitInput([row([1]), row([2])], [.int(3), .int(3)])) }
        #expect(one?.cause == "there is only one class in training: 3")
        for (rows, targets) in [
            ([], []), ([row([1])], [.int(1)]), ([row([1]), row([2])], [.int(1)]), ([row([1]), row([2])], []),
            ([row([1]), row([2])], [.int(1), .missing]), ([row([1]), row([2])], [.int(1), .string("1")]),
            ([row([1]), row([.nan])], [.int(1), .int(2)]), ([row([]), row([])], [.int(1), .int(2)]),
            ([row([1]), row([1, 2])], [.int(1), .int(2)]), ([[.nothing], [.nothing]], [.int(1), .int(2)]),
        ] as [([[Value]], [Scalar])] {
            #expect(throws: Failure.self) { try stage.fit(fitInput(rows, targets)) }
        }
        // Neither a trap nor a hang: huge, constant and separable features.
        for values in [[1e300, -1e300, 1e200, 0], [0, 0, 0, 0], [-1, -1, 1, 1], [1e-300, 0, 0, 0]] {
            let state = try stage.fit(fitInput(values.map { row([$0]) }, [.int(0), .int(0), .int(1), .int(1)])).state
            #expect(try stage.apply(state, to: [row([1])]).count == 1)
        }
    }

    @Test func whatCannotBeAppliedTo() throws {
        let data = clouds(30)
        let stage = try ClassifyLogisticRegression(given: [:])
        let state = try stage.fit(fitInput(data.rows, data.targets)).state
        #expect(try stage.apply(state, to: []).isEmpty)
        #expect(throws: Failure.self) { try stage.apply(state, to: [row([1])]) }
        #expect(throws: Failure.self) { try stage.apply(state, to: [row([1, 2, 3, 4, 5, .nan])]) }
        #expect(throws: Failure.self) { try stage.apply(Bundle(), to: data.rows) }
        #expect(throws: Problem.self) { try stage.output(for: [.tensor(.float32, [Axis("time"), Axis("feature")])]) }
        #expect(try stage.output(for: [.unknown]) == .prediction)
    }

    @Test func predictionsCanBeFeatures() throws {
        let values = (0..<6).map { index in
            [Prediction(classes: ["a", "b"], scores: [Double(index), 1], output: .score, predicted: "a").value]
        }
        let stage = try ClassifyLogisticRegression(given: [:])
        let state = try stage.fit(fitInput(values, (0..<6).map { .bool($0 > 2) })).state
        #expect(state.tensors["coef"]?.labels == ["class": ["true"], "feature": ["a", "b"]])
        #expect(try stage.apply(state, to: values).compactMap { Prediction($0)?.predicted }.last == "true")
    }

    @Test(.enabled(if: learning.isThere), arguments: ["iris": 16, "wine": 16, "breast_cancer": 14, "digits": 29])
    func stopsWhereTheReferenceStops(set: String, iterations: Int) throws {
        // How many iterations scikit-learn 1.9 takes at its defaults on standardised features.
        let (x, y) = (try learning.array(set + ".X.npy"), ints(try learning.array(set + ".y.npy")))
        let train = ints(try learning.array(set + ".train.npy"))
        let scale = try ScaleStandard(given: [:])
        let state = try scale.fit(fitInput(rows(of: x, train))).state
        let scaled = try scale.apply(state, to: rows(of: x, train)).map { [$0] }
        let fitted = try ClassifyLogisticRegression(given: [:]).fit(fitInput(scaled, train.map { .int(y[$0]) }))
        guard case .int(let got)? = fitted.state.scalars["n_iter"] else { return }
        #expect(got == iterations)
    }
}
