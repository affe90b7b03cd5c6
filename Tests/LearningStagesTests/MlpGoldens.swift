// classify.mlp against scikit-learn: loss, gradient and steps from given weights in double precision, within the
// tolerances that the reference states; and the mean accuracy of trainings with other draws.

import Foundation
import Kernels
import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite(.enabled(if: learning.isThere, "the reference numbers are not beside the package"))
struct MlpGoldenTests {
    /// A network with its batch, as a case gives them.
    private struct Given {
        let network: Perceptron<Double>
        var work: Workspace<Double>
        /// The strength of the penalty on a batch of this size.
        let penalty: Double

        init(_ golden: GoldenCase) throws {
            let (x, y) = (try golden.input("X"), try golden.input("y"))
            let hidden = golden.with["hidden"]?.arrayValue?.compactMap(\.intValue) ?? []
            let sizes = [x.shape[1]] + hidden + [y.count / x.shape[0]]
            func inputs(_ letter: String) throws -> [[Double]] {
                try (0...hidden.count).map { try golden.input(letter + String($0)).doubles() ?? [] }
            }
            let output = try #require(golden.with["output"]?.textValue)
            let activation = try #require(ClassifyMlp.Activation(canonical: golden.with["activation"] ?? .null))
            network = Perceptron(
                sizes: sizes, activation: activation.kernel,
                outputActivation: ["softmax": kernel_softmax, "logistic": kernel_logistic][output] ?? kernel_identity,
                layers: Layers(coefficients: try inputs("w"), intercepts: try inputs("b")))
            work = Workspace(rows: x.shape[0], sizes: sizes)
            work.values[0] = x.doubles() ?? []
            work.targets = y.doubles() ?? []
            penalty = (golden.with["alpha"]?.floatValue ?? .nan) / Double(x.shape[0])
        }

        /// The loss before a step, as in training.
        mutating func learn(
            _ network: inout Perceptron<Double>, _ steps: inout some PerceptronSteps<Double>
        ) -> Double {
            var gradient = Layers<Double>(zeros: network.sizes)
            let input = work.values[0]
            network.forward(&work)
            let loss = network.backward(&work, gradient: &gradient)
            #expect(work.values[0] == input)
            return loss + penalty / 2 * steps.step(&network.layers, gradient, penalty: penalty)
        }
    }

    private func check(_ golden: GoldenCase, _ outputs: [String: [Double]]) throws {
        #expect(Set(outputs.keys) == Set(golden.outputs.keys))
        for (name, got) in outputs.sorted(by: { $0.key < $1.key }) {
            let result = try golden.compare(name, got)
            #expect(result.hasPassed, "\(result)")
        }
    }

    @Test(arguments: learning.cases("learning.mlp_backward"))
    func backward(golden: GoldenCase) throws {
        var given = try Given(golden)
        given.network.forward(&given.work)
        var outputs = ["output": given.work.values.last ?? []]
        // The gradient with its penalty is what a step of rate 1 without momentum takes off.
        var network = given.network
        var steps = Momentum<Double>(sizes: network.sizes, rate: 1, momentum: 0, isNesterov: false)
        outputs["loss"] = [given.learn(&network, &steps)]
        for layer in network.layers.coefficients.indices {
            outputs["grad_w\(layer)"] = zip(
                given.network.layers.coefficients[layer], network.layers.coefficients[layer]
            ).map { $0 - $1 }
            outputs["grad_b\(layer)"] = zip(
                given.network.layers.intercepts[layer], network.layers.intercepts[layer]
            ).map { $0 - $1 }
        }
        try check(golden, outputs)
    }

    @Test(arguments: learning.cases("learning.adam"))
    func adam(golden: GoldenCase) throws {
        let given = try Given(golden)
        let steps = Adam<Double>(
            sizes: given.network.sizes, rate: golden.with["rate"]?.floatValue ?? .nan,
            beta1: golden.with["beta1"]?.floatValue ?? .nan, beta2: golden.with["beta2"]?.floatValue ?? .nan,
            epsilon: golden.with["epsilon"]?.floatValue ?? .nan)
        try follow(golden, given, steps)
    }

    @Test(arguments: learning.cases("learning.sgd"))
    func momentum(golden: GoldenCase) throws {
        let given = try Given(golden)
        let steps = Momentum<Double>(
            sizes: given.network.sizes, rate: golden.with["rate"]?.floatValue ?? .nan,
            momentum: golden.with["momentum"]?.floatValue ?? .nan,
            isNesterov: golden.with["nesterov"]?.boolValue ?? false)
        try follow(golden, given, steps)
    }

    private func follow(_ golden: GoldenCase, _ given: Given, _ steps: some PerceptronSteps<Double>) throws {
        var (given, steps, network) = (given, steps, given.network)
        var outputs = [String: [Double]]()
        let count = try #require(golden.with["steps"]?.intValue)
        for step in 1...count {
            outputs["losses", default: []].append(given.learn(&network, &steps))
            for layer in network.layers.coefficients.indices where step == 1 || step == count {
                outputs["w\(layer)_after\(step)"] = network.layers.coefficients[layer]
                outputs["b\(layer)_after\(step)"] = network.layers.intercepts[layer]
            }
        }
        try check(golden, outputs)
    }

    /// Mean test accuracy over trainings with other draws, also within a standard error of the two means or half a point
    /// of the reference's. Few seeds of the small sets in a debug build, all in `make parity`.
    @Test(arguments: learning.cases("learning.mlp"))
    func spread(golden: GoldenCase) throws {
        let isWhole = ProcessInfo.processInfo.environment["MARTLET_PARITY"] != nil
        if !isWhole, golden.name.hasSuffix("digits") || golden.name.hasSuffix("synthetic") { return }
        let seeds = isWhole ? golden.with["seeds"]?.intValue ?? 0 : 3
        let (x, y) = (try golden.input("X"), ints(try golden.input("y")))
        let (train, test) = (ints(try golden.input("train")), ints(try golden.input("test")))
        let scale = try ScaleStandard(given: [:])
        let scaling = try scale.fit(fitInput(rows(of: x, train))).state
        let training = TrainingSet(
            try scale.apply(scaling, to: rows(of: x, train)).map { [$0] }, targets: train.map { .int(y[$0]) })
        let testing = try scale.apply(scaling, to: rows(of: x, test)).map { [$0] }
        let stage = try ClassifyMlp(given: ["hidden_layer_sizes": .array([golden.with["size"] ?? .null])])

        var accuracies = [Double]()
        for seed in 0..<seeds {
            let stream = RandomStream(named: Digest(of: .int(seed)))
            let state = try stage.fit(FitInput(training: training, stream: stream)).state
            let predicted = try stage.apply(state, to: testing).map { Prediction($0)?.predicted }
            let right = zip(predicted, test).count { $0 == String(y[$1]) }
            accuracies.append(Double(right) / Double(test.count))
        }
        let mean = accuracies.reduce(0, +) / Double(seeds)
        let result = try golden.compare("mean", [mean])
        #expect(result.hasPassed, "\(result)")
        if !isWhole { return }
        let variance = accuracies.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(seeds - 1)
        guard case .numbers(let deviation)? = golden.outputs["std"] else { return }
        let error = ((variance + deviation[0] * deviation[0]) / Double(seeds)).squareRoot()
        #expect(result.error <= max(0.005, error), "\(golden.name): \(mean)")
    }
}
