// Barriers: stages that need many rows at once. A fit sees the training rows of its fold and nothing else; an apply works
// in blocks of rows of one role; a gather sees all rows; a report sees the rows of the roles that it declares. Summaries
// are in `Summing.swift`, reports over several folds in `Pooling.swift`.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    /// Looks up what is known of a barrier; gives the number of tasks left.
    func openBarrier(_ unit: Int) throws -> Int {
        let index = units[unit].nodes[0]
        let node = plan.nodes[index]
        var isPooled = false
        if case .pooled = node.work { isPooled = true }
        if !isPooled,
            let failure = node.inputs.lazy.compactMap({ input in self.tables[input].withLock { $0.failure } }).first
        {
            tables[index].withLock { $0.failure = failure }
            // Rows are counted in a fold that cannot be used, too.
            try inheritFailures(index)
            return 0
        }
        switch node.work {
        case .fit, .report, .pooled:
            if let roots = inputRoots(node), try answerSingle(index, roots: roots) { return 0 }
            return 1
        case .summary: return try openSummary(unit)
        case .apply, .gather:
            if let roots = inputRoots(node), try answer(index, roots: roots, rows: plan.rows(of: node).count) {
                return 0
            }
            try inheritFailures(index)
            var tasks = [[Int]]()
            for block in try blocks(index) {
                let key = try blockKey(index, block)
                if let record = try find(key, for: node), adopt(index, block, record) {
                    continue
                }
                tasks.append(block)
            }
            let left = tasks
            regions[unit].withLock { $0.blocks = left }
            return left.count
        case .map, .source, .rows, .outOfFold:
            return 0
        }
    }

    func runBarrier(_ task: Int, of unit: Int, attempt: Int = 0) throws {
        let index = units[unit].nodes[0]
        do {
            switch plan.nodes[index].work {
            case .fit(let stage): try runFit(index, stage)
            case .report(let stage): try runReport(index, stage)
            case .pooled(let stage): try runPooled(index, stage)
            case .summary(let stage):
                try runSummary(index, stage, block: regions[unit].withLock { $0.blocks[task] })
            case .apply, .gather:
                let block = regions[unit].withLock { $0.blocks[task] }
                let key = try blockKey(index, block)
                try claims.withClaim(key) { isRepeat in
                    if isRepeat, let record = try find(key, for: plan.nodes[index]), adopt(index, block, record) {
                        return
                    }
                    try runBlock(index, block)
                }
            case .map, .source, .rows, .outOfFold: break
            }
        } catch let failure as NodeFailure {
            switch plan.nodes[index].work {
            case .fit, .summary, .report, .pooled: break
            default: return fail(index, failure)
            }
            guard options.keepsGoing, failure.row != nil, attempt < 8 else { return fail(index, failure) }
            // It is done without the rows that failed, which another fold may have found first.
            do { try markUnreadable(index) } catch let other as NodeFailure { return fail(index, other) }
            if case .summary = plan.nodes[index].work { return }
            try runBarrier(task, of: unit, attempt: attempt + 1)
        } catch let failure as Failure {
            fail(index, NodeFailure(node: index, cause: failure.cause, advice: failure.advice))
        } catch let error as CacheError {
            guard case .notDeterministic = error else { throw error }
            fail(index, NodeFailure(node: index, cause: error.description, advice: nil))
        }
    }

    /// Finds the rows that cannot be read, which nobody tried before: what is transient is made when it is wanted.
    private func markUnreadable(_ index: Int) throws {
        let node = plan.nodes[index]
        var rows = [(input: Int, row: Int)]()
        func add(_ input: Int, _ wanted: [Int]) { for row in wanted { rows.append((input, row)) } }
        let inputs = node.inputs.filter { node.takesRows(from: plan.nodes[$0]) }
        switch node.work {
        case .fit, .summary: for input in inputs { add(input, trainingRows(node) + validationRows(node)) }
        case .report(let stage):
            for input in inputs { add(input, sound(node, plan.view(of: node)?.rows(Set(stage.roles)) ?? [])) }
        case .pooled(let stage):
            for (part, _, wanted) in pooledRows(index, stage) { add(part.input, wanted) }
        default: break
        }
        var isAny = false
        for (input, row) in rows {
            var memo = Memo()
            do { _ = try value(input, row: row, memo: &memo) } catch let failure as NodeFailure {
                guard let failed = failure.row else { throw failure }
                // A block that is made again fails for the row that failed in it, and for no other.
                if plan.nodes[failure.node].rows == plan.nodes[input].rows, failed != row { continue }
                let isNew = tables[input].withLock { table in
                    // Nothing that lacks a row answers for the whole.
                    table.root = nil
                    table.found.insert(row)
                    return table.failures.updateValue(SampleFailure(failure), forKey: row) == nil
                }
                if isNew { tables[failure.node].withLock { $0.tally.failed += 1 } }
                isAny = isAny || isNew
            }
        }
        if isAny { noteFailure() }
    }

    func closeBarrier(_ unit: Int) throws {
        let index = units[unit].nodes[0]
        switch plan.nodes[index].work {
        case .apply, .gather: if tables[index].withLock({ $0.failure == nil }) { try closeTable(index) }
        case .summary(let stage):
            do { try closeSummary(index, stage) } catch let failure as NodeFailure { fail(index, failure) } catch let
                failure as Failure
            {
                fail(index, NodeFailure(node: index, cause: failure.cause, advice: failure.advice))
            }
        default: break
        }
    }

    func fail(_ index: Int, _ failure: NodeFailure) {
        tables[index].withLock { table in
            table.failure = SampleFailure(failure)
            table.tally.failed += 1
        }
        noteFailure()
    }

    // MARK: Fits and reports: one result a node

    /// Whether a shortcut answers for a fit or a report.
    func answerSingle(_ index: Int, roots: [Digest]) throws -> Bool {
        let node = plan.nodes[index]
        guard store.hasRecords(of: node.recipe) else { return false }
        let key = Key.shortcut(node, roots: roots, roles: plan.view(of: node)?.digest)
        guard let shortcut = try find(key, for: node),
            let target = shortcut.note["key"]?.digestValue,
            let record = try find(target, for: node)
        else { return false }
        return adopt(index, record)
    }

    func writeSingleShortcut(_ index: Int, key: Digest) throws {
        let node = plan.nodes[index]
        guard let roots = inputRoots(node) else { return }
        var note = note(node)
        note["key"] = .digest(key)
        try store.store(
            key: Key.shortcut(node, roots: roots, roles: plan.view(of: node)?.digest),
            profile: node.profileDigest, stage: node.recipe, value: .nothing, digest: nil, keepsValue: false,
            note: .map(note))
    }

    /// Takes a recorded fit or report for this run.
    func adopt(_ index: Int, _ record: Record) -> Bool {
        guard let codes = Findings(record.note) else { return false }
        noteRecordedTimes(plan.nodes[index], [record])
        tables[index].withLock { table in
            table.root = record.output
            table.key = record.key
            table.tally.cached += 1
            table.warnings = codes.warnings
            table.hasMetrics = !codes.metrics.isEmpty
            table.reports = codes.reports.map { ($0.role, $0.report.headlines) }
        }
        return true
    }

    /// The rows that take part: of the roles, and without failures in any input.
    func sound(_ node: PlanNode, _ rows: [Int]) -> [Int] {
        let failed = failedRows(node)
        return failed.isEmpty ? rows : rows.filter { !failed.contains($0) }
    }

    private func failedRows(_ node: PlanNode) -> Set<Int> {
        node.inputs.reduce(into: Set<Int>()) { set, input in
            guard node.takesRows(from: plan.nodes[input]) else { return }
            set.formUnion(tables[input].withLock { $0.failures.keys })
        }
    }

    func checkLoss(_ node: PlanNode) throws(Failure) {
        let targets = node.target.flatMap { plan.rowSets[node.rows].columns[$0] }
        if let loss = plan.view(of: node)?.loss(
            failed: failedRows(node), targets: targets,
            groups: node.group.flatMap { plan.rowSets[node.rows].columns[$0] })
        {
            throw Failure("the fold cannot be used: \(loss)", advice: "see failures.csv for the causes")
        }
    }

    /// Whether a record answers a fit or a report whose inputs are all known, though no shortcut does.
    func isRecorded(_ index: Int) throws -> Bool {
        let node = plan.nodes[index]
        let key: Digest
        switch node.work {
        case .fit:
            key = try fitKey(
                node, training: trainingRows(node), validation: validationRows(node), stream: repetitionStream(node))
        case .summary: key = try summaryKey(node)
        case .report(let stage):
            guard let view = plan.view(of: node) else { return false }
            key = try reportKey(index, stage, view)
        case .pooled(let stage): key = try pooledKey(index, stage)
        default: return false
        }
        guard let record = try find(key, for: node) else { return false }
        return adopt(index, record)
    }

    /// Roots over some rows: of each input's values (an apply's state is none), of the declared columns, of the target.
    func roots(_ node: PlanNode, _ rows: [Int]) throws -> TableRoots {
        var roots = TableRoots(values: [], columns: [])
        for (port, input) in zip(node.ports, node.inputs) {
            guard node.takesRows(from: plan.nodes[input]) else { continue }
            roots.values.append((port, Merkle.root(of: try known(try digests(of: input), rows, of: input))))
        }
        let set = plan.rowSets[node.rows]
        for column in node.columns + (node.target.map { [$0] } ?? []) {
            // The target is known by what it holds: two spellings of one column are one target.
            let name = column == node.target ? "" : column
            roots.columns.append((name, set.root(of: column, rows: rows) ?? Digest(of: .null)))
        }
        return roots
    }

    /// The digests of some rows, all of which must be known: a key that lacked one would answer for other rows too.
    func known(_ digests: [Digest?], _ rows: [Int], of input: Int) throws(NodeFailure) -> [Digest] {
        let found = rows.compactMap { digests[$0] }
        if found.count == rows.count { return found }
        throw NodeFailure(node: input, cause: "it has no value for this row", advice: nil)
    }
}
