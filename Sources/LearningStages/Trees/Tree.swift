// A tree, and many in one: arrays over nodes, as they are kept in states.

internal import Stages
internal import Tensors

/// A fitted tree. Nodes are numbered in the order in which they were made, the root first.
struct Tree: Sendable {
    /// The feature that a node splits on; −1 in a leaf.
    var features = [Int32]()
    /// Rows with at most this value go left; 0 in a leaf.
    var thresholds = [Double]()
    /// −1 in a leaf.
    var left = [Int32]()
    var right = [Int32]()
    var impurities = [Double]()
    /// The sum of the weights of the rows in a node.
    var weights = [Double]()
    /// The shares of the classes, node after node.
    var shares = [Double]()

    mutating func addNode(_ summary: NodeSummary) -> Int {
        features.append(-1)
        thresholds.append(0)
        left.append(-1)
        right.append(-1)
        impurities.append(summary.impurity)
        weights.append(summary.weight)
        for count in summary.counts { shares.append(count / summary.weight) }
        return features.count - 1
    }

    var depth: Int {
        var depths = [Int](repeating: 0, count: features.count)
        for node in features.indices where features[node] >= 0 {
            depths[Int(left[node])] = depths[node] + 1
            depths[Int(right[node])] = depths[node] + 1
        }
        return depths.max() ?? 0
    }

    var leaves: Int { features.count { $0 < 0 } }

    /// The leaf that a row falls in.
    func leaf(of row: [Double]) -> Int {
        var node = 0
        while features[node] >= 0 {
            node = Int(row[Int(features[node])] <= thresholds[node] ? left[node] : right[node])
        }
        return node
    }

    /// How much each feature's splits reduce the impurity, weighted by rows, as shares; nil for a tree of one leaf.
    func importances(columns: Int) -> [Double]? {
        guard features.count > 1 else { return nil }
        var sums = [Double](repeating: 0, count: columns)
        func weighted(_ node: Int) -> Double { weights[node] * impurities[node] }
        for node in features.indices where features[node] >= 0 {
            let rest = weighted(Int(left[node])) + weighted(Int(right[node]))
            sums[Int(features[node])] += weighted(node) - rest
        }
        return normalised(sums)
    }
}

/// Numbers divided by their sum; as they are where that is 0.
func normalised(_ numbers: [Double]) -> [Double] {
    let sum = numbers.reduce(0, +)
    return sum > 0 ? numbers.map { $0 / sum } : numbers
}
