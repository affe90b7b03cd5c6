// Barriers: stages that need many rows at once. A fit sees the training rows of its fold and nothing else; an apply works
// in blocks of rows of one role; a gather sees all rows; a report sees the rows of the roles that it declares.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    /// Looks up what is known of a barrier; gives the number of tasks left.
    func openBarrier(_ unit: Int) throws -> Int {
        let index = units[unit].nodes[0]
        let node = plan.nodes[index]
        if let failure = node.inputs.lazy.compactMap({ input in self.tables[input].withLock { $0.failure } }).first {
            tables[index].withLock { $0.failure = failure }
            // Rows are counted in a fold that cannot be used, too.
            try inheritFailures(index)
            return 0
        }
        switch node.work {
        case .fit, .report:
            if let roots = inputRoots(node), try answerSingle(index, roots: roots) { return 0 }
            return 1
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
            regions[unit].withLock { $0.tasks = left }
            return left.count
        case .map, .source:
            return 0
        }
    }

    func runBarrier(_ task: Int, of unit: Int) throws {
        let index = units[unit].nodes[0]
        do {
            switch plan.nodes[index].work {
            case .fit(let stage): try runFit(index, stage)
            case .report(let stage): try runReport(index, stage)
            case .apply, .gather:
                let block = regions[unit].withLock { $0.tasks[task] }
                let key = try blockKey(index, block)
                try claims.withClaim(key) { isRepeat in
                    if isRepeat, let record = try find(key, for: plan.nodes[index]), adopt(index, block, record) {
                        return
                    }
                    try runBlock(index, block)
                }
            case .map, .source: break
            }
        } catch let failure as NodeFailure {
            fail(index, failure)
        } catch let failure as Failure {
            fail(index, NodeFailure(node: index, cause: failure.cause, advice: failure.advice))
        } catch let error as CacheError {
            guard case .notDeterministic = error else { throw error }
            fail(index, NodeFailure(node: index, cause: error.description, advice: nil))
        }
    }

    func closeBarrier(_ unit: Int) throws {
        let index = units[unit].nodes[0]
        switch plan.nodes[index].work {
        case .apply, .gather: if tables[index].withLock({ $0.failure == nil }) { try closeTable(index) }
        default: break
        }
    }

    private func fail(_ index: Int, _ failure: NodeFailure) {
        tables[index].withLock { table in
            table.failure = SampleFailure(node: failure.node, cause: failure.cause, advice: failure.advice)
            table.tally.failed += 1
        }
        noteFailure()
    }

    // MARK: Fits and reports: one result a node

    /// Whether a shortcut answers for a fit or a report.
    private func answerSingle(_ index: Int, roots: [Digest]) throws -> Bool {
        let node = plan.nodes[index]
        guard store.hasRecords(of: node.recipe) else { return false }
        let key = Key.shortcut(node, roots: roots, roles: node.fold.map { plan.folds[$0].rolesDigest })
        guard let shortcut = try find(key, for: node),
            let target = shortcut.note["key"]?.digestValue,
            let record = try find(target, for: node)
        else { return false }
        return adopt(index, record)
    }

    private func writeSingleShortcut(_ index: Int, key: Digest) throws {
        let node = plan.nodes[index]
        guard let roots = inputRoots(node) else { return }
        var note = note(node)
        note["key"] = .digest(key)
        try store.store(
            key: Key.shortcut(node, roots: roots, roles: node.fold.map { plan.folds[$0].rolesDigest }),
            profile: node.profileDigest, stage: node.recipe, value: .nothing, digest: nil, keepsValue: false,
            note: .map(note))
    }

    /// Takes a recorded fit or report for this run.
    private func adopt(_ index: Int, _ record: Record) -> Bool {
        guard let codes = Findings(record.note) else { return false }
        tables[index].withLock { table in
            table.root = record.output
            table.key = record.key
            table.tally.cached += 1
            table.warnings = codes.warnings
            table.metrics = codes.metrics
            table.reports = codes.reports
        }
        return true
    }

    /// The rows that take part: of the roles, and without failures in any input.
    private func sound(_ node: PlanNode, _ rows: [Int]) -> [Int] {
        let failed = failedRows(node)
        return failed.isEmpty ? rows : rows.filter { !failed.contains($0) }
    }

    private func failedRows(_ node: PlanNode) -> Set<Int> {
        node.inputs.reduce(into: Set<Int>()) { set, input in set.formUnion(tables[input].withLock { $0.failures.keys })
        }
    }

    private func checkLoss(_ node: PlanNode) throws(Failure) {
        if let fold = node.fold, let loss = plan.folds[fold].loss(failed: failedRows(node)) {
            throw Failure("the fold cannot be used: \(loss)", advice: "see failures.csv for the causes")
        }
    }

    private func runFit(_ index: Int, _ stage: any FittedStage) throws {
        let node = plan.nodes[index]
        guard let foldIndex = node.fold else { throw Failure("a fit needs a split") }
        try checkLoss(node)
        let fold = plan.folds[foldIndex]
        let training = sound(node, fold.rows([.train]))
        let validation = node.declaration.usesValidation ? sound(node, fold.rows([.validation])) : []
        let stream = streamName(node, fold)
        let key = try fitKey(node, training: training, validation: validation, stream: stream)
        try claims.withClaim(key) { _ in
            if let record = try find(key, for: node), adopt(index, record) { return }
            try makeFit(index, stage, key: key, training: training, validation: validation, stream: stream)
        }
        try writeSingleShortcut(index, key: key)
    }

    private func makeFit(
        _ index: Int, _ stage: any FittedStage, key: Digest, training: [Int], validation: [Int], stream: Digest?
    ) throws {
        let node = plan.nodes[index]
        let start = clock.seconds()
        let fitted = try fit(index, stage, training: training, validation: validation, stream: stream)
        let seconds = clock.seconds() - start
        let value = Value.bundle(fitted.state)
        try checkNumbers(value)
        let findings = Findings(warnings: fitted.warnings, metrics: fitted.metrics, reports: [])
        let record = try store.store(
            key: key, profile: node.profileDigest, stage: node.identityDigest, value: value, digest: nil,
            keepsValue: true,
            note: .map(note(node, seconds: seconds).merging(findings.canonical) { _, new in new }))
        values.insert(value, record.output)
        tables[index].withLock { table in
            table.root = record.output
            table.key = key
            table.warnings = fitted.warnings
            table.metrics = fitted.metrics
            table.tally.computed += 1
            table.tally.seconds += seconds
            table.tally.bytes += value.byteCount
        }
    }

    private func fitKey(_ node: PlanNode, training: [Int], validation: [Int], stream: Digest?) throws -> Digest {
        Key.fit(
            node, training: try roots(node, training),
            validation: validation.isEmpty ? nil : try roots(node, validation), stream: stream)
    }

    private func reportKey(_ node: PlanNode, _ stage: any ReportStage, _ fold: Fold) throws -> Digest {
        let ids = plan.rowSets[node.rows].ids
        return Key.report(
            node,
            roles: try stage.roles.map { role in
                let rows = sound(node, fold.rows([role]))
                return (role.rawValue, try roots(node, rows), Merkle.root(of: rows.map { .text(ids[$0]) }))
            })
    }

    private func streamName(_ node: PlanNode, _ fold: Fold) -> Digest? {
        node.stream.map { StreamName.of(seed: $0.seed, address: $0.address, repetition: fold.path.repetition) }
    }

    /// Whether a record answers a fit or a report whose inputs are all known, though no shortcut does.
    func isRecorded(_ index: Int) throws -> Bool {
        let node = plan.nodes[index]
        guard let fold = node.fold.map({ plan.folds[$0] }) else { return false }
        let key: Digest
        switch node.work {
        case .fit:
            key = try fitKey(
                node, training: sound(node, fold.rows([.train])),
                validation: node.declaration.usesValidation ? sound(node, fold.rows([.validation])) : [],
                stream: streamName(node, fold))
        case .report(let stage): key = try reportKey(node, stage, fold)
        default: return false
        }
        guard let record = try find(key, for: node) else { return false }
        return adopt(index, record)
    }

    private func fit(
        _ index: Int, _ stage: any FittedStage, training: [Int], validation: [Int], stream: Digest?
    ) throws -> Fitted {
        let node = plan.nodes[index]
        func set(_ rows: [Int]) -> TrainingSet {
            let columns = plan.rowSets[node.rows].columns
            return TrainingSet(
                count: rows.count,
                targets: node.target.flatMap { columns[$0] }.map { targets in rows.map { targets[$0] } } ?? [],
                columns: Dictionary(
                    uniqueKeysWithValues: node.columns.map { name in (name, rows.map { columns[name]?[$0] ?? .missing })
                    })
            ) { [self] position in
                var memo = [Int: Value]()
                return try node.inputs.map { try value($0, row: rows[position], memo: &memo) }
            }
        }
        if training.isEmpty { throw Failure("there are no training rows") }
        return try stage.fit(
            FitInput(
                training: set(training), validation: validation.isEmpty ? nil : set(validation),
                stream: RandomStream(named: stream ?? Digest(of: .null))))
    }

    /// Roots over some rows: of each input's values (an apply's state is none), of the declared columns, of the target.
    func roots(_ node: PlanNode, _ rows: [Int]) throws -> TableRoots {
        var roots = TableRoots(values: [], columns: [])
        for (port, input) in zip(node.ports, node.inputs) {
            if case .fit = plan.nodes[input].work { continue }
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

    private func runReport(_ index: Int, _ stage: any ReportStage) throws {
        let node = plan.nodes[index]
        guard let foldIndex = node.fold else { throw Failure("a report needs a split") }
        try checkLoss(node)
        let fold = plan.folds[foldIndex]
        let rowsByRole = stage.roles.map { role in (role: role, rows: sound(node, fold.rows([role]))) }
        let key = try reportKey(node, stage, fold)
        try claims.withClaim(key) { _ in
            if let record = try find(key, for: node), adopt(index, record) { return }
            try makeReport(index, stage, key: key, rowsByRole: rowsByRole)
        }
        try writeSingleShortcut(index, key: key)
    }

    private func makeReport(
        _ index: Int, _ stage: any ReportStage, key: Digest, rowsByRole: [(role: Role, rows: [Int])]
    ) throws {
        let node = plan.nodes[index]
        let set = plan.rowSets[node.rows]
        let start = clock.seconds()
        var reports = [(role: Role, report: Report)]()
        for (role, rows) in rowsByRole where !rows.isEmpty {
            let values = try rows.map { row in
                var memo = [Int: Value]()
                return try value(node.inputs[0], row: row, memo: &memo)
            }
            let targets = node.target.flatMap { set.columns[$0] }
            let report = try stage.report(
                ReportRows(
                    role: role, ids: rows.map { set.ids[$0] }, targets: rows.map { targets?[$0] ?? .missing },
                    values: values,
                    columns: Dictionary(
                        uniqueKeysWithValues: node.columns.map { name in
                            (name, rows.map { set.columns[name]?[$0] ?? .missing })
                        })))
            reports.append((role, report))
        }
        let seconds = clock.seconds() - start
        let findings = Findings(warnings: reports.flatMap(\.report.warnings), metrics: [], reports: reports)
        try store.store(
            key: key, profile: node.profileDigest, stage: node.identityDigest, value: .nothing,
            digest: Digest(of: .map(findings.canonical)), keepsValue: false,
            note: .map(note(node, seconds: seconds).merging(findings.canonical) { _, new in new }))
        let found = reports
        tables[index].withLock { table in
            table.root = Digest(of: .map(findings.canonical))
            table.key = key
            table.reports = found
            table.warnings = findings.warnings
            table.tally.computed += 1
            table.tally.seconds += seconds
        }
    }

    /// The state of a fit: from memory, from its record, or fitted again.
    func state(_ index: Int) throws -> Bundle {
        let (root, key) = tables[index].withLock { ($0.root, $0.key) }
        guard let root, let key else { throw NodeFailure(node: index, cause: "it has no state", advice: nil) }
        if case .bundle(let state)? = values[root] { return state }
        let node = plan.nodes[index]
        if let record = try find(key, for: node),
            case .bundle(let state)? = try store.value(of: record)
        {
            values.insert(.bundle(state), root)
            return state
        }
        guard case .fit(let stage) = node.work, let fold = node.fold.map({ plan.folds[$0] }) else {
            throw NodeFailure(node: index, cause: "it has no state", advice: nil)
        }
        let fitted = try fit(
            index, stage, training: sound(node, fold.rows([.train])),
            validation: node.declaration.usesValidation ? sound(node, fold.rows([.validation])) : [],
            stream: streamName(node, fold))
        let value = Value.bundle(fitted.state)
        guard value.digest == root else {
            throw NodeFailure(
                node: index, cause: "it is not deterministic: fitted again on the same rows, its state differs",
                advice: "a fit may read its rows, its parameters and its stream only")
        }
        let findings = Findings(warnings: fitted.warnings, metrics: fitted.metrics, reports: [])
        try store.store(
            key: key, profile: node.profileDigest, stage: node.identityDigest, value: value, digest: root,
            keepsValue: true,
            note: .map(note(node).merging(findings.canonical) { _, new in new }))
        values.insert(value, root)
        tables[index].withLock { $0.tally.remade += 1 }
        return fitted.state
    }
}
