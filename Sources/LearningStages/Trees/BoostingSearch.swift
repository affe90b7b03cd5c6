// The search for a node's split in gradient boosting: the hot part. Of each feature, gradients and Hessians of the node's
// rows are summed by bins, and each bin that has rows is tried as the last on the left. Only these are visited, and
// emptied on the way: with few rows that is much less than all bins.

/// The best split of a node: the first of equals, by feature and bin.
struct BoostingSplit: Sendable {
    var gain = 0.0
    var feature = -1
    /// The last bin that goes left.
    var bin = 0
    /// Sums of gradients and Hessians on the left.
    var left = SIMD2<Double>.zero
}

/// What limits a tree.
struct BoostingLimits: Sendable {
    let leaves: Int?
    let depth: Int
    let leaf: Int
    let regularization: Double
    /// Features that each split is chosen among.
    let features: Int

    /// A node's value (Chen and Guestrin, "XGBoost: A Scalable Tree Boosting System", 2016, equation 5).
    func value(_ sum: SIMD2<Double>) -> Double { -sum.x / (sum.y + regularization + 1e-15) }
}

/// The rows of the tree being grown, and the room to search in.
final class BoostingSearch: @unchecked Sendable {
    private static let bins = 256
    private static let leastHessian = 1e-3

    let table: FeatureBins
    private let limits: BoostingLimits
    private let threads: Int
    let samples: UnsafeMutableBufferPointer<UInt32>
    private let spare: UnsafeMutableBufferPointer<UInt32>
    /// Gradient and Hessian of the node's rows, in their order.
    private let pairs: UnsafeMutableBufferPointer<SIMD2<Double>>
    /// Sums and numbers of rows by bins, all zero between searches; a part for each thread.
    private let sums: UnsafeMutableBufferPointer<SIMD2<Double>>
    private let counts: UnsafeMutableBufferPointer<UInt32>

    init(_ table: FeatureBins, _ limits: BoostingLimits, threads: Int) {
        (self.table, self.limits, self.threads) = (table, limits, threads)
        samples = .allocate(capacity: table.rows)
        spare = .allocate(capacity: table.rows)
        pairs = .allocate(capacity: table.rows)
        sums = .allocate(capacity: threads * Self.bins)
        sums.initialize(repeating: .zero)
        counts = .allocate(capacity: threads * Self.bins)
        counts.initialize(repeating: 0)
    }

    deinit {
        samples.deallocate()
        spare.deallocate()
        pairs.deallocate()
        sums.deallocate()
        counts.deallocate()
    }

    /// All rows again, in order.
    func reset() { for row in samples.indices { samples[row] = UInt32(truncatingIfNeeded: row) } }

    /// The best split of a node, whose pairs sum to `sum`, among `features`, ascending; all features if nil.
    func search(
        _ node: Range<Int>, _ derivatives: UnsafePointer<SIMD2<Double>>, sum: SIMD2<Double>, value: Double,
        features: [Int32]?
    ) -> BoostingSplit {
        for (place, index) in node.enumerated() { pairs[place] = derivatives[Int(samples[index])] }
        let count = features?.count ?? table.columns
        // Below that, a thread costs more than it saves.
        let workers = node.count * count < 1 << 16 ? 1 : min(threads, count)
        let parts = concurrently(workers, threads: workers) { [self] worker in
            var best = BoostingSplit()
            table.codes.withUnsafeBufferPointer { codes in
                guard let codes = codes.baseAddress else { return }
                for place in worker * count / workers..<(worker + 1) * count / workers {
                    let feature = features.map { Int($0[place]) } ?? place
                    search(feature, codes + feature * table.rows, node, sum, value, worker: worker, &best)
                }
            }
            return best
        }
        var best = BoostingSplit()
        for part in parts where part.gain > best.gain { best = part }
        return best
    }

    private func search(
        _ feature: Int, _ codes: UnsafePointer<UInt8>, _ node: Range<Int>, _ sum: SIMD2<Double>, _ value: Double,
        worker: Int, _ best: inout BoostingSplit
    ) {
        guard let samples = samples.baseAddress, let pairs = pairs.baseAddress,
            let allSums = sums.baseAddress, let allCounts = counts.baseAddress
        else { return }
        let (sums, counts) = (allSums + worker * Self.bins, allCounts + worker * Self.bins)
        let first = samples + node.lowerBound
        let rows = node.count
        var used: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &used) { bytes in
            let words = bytes.assumingMemoryBound(to: UInt64.self)
            for place in 0..<rows {
                let bin = Int(codes[Int(first[place])])
                sums[bin] += pairs[place]
                counts[bin] &+= 1
                words[bin >> 6] |= 1 << UInt64(bin & 63)
            }

            let least = UInt32(clamping: limits.leaf)
            let total = UInt32(rows)
            let added = limits.regularization + 1e-15
            let own = sum.x * value
            var left = SIMD2<Double>.zero
            var count: UInt32 = 0
            // Set where nothing further right can be a split.
            var isPast = false
            for word in 0..<4 {
                var bits = words[word]
                while bits != 0 {
                    let bin = word << 6 | bits.trailingZeroBitCount
                    bits &= bits &- 1
                    left += sums[bin]
                    count &+= counts[bin]
                    sums[bin] = .zero
                    counts[bin] = 0
                    if isPast || count < least || left.y < Self.leastHessian { continue }
                    let right = sum - left
                    if total - count < least || right.y < Self.leastHessian {
                        isPast = true
                        continue
                    }
                    let (under, rightUnder) = (left.y + added, right.y + added)
                    // Without a division first: most splits are not better than the best.
                    let scaled = left.x * left.x * rightUnder + right.x * right.x * under
                    if scaled < (best.gain - own) * (under * rightUnder) * (1 - 1e-12) { continue }
                    let gain = own + left.x * (left.x / under) + right.x * (right.x / rightUnder)
                    if gain > best.gain {
                        best = BoostingSplit(gain: gain, feature: feature, bin: bin, left: left)
                    }
                }
            }
        }
    }

    /// Puts the rows that go left first, in both parts in the order as before; gives their number.
    func divide(_ node: Range<Int>, by split: BoostingSplit) -> Int {
        let (start, last) = (split.feature * table.rows, UInt8(split.bin))
        var (end, others) = (node.lowerBound, 0)
        table.codes.withUnsafeBufferPointer { codes in
            for index in node {
                let row = samples[index]
                if codes[start + Int(row)] <= last {
                    samples[end] = row
                    end += 1
                } else {
                    spare[others] = row
                    others += 1
                }
            }
        }
        for index in 0..<others { samples[end + index] = spare[index] }
        return end - node.lowerBound
    }
}
