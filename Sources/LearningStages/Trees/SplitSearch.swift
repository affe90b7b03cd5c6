// The search for a node's split: the hot part of growing a tree. Exact: of every drawn feature the rows of the node are
// put in ascending order, and each place between two different values is tried. Random: of every drawn feature one
// threshold between the least and the largest value is tried. What is tried, and in which order, is as in scikit-learn's
// splitters: a split must be strictly better than all before it, and features with one value count as drawn, but the
// search does not end before one has two.

internal import Tensors

/// The best split found so far.
struct Split {
    var feature = -1
    var threshold = 0.0
    /// What goes left: for exact splits, the rows of smaller rank.
    var cut: UInt32 = 0
    /// Grows with the reduction of impurity; good for comparing splits of the same node only.
    var score = -Double.infinity
}

/// A tree's rows and the room to search in. Its buffers live as long as it does.
final class SplitSearch {
    private let table: FeatureTable
    private let limits: TreeLimits
    private let classCount: Int
    private var stream: RandomStream

    /// The rows that the tree is grown on, those of a node one beside another.
    let samples: UnsafeMutableBufferPointer<UInt32>
    /// Of all rows of the table.
    private let classes: UnsafeMutableBufferPointer<Int32>
    private let weights: UnsafeMutableBufferPointer<Double>
    /// The sum of the weights of each class in the node, and in what is left of a split.
    let total: UnsafeMutableBufferPointer<Double>
    let left: UnsafeMutableBufferPointer<Double>
    private let right: UnsafeMutableBufferPointer<Double>
    private let spare: UnsafeMutableBufferPointer<UInt32>
    private let found: UnsafeMutableBufferPointer<Float>
    /// A bit for each rank.
    private let marks: UnsafeMutableBufferPointer<UInt64>
    /// All features: known to be constant, then found to be, then not yet drawn, then drawn.
    private let features: UnsafeMutableBufferPointer<Int32>
    private let constants: UnsafeMutableBufferPointer<Int32>
    /// x log₂ x of whole numbers; empty for gini.
    private let logarithms: [Double]

    init(_ table: FeatureTable, _ limits: TreeLimits, _ targets: TreeTargets, weights: [Double], stream: RandomStream) {
        (self.table, self.limits, self.stream) = (table, limits, stream)
        classCount = targets.classCount
        logarithms = targets.logarithms
        let rows = weights.indices.filter { weights[$0] > 0 }
        samples = .allocate(capacity: rows.count)
        for (index, row) in rows.enumerated() { samples[index] = UInt32(row) }
        classes = .allocate(capacity: table.rows)
        _ = classes.initialize(from: targets.classes)
        self.weights = .allocate(capacity: table.rows)
        _ = self.weights.initialize(from: weights)
        total = .allocate(capacity: classCount)
        left = .allocate(capacity: classCount)
        right = .allocate(capacity: classCount)
        spare = .allocate(capacity: rows.count)
        found = .allocate(capacity: rows.count)
        marks = .allocate(capacity: (table.rows + 63) / 64)
        marks.initialize(repeating: 0)
        features = .allocate(capacity: table.columns)
        for column in 0..<table.columns { features[column] = Int32(column) }
        constants = .allocate(capacity: table.columns)
        constants.initialize(repeating: 0)
    }

    deinit {
        samples.deallocate()
        classes.deallocate()
        weights.deallocate()
        total.deallocate()
        left.deallocate()
        right.deallocate()
        spare.deallocate()
        found.deallocate()
        marks.deallocate()
        features.deallocate()
        constants.deallocate()
    }

    /// Counts the classes of a node; gives their sum.
    func enter(_ node: Range<Int>) -> Double {
        total.initialize(repeating: 0)
        var sum = 0.0
        for index in node {
            let row = Int(samples[index])
            total[Int(classes[row])] += weights[row]
            sum += weights[row]
        }
        return sum
    }

    /// The impurity of a node whose classes have these weights.
    func impurity(_ counts: UnsafeMutableBufferPointer<Double>) -> Double {
        let sum = counts.reduce(0, +)
        if limits.isGini {
            var squares = 0.0
            for count in counts { squares += count * count }
            return 1 - squares / (sum * sum)
        }
        var entropy = 0.0
        for count in counts where count > 0 {
            let share = count / sum
            entropy -= share * logarithm2(share)
        }
        return entropy
    }

    /// The best split of the node entered, and how many features have one value in it, of which `known` were known.
    func search(_ node: Range<Int>, known: Int) -> (split: Split, constants: Int) {
        var split = Split()
        var (rest, visited, drawnConstants, newConstants) = (table.columns, 0, 0, 0)
        while rest > known + newConstants
            && (visited < limits.features || visited <= newConstants + drawnConstants)
        {
            visited += 1
            var place = drawnConstants + stream.index(below: rest - newConstants - drawnConstants)
            if place < known {
                features.swapAt(drawnConstants, place)
                drawnConstants += 1
                continue
            }
            place += newConstants
            let feature = Int(features[place])
            let isConstant = limits.isRandom ? tryRandom(feature, node, &split) : tryAll(feature, node, &split)
            if isConstant {
                features.swapAt(place, known + newConstants)
                newConstants += 1
            } else {
                rest -= 1
                features.swapAt(place, rest)
            }
        }
        // Siblings rely on the order of the constants that their parent knew.
        for index in 0..<known { features[index] = constants[index] }
        for index in known..<known + newConstants { constants[index] = features[index] }
        return (split, known + newConstants)
    }

    /// Puts the rows that go left first, in both parts in the order as before; gives their number.
    func divide(_ node: Range<Int>, by split: Split) -> Int {
        let start = split.feature * table.rows
        var (end, others) = (node.lowerBound, 0)
        func divide(_ goesLeft: (Int) -> Bool) {
            for index in node {
                let row = samples[index]
                if goesLeft(start + Int(row)) {
                    samples[end] = row
                    end += 1
                } else {
                    spare[others] = row
                    others += 1
                }
            }
        }
        if limits.isRandom {
            table.values.withUnsafeBufferPointer { values in divide { Double(values[$0]) <= split.threshold } }
        } else {
            table.rank.withUnsafeBufferPointer { rank in divide { rank[$0] < split.cut } }
        }
        for index in 0..<others { samples[end + index] = spare[index] }
        return end - node.lowerBound
    }

    /// Values closer than this are one, as in scikit-learn.
    private static let closeness: Float = 1e-7

    // MARK: Exact

    /// Fills `spare` with the ranks of the node's rows in ascending order.
    private func sortRanks(_ rank: UnsafePointer<UInt32>, _ node: Range<Int>) {
        let words = marks.count
        if node.count >= words / 16 {
            // Marked in a row of bits, and read off from it.
            for index in node {
                let place = Int(rank[Int(samples[index])])
                marks[place >> 6] |= 1 << UInt64(place & 63)
            }
            var next = 0
            for word in 0..<words {
                var bits = marks[word]
                if bits == 0 { continue }
                marks[word] = 0
                while bits != 0 {
                    spare[next] = UInt32(truncatingIfNeeded: word << 6 | bits.trailingZeroBitCount)
                    next += 1
                    bits &= bits &- 1
                }
            }
        } else {
            for (place, index) in node.enumerated() { spare[place] = rank[Int(samples[index])] }
            var ranks = spare[..<node.count]
            ranks.sort()
        }
    }

    /// Tries all splits of a feature; whether it has one value only.
    private func tryAll(_ feature: Int, _ node: Range<Int>, _ split: inout Split) -> Bool {
        let start = feature * table.rows
        return table.rank.withUnsafeBufferPointer { rank in
            table.values.withUnsafeBufferPointer { values in
                table.order.withUnsafeBufferPointer { order in
                    guard let rank = rank.baseAddress, let values = values.baseAddress, let order = order.baseAddress
                    else { return true }
                    sortRanks(rank + start, node)
                    let (least, most) = (values[start + Int(spare[0])], values[start + Int(spare[node.count - 1])])
                    if most <= least + Self.closeness { return true }
                    tryAll(feature, values + start, order + start, node.count, &split)
                    return false
                }
            }
        }
    }

    private func tryAll(
        _ feature: Int, _ values: UnsafePointer<Float>, _ order: UnsafePointer<UInt32>, _ count: Int,
        _ split: inout Split
    ) {
        guard let left = left.baseAddress, let total = total.baseAddress, let ranks = spare.baseAddress,
            let classes = classes.baseAddress, let weights = weights.baseAddress
        else { return }
        let (isGini, leaf) = (limits.isGini, limits.leaf)
        var (all, allSquares) = (0.0, 0.0)
        for index in 0..<classCount {
            left[index] = 0
            all += total[index]
            allSquares += total[index] * total[index]
        }
        // Of gini, with l and t the weights of a class on the left and in all: the sums of l, l² and l t.
        var (weight, squares, products) = (0.0, 0.0, 0.0)
        var previous = values[Int(ranks[0])]
        var best = split.score
        for index in 0..<count {
            let place = Int(ranks[index])
            let value = values[place]
            if value > previous + Self.closeness, index >= leaf, count - index >= leaf {
                let rest = all - weight
                var score = -Double.infinity
                if isGini {
                    let restSquares = allSquares - 2 * products + squares
                    // Without a division first: most splits are not better than the best.
                    if squares * rest + restSquares * weight >= best * (weight * rest) * (1 - 1e-12) {
                        score = squares / weight + restSquares / rest
                    }
                } else {
                    score = entropyScore(weight, rest)
                }
                if score > best {
                    best = score
                    split.score = score
                    split.feature = feature
                    split.cut = UInt32(truncatingIfNeeded: place)
                    // Halves first, so that no sum is infinite.
                    let middle = Double(previous) / 2 + Double(value) / 2
                    split.threshold = middle == Double(value) ? Double(previous) : middle
                }
            }
            previous = value
            let row = Int(order[place])
            let (own, position) = (weights[row], Int(classes[row]))
            let before = left[position]
            left[position] = before + own
            weight += own
            squares += own * (2 * before + own)
            products += own * total[position]
        }
    }

    /// Minus the entropies of both sides, each times its weight.
    private func entropyScore(_ weight: Double, _ rest: Double) -> Double {
        var sum = -timesLogarithm(weight) - timesLogarithm(rest)
        for index in 0..<classCount {
            let own = left[index]
            sum += timesLogarithm(own) + timesLogarithm(total[index] - own)
        }
        return sum
    }

    private func timesLogarithm(_ number: Double) -> Double {
        let whole = Int(number)
        if whole < logarithms.count, Double(whole) == number { return logarithms[whole] }
        return number > 0 ? number * logarithm2(number) : 0
    }

    // MARK: Random

    /// Tries one random split of a feature; whether it has one value only.
    private func tryRandom(_ feature: Int, _ node: Range<Int>, _ split: inout Split) -> Bool {
        let (count, first) = (node.count, node.lowerBound)
        var (least, most) = (Float.infinity, -Float.infinity)
        table.values.withUnsafeBufferPointer { values in
            let start = feature * table.rows
            for index in 0..<count {
                let value = values[start + Int(samples[first + index])]
                found[index] = value
                least = min(least, value)
                most = max(most, value)
            }
        }
        if most <= least + Self.closeness { return true }
        var threshold = Double(least) + (Double(most) - Double(least)) * stream.uniform()
        if threshold == Double(most) { threshold = Double(least) }

        left.initialize(repeating: 0)
        var members = 0
        for index in 0..<count where Double(found[index]) <= threshold {
            let row = Int(samples[first + index])
            left[Int(classes[row])] += weights[row]
            members += 1
        }
        if members < limits.leaf || count - members < limits.leaf { return false }
        let score: Double
        let weight = left.reduce(0, +)
        let rest = total.reduce(0, +) - weight
        if limits.isGini {
            var (squares, restSquares) = (0.0, 0.0)
            for index in 0..<classCount {
                let (own, other) = (left[index], total[index] - left[index])
                squares += own * own
                restSquares += other * other
            }
            score = squares / weight + restSquares / rest
        } else {
            score = entropyScore(weight, rest)
        }
        if score > split.score {
            split.score = score
            split.feature = feature
            split.threshold = threshold
        }
        return false
    }
}
