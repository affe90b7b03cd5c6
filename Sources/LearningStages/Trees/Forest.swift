// Forests of classification trees, of one tree too: how they are grown, kept in a state and asked.

internal import Stages
internal import Tensors

/// What a forest is grown by.
struct ForestPlan {
    var tree: TreeParameters
    var maxFeatures: Canonical
    var isRandom: Bool
    var trees = 1
    var bootstrap = false
    /// Rows drawn for a tree, with replacement: a number, a share, or null for as many as there are.
    var maxSamples = Canonical.null
    var isScoredOutOfBag = false

    /// A problem where more features are to be drawn than there are, as far as that is known.
    func check(_ inputs: [Signature]) throws(Problem) {
        let axis = try featureAxis(inputs)
        if case .int(let number) = maxFeatures, let count = axis.size, number > count {
            throw Problem(
                "max_features is \(number), and there are \(count) features", at: ["max_features"],
                advice: "give at most \(count), a share, sqrt, log2, or null for all")
        }
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(input.training)
        let features = try FeatureMatrix(input.training)
        let form = try FeatureForm(input.training.tensor(0))
        let limits = try TreeLimits(
            tree, maxFeatures: maxFeatures, isRandom: isRandom, rows: features.rows, columns: features.columns)
        let table = try FeatureTable(features, form, isSorted: !isRandom, threads: input.threads)
        let treeTargets = TreeTargets(targets, isGini: limits.isGini)
        let classWeights = targets.weights(isBalanced: tree.classWeight == .balanced)
        let rowWeights = targets.positions.map { classWeights[$0] }
        let (rows, draws, bootstrap, name) = (
            features.rows, self.draws(from: features.rows), bootstrap, input.stream.name
        )

        let grown = concurrently(trees, threads: input.threads) { number in
            var stream = RandomStream(named: Digest(of: .array([.digest(name), .int(number)])))
            var weights = rowWeights
            var counts = [Int32]()
            if bootstrap {
                counts = [Int32](repeating: 0, count: rows)
                for _ in 0..<draws { counts[stream.index(below: rows)] += 1 }
                for row in 0..<rows { weights[row] *= Double(counts[row]) }
            }
            return GrownTree(
                tree: .grown(on: table, treeTargets, weights: weights, limits: limits, stream: stream), counts: counts)
        }

        let forest = Forest(trees: grown.map(\.tree), classCount: targets.classes.count)
        var fitted = Fitted(
            forest.state(targets: targets, form: form),
            warnings: targets.classes.count == 1
                ? ["there is only one class in training: every row is predicted to be \(targets.classes[0])"] : [],
            metrics: [
                Metric("depth", grown.map { Double($0.tree.depth) }.reduce(0, +) / Double(trees)),
                Metric("leaves", grown.map { Double($0.tree.leaves) }.reduce(0, +) / Double(trees)),
            ])
        if isScoredOutOfBag { fitted = try scored(fitted, grown, features, form, targets) }
        return fitted
    }

    private func draws(from rows: Int) -> Int {
        switch maxSamples {
        case .int(let number): number
        case .float(let share): max(1, Int(share * Double(rows)))
        default: rows
        }
    }

    /// With the accuracy on the training rows, each predicted by the trees that were grown without it.
    private func scored(
        _ fitted: Fitted, _ grown: [GrownTree], _ features: FeatureMatrix, _ form: FeatureForm, _ targets: ClassTargets
    ) throws(Failure) -> Fitted {
        let classCount = targets.classes.count
        var (hits, untold) = (0, 0)
        for row in 0..<features.rows {
            let start = row * features.columns
            let own = try FeatureTable.row(Array(features.elements[start..<start + features.columns]), form)
            var scores = [Double](repeating: 0, count: classCount)
            var isTold = false
            for one in grown where one.counts[row] == 0 {
                isTold = true
                let leaf = one.tree.leaf(of: own) * classCount
                for index in 0..<classCount { scores[index] += one.tree.shares[leaf + index] }
            }
            if !isTold { untold += 1 }
            if firstLargest(scores) == targets.positions[row] { hits += 1 }
        }
        var warnings = fitted.warnings
        if untold > 0 {
            warnings.append(
                "\(untold) of \(features.rows) rows are in all bootstrap samples: in oob_score each counts as predicted "
                    + "\(targets.classes[0]); raise n_estimators")
        }
        return Fitted(
            fitted.state, warnings: warnings,
            metrics: fitted.metrics + [Metric("oob_score", Double(hits) / Double(features.rows))])
    }
}

private struct GrownTree: Sendable {
    let tree: Tree
    /// How often each row was drawn; empty without bootstrap.
    let counts: [Int32]
}

/// The position of the largest number, the first of equals.
func firstLargest(_ numbers: [Double]) -> Int {
    var best = 0
    for index in numbers.indices where numbers[index] > numbers[best] { best = index }
    return best
}

/// Fitted trees.
struct Forest {
    var trees: [Tree]
    let classCount: Int

    static let stateDocumentation = """
        The state has, over the nodes of all trees, `feature` (−1 in a leaf), `threshold` (rows with at most this value \
        go left), `left` and `right` (numbers of nodes), `impurity`, `weight` (of its rows) and `value` (node, class: \
        the shares of the classes); `root`, the number of each tree's first node; `feature_importances`, the means over \
        trees of how much the splits on a feature reduce the impurity, summing to 1; and `counts` (training rows a class).
        """

    func state(targets: ClassTargets, form: FeatureForm) -> Bundle {
        var all = Tree()
        var roots = [Int64]()
        var sums = [Double](repeating: 0, count: form.count)
        for tree in trees {
            let offset = all.features.count
            roots.append(Int64(offset))
            all.features += tree.features
            all.thresholds += tree.thresholds
            all.left += tree.left.map { $0 < 0 ? $0 : $0 + Int32(offset) }
            all.right += tree.right.map { $0 < 0 ? $0 : $0 + Int32(offset) }
            all.impurities += tree.impurities
            all.weights += tree.weights
            all.shares += tree.shares
            if let importances = tree.importances(columns: form.count) {
                for index in sums.indices { sums[index] += importances[index] }
            }
        }
        func overNodes(_ elements: Elements) -> Tensor {
            Tensor(elements, shape: [all.features.count], axes: ["node"])
        }
        return Bundle(tensors: [
            "counts": targets.tensor, "feature_importances": form.tensor(normalised(sums)),
            "root": Tensor(.int64(roots), shape: [roots.count], axes: ["tree"]),
            "feature": overNodes(.int32(all.features)), "threshold": overNodes(.float64(all.thresholds)),
            "left": overNodes(.int32(all.left)), "right": overNodes(.int32(all.right)),
            "impurity": overNodes(.float64(all.impurities)), "weight": overNodes(.float64(all.weights)),
            "value": Tensor(
                .float64(all.shares), shape: [all.features.count, classCount], axes: ["node", "class"],
                labels: ["class": targets.classes]),
        ])
    }

    /// Predictions for rows: the mean of the shares in the leaves that a row falls in.
    static func predict(_ state: Bundle, _ rows: [[Value]]) throws(Failure) -> [Value] {
        let classes = try fittedClasses(of: state)
        let form = try FeatureForm(state, "feature_importances")
        let nodes = try NodeTable(state, columns: form.count)
        guard case .float64(let shares)? = state.tensors["value"]?.elements,
            shares.count == nodes.count * classes.count
        else { throw Failure("the fitted state has no fitting value") }
        var inputs = [[Double]]()
        for row in rows {
            inputs.append(try FeatureTable.row(try form.finiteRow(try FeatureForm.tensor(of: row), "a row"), form))
        }
        // Tree by tree, as the nodes of one stay in the cache.
        var scores = [[Double]](repeating: [Double](repeating: 0, count: classes.count), count: rows.count)
        for root in nodes.roots {
            for row in inputs.indices {
                let leaf = nodes.leaf(of: inputs[row], from: root) * classes.count
                for index in 0..<classes.count { scores[row][index] += shares[leaf + index] }
            }
        }
        return scores.map { sums in
            let means = sums.map { $0 / Double(nodes.roots.count) }
            return Prediction(
                classes: classes, scores: means, output: .probability, predicted: classes[firstLargest(means)]
            ).value
        }
    }
}

/// The nodes of the trees in a state, checked: whatever a state says, a walk ends, and inside the arrays.
struct NodeTable {
    let roots: [Int]
    private let features: [Int32]
    private let thresholds: [Double]
    private let left: [Int32]
    private let right: [Int32]
    var count: Int { features.count }

    init(_ state: Bundle, columns: Int) throws(Failure) {
        guard case .int64(let roots)? = state.tensors["root"]?.elements,
            case .int32(let features)? = state.tensors["feature"]?.elements,
            case .float64(let thresholds)? = state.tensors["threshold"]?.elements,
            case .int32(let left)? = state.tensors["left"]?.elements,
            case .int32(let right)? = state.tensors["right"]?.elements,
            thresholds.count == features.count, left.count == features.count, right.count == features.count,
            !roots.isEmpty, roots.allSatisfy({ $0 >= 0 && $0 < features.count })
        else { throw Failure("the fitted state has no fitting trees") }
        for node in features.indices where features[node] >= 0 {
            let (first, second) = (Int(left[node]), Int(right[node]))
            guard features[node] < columns, first > node, second > node, max(first, second) < features.count else {
                throw Failure("the fitted state has a tree that is no tree, at its node \(node)")
            }
        }
        self.roots = roots.map { Int($0) }
        (self.features, self.thresholds, self.left, self.right) = (features, thresholds, left, right)
    }

    func leaf(of row: [Double], from root: Int) -> Int {
        var node = root
        while case let feature = Int(features[node]), feature >= 0 {
            node = Int(row[feature] <= thresholds[node] ? left[node] : right[node])
        }
        return node
    }
}
