// decompose.pca beyond the reference numbers.

import Stages
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite struct PcaTests {
    /// Rows that vary along `rank` directions, each weaker than the one before, about a mean far from zero.
    private func cloud(_ count: Int, _ features: Int, rank: Int, _ name: String = "") -> [[Double]] {
        let directions: [[Double]] = (0..<rank).map { numbers(features, "direction \(name) \($0)") }
        var rows = [[Double]]()
        for index in 0..<count {
            let weights: [Double] = numbers(rank, "weights \(name) \(index)")
            var own: [Double] = (0..<features).map { 10 + Double($0 % 3) }
            for place in 0..<rank {
                let weight: Double = weights[place] / Double(place + 1)
                for feature in 0..<features { own[feature] += weight * directions[place][feature] }
            }
            rows.append(own)
        }
        return rows
    }

    private func singles(_ rows: [[Double]]) -> [[Value]] {
        rows.map { [.tensor(Tensor(.float32($0.map(Float.init)), shape: [$0.count], axes: ["feature"]))] }
    }

    private func squares(_ values: [Double]) -> Double {
        var sum = 0.0
        for value in values { sum += value * value }
        return sum
    }

    private func state(_ fitted: Fitted, _ name: String) -> [Double] { fitted.state.tensors[name]?.doubles() ?? [] }

    private func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double, _ what: Comment) {
        #expect(a.count == b.count, what)
        #expect(zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }, what)
    }

    private func stage(_ given: [String: Canonical], _ change: (inout PrincipalLimits) -> Void) throws -> DecomposePca {
        var stage = try DecomposePca(given: given)
        change(&stage.limits)
        return stage
    }

    @Test func directionsAreOrthonormalAndExplainWhatTheySay() throws {
        let data = cloud(30, 7, rank: 7).map { row($0) }
        let stage = try DecomposePca(given: [:])
        let fitted = try stage.fit(fitInput(data))
        let components = state(fitted, "components")
        for one in 0..<7 {
            for other in 0..<7 {
                var product = 0.0
                for feature in 0..<7 { product += components[one * 7 + feature] * components[other * 7 + feature] }
                #expect(abs(product - (one == other ? 1 : 0)) < 1e-12)
            }
            let entries = components[one * 7..<(one + 1) * 7]
            #expect(entries.map(abs).max() == entries.max())
        }
        let scores = try stage.apply(fitted.state, to: data).map(doubles)
        for component in 0..<7 {
            let column = scores.map { $0[component] }
            #expect(abs(column.reduce(0, +)) < 1e-9)
            let variance = squares(column) / 29
            #expect(abs(variance - state(fitted, "explained_variance")[component]) < 1e-9 * variance)
        }
        #expect(abs(state(fitted, "explained_variance_ratio").reduce(0, +) - 1) < 1e-12)
        #expect(fitted.metrics.last == Metric("n_components", 7))
        let white = try DecomposePca(given: ["whiten": .bool(true)])
        for component in 0..<7 {
            let column = try white.apply(fitted.state, to: data).map { doubles($0)[component] }
            #expect(abs(squares(column) / 29 - 1) < 1e-9)
        }
    }

    /// Blocks of rows give what the whole matrix gives, whichever side is longer and whatever the rows are held in.
    @Test(arguments: [(23, 900), (300, 17), (40, 40)], [1, 3000, 1 << 20])
    func byBlocksAsWhole(sizes: (rows: Int, features: Int), block: Int) throws {
        let data = cloud(sizes.rows, sizes.features, rank: 9)
        let (train, test) = (singles(Array(data.dropLast(5))), singles(data.suffix(5)))
        let given: [String: Canonical] = ["n_components": .int(8)]
        let whole = try DecomposePca(given: given)
        let large = try stage(given) { limits in
            limits.whole = 0
            limits.block = block
        }
        let (a, b) = (try whole.fit(fitInput(train)), try large.fit(fitInput(train)))
        for name in ["mean", "components", "explained_variance", "explained_variance_ratio", "singular_values"] {
            expectClose(state(b, name), state(a, name), 1e-10, "\(name)")
        }
        expectClose(
            try large.apply(b.state, to: test).flatMap(doubles), try whole.apply(a.state, to: test).flatMap(doubles),
            1e-9, "scores")
        let small = try stage(given) { limits in
            limits.whole = 0
            limits.block = block
            limits.double = 0
        }
        let c = try small.fit(fitInput(train))
        #expect(c.state.tensors["components"]?.type == .float32)
        expectClose(state(c, "components"), state(a, "components"), 1e-6, "components as Float")
        expectClose(
            try small.apply(c.state, to: test).flatMap(doubles), try whole.apply(a.state, to: test).flatMap(doubles),
            1e-5, "scores by components as Float")
    }

    @Test func theBytesDoNotDependOnThreads() throws {
        let data = singles(cloud(20, 300, rank: 12))
        let large = try stage([:]) { limits in
            limits.whole = 0
            limits.block = 5000
        }
        let digests = try [1, 2, 7].map { threads in
            try large.fit(FitInput(training: TrainingSet(data), stream: someStream, threads: threads)).state.digest
        }
        #expect(Set(digests).count == 1)
    }

    /// Few rows are alive at a time, and rows are read again instead.
    @Test func twoBlocksAreHeld() throws {
        let data = cloud(12, 400, rank: 5)
        let reads = Mutex(0)
        let training = TrainingSet(count: 12) { index in
            reads.withLock { $0 += 1 }
            return self.singles([data[index]])[0]
        }
        let large = try stage(["n_components": .int(3)]) { limits in
            limits.whole = 0
            limits.block = 4 * 400 * 4
        }
        _ = try large.fit(FitInput(training: training, stream: someStream))
        // Three blocks of four: a look at the first row, twice, the mean, 4 + 8 + 4 + 4 + 4 for the products, the sums.
        #expect(reads.withLock(\.self) == 2 + 12 + 24 + 12)
    }

    @Test(arguments: [true, false]) func noVarianceNoDirection(isWhole: Bool) throws {
        let data = cloud(12, 30, rank: 3).map { row($0) }
        let stage = try stage(["whiten": .bool(true)]) { if !isWhole { $0.whole = 0 } }
        let fitted = try stage.fit(fitInput(data))
        #expect(fitted.warnings.isEmpty)
        #expect(state(fitted, "components").count == 12 * 30)
        #expect(state(fitted, "components").dropFirst(3 * 30).allSatisfy { $0 == 0 })
        #expect(state(fitted, "singular_values").map { $0 > 0 } == (0..<12).map { $0 < 3 })
        let far = try stage.apply(fitted.state, to: [row(numbers(30, "elsewhere"))]).flatMap(doubles)
        #expect(far.count == 12 && far.dropFirst(3).allSatisfy { $0 == 0 } && far[0] != 0)

        let four = try DecomposePca(given: ["n_components": .int(4)]).fit(fitInput(data))
        #expect(
            four.warnings == [
                "the training rows vary along 3 directions only: of the 4 components the others are 0"
            ])
    }

    @Test func aShareOfTheVariance() throws {
        let data = cloud(40, 10, rank: 10).map { row($0) }
        let all = state(try DecomposePca(given: [:]).fit(fitInput(data)), "explained_variance_ratio")
        for share in [0.1, 0.5, 0.9, 0.999] {
            let fitted = try DecomposePca(given: ["n_components": .float(share)]).fit(fitInput(data))
            let count = try #require(fitted.state.tensors["components"]?.shape[0])
            #expect(all[..<count].reduce(0, +) > share)
            #expect(all[..<(count - 1)].reduce(0, +) <= share)
            let rest: Double = all[count...].reduce(0, +) / Double(10 - count)
            guard case .float(let noise)? = fitted.state.scalars["noise_variance"] else {
                Issue.record("no noise_variance")
                continue
            }
            let total = state(fitted, "explained_variance")[0] / all[0]
            #expect(abs(noise - rest * total) < 1e-9 * total)
        }
    }

    @Test func whatCannotBeFittedOn() throws {
        func cause(_ given: [String: Canonical], _ rows: [[Value]]) throws -> String? {
            #expect(throws: Failure.self) { try DecomposePca(given: given).fit(fitInput(rows)) }?.cause
        }
        #expect(try cause([:], []) == "expected at least two rows to fit on, got none")
        #expect(try cause([:], [row([1, 2])]) == "expected at least two rows to fit on, got one")
        #expect(
            try cause([:], [row([1, 2]), row([1, 2])])
                == "the training rows are all the same, so that there is no direction in which they vary")
        #expect(
            try cause(["n_components": .int(3)], [row([1, 2]), row([2, 2])])
                == "n_components is 3, and there are at most 2 components in 2 training rows of 2 features")
        #expect(
            try cause([:], [row([1, 2]), row([2, .nan])]) == "feature 1 is nan in a training row")
        #expect(
            try cause([:], singles([[1, 2], [2, .infinity]])) == "feature 1 is inf in a training row")
        #expect(
            try cause([:], [row([1, 2]), row([2])])
                == "expected 2 features as in the other rows, got float64 (feature 1)")
        #expect(
            try cause([:], [row([1e200, 2]), row([-1e200, 0])])
                == "the variance of the training rows is too large for a double")
        #expect(
            try cause([:], [row([1.7e308, 2]), row([1.7e308, 0])]) == "the mean of feature 0 is too large for a double")
        var stage = try DecomposePca(given: [:])
        stage.limits.whole = 1
        stage.limits.product = 1
        #expect(throws: Failure.self) { try stage.fit(fitInput([row([1, 2]), row([2, 2])])) }
        stage = try DecomposePca(given: [:])
        stage.limits.kept = 3
        #expect(throws: Failure.self) { try stage.fit(fitInput([row([1, 2]), row([2, 2])])) }
    }

    @Test func whatIsKnownBefore() throws {
        let input = Signature.tensor(.float32, [Axis("feature", size: 4)])
        let stage = try DecomposePca(given: ["n_components": .int(2)])
        #expect(try stage.output(for: [input]) == .tensor(.float64, [Axis("component", labels: ["pca_0", "pca_1"])]))
        let many = try DecomposePca(given: ["n_components": .int(5)])
        let problem = #expect(throws: Problem.self) { try many.output(for: [input]) }
        #expect(problem?.path == ["n_components"])
        #expect(problem?.message == "expected at most 4, the number of features, got 5")
        for wrong in [Canonical.int(0), .float(1.5), .float(0), .text("mle")] {
            #expect(throws: Problem.self) { try DecomposePca(given: ["n_components": wrong]) }
        }
    }

    /// Components of components: the axis may have the name that comes out.
    @Test func onComponents() throws {
        let data = cloud(9, 4, rank: 4).map { row($0) }
        let stage = try DecomposePca(given: [:])
        let once = try stage.apply(try stage.fit(fitInput(data)).state, to: data)
        let again = try stage.fit(fitInput(once.map { [$0] }))
        let twice = try stage.apply(again.state, to: once.map { [$0] })
        #expect(again.state.tensors["components"]?.axes == ["component", "feature"])
        expectClose(twice.flatMap(doubles).map(abs), once.flatMap(doubles).map(abs), 1e-9, "turned twice")
    }
}
