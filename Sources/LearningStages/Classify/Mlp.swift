// classify.mlp

internal import Glibc
internal import Kernels
internal import Linear
internal import Stages
internal import Tensors

struct ClassifyMlp: FittedStage {
    enum Activation: String, CaseIterable, ParameterValue { case relu, tanh, logistic, identity }
    enum Solver: String, CaseIterable, ParameterValue { case adam, sgd }
    enum LearningRate: String, CaseIterable, ParameterValue { case constant, invscaling, adaptive }

    struct Parameters: ParameterSet {
        var hiddenLayerSizes = [100]
        var activation = Activation.relu
        var solver = Solver.adam
        var alpha = 1e-4
        var batchSize = Canonical.text("auto")
        var learningRate = LearningRate.constant
        var learningRateInit = 1e-3
        var powerT = 0.5
        var maxIterations = 200
        var shuffle = true
        var tolerance = 1e-4
        var momentum = 0.9
        var nesterovsMomentum = true
        var earlyStopping = false
        var validationFraction = 0.1
        var validationGroup: String?
        var beta1 = 0.9
        var beta2 = 0.999
        var epsilon = 1e-8
        var idleIterations = 10

        static var fields: [Field<Self>] {
            [
                Field(
                    "hidden_layer_sizes", \.hiddenLayerSizes, as: .list(.int(.between(1, 1_000_000))),
                    "units of each hidden layer; []: none, a linear classifier"),
                Field("activation", \.activation, "of the hidden layers"),
                Field("solver", \.solver, "how the weights follow the gradient"),
                Field("alpha", \.alpha, as: .float(.atLeast(0)), "strength of the penalty on squared weights"),
                Field(
                    "batch_size", \.batchSize, as: .either([.int(.atLeast(1)), .choice(["auto"])]), unit: "rows",
                    "of a step; auto: 200, or all if they are fewer"),
                Field("learning_rate", \.learningRate, "how the rate changes with solver sgd; adam has its own way"),
                Field("learning_rate_init", \.learningRateInit, as: .float(.above(0)), "rate at the start"),
                Field("power_t", \.powerT, as: .float(.atLeast(0)), "exponent of learning_rate invscaling"),
                Field("max_iter", \.maxIterations, as: .int(.atLeast(1)), unit: "epochs", "at most"),
                Field("shuffle", \.shuffle, "whether rows are in another order each epoch"),
                Field(
                    "tol", \.tolerance, as: .float(.atLeast(0)), "an epoch that gains no more than this is idle"),
                Field("momentum", \.momentum, as: .float(.between(0, 1)), "of solver sgd"),
                Field("nesterovs_momentum", \.nesterovsMomentum, "whether solver sgd looks ahead along its momentum"),
                Field("early_stopping", \.earlyStopping, "whether to stop by the accuracy on rows held out"),
                Field(
                    "validation_fraction", \.validationFraction, as: .float(.inside(0, 1)),
                    "share of the training rows held out by early_stopping where there are no validation rows"),
                Field(
                    "validation_group", \.validationGroup, as: .optional(.column),
                    "a column: early_stopping holds out all rows of some of its values, so that none is on both sides"),
                Field(
                    "beta_1", \.beta1, as: .float(Bounds(lower: 0, upper: 1, isUpperOpen: true)),
                    "decay of Adam's mean of gradients"),
                Field(
                    "beta_2", \.beta2, as: .float(Bounds(lower: 0, upper: 1, isUpperOpen: true)),
                    "decay of Adam's mean of squared gradients"),
                Field("epsilon", \.epsilon, as: .float(.above(0)), "added to Adam's divisor"),
                Field(
                    "n_iter_no_change", \.idleIterations, as: .int(.atLeast(1)), unit: "epochs",
                    "idle ones in a row before it stops"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.mlp", revision: 1, kind: .fitted,
        summary: "A multilayer perceptron, trained by Adam or by steps with momentum.",
        documentation: """
            Each layer is a product with its weights, an offset and the `activation`; the last has one logistic output \
            for two classes, else a softmax over all. Minimises the mean log loss of a batch + alpha / (2 rows) · the sum \
            of the squared weights (offsets are free). Weights and offsets start uniform within ±√(6 / (inputs + \
            outputs)) of their layer, √(2 / …) for logistic. Rows are taken in batches of `batch_size`, in another order \
            each epoch; the last batch may be smaller. Works in float32; scale the features first (`scale.standard`).

            It ends when the loss of an epoch has not come at least `tol` below the best for more than \
            `n_iter_no_change` epochs in a row; with `learning_rate: adaptive` the rate is then divided by 5, until it is \
            10⁻⁶ or less. `invscaling` divides it by (rows seen + 1)^power_t. Both are for solver sgd; with adam they \
            have no effect, which is a warning. `max_iter` epochs without that end are a warning too; the weights \
            reached are used.

            `early_stopping` looks at the accuracy on rows held out in place of the loss, and goes back to the weights \
            that were best there. These are the validation rows, where the split makes any (`validation_size`); else \
            training rows: whole groups of `validation_group: actor`, drawn until they hold `validation_fraction` of \
            them; without a group they are drawn at random class by class, as in scikit-learn, and a warning says that \
            they score too well where rows of one group are on both sides: on recordings of eight actors 0.58, where new \
            actors gave 0.36.

            `hidden_layer_sizes: []` is a linear classifier, which a warning says.

            The state has `coefs_0`, `coefs_1` … (inputs, outputs), `intercepts_0` … (outputs), `counts` (training rows \
            a class) and `n_iter`. Metrics are `loss` and, with early_stopping, `validation_score`, each by epoch (the \
            step), `n_iter`, the last `loss` and the best `validation_score`. Scores are probabilities; the class with \
            the largest is predicted, the first of equals.

            Fails when there is only one class in training, when a feature is NaN, infinite or beyond float32, and when \
            the loss is no longer finite.

            Parameters, defaults and meaning are those of scikit-learn's MLPClassifier, but for the draws and \
            `validation_group`. The reference: Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true, usesValidation: true,
        arithmetic: [.openblas, .libm], tolerance: 1e-3)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if parameters.validationGroup != nil, !parameters.earlyStopping {
            throw Problem(
                "a validation_group has no effect without early_stopping", at: ["validation_group"],
                advice: "add early_stopping: true, or leave validation_group out")
        }
        self.parameters = parameters
    }

    var columns: [String] { parameters.validationGroup.map { [$0] } ?? [] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(severalOf: input.training)
        var stream = input.stream
        var warnings = [String]()
        let form = try FeatureForm(input.training.tensor(0))
        let (training, validation) = try rows(input, targets, form, &stream, &warnings)

        let outputs = targets.classes.count == 2 ? 1 : targets.classes.count
        let sizes = [form.count] + parameters.hiddenLayerSizes + [outputs]
        let batchSize = batchSize(training.count, &warnings)
        try checkSize(sizes, rows: max(batchSize, validation?.count ?? 0))
        if parameters.hiddenLayerSizes.isEmpty {
            warnings.append("hidden_layer_sizes is empty: without a hidden layer this is a linear classifier")
        }
        if parameters.solver == .adam, parameters.learningRate != .constant {
            warnings.append(
                "learning_rate \(parameters.learningRate.rawValue) has no effect with solver adam; it is for sgd")
        }

        var network = Perceptron<Float>(
            sizes: sizes, activation: parameters.activation.kernel, outputActivation: Self.outputActivation(outputs),
            layers: initialLayers(sizes, &stream))
        let work = PerceptronTraining(
            parameters: parameters, training: training, validation: validation, batchSize: batchSize)
        let rate = parameters.learningRateInit
        let course: PerceptronCourse
        switch parameters.solver {
        case .adam:
            var steps = Adam<Float>(
                sizes: sizes, rate: rate, beta1: parameters.beta1, beta2: parameters.beta2,
                epsilon: parameters.epsilon)
            course = try work.run(&network, &steps, &stream)
        case .sgd:
            var steps = Momentum<Float>(
                sizes: sizes, rate: rate, momentum: parameters.momentum, isNesterov: parameters.nesterovsMomentum,
                schedule: parameters.learningRate, power: parameters.powerT)
            course = try work.run(&network, &steps, &stream)
        }
        if !course.hasConverged {
            warnings.append(
                "did not converge in \(parameters.maxIterations) iterations: the loss is "
                    + "\(decimal(course.losses.last ?? 0)), and it stops only after more than "
                    + "\(parameters.idleIterations) that gain less than \(decimal(parameters.tolerance)); scale the "
                    + "features or raise max_iter")
        }
        return Fitted(
            state(network, form, targets, iterations: course.losses.count), warnings: warnings,
            metrics: metrics(course))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let classes = try fittedClasses(of: state)
        let form = try FeatureForm(state, "coefs_0")
        // In double, as float32 sums would depend on how rows are cut into blocks.
        let network = try network(state, outputs: classes.count == 2 ? 1 : classes.count)
        let features = try FeatureMatrix(rows, as: form)
        if features.rows == 0 { return [] }
        var work = Workspace<Double>(rows: features.rows, sizes: network.sizes, learns: false)
        work.values[0] = features.elements
        network.forward(&work)
        let (values, outputs) = (work.values[network.sizes.count - 1], network.sizes.last ?? 1)
        guard firstNotFinite(values) == nil else {
            throw Failure(
                "the features of a row are too large: its scores are not finite numbers",
                advice: "scale the features first, by scale.standard")
        }
        return (0..<features.rows).map { row in
            let own = values[row * outputs..<(row + 1) * outputs]
            let scores = outputs == 1 ? own.flatMap { [1 - $0, $0] } : Array(own)
            return Prediction(
                classes: classes, scores: scores, output: .probability, predicted: classes[mostLikely(own)]
            ).value
        }
    }
}

// What is learned from, and what is kept.

extension ClassifyMlp {
    /// The rows to learn from, and those held out to stop by.
    private func rows(
        _ input: FitInput, _ targets: ClassTargets, _ form: FeatureForm, _ stream: inout RandomStream,
        _ warnings: inout [String]
    ) throws -> (training: FloatRows, validation: FloatRows?) {
        var held = Set<Int>()
        var validation: FloatRows?
        let given = parameters.earlyStopping ? input.validation : nil
        if let given, given.count > 0 {
            let known = Dictionary(uniqueKeysWithValues: zip(targets.classes, targets.classes.indices))
            var rows = FloatRows(columns: form.count)
            for index in 0..<given.count {
                let target = given.targets.indices.contains(index) ? given.targets[index] : .missing
                rows.add(
                    try single(try given.tensor(index), form, "a validation row"),
                    target == .missing ? nil : known[target.description])
            }
            validation = rows
        } else if parameters.earlyStopping {
            validation = FloatRows(columns: form.count)
            if let group = parameters.validationGroup {
                guard let values = input.training.columns[group], values.count == input.training.count else {
                    throw Failure("expected a value of \(group) for each of \(input.training.count) training rows")
                }
                held = try StoppingRows.groups(
                    values, of: group, share: parameters.validationFraction, &stream)
            } else {
                held = try StoppingRows.stratified(targets, share: parameters.validationFraction, &stream)
                warnings.append(
                    "early_stopping holds out training rows at random: their score is too good where rows of one "
                        + "group are on both sides; give split.validation_size, or a validation_group")
            }
            let left = Set(targets.positions.indices.filter { !held.contains($0) }.map { targets.positions[$0] })
            let lost = targets.classes.indices.filter { !left.contains($0) }.map { targets.classes[$0] }
            if !lost.isEmpty {
                warnings.append("all training rows of \(lost.joined(separator: ", ")) are held out to stop by")
            }
        }
        var training = FloatRows(columns: form.count)
        training.elements.reserveCapacity((input.training.count - held.count) * form.count)
        for index in 0..<input.training.count {
            let row = try single(try input.training.tensor(index), form, "a training row")
            if held.contains(index) {
                validation?.add(row, targets.positions[index])
            } else {
                training.add(row, targets.positions[index])
            }
        }
        return (training, validation)
    }

    /// A row in single precision, none of whose features is NaN, infinite or becomes it.
    private func single(_ tensor: Tensor, _ form: FeatureForm, _ role: String) throws(Failure) -> [Float] {
        let exact = try form.finiteRow(tensor, role)
        let row = exact.map { Float($0) }
        if let index = firstNotFinite(row) {
            throw Failure(
                "\(form.name(index)) is \(decimal(exact[index])) in \(role), which is beyond float32",
                advice: "scale the features first, by scale.standard")
        }
        return row
    }

    private func batchSize(_ count: Int, _ warnings: inout [String]) -> Int {
        guard let size = parameters.batchSize.intValue else { return min(200, count) }
        if size > count { warnings.append("batch_size \(size) is more than the \(count) training rows: all are taken") }
        return min(size, count)
    }

    /// What a network is made of must fit in memory, and in the counts of BLAS.
    private func checkSize(_ sizes: [Int], rows: Int) throws(Failure) {
        let weights = zip(sizes, sizes.dropFirst()).map { Double($0) * Double($1) }.reduce(0, +)
        let values = Double(rows) * Double(sizes.dropFirst().reduce(0, +))
        guard max(weights, values) <= 0x1p28 else {
            throw Failure(
                "layers of \(sizes.map(String.init).joined(separator: ", ")) units have "
                    + "\(weights > values ? "\(Int(weights)) weights" : "\(Int(values)) values a batch"), at most 2²⁸ are "
                    + "possible",
                advice: "lower hidden_layer_sizes or batch_size, or reduce the features first, as by decompose.pca")
        }
    }

    /// Glorot and Bengio (2010).
    private func initialLayers(_ sizes: [Int], _ stream: inout RandomStream) -> Layers<Float> {
        var layers = Layers<Float>(coefficients: [], intercepts: [])
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            let bound = ((parameters.activation == .logistic ? 2.0 : 6.0) / Double(inputs + outputs)).squareRoot()
            var drawn = [Float]()
            drawn.reserveCapacity((inputs + 1) * outputs)
            for _ in 0..<(inputs + 1) * outputs { drawn.append(Float((2 * stream.uniform() - 1) * bound)) }
            layers.coefficients.append(Array(drawn[..<(inputs * outputs)]))
            layers.intercepts.append(Array(drawn[(inputs * outputs)...]))
        }
        return layers
    }

    private static func outputActivation(_ outputs: Int) -> kernel_activation {
        outputs == 1 ? kernel_logistic : kernel_softmax
    }

    private func state(
        _ network: Perceptron<Float>, _ form: FeatureForm, _ targets: ClassTargets, iterations: Int
    ) -> Bundle {
        var state = Bundle(tensors: ["counts": targets.tensor], scalars: ["n_iter": .int(iterations)])
        let last = network.sizes.count - 1
        let scored = network.sizes[last] == 1 ? [targets.classes[1]] : targets.classes
        func axis(_ layer: Int) -> String {
            if layer == last { return "class" }
            if layer > 0 { return "unit_\(layer - 1)" }
            return form.axis == "class" || form.axis.hasPrefix("unit_") ? "feature" : form.axis
        }
        for layer in 0..<last {
            let axes = [axis(layer), axis(layer + 1)]
            var labels = [String: [String]]()
            if layer == 0 { labels[axes[0]] = form.labels }
            if layer + 1 == last { labels["class"] = scored }
            state.tensors["coefs_\(layer)"] = Tensor(
                .float32(network.layers.coefficients[layer]), shape: [network.sizes[layer], network.sizes[layer + 1]],
                axes: axes, labels: labels)
            labels[axes[0]] = nil
            state.tensors["intercepts_\(layer)"] = Tensor(
                .float32(network.layers.intercepts[layer]), shape: [network.sizes[layer + 1]], axes: [axes[1]],
                labels: labels)
        }
        return state
    }

    private func network(_ state: Bundle, outputs: Int) throws(Failure) -> Perceptron<Double> {
        var layers = Layers<Double>(coefficients: [], intercepts: [])
        var sizes = [Int]()
        while let tensor = state.tensors["coefs_\(layers.coefficients.count)"],
            let offsets = state.tensors["intercepts_\(layers.intercepts.count)"],
            tensor.shape.count == 2, offsets.shape == [tensor.shape[1]],
            sizes.last ?? tensor.shape[0] == tensor.shape[0],
            let coefficients = tensor.doubles(), let intercepts = offsets.doubles()
        {
            if sizes.isEmpty { sizes.append(tensor.shape[0]) }
            sizes.append(tensor.shape[1])
            layers.coefficients.append(coefficients)
            layers.intercepts.append(intercepts)
        }
        guard sizes.count > 1, sizes.last == outputs else {
            throw Failure("the fitted state has no fitting coefs and intercepts")
        }
        return Perceptron(
            sizes: sizes, activation: parameters.activation.kernel, outputActivation: Self.outputActivation(outputs),
            layers: layers)
    }

    private func metrics(_ course: PerceptronCourse) -> [Metric] {
        var metrics = course.losses.enumerated().map { Metric("loss", step: $0 + 1, $1) }
        metrics += course.scores.enumerated().map { Metric("validation_score", step: $0 + 1, $1) }
        metrics.append(Metric("n_iter", Double(course.losses.count)))
        if let loss = course.losses.last { metrics.append(Metric("loss", loss)) }
        if let score = course.scores.max() { metrics.append(Metric("validation_score", score)) }
        return metrics
    }
}

extension ClassifyMlp.Activation {
    var kernel: kernel_activation {
        switch self {
        case .relu: kernel_relu
        case .tanh: kernel_tanh
        case .logistic: kernel_logistic
        case .identity: kernel_identity
        }
    }
}
