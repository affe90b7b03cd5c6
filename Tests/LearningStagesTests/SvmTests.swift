// classify.svm and classify.linear_svm beyond the reference numbers.

import Linear
import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

/// A cloud a class, the last class rarer than the others.
private func clouds(_ count: Int, classes: Int = 3, features: Int = 6) -> (rows: [[Value]], targets: [Scalar]) {
    let targets = (0..<count).map { $0 % 7 == 0 ? classes - 1 : $0 % classes }
    let rows = targets.enumerated().map { index, target in
        let noise = numbers(features, "support \(index)")
        return row(noise.enumerated().map { $1 + ($0 == target ? 1.5 : 0) })
    }
    return (rows, targets.map { .string("class \($0)") })
}

@Suite struct SvmTests {
    @Test(arguments: Kernel.allCases) func theMatrixIsThatOfTheKernel(kernel: Kernel) throws {
        let (x, y) = (numbers(12, "x"), numbers(8, "y"))
        let function = KernelFunction(kernel: kernel, degree: 3, gamma: 0.3, coef0: 0.5)
        let values = try function.values(x, 3, y, KernelFunction.squares(y, width: 4), width: 4)
        let form = try FeatureForm(Tensor(.float64([0, 0, 0, 0]), shape: [4], axes: ["feature"]))
        let all = x + y
        let twin = try function.matrix(
            FeatureMatrix((0..<5).map { row(Array(all[$0 * 4..<($0 + 1) * 4])) }, as: form))
        for i in 0..<3 {
            for j in 0..<2 {
                let (a, b) = (x[i * 4..<i * 4 + 4], y[j * 4..<j * 4 + 4])
                let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
                let distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
                let expected: Double =
                    switch kernel {
                    case .linear: product
                    case .poly: power(0.3 * product + 0.5)
                    case .rbf: exponential(-0.3 * distance)
                    case .sigmoid: 1 - 2 / (exponential(2 * (0.3 * product + 0.5)) + 1)
                    }
                #expect(abs(values[i * 2 + j] - expected) < 1e-9 * max(1, abs(expected)))
                #expect(abs(twin[i, 3 + j] - expected) < 1e-9 * max(1, abs(expected)))
                #expect(twin[i, 3 + j] == twin[3 + j, i])
            }
        }
    }

    private func power(_ base: Double) -> Double { base * base * base }

    /// By its series, after halvings.
    private func exponential(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for index in 1..<20 {
            term *= x / 1024 / Double(index)
            sum += term
        }
        return (0..<10).reduce(sum) { value, _ in value * value }
    }

    @Test(arguments: ["classify.svm", "classify.linear_svm"], [2, 3, 5])
    func blocksDoNotMatter(type: String, classes: Int) throws {
        let data = clouds(150, classes: classes)
        let stage = try #require(try learningStages[type]?.init(given: [:]) as? any FittedStage)
        let state = try stage.fit(fitInput(data.rows, data.targets)).state
        let whole = try stage.apply(state, to: data.rows).compactMap { Prediction($0) }
        let single = try data.rows.flatMap { try stage.apply(state, to: [$0]) }.compactMap { Prediction($0) }
        #expect(whole.count == 150 && single.count == 150)
        for (a, b) in zip(whole, single) {
            #expect(a.predicted == b.predicted && a.output == .score && a.scores.count == classes)
            #expect(zip(a.scores, b.scores).allSatisfy { abs($0 - $1) <= 1e-12 })
        }
        #expect(zip(whole, data.targets).count { $0.predicted == $1.description } > 60)
    }

    @Test func severalFitsAtOnceAreTheSame() async throws {
        let data = clouds(90)
        let stage = try ClassifySvm(given: ["probability": .bool(true)])
        let alone = try stage.fit(fitInput(data.rows, data.targets))
        try await withThrowingTaskGroup(of: Fitted.self) { group in
            for threads in 1...6 {
                group.addTask {
                    try stage.fit(
                        FitInput(
                            training: TrainingSet(data.rows, targets: data.targets), stream: someStream,
                            threads: threads))
                }
            }
            for try await fitted in group {
                #expect(fitted.state.digest == alone.state.digest)
                #expect(fitted.metrics == alone.metrics)
            }
        }
        #expect((alone.metrics.first { $0.name == "n_iter" }?.value ?? 0) > 10)
    }

    @Test(arguments: [2, 4]) func probabilities(classes: Int) throws {
        let data = clouds(120, classes: classes)
        let stage = try ClassifySvm(given: ["probability": .bool(true)])
        let fitted = try stage.fit(fitInput(data.rows, data.targets))
        let predictions = try stage.apply(fitted.state, to: data.rows).compactMap { Prediction($0) }
        for prediction in predictions {
            #expect(prediction.output == .probability)
            #expect(abs(prediction.scores.reduce(0, +) - 1) < 1e-12 && prediction.scores.allSatisfy { $0 >= 0 })
        }
        let ofTrue = zip(predictions, data.targets).map { prediction, target in
            prediction.scores[prediction.classes.firstIndex(of: target.description) ?? 0]
        }
        #expect(ofTrue.reduce(0, +) / 120 > 1.2 / Double(classes))
        // Without probabilities the machines are the same, whatever is drawn.
        let plain = try ClassifySvm(given: [:]).fit(fitInput(data.rows, data.targets)).state
        #expect(plain.tensors["dual_coef"] == fitted.state.tensors["dual_coef"])
        let other = try stage.fit(
            FitInput(
                training: TrainingSet(data.rows, targets: data.targets),
                stream: RandomStream(named: Digest(of: .text("other")))))
        #expect(other.state.tensors["slope"] != fitted.state.tensors["slope"])
    }

    @Test func coupledProbabilitiesAreThoseThatThePairsComeFrom() {
        let known = [0.5, 0.3, 0.15, 0.05]
        var pairs = [Double](repeating: 0, count: 16)
        for i in 0..<4 {
            for j in 0..<4 where i != j { pairs[i * 4 + j] = known[i] / (known[i] + known[j]) }
        }
        for (found, expected) in zip(coupled(pairs, classes: 4), known) { #expect(abs(found - expected) < 0.01) }
    }

    @Test func theSigmoidTellsSides() {
        let decisions = (0..<200).map { Double($0 - 100) / 40 }
        let sigmoid = Sigmoid(decisions, isFirst: (0..<200).map { ($0 * 37) % 200 < $0 })
        #expect(sigmoid.slope < 0 && sigmoid(2) > 0.8 && sigmoid(-2) < 0.2 && abs(sigmoid(0) - 0.5) < 0.1)
        #expect(sigmoid(1e300) == 1 && sigmoid(-1e300) == 0)
    }

    @Test func moreIterationsThanAskedForAreAWarning() throws {
        let data = clouds(60)
        let fitted = try ClassifySvm(given: ["max_iter": .int(3)]).fit(fitInput(data.rows, data.targets))
        #expect(fitted.warnings.count == 1)
        #expect(fitted.warnings.first?.hasPrefix("did not converge in 3 iterations, which is max_iter") == true)
        #expect(try ClassifySvm(given: [:]).fit(fitInput(data.rows, data.targets)).warnings.isEmpty)
        let linear = try ClassifyLinearSvm(given: ["max_iter": .int(1), "loss": .text("hinge")])
        #expect(
            try linear.fit(fitInput(data.rows, data.targets)).warnings.first?.hasPrefix(
                "did not converge in 1 iterations") == true)
    }

    @Test func constantFeaturesTellNothing() throws {
        let rows = (0..<10).map { _ in row([3, 3, 3]) }
        let targets: [Scalar] = (0..<10).map { .int($0 < 7 ? 1 : 0) }
        let stage = try ClassifySvm(given: [:])
        let state = try stage.fit(fitInput(rows, targets)).state
        #expect(state.scalars["gamma"] == .float(1))
        #expect(try stage.apply(state, to: rows).compactMap { Prediction($0)?.predicted } == targets.map { _ in "1" })
    }

    @Test func fewRowsOfManyFeatures() throws {
        let data = clouds(12, features: 20_000)
        for type in ["classify.svm", "classify.linear_svm"] {
            let stage = try #require(try learningStages[type]?.init(given: ["C": .int(1)]) as? any FittedStage)
            let state = try stage.fit(fitInput(data.rows, data.targets)).state
            let predicted = try stage.apply(state, to: data.rows).compactMap { Prediction($0)?.predicted }
            #expect(predicted == data.targets.map(\.description))
        }
    }

    @Test func whatCannotBeFittedOn() throws {
        for type in ["classify.svm", "classify.linear_svm"] {
            let known = try #require(learningStages[type])
            let problem = #expect(throws: Problem.self) { try known.init(given: ["C": .int(0)]) }
            #expect(problem?.path == ["C"])
            let stage = try #require(try known.init(given: [:]) as? any FittedStage)
            for (rows, targets) in [
                ([], []), ([row([1]), row([2])], [.int(3), .int(3)]), ([row([1])], [.int(1)]),
                ([row([1]), row([.nan])], [.int(1), .int(2)]), ([row([1]), row([1e200])], [.int(1), .int(2)]),
            ] as [([[Value]], [Scalar])] {
                #expect(throws: Failure.self) { try stage.fit(fitInput(rows, targets)) }
            }
        }
        let many = (0...(1 << 14)).map { row([Double($0)]) }
        let failure = #expect(throws: Failure.self) {
            try ClassifySvm(given: [:]).fit(fitInput(many, many.indices.map { .int($0 % 2) }))
        }
        #expect(failure?.cause == "16385 training rows are too many: with a kernel there may be 16384 at most")
    }
}

@Suite struct LinearSvmTests {
    /// The value of the problem that is solved, by its definition.
    private func value(_ weights: [Double], _ rows: [Double], signs: [Double], costs: [Double], power: Int) -> Double {
        let width = weights.count
        var value = Blas.dot(weights, weights) / 2
        for (row, sign) in signs.enumerated() {
            let output = Blas.dot(weights, Array(rows[row * width..<(row + 1) * width]))
            let lack = max(0, 1 - sign * output)
            value += costs[row] * (power == 2 ? lack * lack : lack)
        }
        return value
    }

    /// More rows than features, fewer, and both too many for equations.
    @Test(arguments: [(30, 5, 4096), (8, 40, 4096), (30, 5, 2), (8, 40, 2)])
    func nothingNearbyIsSmaller(count: Int, width: Int, largest: Int) throws {
        let rows = numbers(count * width, "linear")
        let signs = (0..<count).map { $0 * 13 % 10 < 6 ? 1.0 : -1 }
        let costs = (0..<count).map { 0.1 + Double($0 % 3) }
        let hinge = SquaredHinge(rows: rows, count: count, width: width, largest: largest)
        let found = try #require(hinge.minimise(signs: signs, costs: costs, tolerance: 1e-10, maxIterations: 1000))
        var stream = someStream
        let plain = HingeDescent(rows: rows, count: count, width: width).minimise(
            signs: signs, costs: costs, tolerance: 1e-9, maxIterations: 20_000, stream: &stream)
        #expect(found.hasConverged && plain.hasConverged)
        for (weights, power) in [(found.weights, 2), (plain.weights, 1)] {
            let least = value(weights, rows, signs: signs, costs: costs, power: power)
            for index in 0..<width {
                for step in [1e-3, -1e-3] {
                    var other = weights
                    other[index] += step
                    #expect(value(other, rows, signs: signs, costs: costs, power: power) > least)
                }
            }
        }
    }

    /// The units of features are no matter, and features that repeat others are none either.
    @Test(arguments: [(40, 6), (10, 60)]) func featuresMayBeBadlyScaled(count: Int, width: Int) throws {
        var rows = numbers(count * width, "units")
        for index in rows.indices {
            if index % width == 0 { rows[index] *= 1e7 }
            if index % width == 2 { rows[index] = rows[index - 1] }
        }
        let signs = (0..<count).map { $0 % 2 == 0 ? 1.0 : -1 }
        let costs = [Double](repeating: 1e9, count: count)
        let hinge = SquaredHinge(rows: rows, count: count, width: width)
        let found = try #require(hinge.minimise(signs: signs, costs: costs, tolerance: 1e-4, maxIterations: 1000))
        #expect(found.weights.allSatisfy(\.isFinite) && found.weights.contains { $0 != 0 })
    }

    @Test func balancedClassesAreHeardAlike() throws {
        let data = clouds(70, classes: 2)
        func share(_ given: [String: Canonical]) throws -> Int {
            let stage = try ClassifyLinearSvm(given: given)
            let state = try stage.fit(fitInput(data.rows, data.targets)).state
            return try stage.apply(state, to: data.rows).count { Prediction($0)?.predicted == "class 0" }
        }
        #expect(try share(["C": .float(0.001)]) != share(["C": .float(0.001), "class_weight": .text("balanced")]))
    }
}
