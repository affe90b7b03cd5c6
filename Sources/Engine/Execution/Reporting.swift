// Reports: what is found in the rows of a fold.

internal import Cache
internal import Stages
internal import Tensors

extension Run {
    func reportKey(_ index: Int, _ stage: any ReportStage, _ view: FoldView) throws -> Digest {
        let node = plan.nodes[index]
        let ids = plan.rowSets[node.rows].ids
        return Key.report(
            node,
            roles: try stage.roles.map { role in
                let rows = sound(node, view.rows([role]))
                return (role.rawValue, try roots(node, rows), Merkle.root(of: rows.map { .text(ids[$0]) }))
            },
            asked: try askedContent(of: index))
    }

    func runReport(_ index: Int, _ stage: any ReportStage) throws {
        let node = plan.nodes[index]
        guard let view = plan.view(of: node) else { throw Failure("a report needs a split") }
        try checkLoss(node)
        let rowsByRole = stage.roles.map { role in (role: role, rows: sound(node, view.rows([role]))) }
        let key = try reportKey(index, stage, view)
        try claims.withClaim(key) { _ in
            if let record = try find(key, for: node), adopt(index, record) { return }
            try makeReport(index, stage, key: key, rowsByRole: rowsByRole)
        }
        if plan.asked[index] == nil { try writeSingleShortcut(index, key: key) }
    }

    private func makeReport(
        _ index: Int, _ stage: any ReportStage, key: Digest, rowsByRole: [(role: Role, rows: [Int])]
    ) throws {
        let node = plan.nodes[index]
        let start = clock.seconds()
        var reports = [(role: Role, report: Report)]()
        for (role, rows) in rowsByRole where !rows.isEmpty {
            let given = try reportRows(node, node.inputs[0], role, rows)
            guard let permuting = stage as? any PermutingReportStage else {
                reports.append((role, try stage.report(given)))
                continue
            }
            let asked = plan.asked[index] ?? []
            // Folds of one size must not get one order.
            let fold = node.fold.map { plan.folds[$0].path.canonical } ?? .null
            let stream = RandomStream(
                named: Digest(of: .array([.digest(repetitionStream(node) ?? Digest(of: .null)), fold])))
            let report = try permuting.report(given, inputs: asked.map(\.name), stream: stream) { input, order in
                try permuted(node.inputs[0], rows, order: order, at: asked[input].node)
            }
            reports.append((role, report))
        }
        try record(index, key: key, reports: reports, seconds: clock.seconds() - start)
    }

    /// What a report is given of some rows of an input.
    func reportRows(_ node: PlanNode, _ input: Int, _ role: Role, _ rows: [Int]) throws -> ReportRows {
        let set = plan.rowSets[plan.nodes[input].rows]
        let values = try rows.map { row in
            var memo = Memo()
            return try value(input, row: row, memo: &memo)
        }
        let targets = node.target.flatMap { set.columns[$0] }
        return ReportRows(
            role: role, ids: rows.map { set.ids[$0] }, targets: rows.map { targets?[$0] ?? .missing }, values: values,
            columns: Dictionary(
                uniqueKeysWithValues: node.columns.map { name in
                    (name, rows.map { set.columns[name]?[$0] ?? .missing })
                }))
    }

    /// Records what a report found.
    func record(_ index: Int, key: Digest, reports: [(role: Role, report: Report)], seconds: Double) throws {
        let node = plan.nodes[index]
        let findings = Findings(warnings: reports.flatMap(\.report.warnings), metrics: [], reports: reports)
        let root = Digest(of: .map(findings.canonical))
        pace.withLock { $0.saw(node.paceName, seconds: seconds) }
        try store.store(
            key: key, profile: node.profileDigest, stage: node.identityDigest, value: .nothing, digest: root,
            keepsValue: false, note: .map(note(node, seconds: seconds).merging(findings.canonical) { _, new in new }))
        tables[index].withLock { table in
            table.root = root
            table.key = key
            table.reports = reports.map { ($0.role, $0.report.headlines) }
            table.warnings = findings.warnings
            table.tally.computed += 1
            table.tally.seconds += seconds
        }
    }
}
