// The search for a node's split: the hot part of growing a tree. Exact: of every drawn feature the rows of the node are
// put in ascending order, and each place between two different values is tried. Random: of every drawn feature one
// threshold between the least and the largest value is tried. What is tried is as in scikit-learn's splitters: a split
// must be strictly better than all before it, and features with one value count as drawn, but the search does not end
// before one has two.
//
// Time goes into reading a few rows' numbers from columns all over a large table. They are gathered for several features
// at once, so that many reads are under way at a time.

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
    /// How many numbers are gathered at once: as many as stay in the first cache.
    private static let gathered = 4096

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
    private let spare: UnsafeMutableBufferPointer<UInt32>
    /// Of the node's rows, in their order.
    private let nodeClasses: UnsafeMutableBufferPointer<Int32>
    private let nodeWeights: UnsafeMutableBufferPointer<Double>
    /// The same, one feature after another.
    private let nodeRanks: UnsafeMutableBufferPointer<UInt32>
    private let nodeValues: UnsafeMutableBufferPointer<Float>
    /// Rows in ascending order of a feature: rank, and position among the node's rows.
    private let ascending: UnsafeMutableBufferPointer<UInt64>
    /// A bit for each rank, and which of the node's rows has it.
    private let marks: UnsafeMutableBufferPointer<UInt64>
    private let owners: UnsafeMutableBufferPointer<UInt32>
    /// All features, those drawn for the node first.
    private let features: UnsafeMutableBufferPointer<Int32>
    /// Features with one value in the node, in the order in which they were found, above it first; and how many.
    private let constants: UnsafeMutableBufferPointer<Int32>
    private var constantCount = 0
    private let isConstant: UnsafeMutableBufferPointer<Bool>
    /// Features to try next.
    private var batch = [Int]()
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
        spare = .allocate(capacity: rows.count)
        nodeClasses = .allocate(capacity: rows.count)
        nodeWeights = .allocate(capacity: rows.count)
        let gathered = max(Self.gathered, rows.count)
        nodeRanks = .allocate(capacity: limits.isRandom ? 0 : gathered)
        nodeValues = .allocate(capacity: limits.isRandom ? gathered : 0)
        ascending = .allocate(capacity: rows.count)
        marks = .allocate(capacity: (table.rows + 63) / 64)
        marks.initialize(repeating: 0)
        owners = .allocate(capacity: table.rows)
        owners.initialize(repeating: 0)
        features = .allocate(capacity: table.columns)
        for column in 0..<table.columns { features[column] = Int32(column) }
        constants = .allocate(capacity: table.columns)
        constants.initialize(repeating: 0)
        isConstant = .allocate(capacity: table.columns)
        isConstant.initialize(repeating: false)
    }

    deinit {
        samples.deallocate()
        classes.deallocate()
        weights.deallocate()
        total.deallocate()
        left.deallocate()
        spare.deallocate()
        nodeClasses.deallocate()
        nodeWeights.deallocate()
        nodeRanks.deallocate()
        nodeValues.deallocate()
        ascending.deallocate()
        marks.deallocate()
        owners.deallocate()
        features.deallocate()
        constants.deallocate()
        isConstant.deallocate()
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

    /// The best split of the node entered, and how many features have one value in it. The first `known` of those found
    /// so far do in the nodes above it, and so in it.
    func search(_ node: Range<Int>, known: Int) -> (split: Split, constants: Int) {
        while constantCount > known {
            constantCount -= 1
            isConstant[Int(constants[constantCount])] = false
        }
        for (place, index) in node.enumerated() {
            let row = Int(samples[index])
            nodeClasses[place] = classes[row]
            nodeWeights[place] = weights[row]
        }
        let most = max(1, Self.gathered / node.count)
        var split = Split()
        var (visited, varying, untried) = (0, 0, table.columns - known)
        while untried > 0, visited < limits.features || varying == 0 {
            batch.removeAll(keepingCapacity: true)
            // Beyond `max_features` one at a time, until one varies.
            let end = max(limits.features, visited + 1)
            while untried > 0, visited < end, batch.count < most {
                features.swapAt(visited, visited + stream.index(below: table.columns - visited))
                let feature = Int(features[visited])
                visited += 1
                if isConstant[feature] { continue }
                batch.append(feature)
                untried -= 1
            }
            for (position, feature) in batch.enumerated() { gather(feature, node, at: position * node.count) }
            for (position, feature) in batch.enumerated() {
                let start = position * node.count
                let hasOneValue =
                    limits.isRandom
                    ? tryRandom(feature, start, node.count, &split) : tryAll(feature, start, node.count, &split)
                if hasOneValue {
                    constants[constantCount] = Int32(feature)
                    isConstant[feature] = true
                    constantCount += 1
                } else {
                    varying += 1
                }
            }
        }
        return (split, constantCount)
    }

    /// Copies the ranks or values that the node's rows have in a feature.
    private func gather(_ feature: Int, _ node: Range<Int>, at start: Int) {
        guard let samples = samples.baseAddress else { return }
        let rows = samples + node.lowerBound
        if limits.isRandom {
            guard let to = nodeValues.baseAddress.map({ $0 + start }) else { return }
            table.values.withUnsafeBufferPointer { values in
                guard let from = values.baseAddress.map({ $0 + feature * table.rows }) else { return }
                for place in 0..<node.count { to[place] = from[Int(rows[place])] }
            }
            return
        }
        guard let to = nodeRanks.baseAddress.map({ $0 + start }) else { return }
        switch table.ranks {
        case .narrow(let ranks):
            ranks.withUnsafeBufferPointer { ranks in
                guard let from = ranks.baseAddress.map({ $0 + feature * table.rows }) else { return }
                for place in 0..<node.count { to[place] = UInt32(from[Int(rows[place])]) }
            }
        case .wide(let ranks):
            ranks.withUnsafeBufferPointer { ranks in
                guard let from = ranks.baseAddress.map({ $0 + feature * table.rows }) else { return }
                for place in 0..<node.count { to[place] = from[Int(rows[place])] }
            }
        }
    }

    /// Puts the rows that go left first, in both parts in the order as before; gives their number.
    func divide(_ node: Range<Int>, by split: Split) -> Int {
        var (end, others) = (node.lowerBound, 0)
        gather(split.feature, node, at: 0)
        for (place, index) in node.enumerated() {
            let goesLeft =
                limits.isRandom ? Double(nodeValues[place]) <= split.threshold : nodeRanks[place] < split.cut
            let row = samples[index]
            if goesLeft {
                samples[end] = row
                end += 1
            } else {
                spare[others] = row
                others += 1
            }
        }
        for index in 0..<others { samples[end + index] = spare[index] }
        return end - node.lowerBound
    }

    // MARK: Exact

    /// Puts the node's rows in ascending order of the ranks gathered at `start`.
    private func sort(_ start: Int, _ count: Int) {
        guard let ascending = ascending.baseAddress, let marks = marks.baseAddress, let owners = owners.baseAddress,
            let ranks = nodeRanks.baseAddress.map({ $0 + start })
        else { return }
        let words = self.marks.count
        if words <= 8 * count {
            // Marked in a row of bits, and read off from it.
            for place in 0..<count {
                let rank = Int(ranks[place])
                marks[rank >> 6] |= 1 << UInt64(rank & 63)
                owners[rank] = UInt32(truncatingIfNeeded: place)
            }
            var next = 0
            for word in 0..<words {
                var bits = marks[word]
                if bits == 0 { continue }
                marks[word] = 0
                while bits != 0 {
                    let rank = word << 6 | bits.trailingZeroBitCount
                    bits &= bits &- 1
                    ascending[next] = UInt64(truncatingIfNeeded: rank << 32) | UInt64(owners[rank])
                    next += 1
                }
            }
        } else {
            for place in 0..<count { ascending[place] = UInt64(ranks[place]) << 32 | UInt64(place) }
            var keys = self.ascending[..<count]
            keys.sort()
        }
    }

    /// Tries all splits of a feature; whether it has one value only.
    private func tryAll(_ feature: Int, _ start: Int, _ count: Int, _ split: inout Split) -> Bool {
        sort(start, count)
        return table.values.withUnsafeBufferPointer { values in
            guard let values = values.baseAddress.map({ $0 + feature * table.rows }) else { return true }
            let hasTies = table.hasTies[feature]
            if hasTies {
                let (least, most) = (values[Int(ascending[0] >> 32)], values[Int(ascending[count - 1] >> 32)])
                if most <= least + FeatureTable.closeness { return true }
            }
            tryAll(feature, values, hasTies, count, &split)
            return false
        }
    }

    @inline(never)
    private func tryAll(
        _ feature: Int, _ values: UnsafePointer<Float>, _ hasTies: Bool, _ count: Int, _ split: inout Split
    ) {
        guard let left = left.baseAddress, let total = total.baseAddress, let ascending = ascending.baseAddress,
            let classes = nodeClasses.baseAddress, let weights = nodeWeights.baseAddress
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
        var best = split.score
        var previous = 0
        for index in 0..<count {
            let key = ascending[index]
            let (rank, place) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
            if index >= leaf, count - index >= leaf,
                !hasTies || values[rank] > values[previous] + FeatureTable.closeness
            {
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
                    split.cut = UInt32(truncatingIfNeeded: rank)
                    let (low, high) = (Double(values[previous]), Double(values[rank]))
                    // Halves first, so that no sum is infinite.
                    let middle = low / 2 + high / 2
                    split.threshold = middle == high ? low : middle
                }
            }
            previous = rank
            let (own, position) = (weights[place], Int(classes[place]))
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
    private func tryRandom(_ feature: Int, _ start: Int, _ count: Int, _ split: inout Split) -> Bool {
        guard let left = left.baseAddress, let total = total.baseAddress,
            let values = nodeValues.baseAddress.map({ $0 + start }),
            let classes = nodeClasses.baseAddress, let weights = nodeWeights.baseAddress
        else { return true }
        var (least, most) = (values[0], values[0])
        for place in 1..<count {
            least = values[place] < least ? values[place] : least
            most = values[place] > most ? values[place] : most
        }
        if most <= least + FeatureTable.closeness { return true }
        var threshold = Double(least) + (Double(most) - Double(least)) * stream.uniform()
        if threshold == Double(most) { threshold = Double(least) }

        for index in 0..<classCount { left[index] = 0 }
        var members = 0
        for place in 0..<count {
            // No branch, which would be taken as often as not.
            let goesLeft = Double(values[place]) <= threshold
            left[Int(classes[place])] += goesLeft ? weights[place] : 0
            members += goesLeft ? 1 : 0
        }
        if members < limits.leaf || count - members < limits.leaf { return false }
        var (weight, rest, squares, restSquares) = (0.0, 0.0, 0.0, 0.0)
        for index in 0..<classCount {
            let own = left[index]
            let other = total[index] - own
            weight += own
            rest += other
            squares += own * own
            restSquares += other * other
        }
        let score = limits.isGini ? squares / weight + restSquares / rest : entropyScore(weight, rest)
        if score > split.score {
            split.score = score
            split.feature = feature
            split.threshold = threshold
        }
        return false
    }
}
