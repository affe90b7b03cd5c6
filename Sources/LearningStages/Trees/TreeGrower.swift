// Growing a tree: which nodes are split, and in which order. Depth first, the left side before the right; or, where the
// number of leaves is limited, the node first whose split reduces the impurity most.

internal import Tensors

/// What trees are grown for: the class of each row.
struct TreeTargets: Sendable {
    let classes: [Int32]
    let classCount: Int
    /// x log₂ x of the whole numbers that weights of rows can sum to; empty where there is no use for it.
    let logarithms: [Double]

    init(_ targets: ClassTargets, isGini: Bool) {
        classes = targets.positions.map { Int32($0) }
        classCount = targets.classes.count
        let largest = isGini ? -1 : 2 * targets.positions.count
        logarithms = (0..<largest + 1).map { $0 > 1 ? Double($0) * logarithm2(Double($0)) : 0 }
    }
}

/// What the rows of a node are together.
struct NodeSummary {
    let weight: Double
    let impurity: Double
    /// The weight of each class.
    let counts: [Double]
}

/// A node that waits to be split.
private struct Pending {
    let node: Int
    let rows: Range<Int>
    let depth: Int
    let constants: Int
    let summary: NodeSummary
    var division: Division?
}

/// How a node's rows are divided.
private struct Division {
    let split: Split
    let middle: Int
    let left: NodeSummary
    let right: NodeSummary
    let decrease: Double
    let constants: Int
}

extension Tree {
    /// A tree grown on the rows with a weight above 0.
    static func grown(
        on table: FeatureTable, _ targets: TreeTargets, weights: [Double], limits: TreeLimits, stream: RandomStream
    ) -> Tree {
        let search = SplitSearch(table, limits, targets, weights: weights, stream: stream)
        let root = search.summary(of: search.samples.indices)
        let isBestFirst = limits.leaves != nil
        var tree = Tree()
        var frontier = [Pending]()
        var leaves = 1

        /// Finds the split of a node, and divides its rows by it; nil where it stays a leaf.
        func divide(_ pending: Pending, known: Int) -> Division? {
            let (rows, summary) = (pending.rows, pending.summary)
            guard pending.depth < limits.depth, rows.count >= limits.split, summary.impurity > Double.ulpOfOne else {
                return nil
            }
            let (split, constants) = search.search(rows, summary, known: known)
            guard split.feature >= 0 else { return nil }
            let middle = rows.lowerBound + search.divide(rows, by: split)
            let left = search.summary(of: rows.lowerBound..<middle)
            let right = search.summary(of: middle..<rows.upperBound)
            let rest =
                right.weight / summary.weight * right.impurity + left.weight / summary.weight * left.impurity
            let decrease = summary.weight / root.weight * (summary.impurity - rest)
            if decrease + Double.ulpOfOne < limits.decrease { return nil }
            return Division(
                split: split, middle: middle, left: left, right: right, decrease: decrease, constants: constants)
        }

        func add(_ rows: Range<Int>, _ summary: NodeSummary, depth: Int, known: Int) {
            var pending = Pending(
                node: tree.addNode(summary), rows: rows, depth: depth, constants: known, summary: summary)
            if isBestFirst {
                // Nodes are not split in the order of a walk, so that what is known of those above is of no use.
                pending.division = divide(pending, known: 0)
                if pending.division == nil { return }
            }
            frontier.append(pending)
        }

        /// The next node to split.
        func next() -> Pending? {
            guard let limit = limits.leaves else { return frontier.popLast() }
            func decrease(_ index: Int) -> Double { frontier[index].division?.decrease ?? 0 }
            guard leaves < limit, var best = frontier.indices.first else { return nil }
            for index in frontier.indices where decrease(index) > decrease(best) { best = index }
            return frontier.remove(at: best)
        }

        add(search.samples.indices, root, depth: 0, known: 0)
        while let pending = next() {
            guard let division = pending.division ?? divide(pending, known: pending.constants) else { continue }
            let node = pending.node
            tree.features[node] = Int32(division.split.feature)
            tree.thresholds[node] = division.split.threshold
            tree.left[node] = Int32(tree.features.count)
            tree.right[node] = Int32(tree.features.count + 1)
            let (rows, depth) = (pending.rows, pending.depth + 1)
            add(rows.lowerBound..<division.middle, division.left, depth: depth, known: division.constants)
            add(division.middle..<rows.upperBound, division.right, depth: depth, known: division.constants)
            leaves += 1
        }
        return tree
    }
}
