// Samples through chains of maps. A region is opened by looking up what is known, a node at a time and many rows at once;
// then a worker takes each sample that lacks something through the whole chain in memory, for all variants that share it.

internal import Cache
internal import Stages
internal import Tensors

/// What a region or a barrier still has to do.
struct RegionState: Sendable {
    /// Of a barrier: the rows of each task.
    var blocks: [[Int]] = []
    /// Of a region: the rows of each task, by row set.
    var samples: [[Int: [Int]]] = []
    /// Nodes whose values are not needed behind a position in the region.
    var lastUses: [Int: [Int]] = [:]
    /// Of a pending row at a node: whether its record was looked for already.
    var pending: [Int: [Int: Bool]] = [:]
}

extension Run {
    func openRegion(_ unit: Int) throws -> Int {
        var state = RegionState()
        var rows = [Int: Set<Int>]()
        for index in units[unit].nodes {
            let node = plan.nodes[index]
            if let failure = node.inputs.lazy.compactMap({ input in self.tables[input].withLock { $0.failure } }).first
            {
                tables[index].withLock { $0.failure = failure }
                try inheritFailures(index)
                continue
            }
            if node.work.passesRows {
                try closePassing(index)
                continue
            }
            let pending = try resolve(index)
            if pending.isEmpty { continue }
            state.pending[index] = pending
            rows[node.rows, default: []].formUnion(pending.keys)
        }
        if rows.isEmpty { return 0 }
        state.samples = units[unit].samples(rows, plan)
        state.lastUses = units[unit].lastUses(plan)
        let opened = state
        regions[unit].withLock { $0 = opened }
        return opened.samples.count
    }

    /// Looks up what is known of a map node's rows. Gives the rows that are not, each with whether its record was looked
    /// for (it was not where an input is still to be computed).
    func resolve(_ index: Int) throws -> [Int: Bool] {
        let node = plan.nodes[index]
        let rows = plan.rows(of: node)
        if let roots = inputRoots(node) {
            if node.isTransient {
                closeTransient(index, roots: roots)
                return [:]
            }
            if try answer(index, roots: roots, rows: rows.count) { return [:] }
        }
        let inputs = try node.inputs.map { try digests(of: $0) }
        let failures = node.inputs.map { input in tables[input].withLock { $0.failures } }
        var known = [(row: Int, key: Digest)]()
        var handedOn = [(row: Int, digest: Digest)]()
        var pending = [Int: Bool]()
        for row in rows {
            if let failure = failures.lazy.compactMap({ $0[row] }).first {
                tables[index].withLock { $0.failures[row] = failure }
                continue
            }
            if plan.passed(node, row) != nil {
                if let digest = inputs[0][row] { handedOn.append((row, digest)) } else { pending[row] = false }
                continue
            }
            let parts = inputs.compactMap { $0[row] }
            if parts.count < inputs.count { pending[row] = false } else { known.append((row, key(node, row, parts))) }
        }
        let passing = handedOn
        tables[index].withLock { table in for (row, digest) in passing { table.put(digest, row) } }
        if node.isTransient {
            let keys = known
            tables[index].withLock { table in for (row, key) in keys { table.put(key, row) } }
            return [:]
        }
        guard store.hasRecords(of: node.identityDigest) else {
            for (row, _) in known { pending[row] = true }
            return pending
        }
        let records = try find(known.map(\.key), for: node)
        noteRecordedTimes(node, records)
        let found = zip(known, records).map { ($0.row, $1?.output) }
        tables[index].withLock { table in
            for (row, output) in found {
                guard let output else { continue }
                table.put(output, row)
                table.tally.cached += 1
            }
        }
        for (row, output) in found where output == nil { pending[row] = true }
        return pending
    }

    /// Nothing is recorded of a transient node: its root stands for its keys, which are made when they are asked for.
    private func closeTransient(_ index: Int, roots: [Digest]) {
        let root = Digest(
            of: .array([.text("transient"), .digest(plan.nodes[index].recipe)] + roots.map { .digest($0) }))
        tables[index].withLock { table in
            table.root = root
            table.isLoaded = false
        }
    }

    /// The keys of a transient node that has no root, as rows failed above it: what follows takes those of the others.
    private func keepKeys(_ index: Int) throws {
        let node = plan.nodes[index]
        let inputs = try node.inputs.map { try digests(of: $0) }
        var keys = [(row: Int, key: Digest)]()
        for row in plan.rows(of: node) {
            if let key = transientKey(node, row, inputs.map { $0[row] }) { keys.append((row, key)) }
        }
        let known = keys
        tables[index].withLock { table in for (row, key) in known { table.put(key, row) } }
    }

    /// The key of a transient node for one row, if those of its inputs are known; what is handed on has that of its input.
    func transientKey(_ node: PlanNode, _ row: Int, _ inputs: [Digest?]) -> Digest? {
        if plan.passed(node, row) != nil { return inputs[0] }
        let parts = inputs.compactMap(\.self)
        return parts.count == inputs.count ? key(node, row, parts) : nil
    }

    /// The key of a map node for one row.
    func key(_ node: PlanNode, _ row: Int, _ inputs: [Digest]) -> Digest {
        Key.map(node, inputs: inputs, columns: columnValues(node, row), stream: streamName(node, row))
    }

    private func columnValues(_ node: PlanNode, _ row: Int) -> [Scalar] {
        node.columns.map { plan.rowSets[node.rows].columns[$0]?[row] ?? .missing }
    }

    private func streamName(_ node: PlanNode, _ row: Int) -> Digest? {
        node.stream.map { $0.digest(sample: plan.rowSets[node.rows].ids[row]) }
    }

    /// The roots that a shortcut is keyed by; nil while one of them is not known.
    func inputRoots(_ node: PlanNode) -> [Digest]? {
        var roots = [Digest]()
        for input in node.inputs {
            guard let root = tables[input].withLock({ $0.failure == nil ? $0.root : nil }) else { return nil }
            roots.append(root)
        }
        let rows = plan.rowSets[node.rows]
        for column in node.columns + (node.target.map { [$0] } ?? []) {
            roots.append(rows.root(of: column) ?? Digest(of: .null))
        }
        // Streams are named by sample, so which samples there are matters to what draws; reports name them.
        var namesRows = node.stream != nil
        switch node.work {
        case .report: namesRows = true
        case .pooled:
            // Its parts can have different rows, with targets of their own.
            for set in Set(node.inputs.map { plan.nodes[$0].rows }).sorted() {
                roots.append(plan.rowSets[set].identityRoot)
                roots.append(node.target.flatMap { plan.rowSets[set].root(of: $0) } ?? Digest(of: .null))
            }
        default: break
        }
        if namesRows { roots.append(rows.identityRoot) }
        return roots
    }

    // MARK: A sample

    func runSamples(_ task: Int, of unit: Int) throws {
        let state = regions[unit].withLock { $0 }
        var memo = Memo()
        for (position, index) in units[unit].nodes.enumerated() {
            if let pending = state.pending[index] {
                for row in state.samples[task][plan.nodes[index].rows] ?? [] {
                    guard let lookedUp = pending[row] else { continue }
                    do { try runSample(index, row, lookedUp: lookedUp, memo: &memo) } catch let failure as NodeFailure {
                        fail(index, row, failure)
                    }
                    if stop.reason == .surroundings { return }
                }
            }
            for node in state.lastUses[position] ?? [] { memo.forget(node) }
        }
        let peak = memo.peak
        footprints[unit].withLock { $0.saw(peak) }
    }

    private func runSample(
        _ index: Int, _ row: Int, lookedUp: Bool, memo: inout Memo
    ) throws {
        let node = plan.nodes[index]
        let isHandedOn = plan.passed(node, row) != nil
        var inputs = [Digest]()
        for input in node.inputs {
            if let failure = inheritedFailure(input, row) {
                tables[index].withLock { $0.failures[row] = failure }
                return
            }
            guard let digest = try digest(of: input, row: row) else { return }
            if isHandedOn {
                tables[index].withLock { $0.put(digest, row) }
                return
            }
            inputs.append(digest)
        }
        let key = key(node, row, inputs)
        try claims.withClaim(key) { isRepeat in
            try runSample(index, row, key: key, lookedUp: lookedUp && !isRepeat, memo: &memo)
        }
    }

    /// Why an input has no value for a row. Nothing is run at a transient node on its own, so what failed above it shows
    /// here.
    private func inheritedFailure(_ index: Int, _ row: Int) -> SampleFailure? {
        if let failure = tables[index].withLock({ $0.failures[row] }) { return failure }
        let node = plan.nodes[index]
        if node.work.passesRows {
            return plan.passed(node, row).flatMap { inheritedFailure($0.node, $0.row) }
        }
        guard node.isTransient else { return nil }
        return plan.nodes[index].inputs.lazy.compactMap { self.inheritedFailure($0, row) }.first
    }

    private func runSample(
        _ index: Int, _ row: Int, key: Digest, lookedUp: Bool, memo: inout Memo
    ) throws {
        let node = plan.nodes[index]
        if !lookedUp, store.hasRecords(of: node.identityDigest), let known = try find(key, for: node)?.output {
            tables[index].withLock { table in
                table.put(known, row)
                table.tally.cached += 1
            }
            return
        }
        do {
            let (value, seconds) = try compute(index, row, memo: &memo)
            memo.keep(value, index, row)
            let digest = value.digest
            try store.store(
                key: key, profile: node.profileDigest, stage: node.identityDigest, value: value, digest: digest,
                keepsValue: node.keeps,
                note: .map(note(node, sample: plan.rowSets[node.rows].ids[row], seconds: seconds)))
            if isTakenElsewhere[index] { values.insert(value, digest) }
            tables[index].withLock { table in
                table.put(digest, row)
                table.tally.computed += 1
                table.tally.seconds += seconds
                table.tally.bytes += value.byteCount
            }
        } catch let failure as NodeFailure {
            fail(index, row, failure)
        } catch let error as CacheError {
            guard case .notDeterministic = error else { throw error }
            fail(index, row, NodeFailure(node: index, cause: error.description, advice: nil))
        }
    }

    private func fail(_ index: Int, _ row: Int, _ failure: NodeFailure) {
        let noted = SampleFailure(failure, row: failure.node == index ? row : nil)
        tables[index].withLock { $0.failures[row] = noted }
        tables[failure.node].withLock { $0.tally.failed += 1 }
        noteFailure()
    }

    /// A table whose rows are those of its inputs: its root follows from theirs, and from which rows come from where.
    func closePassing(_ index: Int) throws {
        let node = plan.nodes[index]
        try inheritFailures(index)
        guard let roots = inputRoots(node) else { return }
        var parts = [Canonical]()
        switch node.work {
        case .rows(let mapping): parts = [.text("rows"), .digest(mapping.digest)]
        case .outOfFold(let inner):
            parts = [.text("out_of_fold")]
            for fold in [node.fold].compactMap(\.self) + inner {
                parts.append(plan.folds[fold].views[node.rows].map { .digest($0.digest) } ?? .null)
            }
        default: break
        }
        let root = Digest(of: .array(parts + roots.map { .digest($0) }))
        tables[index].withLock { $0.root = root }
    }

    /// Sets the root of a table that is complete, and writes its shortcut.
    func closeTable(_ index: Int, records: Bool = true) throws {
        let node = plan.nodes[index]
        if tables[index].withLock({ $0.failure != nil }) { return }
        if node.work.passesRows { return try closePassing(index) }
        let rows = plan.rows(of: node)
        let (digests, isAnswered) = tables[index].withLock { ($0.digests, $0.isAnswered || $0.root != nil) }
        if isAnswered { return }
        if node.isTransient {
            if let roots = inputRoots(node) { closeTransient(index, roots: roots) } else { try keepKeys(index) }
            try inheritFailures(index)
            return
        }
        let known = digests.isEmpty ? [] : rows.compactMap { digests[$0] }
        if known.count < rows.count { return }
        let root = Merkle.root(of: known)
        tables[index].withLock { $0.root = root }
        if records, let roots = inputRoots(node) { try writeShortcut(index, roots: roots, digests: known, root: root) }
    }
}
