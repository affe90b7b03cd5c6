import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

/// Trainings of a small perceptron. Its arithmetic is held to the reference numbers in MlpGoldens.
struct MlpTests {
    /// Classes that lie apart, `count` rows each, with a person a row.
    private func blobs(_ classes: Int, _ count: Int) -> (rows: [[Value]], targets: [Scalar], people: [Scalar]) {
        let noise = numbers(classes * count * 2, "blobs")
        var (rows, targets, people) = ([[Value]](), [Scalar](), [Scalar]())
        for index in 0..<classes * count {
            let center = index % classes
            let x = noise[2 * index] / 4 + 3 * Double(center % 2)
            let y = noise[2 * index + 1] / 4 + 3 * Double(center / 2)
            rows.append(row([x, y]))
            targets.append(.string("c\(center)"))
            people.append(.int(index / classes % 5))
        }
        return (rows, targets, people)
    }

    private func stage(_ given: [String: Canonical] = [:]) throws -> ClassifyMlp {
        try ClassifyMlp(
            given: [
                "hidden_layer_sizes": .array([.int(8)]), "learning_rate_init": .float(0.05), "max_iter": .int(60),
            ].merging(given) { $1 })
    }

    private func accuracy(_ stage: ClassifyMlp, _ state: Bundle, _ rows: [[Value]], _ targets: [Scalar]) throws
        -> Double
    {
        let right = zip(try stage.apply(state, to: rows), targets).count { Prediction($0)?.predicted == $1.description }
        return Double(right) / Double(rows.count)
    }

    @Test(arguments: [2, 4], ["relu", "tanh", "logistic", "identity"])
    func learns(_ classes: Int, _ activation: String) throws {
        let (rows, targets, _) = blobs(classes, 20)
        let stage = try stage(["activation": .text(activation)])
        let fitted = try stage.fit(fitInput(rows, targets))
        #expect(try accuracy(stage, fitted.state, rows, targets) > 0.95)
        let scores = try stage.apply(fitted.state, to: rows).map(doubles)
        #expect(scores.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-9 && $0.count == classes })
        let losses = fitted.metrics.filter { $0.name == "loss" && $0.step != nil }
        #expect(losses.map(\.step) == (1...losses.count).map { $0 })
        #expect(losses.count == fitted.metrics.first { $0.name == "n_iter" }.map { Int($0.value) })
        #expect(losses[0].value > 2 * (losses.last?.value ?? .infinity))
        #expect(fitted.metrics.contains(Metric("loss", losses.last?.value ?? .nan)))
    }

    @Test("every way of steps with momentum learns", arguments: ["constant", "invscaling", "adaptive"], [true, false])
    func momentum(_ schedule: String, _ nesterov: Bool) throws {
        let (rows, targets, _) = blobs(3, 20)
        let stage = try stage([
            "solver": .text("sgd"), "learning_rate": .text(schedule), "nesterovs_momentum": .bool(nesterov),
            "batch_size": .int(7), "learning_rate_init": .float(0.1),
        ])
        let fitted = try stage.fit(fitInput(rows, targets))
        #expect(try accuracy(stage, fitted.state, rows, targets) > 0.9)
    }

    @Test("a linear classifier has no hidden layer, and a warning") func noHiddenLayer() throws {
        let (rows, targets, _) = blobs(3, 20)
        let stage = try stage(["hidden_layer_sizes": .array([])])
        let fitted = try stage.fit(fitInput(rows, targets))
        #expect(fitted.warnings.contains { $0.hasPrefix("hidden_layer_sizes is empty") })
        #expect(fitted.state.tensors["coefs_0"]?.shape == [2, 3])
        #expect(try accuracy(stage, fitted.state, rows, targets) > 0.9)
    }

    @Test func stateNamesItsAxes() throws {
        let (rows, targets, _) = blobs(2, 10)
        let state = try stage(["hidden_layer_sizes": .array([.int(4), .int(3)])]).fit(fitInput(rows, targets)).state
        #expect(
            state.tensors.keys.sorted() == ["coefs_0", "coefs_1", "coefs_2", "counts"].sorted() + [
                "intercepts_0", "intercepts_1", "intercepts_2",
            ])
        #expect(state.tensors["coefs_0"]?.axes == ["feature", "unit_0"])
        #expect(state.tensors["coefs_1"]?.axes == ["unit_0", "unit_1"])
        #expect(state.tensors["coefs_2"]?.axes == ["unit_1", "class"])
        #expect(state.tensors["coefs_2"]?.labels == ["class": ["c1"]])
        #expect(state.tensors["coefs_2"]?.type == .float32)
    }

    @Test("what has no effect is said") func warnings() throws {
        let (rows, targets, _) = blobs(2, 10)
        let fitted = try stage([
            "learning_rate": .text("adaptive"), "batch_size": .int(1000), "max_iter": .int(2),
        ]).fit(fitInput(rows, targets))
        #expect(fitted.warnings.count == 3)
        #expect(fitted.warnings[0] == "batch_size 1000 is more than the 20 training rows: all are taken")
        #expect(fitted.warnings[1] == "learning_rate adaptive has no effect with solver adam; it is for sgd")
        #expect(fitted.warnings[2].hasPrefix("did not converge in 2 iterations: the loss is "))
    }

    @Test("early stopping goes back to the weights that were best on the validation rows") func validationRows() throws
    {
        let (rows, targets, _) = blobs(3, 20)
        let validation = TrainingSet(Array(rows[..<15]), targets: Array(targets[..<14]) + [.string("unheard of")])
        let stage = try stage(["early_stopping": .bool(true)])
        let fitted = try stage.fit(
            FitInput(
                training: TrainingSet(Array(rows[15...]), targets: Array(targets[15...])), validation: validation,
                stream: someStream))
        #expect(!fitted.warnings.contains { $0.contains("early_stopping") })
        let scores = fitted.metrics.filter { $0.name == "validation_score" }
        let best = try #require(scores.last { $0.step == nil })
        #expect(scores.filter { $0.step != nil }.map(\.value).max() == best.value)
        #expect(best.value == 14.0 / 15)
        #expect(try accuracy(stage, fitted.state, Array(rows[..<14]), Array(targets[..<14])) == 1)
    }

    @Test("rows drawn to stop by are a warning, whole groups are none") func groups() throws {
        let (rows, targets, people) = blobs(3, 20)
        let drawn = try stage(["early_stopping": .bool(true)]).fit(fitInput(rows, targets))
        #expect(drawn.warnings.contains { $0.hasPrefix("early_stopping holds out training rows at random") })
        let stage = try stage(["early_stopping": .bool(true), "validation_group": .text("person")])
        #expect(stage.columns == ["person"])
        let training = TrainingSet(rows, targets: targets, columns: ["person": people])
        let fitted = try stage.fit(FitInput(training: training, stream: someStream))
        #expect(!fitted.warnings.contains { $0.contains("early_stopping") })
    }

    @Test("groups stay whole") func wholeGroups() throws {
        let people: [Scalar] = (0..<40).map { .int($0 % 5) }
        for seed in 0..<20 {
            var stream = RandomStream(named: Digest(of: .int(seed)))
            let held = try StoppingRows.groups(people, of: "person", share: 0.3, &stream)
            #expect(held.count == 16)
            #expect(Set(held.map { people[$0] }).count == 2)
        }
        var stream = someStream
        #expect(try StoppingRows.groups(people, of: "person", share: 0.99, &stream).count == 32)
        #expect(throws: Failure.self) {
            try StoppingRows.groups(people.map { _ in .int(1) }, of: "person", share: 0.1, &stream)
        }
        #expect(throws: Failure.self) {
            try StoppingRows.groups([.missing, .int(1)], of: "person", share: 0.5, &stream)
        }
    }

    @Test("rows are drawn from each class in its share") func stratified() throws {
        let targets: [Scalar] = (0..<50).map { .string($0 < 30 ? "a" : $0 < 45 ? "b" : "c") }
        let classes = try ClassTargets(TrainingSet(targets.map { _ in [] }, targets: targets))
        var stream = someStream
        let held = try StoppingRows.stratified(classes, share: 0.1, &stream)
        #expect(held.count == 5)
        #expect(held.count { $0 < 30 } == 3)
        #expect([1, 2].contains(held.count { (30..<45).contains($0) }))
        #expect(throws: Failure.self) { try StoppingRows.stratified(classes, share: 0.01, &stream) }
        #expect(throws: Failure.self) { try StoppingRows.stratified(classes, share: 0.999, &stream) }
    }

    @Test("what cannot be learned from is a failure") func failures() throws {
        let (rows, targets, _) = blobs(2, 10)
        #expect(throws: Failure.self) { try stage().fit(fitInput(rows, rows.map { _ in .string("only") })) }
        #expect(throws: Failure.self) { try stage().fit(fitInput([row([1e300, 0])] + rows.dropFirst(), targets)) }
        #expect(throws: Failure.self) {
            try stage(["learning_rate_init": .float(1e30)]).fit(fitInput(rows, targets))
        }
        #expect(throws: Failure.self) {
            try stage(["hidden_layer_sizes": .array([.int(1_000_000), .int(1_000_000)])]).fit(fitInput(rows, targets))
        }
        #expect(throws: Problem.self) { try stage(["validation_group": .text("person")]) }
    }
}
