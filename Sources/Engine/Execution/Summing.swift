// Summaries: what a fit needs of its training rows in sum. Rows are added up in blocks of one order, each block recorded on
// its own. Blocks never mix rows that different folds test, so that the folds of a split share them.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    /// Looks up what is known; gives the number of blocks to add up.
    func openSummary(_ unit: Int) throws -> Int {
        let index = units[unit].nodes[0]
        let node = plan.nodes[index]
        if let roots = inputRoots(node), try answerSingle(index, roots: roots) { return 0 }
        do { if try isRecorded(index) { return 0 } } catch is NodeFailure {
            // A row has no value: the fit says so.
        }
        let blocks = summaryBlocks(node)
        regions[unit].withLock { $0.blocks = blocks }
        return blocks.count
    }

    /// The training rows, those that one fold tests together, in blocks.
    private func summaryBlocks(_ node: PlanNode) -> [[Int]] {
        let rows = trainingRows(node)
        guard let fold = node.fold else { return [] }
        let siblings = plan.siblings(of: fold).compactMap { plan.folds[$0].views[node.rows]?.roles }
        let groups = Dictionary(grouping: rows) { row in siblings.firstIndex { $0[row] == .test } ?? siblings.count }
        return groups.sorted { $0.key < $1.key }.flatMap { _, rows in
            stride(from: 0, to: rows.count, by: Merkle.blockSize).map { start in
                Array(rows[start..<min(start + Merkle.blockSize, rows.count)])
            }
        }
    }

    func summaryKey(_ node: PlanNode) throws -> Digest {
        Key.summary(node, blocks: try summaryBlocks(node).map { Key.summary(node, rows: try roots(node, $0)) })
    }

    /// Adds one block up and records it.
    func runSummary(_ index: Int, _ stage: any SummaryStage, block: [Int]) throws {
        let node = plan.nodes[index]
        let key = Key.summary(node, rows: try roots(node, block))
        try claims.withClaim(key) { _ in
            if try find(key, for: node) != nil {
                tables[index].withLock { $0.tally.cached += 1 }
                return
            }
            let start = clock.seconds()
            let sum = try sum(index, stage, block)
            let seconds = clock.seconds() - start
            pace.withLock { $0.saw(node.paceName, seconds: seconds) }
            let value = Value.bundle(sum)
            let record = try store.store(
                key: key, profile: node.profileDigest, stage: node.identityDigest, value: value, digest: nil,
                keepsValue: true, note: .map(note(node, seconds: seconds)))
            values.insert(value, record.output)
            tables[index].withLock { table in
                table.tally.computed += 1
                table.tally.seconds += seconds
                table.tally.bytes += value.byteCount
            }
        }
    }

    /// Brings the blocks together.
    func closeSummary(_ index: Int, _ stage: any SummaryStage) throws {
        let node = plan.nodes[index]
        if tables[index].withLock({ $0.root != nil || $0.failure != nil }) { return }
        let whole = Value.bundle(try sumOfBlocks(index, stage))
        let key = try summaryKey(node)
        try claims.withClaim(key) { _ in
            let findings = Findings(warnings: [], metrics: [], reports: [])
            let record = try store.store(
                key: key, profile: node.profileDigest, stage: node.identityDigest, value: whole, digest: nil,
                keepsValue: true, note: .map(note(node).merging(findings.canonical) { _, new in new }))
            values.insert(whole, record.output)
            tables[index].withLock { table in
                table.root = record.output
                table.key = key
            }
        }
        try writeSingleShortcut(index, key: key)
    }

    /// A summary whose record was lost.
    func sumAgain(_ index: Int, _ stage: any SummaryStage) throws -> Bundle {
        let whole = try sumOfBlocks(index, stage)
        guard Value.bundle(whole).digest == tables[index].withLock({ $0.root }) else {
            throw NodeFailure(
                node: index, cause: "it is not deterministic: summed up again, the same rows give another summary",
                advice: "a summary may read its row and its parameters only")
        }
        tables[index].withLock { $0.tally.remade += 1 }
        return whole
    }

    private func sumOfBlocks(_ index: Int, _ stage: any SummaryStage) throws -> Bundle {
        let node = plan.nodes[index]
        var whole: Bundle?
        for block in summaryBlocks(node) {
            let part: Bundle
            let key = Key.summary(node, rows: try roots(node, block))
            if let record = try find(key, for: node),
                case .bundle(let known)? = try values[record.output] ?? store.value(of: record)
            {
                part = known
            } else {
                part = try sum(index, stage, block)
            }
            whole = try whole.map { try stage.merge($0, part) } ?? part
        }
        guard let whole else { throw Failure("there are no training rows") }
        try checkNumbers(.bundle(whole))
        return whole
    }

    private func sum(_ index: Int, _ stage: any SummaryStage, _ block: [Int]) throws -> Bundle {
        let node = plan.nodes[index]
        let targets = node.target.flatMap { plan.rowSets[node.rows].columns[$0] }
        let rows = TrainingSet(
            count: block.count, targets: targets.map { targets in block.map { targets[$0] } } ?? []
        ) { [self] position in
            var memo = Memo()
            return try node.inputs.map { try value($0, row: block[position], memo: &memo) }
        }
        return try stage.summary(of: rows)
    }
}
