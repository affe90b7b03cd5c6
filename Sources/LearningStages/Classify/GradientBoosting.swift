// classify.gradient_boosting

internal import Stages
internal import Tensors

struct ClassifyGradientBoosting: FittedStage {
    struct Parameters: ParameterSet {
        var learningRate = 0.1
        var maxIterations = 100
        var maxLeafNodes: Int? = 31
        var maxDepth: Int?
        var minSamplesLeaf = 20
        var regularization = 0.0
        var maxFeatures = 1.0
        var maxBins = 255
        var stopsEarly = false
        var patience = 10
        var tolerance = 1e-7

        static var fields: [Field<Self>] {
            [
                Field(
                    "learning_rate", \.learningRate, as: .float(.above(0)), "what each leaf's value is multiplied by"),
                Field("max_iter", \.maxIterations, as: .int(.between(1, 1_000_000)), "iterations, at most"),
                Field(
                    "max_leaf_nodes", \.maxLeafNodes, as: .optional(.int(.atLeast(2))),
                    "leaves of a tree at most, the best splits first; null: no limit"),
                Field(
                    "max_depth", \.maxDepth, as: .optional(.int(.atLeast(1))),
                    "levels of splits at most; null: no limit"),
                Field("min_samples_leaf", \.minSamplesLeaf, as: .int(.atLeast(1)), "rows that a leaf must have"),
                Field(
                    "l2_regularization", \.regularization, as: .float(.atLeast(0)),
                    "strength of the penalty on the squares of leaves' values"),
                Field(
                    "max_features", \.maxFeatures, as: .float(Bounds(lower: 0, upper: 1, isLowerOpen: true)),
                    "the share of the features that each split is chosen among, drawn anew each time"),
                Field("max_bins", \.maxBins, as: .int(.between(2, 255)), "bins of a feature at most"),
                Field(
                    "early_stopping", \.stopsEarly,
                    "whether to stop when the loss of the validation rows no longer falls"),
                Field(
                    "n_iter_no_change", \.patience, as: .int(.atLeast(1)),
                    "stop after so many iterations without a smaller loss"),
                Field(
                    "tol", \.tolerance, as: .float(.atLeast(0)), "by how much a loss must be smaller to count as such"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.gradient_boosting", revision: 1, kind: .fitted,
        summary: "Gradient boosting: trees on histograms of features, each grown to correct those before it.",
        documentation: """
            Each feature is put in at most `max_bins` bins, with thresholds midway between its distinct values or, where \
            these are more, at its quantiles. An iteration grows a tree for two classes, one a class for more, on the \
            gradient of the log loss, the split that gains most first; the gain is that of Chen and Guestrin, "XGBoost: \
            A Scalable Tree Boosting System", 2016. Of equal splits the first is taken, by feature, then by threshold; \
            only `max_features` below 1 draws random numbers.

            With `early_stopping: true` the loss of the validation rows decides, which a split must provide: growing \
            ends when the last `n_iter_no_change` iterations have not lowered it by more than `tol`.

            The state has, over the nodes of all trees, `feature` (−1 in a leaf), `threshold` (values of at most this go \
            left), `left` and `right` (numbers of nodes) and `value` (what a leaf adds to the raw score); `root`, the \
            number of each tree's first node, an iteration after another, in it a class after another; `baseline`, the \
            raw scores before the first tree; `feature_importances`, each feature's share of the gain of all splits; \
            `counts` (training rows a class); and `n_iter`.

            Scores are probabilities; the class with the largest is predicted, the first of equals. The metrics are \
            `n_iter`, `loss` after each iteration and, with early stopping, `validation_loss`.

            Fails when there is only one class in training, a feature is NaN or infinite, or with `early_stopping` there \
            are no validation rows.

            Parameters, defaults and meaning are those of scikit-learn's HistGradientBoostingClassifier, but that \
            early_stopping is never turned on by the number of rows, that no rows are held back for it, and that \
            missing values are refused.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true, usesValidation: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(severalOf: input.training)
        let features = try FeatureMatrix(input.training)
        let form = try FeatureForm(input.training.tensor(0))
        let validation = try validation(input, targets, form)
        let bins = FeatureBins(features, most: parameters.maxBins, threads: input.threads)
        let share = parameters.maxFeatures * Double(features.columns)
        let limits = BoostingLimits(
            leaves: parameters.maxLeafNodes, depth: parameters.maxDepth ?? .max, leaf: parameters.minSamplesLeaf,
            regularization: parameters.regularization, features: max(1, Int(share.rounded(.up))))
        let search = BoostingSearch(bins, limits, threads: input.threads)
        let loss = BoostingLoss(classes: targets.positions, classCount: targets.classes.count)
        let baseline = BoostingLoss.baseline(counts: targets.counts)

        var stream = input.stream
        var raw = baseline.flatMap { [Double](repeating: $0, count: features.rows) }
        var validationRaw = baseline.flatMap { [Double](repeating: $0, count: validation?.rows.count ?? 0) }
        var trees = [BoostingTree]()
        var metrics = [Metric]()
        var losses = validation.map { [$0.loss.mean(validationRaw)] } ?? []
        var iterations = 0
        while iterations < parameters.maxIterations {
            let derivatives = loss.derivatives(raw)
            for output in 0..<loss.outputs {
                let range = output * features.rows..<(output + 1) * features.rows
                let tree = derivatives.withUnsafeBufferPointer { all in
                    BoostingTree.grown(
                        search, UnsafeBufferPointer(rebasing: all[range]), limits: limits,
                        rate: parameters.learningRate, stream: &stream, raw: &raw[range])
                }
                if let validation {
                    let start = output * validation.rows.count
                    for (row, own) in validation.rows.enumerated() {
                        validationRaw[start + row] += tree.values[tree.leaf(of: own)]
                    }
                }
                trees.append(tree)
            }
            iterations += 1
            let mean = loss.mean(raw)
            guard mean.isFinite, raw.allSatisfy(\.isFinite) else {
                throw Failure("the loss is not finite after \(iterations) iterations", advice: "lower learning_rate")
            }
            metrics.append(Metric("loss", step: iterations, mean))
            if let validation {
                losses.append(validation.loss.mean(validationRaw))
                metrics.append(Metric("validation_loss", step: iterations, losses[iterations]))
                if hasStopped(losses) { break }
            }
        }
        return Fitted(
            state(trees, targets, form, baseline: baseline, iterations: iterations),
            warnings: validation?.warnings ?? [], metrics: [Metric("n_iter", Double(iterations))] + metrics)
    }

    private struct Validation {
        let rows: [[Double]]
        let loss: BoostingLoss
        let warnings: [String]
    }

    /// The validation rows, if they are to be looked at; those of classes that are not in training can have no loss.
    private func validation(_ input: FitInput, _ targets: ClassTargets, _ form: FeatureForm) throws -> Validation? {
        guard parameters.stopsEarly else { return nil }
        guard let set = input.validation, set.count > 0 else {
            throw Failure(
                "early_stopping needs validation rows, and the split makes none",
                advice: "let the split make some (validation), or leave early_stopping out")
        }
        var (rows, classes) = ([[Double]](), [Int]())
        for index in 0..<set.count {
            let row = try form.finiteRow(try set.tensor(index), "a validation row")
            guard let position = targets.classes.firstIndex(of: set.targets[index].description) else { continue }
            rows.append(row)
            classes.append(position)
        }
        guard !rows.isEmpty else { throw Failure("no validation row is of a class that is in training") }
        let lost = set.count - rows.count
        return Validation(
            rows: rows, loss: BoostingLoss(classes: classes, classCount: targets.classes.count),
            warnings: lost > 0
                ? ["\(lost) of \(set.count) validation rows are of classes that are not in training, and left out"] : []
        )
    }

    /// Whether none of the last losses is smaller than the one before them.
    private func hasStopped(_ losses: [Double]) -> Bool {
        guard losses.count > parameters.patience else { return false }
        let recent = losses.suffix(parameters.patience)
        let reference = losses[losses.count - parameters.patience - 1] - parameters.tolerance
        return !recent.contains { $0 < reference }
    }

    private func state(
        _ trees: [BoostingTree], _ targets: ClassTargets, _ form: FeatureForm, baseline: [Double], iterations: Int
    ) -> Bundle {
        var all = BoostingTree()
        var roots = [Int64]()
        var gains = [Double](repeating: 0, count: form.count)
        for tree in trees {
            let offset = Int32(all.features.count)
            roots.append(Int64(offset))
            all.features += tree.features
            all.thresholds += tree.thresholds
            all.left += tree.left.map { $0 < 0 ? $0 : $0 + offset }
            all.right += tree.right.map { $0 < 0 ? $0 : $0 + offset }
            all.values += tree.values
            for node in tree.features.indices where tree.features[node] >= 0 {
                gains[Int(tree.features[node])] += tree.gains[node]
            }
        }
        func overNodes(_ elements: Elements) -> Tensor {
            Tensor(elements, shape: [all.features.count], axes: ["node"])
        }
        let scored = baseline.count == 1 ? [targets.classes[1]] : targets.classes
        return Bundle(
            tensors: [
                "counts": targets.tensor, "feature_importances": form.tensor(normalised(gains)),
                "baseline": Tensor(
                    .float64(baseline), shape: [baseline.count], axes: ["class"], labels: ["class": scored]),
                "root": Tensor(.int64(roots), shape: [roots.count], axes: ["tree"]),
                "feature": overNodes(.int32(all.features)), "threshold": overNodes(.float64(all.thresholds)),
                "left": overNodes(.int32(all.left)), "right": overNodes(.int32(all.right)),
                "value": overNodes(.float64(all.values)),
            ],
            scalars: ["n_iter": .int(iterations)])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let classes = try fittedClasses(of: state)
        let form = try FeatureForm(state, "feature_importances")
        let nodes = try NodeTable(state, columns: form.count)
        guard case .float64(let values)? = state.tensors["value"]?.elements, values.count == nodes.count,
            let baseline = state.tensors["baseline"]?.doubles(), classes.count > 1,
            baseline.count == (classes.count == 2 ? 1 : classes.count)
        else { throw Failure("the fitted state has no fitting value and baseline") }
        var inputs = [[Double]]()
        for row in rows { inputs.append(try form.finiteRow(try FeatureForm.tensor(of: row), "a row")) }
        var scores = [[Double]](repeating: baseline, count: rows.count)
        for (tree, root) in nodes.roots.enumerated() {
            let output = tree % baseline.count
            for row in inputs.indices { scores[row][output] += values[nodes.leaf(of: inputs[row], from: root)] }
        }
        return scores.map { raw in
            let probabilities = BoostingLoss.probabilities(raw)
            let best = raw.count == 1 ? (raw[0] > 0 ? 1 : 0) : firstLargest(raw)
            return Prediction(
                classes: classes, scores: probabilities, output: .probability, predicted: classes[best]
            ).value
        }
    }
}
