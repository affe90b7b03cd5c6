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

/// A node that waits to be split.
private struct Pending {
    let node: Int
    let rows: Range<Int>
    let depth: Int
    let constants: Int
    var split = Split()
    var divided = 0
    var decrease = 0.0
}

extension Tree {
    /// A tree grown on the rows with a weight above 0.
    static func grown(
        on table: FeatureTable, _ targets: TreeTargets, weights: [Double], limits: TreeLimits, stream: RandomStream
    ) -> Tree {
        let search = SplitSearch(table, limits, targets, weights: weights, stream: stream)
        var tree = Tree()
        var frontier = [Pending]()
        let isBestFirst = limits.leaves != nil
        let all = search.enter(search.samples.indices)
        var leaves = 1

        /// Finds the split of a node, and divides its rows by it; false where it stays a leaf.
        func split(_ pending: inout Pending, known: Int) -> Int? {
            let impurity = tree.impurities[pending.node]
            guard pending.depth < limits.depth, pending.rows.count >= limits.split, impurity > Double.ulpOfOne else {
                return nil
            }
            let weight = search.enter(pending.rows)
            let (found, constants) = search.search(pending.rows, known: known)
            guard found.feature >= 0 else { return nil }
            pending.split = found
            pending.divided = search.divide(pending.rows, by: found)
            let middle = pending.rows.lowerBound + pending.divided
            let leftWeight = search.enter(pending.rows.lowerBound..<middle)
            let leftImpurity = search.impurity(search.total)
            let rightWeight = search.enter(middle..<pending.rows.upperBound)
            let rightImpurity = search.impurity(search.total)
            let rest = rightWeight / weight * rightImpurity + leftWeight / weight * leftImpurity
            pending.decrease = weight / all * (impurity - rest)
            return pending.decrease + Double.ulpOfOne < limits.decrease ? nil : constants
        }

        func add(_ rows: Range<Int>, depth: Int, known: Int) {
            let weight = search.enter(rows)
            let impurity = search.impurity(search.total)
            let node = tree.addNode(impurity: impurity, weight: weight, counts: UnsafeBufferPointer(search.total))
            var pending = Pending(node: node, rows: rows, depth: depth, constants: known)
            if isBestFirst, split(&pending, known: 0) == nil { return }
            frontier.append(pending)
        }

        /// The next node to split.
        func next() -> Pending? {
            guard let limit = limits.leaves else { return frontier.popLast() }
            guard leaves < limit, var best = frontier.indices.first else { return nil }
            for index in frontier.indices where frontier[index].decrease > frontier[best].decrease { best = index }
            return frontier.remove(at: best)
        }

        add(search.samples.indices, depth: 0, known: 0)
        while var pending = next() {
            var known = 0
            if !isBestFirst {
                guard let constants = split(&pending, known: pending.constants) else { continue }
                known = constants
            }
            let node = pending.node
            let middle = pending.rows.lowerBound + pending.divided
            tree.features[node] = Int32(pending.split.feature)
            tree.thresholds[node] = pending.split.threshold
            tree.left[node] = Int32(tree.features.count)
            tree.right[node] = Int32(tree.features.count + 1)
            add(pending.rows.lowerBound..<middle, depth: pending.depth + 1, known: known)
            add(middle..<pending.rows.upperBound, depth: pending.depth + 1, known: known)
            leaves += 1
        }
        return tree
    }
}
