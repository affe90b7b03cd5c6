// Fits: a state from the training rows of a fold. A state is kept, and made again if it is lost.

internal import Cache
internal import Spec
internal import Stages
internal import Tensors

extension Run {
    func runFit(_ index: Int, _ stage: any FittedStage) throws {
        let node = plan.nodes[index]
        if node.fold == nil { throw Failure("a fit needs a split") }
        try checkLoss(node)
        let (training, validation) = (trainingRows(node), validationRows(node))
        let stream = repetitionStream(node)
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
        pace.withLock { $0.saw(node.paceName, seconds: seconds) }
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
            table.hasMetrics = !fitted.metrics.isEmpty
            table.tally.computed += 1
            table.tally.seconds += seconds
            table.tally.bytes += value.byteCount
        }
    }

    func fitKey(_ node: PlanNode, training: [Int], validation: [Int], stream: Digest?) throws -> Digest {
        let summary = node.inputs.first.flatMap { input in
            if case .summary = plan.nodes[input].work { tables[input].withLock { $0.root } } else { nil }
        }
        return Key.fit(
            node, summary: summary, training: try roots(node, training),
            validation: validation.isEmpty ? nil : try roots(node, validation), stream: stream)
    }

    func repetitionStream(_ node: PlanNode) -> Digest? {
        node.stream.map { $0.digest(repetition: node.fold.map { plan.folds[$0].path.repetition }) }
    }

    /// The rows that a fit sees: of stacked inputs only those that an inner fold held out.
    func trainingRows(_ node: PlanNode) -> [Int] {
        let stacked = node.inputs.map { plan.nodes[$0] }.filter { if case .outOfFold = $0.work { true } else { false } }
        let rows = sound(node, plan.view(of: node)?.rows([.train]) ?? [])
        return stacked.isEmpty ? rows : rows.filter { row in stacked.allSatisfy { plan.passed($0, row) != nil } }
    }

    func validationRows(_ node: PlanNode) -> [Int] {
        node.declaration.usesValidation ? sound(node, plan.view(of: node)?.rows([.validation]) ?? []) : []
    }

    private func fit(
        _ index: Int, _ stage: any FittedStage, training: [Int], validation: [Int], stream: Digest?
    ) throws -> Fitted {
        let node = plan.nodes[index]
        let sources = node.inputs.filter { node.takesRows(from: plan.nodes[$0]) }
        func set(_ rows: [Int]) -> TrainingSet {
            let columns = plan.rowSets[node.rows].columns
            return TrainingSet(
                count: rows.count,
                targets: node.target.flatMap { columns[$0] }.map { targets in rows.map { targets[$0] } } ?? [],
                columns: Dictionary(
                    uniqueKeysWithValues: node.columns.map { name in (name, rows.map { columns[name]?[$0] ?? .missing })
                    })
            ) { [self] position in
                var memo = Memo()
                return try sources.map { try value($0, row: rows[position], memo: &memo) }
            }
        }
        if training.isEmpty { throw Failure("there are no training rows") }
        // Fits hold their rows as a matrix, and work on it: twice what the rows are; those that need them in sum have no
        // reason to hold them all.
        var memo = Memo()
        let row = try sources.reduce(0) { $0 + (try value($1, row: training[0], memo: &memo)).byteCount }
        let held = 2 * row * (training.count + validation.count)
        footprints[unitOf[index]].withLock { $0.saw(stage is any SummaryStage ? min(held, 1 << 30) : held) }
        let input = FitInput(
            training: set(training), validation: validation.isEmpty ? nil : set(validation),
            stream: RandomStream(named: stream ?? Digest(of: .null)), threads: node.limits.threads ?? 1)
        if let summing = stage as? any SummaryStage, case .summary = plan.nodes[node.inputs[0]].work {
            return try summing.fit(try state(node.inputs[0]), input)
        }
        return try stage.fit(input)
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
        if case .summary(let stage) = node.work { return try sumAgain(index, stage) }
        guard case .fit(let stage) = node.work else {
            throw NodeFailure(node: index, cause: "it has no state", advice: nil)
        }
        let fitted = try fit(
            index, stage, training: trainingRows(node), validation: validationRows(node), stream: repetitionStream(node)
        )
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
