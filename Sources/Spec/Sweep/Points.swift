// The points of a sweep, made as they are asked for. Parameters of cases that are not picked are blank, and equal points
// are one: a point is left out when an earlier row of one of its factors looks alike, or when an earlier block has it.
// Both are looked up by the values of a factor's rows, so that memory grows with these and not with their product.

internal import Tensors

/// A point of a sweep.
public struct Point: Sendable {
    /// From 0, without gaps.
    public let index: Int
    /// The swept addresses in order, each with its value as results show it: where its block does not sweep it, that of
    /// the spec or the default; nil where it does not apply.
    public let values: [(address: String, text: String?)]
    let combination: Combination
}

/// The points of an experiment, in order: block after block, in each the first address slowest.
public struct Points: Sequence, Sendable {
    let sweep: Sweep

    public struct Iterator: IteratorProtocol {
        private let sweep: Sweep
        private var combination: Combination?
        private var index = 0
        private var rows = RowIndex()

        init(_ sweep: Sweep) {
            self.sweep = sweep
            combination = sweep.first
        }

        public mutating func next() -> Point? {
            var unlimited = Int.max
            return next(within: &unlimited)
        }

        /// The next point, unless that takes more combinations; they are counted down.
        mutating func next(within limit: inout Int) -> Point? {
            while limit > 0, let current = combination {
                limit -= 1
                combination = sweep.following(current)
                let cells = sweep.cells(at: current)
                guard rows.isFirst(current, cells, in: sweep) else { continue }
                // Where the condition cannot be told, the point stays, and says so when it is resolved.
                guard (try? sweep.holds(cells)) ?? true else { continue }
                defer { index += 1 }
                return Point(
                    index: index, values: zip(sweep.addresses, cells).map { ($0.address, $1?.text) },
                    combination: current)
            }
            return nil
        }

        /// Whether all combinations were gone through.
        var isAtEnd: Bool { combination == nil }
    }

    public func makeIterator() -> Iterator { Iterator(sweep) }
}

/// The rows of factors by what is seen of them.
private struct RowIndex {
    private struct Key: Hashable {
        let block: Int
        let factor: Int
        /// Which of the factor's addresses apply.
        let isActive: [Bool]
    }

    /// The first row of each look; nil is a blank.
    private var rows = [Key: [[Canonical?]: Int]]()

    /// Whether no combination before this one gives the same point.
    mutating func isFirst(_ combination: Combination, _ cells: [Cell?], in sweep: Sweep) -> Bool {
        for (factor, position) in combination.positions.enumerated() {
            let isActive = sweep.factorColumns[combination.block][factor].map { cells[$0] != nil }
            if sweep.blocks[combination.block].factors[factor].isPlain {
                if position > 0, isActive != [true] { return false }
                continue
            }
            let look = Self.look(combination.block, factor, position, isActive, sweep)
            if first(look, combination.block, factor, isActive, sweep) != position { return false }
        }
        return !(0..<combination.block).contains { has(cells, $0, sweep) }
    }

    /// Whether a block has a point: of each factor there must be a row that looks like it, and what the block does not
    /// sweep must be the same.
    private mutating func has(_ cells: [Cell?], _ block: Int, _ sweep: Sweep) -> Bool {
        var candidate = Combination(block: block, positions: [])
        for (factor, columns) in sweep.factorColumns[block].enumerated() {
            let look = columns.map { cells[$0]?.normal }
            guard let row = first(look, block, factor, columns.map { cells[$0] != nil }, sweep) else { return false }
            candidate.positions.append(row)
        }
        let others = sweep.cells(at: candidate)
        return sweep.addresses.indices.allSatisfy { cells[$0]?.normal == others[$0]?.normal }
    }

    private mutating func first(
        _ look: [Canonical?], _ block: Int, _ factor: Int, _ isActive: [Bool], _ sweep: Sweep
    ) -> Int? {
        let key = Key(block: block, factor: factor, isActive: isActive)
        if let row = rows[key]?[look] { return row }
        if rows[key] != nil { return nil }
        var firsts = [[Canonical?]: Int]()
        for position in 0..<sweep.blocks[block].factors[factor].count {
            let look = Self.look(block, factor, position, isActive, sweep)
            if firsts[look] == nil { firsts[look] = position }
        }
        rows[key] = firsts
        return firsts[look]
    }

    /// The values of a row, blank where they do not apply.
    private static func look(
        _ block: Int, _ factor: Int, _ position: Int, _ isActive: [Bool], _ sweep: Sweep
    ) -> [Canonical?] {
        sweep.factorColumns[block][factor].enumerated().map { address, column in
            if !isActive[address] { return nil }
            if let value = sweep.blocks[block].factors[factor].value(address, at: position) { return value.cell.normal }
            // Left out, and dependent on other factors: like nothing that is written.
            return sweep.columns[column].fixed?.normal ?? .bytes([])
        }
    }
}
