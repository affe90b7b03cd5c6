// split.group_k_fold

internal import Stages
internal import Tensors

struct SplitGroupKFold: SplitStage {
    struct Parameters: ParameterSet {
        var nSplits = 5
        var shuffle = false
        var stratify = Stratify.no
        var validationSize: Portion?
        var trainGroups: Portion?

        static var fields: [Field<Self>] {
            [
                Field("n_splits", \.nSplits, as: .int(.atLeast(2)), "the number of folds"),
                Field("shuffle", \.shuffle, "take the groups in random order"),
                Field("stratify", \.stratify, "keep shares even: true for the target's, or the name of a column"),
                Field("validation_size", \.validationSize, validationHelp),
                Field("train_groups", \.trainGroups, as: trainGroupsKind, trainGroupsHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "split.group_k_fold", revision: 1, kind: .rows,
        summary: "Folds of whole groups: each row is tested once, and no group is on both sides.",
        documentation: """
            The largest group goes to the fold with the fewest rows, then the next: scikit-learn's GroupKFold. With \
            `stratify` the groups go, the most uneven first, where the folds' shares of the classes stay closest to each \
            other: scikit-learn's StratifiedGroupKFold. Without `shuffle` the folds are those of scikit-learn.

            With `shuffle` groups come in random order; group sizes (or unevenness) are still looked at first, so only \
            groups that are alike in that trade places.

            \(trainGroupsDocumentation)

            Needs the spec's `group`. A row without a group, more folds than groups, and a class with fewer rows than \
            folds are problems.
            """,
        inputs: [Port("in", "the items to split")], output: "the same items, each with a role a fold",
        readsTarget: true, draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var keepsGroups: Bool { true }
    var stratify: Stratify { parameters.stratify }
    var isRandom: Bool { parameters.shuffle || parameters.validationSize != nil || parameters.trainGroups != nil }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold] {
        let groups = try Groups(of: population, for: "split.group_k_fold")
        let count = parameters.nSplits
        guard count <= groups.count else {
            throw Problem(
                "n_splits is \(count), but there are \(groups.count) groups", at: ["n_splits"],
                advice: "set n_splits to at most \(groups.count), or use split.leave_one_group_out")
        }
        var stream = stream
        // Sorting is stable, so this order decides between groups that are alike.
        var order = Array(0..<groups.count)
        if parameters.shuffle { stream.shuffle(&order) }
        let classes = try Classes(of: population, by: stratify)
        let numbers: [Int]
        if let classes {
            try classes.require(count, "n_splits, which is \(count)", at: ["n_splits"])
            numbers = stratified(groups, classes, order)
        } else {
            numbers = bySize(groups, order)
        }
        var result = [SplitFold]()
        for fold in DataStages.folds(groups.positions.map { numbers[$0] }, of: count) {
            result.append(try withValidation(parameters.validationSize, fold, groups: groups, stream: &stream))
        }
        return try withTrainGroups(parameters.trainGroups, result, groups, stream: &stream)
    }

    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        groupFolds(count, parameters.stratify)
    }

    /// The fold of each group: the largest first, to the fold with the fewest rows; among equals the last group first,
    /// as scikit-learn reverses a stable ascending sort.
    private func bySize(_ groups: Groups, _ order: [Int]) -> [Int] {
        var numbers = [Int](repeating: 0, count: groups.count)
        var sizes = [Int](repeating: 0, count: parameters.nSplits)
        for group in order.sortedStably(by: { groups.rows[$0].count < groups.rows[$1].count }).reversed() {
            let lightest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
            numbers[group] = lightest
            sizes[lightest] += groups.rows[group].count
        }
        return numbers
    }

    /// scikit-learn's StratifiedGroupKFold, sums taken in numpy's order, since ties are decided by last bits.
    private func stratified(_ groups: Groups, _ classes: Classes, _ order: [Int]) -> [Int] {
        let totals = classes.rows.map { Double($0.count) }
        let counts = groups.rows.map { rows in
            var counts = [Double](repeating: 0, count: totals.count)
            for row in rows { counts[classes.positions[row]] += 1 }
            return counts
        }
        let unevenness = counts.map { deviation($0, sum: pairwiseSum) }
        var numbers = [Int](repeating: 0, count: groups.count)
        var folds = [[Double]](repeating: [Double](repeating: 0, count: totals.count), count: parameters.nSplits)
        for group in order.sortedStably(by: { unevenness[$0] > unevenness[$1] }) {
            var best = (fold: 0, spread: Double.infinity, size: Double.infinity)
            for fold in folds.indices {
                var tried = folds
                for position in totals.indices { tried[fold][position] += counts[group][position] }
                let spreads = totals.indices.map { position in
                    deviation(tried.map { $0[position] / totals[position] }, sum: plainSum)
                }
                let spread = pairwiseSum(spreads) / Double(spreads.count)
                let size = pairwiseSum(folds[fold])
                let isClose = best.spread.isFinite && (spread - best.spread).magnitude <= 1e-8 + 1e-5 * best.spread
                if spread < best.spread || isClose && size < best.size { best = (fold, spread, size) }
            }
            numbers[group] = best.fold
            for position in totals.indices { folds[best.fold][position] += counts[group][position] }
        }
        return numbers
    }
}

/// The standard deviation of a population.
private func deviation(_ values: [Double], sum: ([Double]) -> Double) -> Double {
    let count = Double(values.count)
    let mean = sum(values) / count
    return (sum(values.map { ($0 - mean) * ($0 - mean) }) / count).squareRoot()
}

private func plainSum(_ values: [Double]) -> Double { values.reduce(0, +) }

/// numpy's sum along the last axis, for at most 128 values: eight running sums, then the rest one by one.
private func pairwiseSum(_ values: [Double]) -> Double {
    guard values.count >= 8 else { return plainSum(values) }
    if values.count > 128 {
        let half = values.count / 2 / 8 * 8
        return pairwiseSum(Array(values[..<half])) + pairwiseSum(Array(values[half...]))
    }
    var r = Array(values[..<8])
    let whole = values.count / 8 * 8
    for start in stride(from: 8, to: whole, by: 8) {
        for lane in 0..<8 { r[lane] += values[start + lane] }
    }
    let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    return values[whole...].reduce(sum, +)
}

extension Array {
    /// Sorted, equal elements in their order.
    fileprivate func sortedStably(by precedes: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { a, b in
            precedes(a.element, b.element) || !precedes(b.element, a.element) && a.offset < b.offset
        }.map(\.element)
    }
}
