import Linear
import Stages
import Synchronization
import Tensors
import Testing

@testable import LearningStages

/// Samples of (height 5, width 4, bin 3, angle 2).
private let shape = [5, 4, 3, 2]
private let axes = ["height", "width", "bin", "angle"]

private func tensor(
    _ values: [Double], type: ElementType = .float64, labels: [String: [String]] = [:],
    attributes: [String: Scalar] = [:]
) -> Tensor {
    Tensor(
        type == .float32 ? .float32(values.map { Float($0) }) : .float64(values), shape: shape, axes: axes,
        labels: labels, attributes: attributes)
}

private func someSamples(_ count: Int, type: ElementType = .float64) -> [[Value]] {
    let size = shape.reduce(1, *)
    let all = numbers(count * size, "tucker")
    return (0..<count).map { index in
        [.tensor(tensor(Array(all[index * size..<(index + 1) * size].map { $0 + 1 }), type: type))]
    }
}

private func list(_ values: [Int]) -> Canonical { .array(values.map { .int($0) }) }

/// ranks 3, 2 and 1 of width, height and angle, worked on in this order.
private let given: [String: Canonical] = ["ranks": list([3, 2, 1]), "modes": list([2, 1, 4])]

private func stage(
    _ more: [String: Canonical] = [:], limits: SampleLimits = SampleLimits()
) throws -> DecomposePartialTucker {
    var stage = try DecomposePartialTucker(given: given.merging(more) { _, new in new })
    stage.limits = limits
    return stage
}

private func errors(_ fitted: Fitted) -> [Double] {
    fitted.metrics.filter { $0.name == "reconstruction_error" && $0.step != nil }.map(\.value)
}

/// Everything spelled out: arrays as index → element, each product one sum.
private struct Definition {
    let samples: [[Double]]
    var factors = [Int: [[Double]]]()
    var errors = [Double]()

    private static func indices(_ shape: [Int]) -> [[Int]] {
        shape.reduce([[]]) { found, size in found.flatMap { index in (0..<size).map { index + [$0] } } }
    }

    private func projected(_ skipped: Int?) -> (shape: [Int], samples: [[Double]]) {
        var (current, arrays) = (shape, samples)
        for (axis, factor) in factors.sorted(by: { $0.key < $1.key }) where axis != skipped {
            var next = current
            next[axis] = factor[0].count
            let steps = current.indices.map { current[($0 + 1)...].reduce(1, *) }
            arrays = arrays.map { array in
                Self.indices(next).map { index in
                    var place = zip(index, steps).reduce(0) { $0 + $1.0 * $1.1 } - index[axis] * steps[axis]
                    var sum = 0.0
                    for row in 0..<current[axis] {
                        sum += array[place] * factor[row][index[axis]]
                        place += steps[axis]
                    }
                    return sum
                }
            }
            current = next
        }
        return (current, arrays)
    }

    private mutating func update(_ axis: Int, _ rank: Int) throws {
        let (current, arrays) = projected(axis)
        let indices = Self.indices(current)
        var gram = [Double](repeating: 0, count: shape[axis] * shape[axis])
        for array in arrays {
            for (one, first) in zip(indices, array) {
                for (other, second) in zip(indices, array) {
                    var rest = other
                    rest[axis] = one[axis]
                    if rest == one { gram[one[axis] * shape[axis] + other[axis]] += first * second }
                }
            }
        }
        let vectors = try Lapack.eigen(symmetric: gram, size: shape[axis]).vectors
        factors[axis] = (0..<shape[axis]).map { row in (0..<rank).map { vectors[$0 * shape[axis] + row] } }
    }

    init(_ rows: [[Value]], modes: [(axis: Int, rank: Int)], sweeps: Int) throws {
        samples = rows.map { doubles($0[0]) }
        var start = [Int: [[Double]]]()
        for (axis, rank) in modes {
            factors = [:]
            try update(axis, rank)
            start[axis] = factors[axis]
        }
        factors = start
        let whole = samples.joined().reduce(0) { $0 + $1 * $1 }
        for _ in 0..<sweeps {
            for (axis, rank) in modes { try update(axis, rank) }
            let core = projected(nil).samples.joined().reduce(0) { $0 + $1 * $1 }
            errors.append(((whole - core) / whole).squareRoot())
        }
    }
}

@Suite struct PartialTuckerTests {
    @Test(arguments: [SampleLimits(), SampleLimits(samples: 0), SampleLimits(samples: 0, projected: 0)])
    func sweepsAreThoseOfTheDefinition(_ limits: SampleLimits) throws {
        let rows = someSamples(4)
        let fitted = try stage(["tol": .int(0), "n_iter_max": .int(4)], limits: limits).fit(fitInput(rows))
        let definition = try Definition(rows, modes: [(1, 3), (0, 2), (3, 1)], sweeps: 4)
        let found = errors(fitted)
        #expect(found.count == 4)
        for (error, expected) in zip(found, definition.errors) { #expect(abs(error - expected) < 1e-10) }
        for (axis, expected) in definition.factors {
            let factor = try #require(fitted.state.tensors["factor_" + axes[axis]])
            let rank = factor.shape[1]
            for (place, entry) in (factor.doubles() ?? []).enumerated() {
                #expect(abs(abs(entry) - abs(expected[place / rank][place % rank])) < 1e-7)
            }
        }
        #expect(fitted.warnings.isEmpty)
    }

    /// How often each algorithm reads the rows, as the documentation says.
    @Test(arguments: [
        ("hooi", SampleLimits(samples: 0), 1 + 2 * 5), ("hooi", SampleLimits(samples: 0, projected: 0), 1 + 3 * 5),
        ("hooi", SampleLimits(), 1 + 1), ("hosvd", SampleLimits(samples: 0), 1 + 1),
        ("st_hosvd", SampleLimits(samples: 0), 1 + 1), ("st_hosvd", SampleLimits(samples: 0, projected: 0), 1 + 2),
    ])
    func passesAreCounted(_ algorithm: String, _ limits: SampleLimits, _ passes: Int) throws {
        let rows = someSamples(7)
        let reads = Mutex([Int](repeating: 0, count: rows.count))
        let training = TrainingSet(count: rows.count) { index in
            reads.withLock { $0[index] += 1 }
            return rows[index]
        }
        let stage = try stage(
            ["tol": .int(0), "n_iter_max": .int(5), "algorithm": .text(algorithm)], limits: limits)
        _ = try stage.fit(FitInput(training: training, stream: someStream))
        // The form of the samples is read off the first.
        #expect(reads.withLock { Array($0.dropFirst()) } == [Int](repeating: passes, count: 6))
    }

    @Test func aSingleAxisNeedsTheSummaryOnly() throws {
        let rows = someSamples(7)
        let reads = Mutex(0)
        let training = TrainingSet(count: rows.count) { index in
            if index == 3 { reads.withLock { $0 += 1 } }
            return rows[index]
        }
        let single = try DecomposePartialTucker(given: ["ranks": .map(["width": .int(2)])])
        let fitted = try single.fit(FitInput(training: training, stream: someStream))
        #expect(reads.withLock { $0 } == 1)
        let core = try single.apply(fitted.state, to: rows).flatMap(doubles).reduce(0) { $0 + $1 * $1 }
        let whole = rows.flatMap { doubles($0[0]) }.reduce(0) { $0 + $1 * $1 }
        #expect(abs(errors(fitted)[0] - ((whole - core) / whole).squareRoot()) < 1e-9)
    }

    @Test func mergedSummariesAreThatOfTheWhole() throws {
        let (stage, rows) = (try stage(), someSamples(9))
        let whole = try stage.summary(of: TrainingSet(rows))
        for cuts in [[0, 4, 9], [0, 1, 2, 9]] {
            let parts = try zip(cuts, cuts.dropFirst()).map { try stage.summary(of: TrainingSet(Array(rows[$0..<$1]))) }
            let merged = try parts.dropFirst().reduce(parts[0]) { try stage.merge($0, $1) }
            #expect(merged.scalars == whole.scalars)
            #expect(merged.tensors["shape"] == whole.tensors["shape"])
            for (name, tensor) in whole.tensors {
                for (a, b) in zip(tensor.doubles() ?? [], merged.tensors[name]?.doubles() ?? []) {
                    #expect(abs(a - b) <= 1e-12 * abs(a))
                }
            }
        }
        #expect(throws: Failure.self) {
            let other = try stage.summary(
                of: [sample(numbers(120, "x"), [5, 4, 6, 1])], target: .missing)
            _ = try stage.merge(whole, other)
        }
    }

    @Test func summariesAreSharedByAllRanks() throws {
        let first = try DecomposePartialTucker(given: ["ranks": .map(["height": .int(2), "width": .int(1)])])
        let second = try DecomposePartialTucker(
            given: ["ranks": .map(["height": .int(4), "width": .int(3)]), "algorithm": .text("hosvd")])
        let other = try DecomposePartialTucker(given: ["ranks": .map(["height": .int(4), "angle": .int(1)])])
        #expect(first.summaryParameters == second.summaryParameters)
        #expect(first.summaryParameters != other.summaryParameters)
        #expect(try stage().summaryParameters == stage(["ranks": list([1, 1, 1])]).summaryParameters)
    }

    @Test func threadsChangeNothing() throws {
        let rows = TrainingSet(someSamples(9))
        let states = try [1, 4].map {
            try stage(limits: SampleLimits(samples: 0)).fit(
                FitInput(training: rows, stream: someStream, threads: $0)
            ).state.digest
        }
        #expect(states[0] == states[1])
    }

    @Test func samplesKeepTheirTypeLabelsAndAttributes() throws {
        let labels = ["height": ["a", "b", "c", "d", "e"], "bin": ["x", "y", "z"]]
        for type in [ElementType.float32, .float64] {
            let rows = someSamples(6, type: type)
            let fitted = try stage().fit(fitInput(rows))
            let one = tensor(
                doubles(rows[0][0]), type: type, labels: labels, attributes: ["sample_rate": .int(8000)])
            guard case .tensor(let made) = try stage().apply(fitted.state, to: [[.tensor(one)]])[0] else { return }
            #expect(made.type == type)
            #expect(made.shape == [2, 3, 3, 1] && made.axes == axes)
            #expect(made.labels == ["bin": ["x", "y", "z"]])
            #expect(made.attributes == ["sample_rate": .int(8000)])
            let signature = try stage().output(for: [Signature(of: .tensor(one))])
            #expect(signature == Signature(of: .tensor(made)))
        }
    }

    @Test func floatsAreCloseToDoubles() throws {
        let single = try stage(["tol": .int(0), "n_iter_max": .int(20)]).fit(fitInput(someSamples(6, type: .float32)))
        let double = try stage(["tol": .int(0), "n_iter_max": .int(20)]).fit(fitInput(someSamples(6)))
        for (name, tensor) in double.state.tensors where name.hasPrefix("factor") {
            for (a, b) in zip(tensor.doubles() ?? [], single.state.tensors[name]?.doubles() ?? []) {
                #expect(abs(a - b) < 1e-5)
            }
        }
    }

    @Test func ranksAreFoundByTheShareThatTheyExplain() throws {
        let rows = someSamples(6)
        let stage = try DecomposePartialTucker(given: [
            "explained": .float(0.9), "modes": .array([.text("width"), .int(1)]),
        ])
        let fitted = try stage.fit(fitInput(rows))
        for axis in ["height", "width"] {
            let values = fitted.state.tensors["eigenvalues_" + axis]?.doubles() ?? []
            let rank = fitted.state.tensors["factor_" + axis]?.shape[1] ?? 0
            let whole = values.reduce(0, +)
            #expect(values[..<rank].reduce(0, +) >= 0.9 * whole)
            #expect(values[..<(rank - 1)].reduce(0, +) < 0.9 * whole)
            #expect(fitted.metrics.contains(Metric("rank", label: axis, Double(rank))))
        }
        let all = try DecomposePartialTucker(given: ["explained": .int(1)]).fit(fitInput(rows))
        #expect(all.state.tensors["factor_height"]?.shape == [5, 5])
        #expect(all.state.tensors["factor_angle"]?.shape == [2, 2])
        #expect((all.metrics.first { $0.name == "reconstruction_error" && $0.step == nil }?.value ?? 1) < 1e-7)
    }

    @Test func theLargestEntryOfEachColumnIsPositive() throws {
        let state = try stage().fit(fitInput(someSamples(6))).state
        for (name, factor) in state.tensors where name.hasPrefix("factor") {
            let (rank, entries) = (factor.shape[1], factor.doubles() ?? [])
            for column in 0..<rank {
                let own = stride(from: column, to: entries.count, by: rank).map { entries[$0] }
                #expect(own.max { abs($0) < abs($1) } ?? -1 > 0)
            }
        }
    }

    @Test func sweepsThatDoNotConvergeAreAWarning() throws {
        let fitted = try stage(["n_iter_max": .int(2)]).fit(fitInput(someSamples(6)))
        #expect(fitted.warnings.count == 1)
        #expect(fitted.warnings.first?.hasPrefix("it did not converge: after n_iter_max = 2 sweeps") == true)
    }

    @Test func whatIsMissingFromTheRowsIsZeroWithAWarning() throws {
        let constant = (0..<4).map { _ in [Value.tensor(tensor([Double](repeating: 0.5, count: 120)))] }
        let fitted = try stage().fit(fitInput(constant))
        #expect(
            fitted.warnings == [
                "the training rows vary along 1 directions of width only: of its 3 components the others are 0",
                "the training rows vary along 1 directions of height only: of its 2 components the others are 0",
            ])
        let made = doubles(try stage().apply(fitted.state, to: constant)[0])
        #expect(made.count { abs($0) > 1e-9 } == 3)
        #expect((fitted.metrics.first { $0.name == "reconstruction_error" && $0.step == nil }?.value ?? 1) < 1e-7)
        let zeros = (0..<4).map { _ in [Value.tensor(tensor([Double](repeating: 0, count: 120)))] }
        #expect(throws: Failure.self) { try stage().fit(fitInput(zeros)) }
    }

    @Test(
        arguments: [
            ([:], [], "expected ranks or explained: how far each axis is reduced"),
            (
                ["ranks": .map(["height": .int(0)])], ["ranks", "height"],
                "expected an int of at least 1, got the int 0"
            ),
            (
                ["ranks": list([2, 0]), "modes": list([1, 2])], ["ranks", "1"],
                "expected an int of at least 1, got the int 0"
            ),
            (
                ["ranks": list([2]), "explained": .float(0.9)], ["explained"],
                "expected either ranks or explained, got both"
            ),
            (["explained": .int(0)], ["explained"], "expected a number above 0 and at most 1, or null, got the int 0"),
            (
                ["ranks": list([2, 2]), "modes": list([1])], ["ranks"],
                "expected 1 ranks, one for each of modes, got 2"
            ),
            (
                ["ranks": list([2, 2]), "modes": list([1, 1])], ["modes", "1"], "mode 1 is listed twice"
            ),
            (
                ["ranks": list([2]), "modes": list([0])], ["modes", "0"],
                "mode 0 is the axis of the samples, which is not reduced: 1 is the first axis of a sample"
            ),
            (
                ["ranks": list([2]), "modes": list([-1])], ["modes", "0"],
                "expected the number of an axis of a sample, of at least 1, got -1"
            ),
            (
                ["ranks": .map(["height": .int(2)]), "modes": list([1])], ["modes"],
                "modes goes with a list of ranks, and ranks is a map that names its axes itself"
            ),
            (["ranks": list([])], ["ranks"], "expected at least one rank, got none"),
            (["ranks": .map([:])], ["ranks"], "expected at least one axis with its rank, got none"),
            (["explained": .float(0.5), "modes": list([])], ["modes"], "expected at least one mode, got none"),
        ] as [([String: Canonical], [String], String)])
    func parametersThatContradictAreProblems(
        _ given: [String: Canonical], _ path: [String], _ message: String
    ) throws {
        do {
            _ = try DecomposePartialTucker(given: given)
            Issue.record("it was taken: \(message)")
        } catch let problem {
            #expect(problem.path == path)
            #expect(problem.message == message)
        }
    }

    @Test(
        arguments: [
            (
                ["ranks": .map(["hight": .int(2)])], ["ranks", "hight"],
                "samples have no axis hight; there are height, width, bin, angle"
            ),
            (["ranks": .map(["angle": .int(3)])], ["ranks", "angle"], "expected at most 2, the size of angle, got 3"),
            (
                ["ranks": list([6, 1]), "modes": list([1, 4])], ["ranks", "0"],
                "expected at most 5, the size of height, got 6"
            ),
            (
                ["ranks": list([1]), "modes": list([5])], ["modes", "0"],
                "there is no mode 5: the axes of a sample are 1 to 4 (height, width, bin, angle)"
            ),
            (
                ["ranks": list([1, 1]), "modes": .array([.int(2), .text("width")])], ["modes", "1"],
                "width is listed twice"
            ),
            (
                ["ranks": list([1, 1])], ["ranks"],
                "expected 4 ranks, one for each axis of a sample (height, width, bin, angle), got 2"
            ),
        ] as [([String: Canonical], [String], String)])
    func whatDoesNotFitTheSamplesIsAProblemOrAFailure(
        _ given: [String: Canonical], _ path: [String], _ message: String
    ) throws {
        let stage = try DecomposePartialTucker(given: given)
        let rows = someSamples(3)
        do {
            _ = try stage.output(for: [Signature(of: rows[0][0])])
            Issue.record("it was taken: \(message)")
        } catch let problem {
            #expect(problem.path == path)
            #expect(problem.message == message)
        }
        do {
            _ = try stage.fit(fitInput(rows))
            Issue.record("it was fitted: \(message)")
        } catch let failure as Failure {
            #expect(failure.cause == path.joined(separator: ".") + ": " + message)
        }
    }

    @Test func axesThatAreTooLongAreRefused() throws {
        let stage = try DecomposePartialTucker(given: ["ranks": .map(["feature": .int(2)])])
        do {
            _ = try stage.output(for: [.tensor(.float32, [Axis("feature", size: 100_000)])])
            Issue.record("an axis of 100000 was taken")
        } catch let problem {
            #expect(problem.path == ["ranks", "feature"])
            #expect(problem.message == "feature has 100000 positions, of which an axis that is reduced may have 8192")
        }
        let long = Value.tensor(
            Tensor(.float32([Float](repeating: 1, count: 100_000)), shape: [100_000], axes: ["feature"]))
        #expect(throws: Failure.self) { try stage.fit(fitInput([[long], [long]])) }
    }

    /// Samples and factors of all sizes, by the kernel, by BLAS and by Kronecker products: all one definition.
    @Test(arguments: [
        ([7, 20], [0: 3, 1: 2]), ([6, 5, 9, 2], [1: 3, 3: 1]), ([3, 4, 17], [1: 2]), ([4, 3, 33], [0: 2, 1: 1]),
        ([9], [0: 4]), ([5, 4, 3], [2: 2]), ([40, 3, 2, 2], [0: 17, 2: 1]), ([3, 30, 40], [0: 2, 1: 20, 2: 3]),
    ])
    func projectionsAreSumsOfProducts(_ shape: [Int], _ ranks: [Int: Int]) {
        let (count, samples) = (shape.reduce(1, *), 3)
        let x = numbers(count * samples, "projection")
        var factors = [Int: AxisFactor]()
        for (axis, rank) in ranks {
            factors[axis] = AxisFactor(
                size: shape[axis], rank: rank, elements: numbers(shape[axis] * rank, "factor \(axis)"), directions: rank
            )
        }
        var (expected, current) = (x, shape)
        for (axis, factor) in factors.sorted(by: { $0.key < $1.key }) {
            let form = axisForm(current, axis, samples: samples)
            var next = [Double]()
            for block in 0..<form.before {
                for column in 0..<factor.rank {
                    for behind in 0..<form.after {
                        var sum = 0.0
                        for row in 0..<form.size {
                            let place = (block * form.size + row) * form.after + behind
                            sum += expected[place] * factor.elements[row * factor.rank + column]
                        }
                        next.append(sum)
                    }
                }
            }
            (expected, current[axis]) = (next, factor.rank)
        }
        var double = AxisProjection<Double>(shape, factors)
        var single = AxisProjection<Float>(shape, factors)
        #expect(double.shape == current && single.shape == current)
        var made = [Double](repeating: 0, count: expected.count + 1)
        var rounded = [Float](repeating: 0, count: expected.count + 1)
        double.project(x, from: 0, samples: samples, into: &made, at: 1)
        single.project(x.map { Float($0) }, from: 0, samples: samples, into: &rounded, at: 1)
        let scale = expected.reduce(0) { max($0, abs($1)) }
        for (index, value) in expected.enumerated() {
            #expect(abs(made[index + 1] - value) < 1e-13 * scale)
            #expect(abs(Double(rounded[index + 1]) - value) < 1e-5 * scale)
        }
    }

    @Test func samplesOfAnotherSizeAreRefused() throws {
        let state = try stage().fit(fitInput(someSamples(4))).state
        let other = sample(numbers(60, "x"), [5, 4, 3, 1])
        #expect(throws: Failure.self) { try stage().apply(state, to: [[other]]) }
        #expect(throws: Failure.self) { try stage().fit(fitInput(someSamples(4) + [[other]])) }
        #expect(throws: Failure.self) { try stage().fit(fitInput([])) }
    }

    @Test func tuckerReducesEveryAxis() throws {
        let rows = someSamples(6)
        let forms: [Canonical] = [
            list([2, 2, 2, 2]), .int(2),
            .map(["height": .int(2), "width": .int(2), "bin": .int(2), "angle": .int(2)]),
        ]
        let states = try forms.map { try DecomposeTucker(given: ["ranks": $0]).fit(fitInput(rows)).state.digest }
        #expect(Set(states).count == 1)
        let partial = try DecomposePartialTucker(given: ["ranks": list([2, 2, 2, 2])]).fit(fitInput(rows)).state
        #expect(partial.digest == states[0])
        let few = try DecomposeTucker(given: ["ranks": .map(["height": .int(2)])])
        #expect(throws: Problem.self) { try few.output(for: [Signature(of: rows[0][0])]) }
        #expect(throws: Failure.self) { try few.fit(fitInput(rows)) }
    }
}
