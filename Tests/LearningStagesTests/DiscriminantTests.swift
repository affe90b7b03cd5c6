// classify.lda, classify.qda, classify.naive_bayes and decompose.lda beyond the reference numbers.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

/// Rows in clouds about a centre a class.
struct Clouds {
    let rows: [[Value]]
    let targets: [Scalar]

    init(_ count: Int, features: Int, classes: Int = 3, _ name: String = "clouds") {
        let centres = (0..<classes).map { numbers(features, "\(name), centre \($0)") }
        rows = (0..<count).map { index in
            let noise = numbers(features, "\(name), row \(index)")
            return row(zip(centres[index % classes], noise).map { $0 + $1 / 2 })
        }
        targets = (0..<count).map { .string("c\($0 % classes)") }
    }

    var input: FitInput { fitInput(rows, targets) }

    /// Other numbers in the same rows.
    func changed(_ change: (inout [Double], Int) -> Void) -> [[Value]] {
        rows.enumerated().map { index, values in
            var features = doubles(values[0])
            change(&features, index)
            return row(features)
        }
    }
}

func cause(_ body: () throws -> Void) -> String? {
    #expect(throws: Failure.self) { try body() }?.cause
}

@Suite struct DiscriminantTests {
    private func scores(_ values: [Value]) -> [Double] { values.compactMap { Prediction($0) }.flatMap(\.scores) }

    private func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double, _ what: Comment = "") {
        #expect(a.count == b.count && !a.isEmpty, what)
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }, what)
    }

    /// Where the covariance is regular, all three solvers say the same.
    @Test func solversAgree() throws {
        let clouds = Clouds(60, features: 5)
        let results = try ["svd", "lsqr", "eigen"].map { solver in
            let stage = try ClassifyLda(given: ["solver": .text(solver)])
            return scores(try stage.apply(try stage.fit(clouds.input).state, to: clouds.rows))
        }
        expectClose(results[1], results[0], 1e-9)
        expectClose(results[2], results[0], 1e-9)
    }

    /// A matrix that is not decomposed whole gives the same, be it long or wide.
    @Test(arguments: [(60, 5), (20, 70)]) func byBlocksAsWhole(count: Int, features: Int) throws {
        let clouds = Clouds(count, features: features)
        var large = DiscriminantParameters()
        large.limits.whole = 0
        large.limits.block = 3 * 8 * features
        let whole = try Discriminant(svd: clouds.input.training, DiscriminantParameters())
        let blocks = try Discriminant(svd: clouds.input.training, large)
        #expect(blocks.rank == whole.rank)
        expectClose(blocks.coefficients, whole.coefficients, 1e-7)
        expectClose(blocks.intercepts, whole.intercepts, 1e-7)
        expectClose(blocks.directions, whole.directions, 1e-7)
    }

    @Test func constantFeaturesHaveNoWeight() throws {
        let clouds = Clouds(40, features: 4)
        let rows = clouds.changed { row, _ in row[2] = 0.1 }
        let rest = clouds.changed { row, _ in row.remove(at: 2) }
        for solver in ["svd", "lsqr"] {
            let stage = try ClassifyLda(given: ["solver": .text(solver)])
            let state = try stage.fit(fitInput(rows, clouds.targets)).state
            let other = try stage.fit(fitInput(rest, clouds.targets)).state
            expectClose(
                scores(try stage.apply(state, to: rows)), scores(try stage.apply(other, to: rest)), 1e-9, "\(solver)")
        }
        let eigen = try ClassifyLda(given: ["solver": .text("eigen")])
        #expect(
            cause { _ = try eigen.fit(fitInput(rows, clouds.targets)) }
                == "the covariance within classes is singular: features are constant, or sums of others")
        let qda = try ClassifyQda(given: [:])
        #expect(
            cause { _ = try qda.fit(fitInput(rows, clouds.targets)) }
                == "the class c0 varies along 3 of 4 directions only: its covariance is singular")
        let regular = try ClassifyQda(given: ["reg_param": .float(0.1)])
        #expect(try regular.apply(regular.fit(fitInput(rows, clouds.targets)).state, to: rows).count == 40)
        let bayes = try ClassifyNaiveBayes(given: ["var_smoothing": .int(0)])
        #expect(
            cause { _ = try bayes.fit(fitInput(rows, clouds.targets)) } == "feature 2 has no variance in the class c0")
    }

    @Test func directionsTellClassesApart() throws {
        let clouds = Clouds(80, features: 6, classes: 4)
        let stage = try DecomposeLda(given: [:])
        let fitted = try stage.fit(clouds.input)
        let values = try stage.apply(fitted.state, to: clouds.rows).map(doubles)
        #expect(values.allSatisfy { $0.count == 3 })
        // Variance 1 within classes, and none between one component and another.
        for one in 0..<3 {
            for other in 0..<3 {
                var sum = 0.0
                for position in 0..<4 {
                    let members = values.indices.filter { $0 % 4 == position }.map { values[$0] }
                    let means = [one, other].map { axis in members.reduce(0) { $0 + $1[axis] } / 20 }
                    for member in members { sum += (member[one] - means[0]) * (member[other] - means[1]) }
                }
                #expect(abs(sum / 80 - (one == other ? 1 : 0)) < 1e-9)
            }
        }
        let directions = fitted.state.tensors["scalings"]?.doubles() ?? []
        for start in stride(from: 0, to: directions.count, by: 6) {
            let entries = directions[start..<start + 6]
            #expect(entries.map(abs).max() == entries.max())
        }
        #expect(abs((fitted.state.tensors["explained_variance_ratio"]?.doubles() ?? []).reduce(0, +) - 1) < 1e-12)
    }

    /// Class means in one line: there is one direction, and the rest is zero.
    @Test func meansAlongOneLine() throws {
        let noise = Clouds(30, features: 3, classes: 1).rows.map { doubles($0[0]) }
        let targets = (0..<30).map { Scalar.int($0 % 3) }
        var means = [[Double]](repeating: [0, 0, 0], count: 3)
        for (index, row) in noise.enumerated() {
            for feature in 0..<3 { means[index % 3][feature] += row[feature] / 10 }
        }
        let rows = noise.enumerated().map { index, values in
            row((0..<3).map { values[$0] - means[index % 3][$0] + ($0 == 0 ? Double(index % 3) : 0) })
        }
        let stage = try DecomposeLda(given: ["n_components": .int(2)])
        let fitted = try stage.fit(fitInput(rows, targets))
        #expect(
            fitted.warnings == [
                "classes differ along 1 directions only: of the 2 components the others are 0"
            ])
        #expect(try stage.apply(fitted.state, to: rows).allSatisfy { doubles($0).count == 2 && doubles($0)[1] == 0 })
    }

    @Test func priorsMoveTheBorder() throws {
        let clouds = Clouds(40, features: 2, classes: 2)
        let priors = Canonical.array([.float(0.999), .float(0.001)])
        func first(_ stage: some FittedStage) throws -> Double {
            let state = try stage.fit(clouds.input).state
            return try stage.apply(state, to: clouds.rows).compactMap { Prediction($0)?.scores[0] }.reduce(0, +)
        }
        #expect(try first(ClassifyLda(given: ["priors": priors])) > first(ClassifyLda(given: [:])))
        #expect(try first(ClassifyQda(given: ["priors": priors])) > first(ClassifyQda(given: [:])))
        #expect(try first(ClassifyNaiveBayes(given: ["priors": priors])) > first(ClassifyNaiveBayes(given: [:])))

        let problem = #expect(throws: Problem.self) {
            try ClassifyLda(given: ["priors": .array([.float(0.5), .float(0.6)])])
        }
        #expect(problem?.path == ["priors"])
        #expect(problem?.message == "expected probabilities that sum to 1, got a sum of 1.1")
        let three = try ClassifyLda(given: ["priors": .array([.float(0.5), .float(0.25), .float(0.25)])])
        #expect(
            cause { _ = try three.fit(clouds.input) }
                == "priors has 3 probabilities, and there are 2 classes in training: c0, c1")
    }

    @Test func whatCannotBeFittedOn() throws {
        let clouds = Clouds(12, features: 3)
        let one = fitInput(clouds.rows, clouds.targets.map { _ in .string("only") })
        #expect(cause { _ = try ClassifyLda(given: [:]).fit(one) } == "there is only one class in training: only")
        #expect(cause { _ = try ClassifyQda(given: [:]).fit(one) } == "there is only one class in training: only")
        #expect(
            cause { _ = try ClassifyNaiveBayes(given: [:]).fit(one) } == "there is only one class in training: only")
        #expect(cause { _ = try DecomposeLda(given: [:]).fit(one) } == "there is only one class in training: only")
        #expect(
            cause { _ = try DecomposeLda(given: ["n_components": .int(3)]).fit(clouds.input) }
                == "n_components is 3, and there are at most 2 components of 3 classes and 3 features")
        #expect(
            cause { _ = try ClassifyLda(given: [:]).fit(fitInput([row([1]), row([2])], [.int(0), .int(1)])) }
                == "the training rows of each class are all the same, so that there is no variance within classes")
        let wide = Clouds(9, features: 8)
        #expect(
            cause { _ = try ClassifyQda(given: [:]).fit(wide.input) }
                == "the class c0 has 3 training rows, too few for a covariance of 8 features")
        let many = fitInput(
            (0..<4).map { index in row((0..<8193).map { Double($0 * index % 7) }) },
            [.int(0), .int(0), .int(1), .int(1)])
        #expect(
            cause { _ = try ClassifyLda(given: ["solver": .text("lsqr")]).fit(many) }
                == "the solver lsqr takes at most 8192 features, got 8193")
        for type in ["classify.lda", "decompose.lda"] {
            let given: [String: Canonical] = ["shrinkage": .text("auto")]
            let problem = #expect(throws: Problem.self) { try learningStages[type]?.init(given: given) }
            #expect(problem?.path == ["shrinkage"])
        }
    }

    @Test func theBytesDoNotDependOnThreads() throws {
        let clouds = Clouds(40, features: 4)
        for name in ["classify.lda", "classify.qda", "classify.naive_bayes", "classify.knn", "decompose.lda"] {
            let stage = try #require(try learningStages[name]?.init(given: [:]) as? any FittedStage)
            let digests = try [1, 4].map { threads in
                try stage.fit(FitInput(training: clouds.input.training, stream: someStream, threads: threads)).state
                    .digest
            }
            #expect(Set(digests).count == 1)
        }
    }
}
