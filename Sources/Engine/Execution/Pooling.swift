// Reports over several folds: all folds of a point, or of all points.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    /// The rows of each part and role; folds that failed are missing.
    func pooledRows(_ index: Int, _ stage: any PooledReportStage) -> [(part: PoolPart, role: Role, rows: [Int])] {
        let target = plan.nodes[index].target
        return (plan.poolParts[index] ?? []).flatMap { part -> [(part: PoolPart, role: Role, rows: [Int])] in
            let input = plan.nodes[part.input]
            let (failure, failures) = tables[part.input].withLock { ($0.failure, $0.failures) }
            guard failure == nil, let view = plan.folds[part.fold].views[input.rows],
                view.loss(
                    failed: Set(failures.keys), targets: target.flatMap { plan.rowSets[input.rows].columns[$0] },
                    groups: input.group.flatMap { plan.rowSets[input.rows].columns[$0] }) == nil
            else { return [] }
            return stage.roles.map { role in (part, role, view.rows([role]).filter { failures[$0] == nil }) }
        }
    }

    /// How many rows the fold of a part trains on.
    private func trainingCount(_ part: PoolPart) -> Int {
        let failures = tables[part.input].withLock { $0.failures }
        let view = plan.folds[part.fold].views[plan.nodes[part.input].rows]
        return view?.rows([.train]).count { failures[$0] == nil } ?? 0
    }

    func pooledKey(_ index: Int, _ stage: any PooledReportStage) throws -> Digest {
        let node = plan.nodes[index]
        // Which parts are one computation is told by where it was first.
        var firsts = [Int: Int]()
        return Key.pooled(
            node,
            parts: try pooledRows(index, stage).enumerated().map { position, entry in
                let (part, role, rows) = entry
                let first = firsts[part.input] ?? position
                firsts[part.input] = first
                let set = plan.rowSets[plan.nodes[part.input].rows]
                return (
                    // Which parts there are, as some may be missing.
                    "\(part.point) \(part.fold) \(part.inputName) \(role.rawValue) \(trainingCount(part)) \(first)",
                    Merkle.root(of: try known(try digests(of: part.input), rows, of: part.input)),
                    node.target.flatMap { set.root(of: $0, rows: rows) } ?? Digest(of: .null),
                    Merkle.root(of: rows.map { .text(set.ids[$0]) })
                )
            })
    }

    func runPooled(_ index: Int, _ stage: any PooledReportStage) throws {
        let node = plan.nodes[index]
        let key = try pooledKey(index, stage)
        try claims.withClaim(key) { _ in
            if let record = try find(key, for: node), adopt(index, record) { return }
            let start = clock.seconds()
            let found = pooledRows(index, stage)
            if found.isEmpty { throw Failure("every fold that it is about has failed") }
            let parts = try found.filter { !$0.rows.isEmpty }.map { part, role, rows in
                let fold = plan.folds[part.fold]
                return PooledRows(
                    point: plan.points[part.point].index, values: plan.points[part.point].values,
                    input: part.inputName, repetition: fold.path.repetition, fold: fold.path.folds[0],
                    heldOut: fold.label, training: trainingCount(part), origin: part.input,
                    rows: try reportRows(node, part.input, role, rows))
            }
            var report = try stage.report(parts)
            let lost = (plan.poolParts[index] ?? []).count - found.count / max(1, stage.roles.count)
            if lost > 0 {
                report = Report(
                    metrics: report.metrics, headline: report.headline,
                    warnings: report.warnings + ["without \(lost) folds that failed"])
            }
            try self.record(
                index, key: key, reports: [(stage.roles.first ?? .test, report)], seconds: clock.seconds() - start)
        }
        try writeSingleShortcut(index, key: key)
    }
}
