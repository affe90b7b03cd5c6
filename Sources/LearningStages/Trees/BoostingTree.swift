// Growing a tree of gradient boosting: the node whose split gains most is split first, until there are as many leaves as
// may be. As scikit-learn's HistGradientBoosting.

internal import Tensors

/// A fitted tree.
struct BoostingTree {
    /// −1 in a leaf.
    var features = [Int32]()
    var thresholds = [Double]()
    var left = [Int32]()
    var right = [Int32]()
    /// What a leaf adds to the raw score; 0 elsewhere.
    var values = [Double]()
    /// Gains, of the nodes that are split.
    var gains = [Double]()

    fileprivate mutating func addNode() -> Int {
        features.append(-1)
        thresholds.append(0)
        left.append(-1)
        right.append(-1)
        values.append(0)
        gains.append(0)
        return features.count - 1
    }

    func leaf(of row: [Double]) -> Int {
        var node = 0
        while features[node] >= 0 {
            node = Int(row[Int(features[node])] <= thresholds[node] ? left[node] : right[node])
        }
        return node
    }
}

private struct Pending {
    let node: Int
    let rows: Range<Int>
    let depth: Int
    let sum: SIMD2<Double>
    let value: Double
    var split = BoostingSplit()
}

extension BoostingTree {
    /// A tree for the derivatives of all rows; what its leaves say is added to `raw`.
    static func grown(
        _ search: BoostingSearch, _ derivatives: UnsafeBufferPointer<SIMD2<Double>>, limits: BoostingLimits,
        rate: Double, stream: inout RandomStream, raw: inout ArraySlice<Double>
    ) -> BoostingTree {
        search.reset()
        var tree = BoostingTree()
        var frontier = [Pending]()
        var leaves = 1
        let columns = search.table.columns
        guard let pairs = derivatives.baseAddress else { return tree }

        func finish(_ pending: Pending) {
            let value = rate * pending.value
            tree.values[pending.node] = value
            for index in pending.rows { raw[raw.startIndex + Int(search.samples[index])] += value }
        }

        func add(_ rows: Range<Int>, depth: Int, sum: SIMD2<Double>, value: Double, isLast: Bool) {
            var pending = Pending(node: tree.addNode(), rows: rows, depth: depth, sum: sum, value: value)
            if !isLast, depth < limits.depth, rows.count / 2 >= limits.leaf, sum.y >= 1e-3 || depth > 0 {
                let drawn = limits.features < columns ? draw(limits.features, of: columns, &stream) : nil
                pending.split = search.search(rows, pairs, sum: sum, value: value, features: drawn)
                if pending.split.feature >= 0 {
                    frontier.append(pending)
                    return
                }
            }
            finish(pending)
        }

        func next() -> Pending? {
            guard let limit = limits.leaves else { return frontier.popLast() }
            guard leaves < limit, var best = frontier.indices.first else { return nil }
            for index in frontier.indices where frontier[index].split.gain > frontier[best].split.gain { best = index }
            return frontier.remove(at: best)
        }

        var sum = SIMD2<Double>.zero
        for pair in derivatives { sum += pair }
        add(search.samples.indices, depth: 0, sum: sum, value: 0, isLast: false)
        while let pending = next() {
            let (node, split) = (pending.node, pending.split)
            let middle = pending.rows.lowerBound + search.divide(pending.rows, by: split)
            tree.features[node] = Int32(split.feature)
            tree.thresholds[node] = search.table.thresholds[split.feature][split.bin]
            tree.gains[node] = split.gain
            tree.left[node] = Int32(tree.features.count)
            leaves += 1
            let isLast = leaves == limits.leaves
            let right = pending.sum - split.left
            add(
                pending.rows.lowerBound..<middle, depth: pending.depth + 1, sum: split.left,
                value: limits.value(split.left), isLast: isLast)
            tree.right[node] = Int32(tree.features.count)
            add(
                middle..<pending.rows.upperBound, depth: pending.depth + 1, sum: right, value: limits.value(right),
                isLast: isLast)
        }
        for pending in frontier { finish(pending) }
        return tree
    }

    /// Some of the features, each subset as likely, in ascending order.
    private static func draw(_ count: Int, of columns: Int, _ stream: inout RandomStream) -> [Int32] {
        var all = (0..<columns).map { Int32($0) }
        for place in 0..<count { all.swapAt(place, place + stream.index(below: columns - place)) }
        return all[..<count].sorted()
    }
}
