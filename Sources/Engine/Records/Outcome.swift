// What came of a run, as plain values: the records are written from it, and the command line prints it.

public import Stages
public import Tensors

/// What became of a trial.
public enum TrialStatus: Sendable, Hashable {
    case done
    case failed(String)
    /// Stopped before its end.
    case stopped

    public var word: String {
        switch self {
        case .done: "done"
        case .failed: "failed"
        case .stopped: "stopped"
        }
    }
}

/// How a run ended.
public enum Ending: Sendable, Hashable {
    case complete
    /// All that could be done is done, but samples or folds failed.
    case withFailures
    /// Stopped at the first failure.
    case failed
    /// Stopped by the surroundings: the disk, the cache.
    case stopped
    case interrupted
}

/// A failed sample, or a failed fit or report (then without a sample).
public struct FailureRow: Sendable, Hashable {
    public let sample: String?
    /// Where the sample came from, below its source's root.
    public let path: String?
    public let stage: String
    public let cause: String
    public let advice: String?

    init(sample: String?, path: String? = nil, stage: String, _ failure: SampleFailure) {
        self.sample = sample
        self.path = path
        self.stage = stage
        cause = failure.cause
        advice = failure.advice
    }
}

/// One node's line of stages.csv.
public struct StageRow: Sendable {
    public let name: String
    public let type: String
    public let kind: String
    public let fold: String
    public let tally: Tally
}

/// One trial with its metrics.
public struct TrialResult: Sendable {
    public let trial: Int
    public let status: TrialStatus
    /// By stage and role.
    public let reports: [(stage: String, role: Role, report: Report)]
    /// Rows that failed, by role.
    public let failed: [Role: Int]
    public let warnings: [String]
}

extension Run {
    public var ending: Ending {
        switch stop.reason {
        case .interrupt: .interrupted
        case .failure: .failed
        case .surroundings: .stopped
        case .none: failures.isEmpty ? .complete : .withFailures
        }
    }

    /// The failures at their roots, in the order of the plan and the rows: what a stage inherits is told once, as is what
    /// several variants of one stage say of a sample.
    public var failures: [FailureRow] {
        var found = [(node: Int, row: FailureRow)]()
        if tables.allSatisfy({ $0.withLock { $0.failures.isEmpty && $0.failure == nil } }) { return [] }
        // Where the items lie whose values a node takes, by their ids.
        var pathsByNode = [Int: [String: String]]()
        func path(of row: Int, at node: Int) -> String? {
            if pathsByNode[node] == nil {
                var paths = [String: String]()
                for source in plan.sources(above: [node]) {
                    guard let table = plan.sources[source] else { continue }
                    for (row, id) in table.rows.ids.enumerated() where paths[id] == nil { paths[id] = table.paths[row] }
                }
                pathsByNode[node] = paths
            }
            let origins = plan.rowSets[plan.nodes[node].rows].origins(of: row)
            return origins.lazy.compactMap { pathsByNode[node]?[$0] }.first
        }
        for index in plan.nodes.indices {
            let (samples, whole) = tables[index].withLock { ($0.failures, $0.failure) }
            for (row, failure) in samples.sorted(by: { $0.key < $1.key }) {
                // Where it failed, which may be in another table.
                let (at, place) = failure.row.map { ($0, failure.node) } ?? (row, index)
                found.append(
                    (
                        failure.node,
                        FailureRow(
                            sample: plan.rowSets[plan.nodes[place].rows].ids[at], path: path(of: at, at: place),
                            stage: plan.nodes[failure.node].name, failure)
                    ))
            }
            if let whole, let row = whole.row {
                found.append(
                    (
                        whole.node,
                        FailureRow(
                            sample: plan.rowSets[plan.nodes[whole.node].rows].ids[row],
                            path: path(of: row, at: whole.node), stage: plan.nodes[whole.node].name, whole)
                    ))
            } else if let whole {
                let root = plan.nodes[whole.node]
                let label = root.fold.map { " (" + foldName($0) + ")" } ?? ""
                found.append((whole.node, FailureRow(sample: nil, stage: root.name + label, whole)))
            }
        }
        var seen = Set<FailureRow>()
        let order = found.enumerated().sorted { ($0.element.node, $0.offset) < ($1.element.node, $1.offset) }
        return order.map(\.element.row).filter { seen.insert($0).inserted }
    }

    /// Keys of the records that answered or were written for whole nodes: what a later clean-up keeps for this run.
    public var usedRecords: [Digest] {
        var used = Set<Digest>()
        for table in tables {
            let (key, shortcut) = table.withLock { ($0.key, $0.shortcut) }
            for digest in [key, shortcut] { if let digest { used.insert(digest) } }
        }
        return used.sorted()
    }

    func foldName(_ index: Int) -> String {
        let fold = plan.folds[index]
        let number = "repeat \(fold.path.repetition), fold " + fold.path.folds.map(String.init).joined(separator: ".")
        return fold.label.isEmpty ? number : number + ", " + fold.label
    }

    /// Every node with what was done there, in the order of the plan.
    public var stageRows: [StageRow] {
        plan.nodes.enumerated().map { index, node in
            StageRow(
                name: node.name, type: node.declaration.name, kind: node.kindWord,
                fold: node.fold.map { index in
                    let path = plan.folds[index].path
                    return ([path.repetition] + path.folds).map(String.init).joined(separator: ".")
                } ?? "", tally: tables[index].withLock { $0.tally })
        }
    }

    /// What became of each trial.
    public var trialResults: [TrialResult] { plan.trials.indices.map(result(of:)) }

    /// What became of a trial: it has failed if anything in its fold has, and stopped if a fit or a report was not reached.
    private func result(of index: Int) -> TrialResult {
        let trial = plan.trials[index]
        let roles = plan.folds[trial.fold].views[trial.rows]?.roles ?? []
        let fits = trial.fits.map { entry in (entry.name, tables[entry.node].withLock { $0 }) }
        let own = trial.reports.map { entry in (entry.name, tables[entry.node].withLock { $0 }) }
        var status = TrialStatus.done
        if (fits + own).contains(where: { $0.1.root == nil }) { status = .stopped }
        var failedRows = Set<Int>()
        for node in trial.nodes {
            let (failure, rows) = tables[node].withLock { ($0.failure, $0.failures) }
            if plan.nodes[node].rows == trial.rows { failedRows.formUnion(rows.keys) }
            for input in plan.nodes[node].inputs where plan.nodes[input].rows == trial.rows {
                failedRows.formUnion(tables[input].withLock { $0.failures.keys })
            }
            if case .failed = status { continue }
            if let failure { status = .failed("\(plan.nodes[failure.node].name): \(failure.cause)") }
        }
        let reports = own.flatMap { name, table in table.reports.map { (stage: name, role: $0.role, report: $0.report) }
        }
        let warnings = (fits + own).flatMap { name, table in table.warnings.map { "\(name): \($0)" } }
        var failed = [Role: Int]()
        for row in failedRows where roles.indices.contains(row) {
            if let role = roles[row] { failed[role, default: 0] += 1 }
        }
        return TrialResult(
            trial: index, status: status, reports: status == .done ? reports : [], failed: failed, warnings: warnings)
    }

    /// What reports over all points found, whole, by the names of their stages.
    public func reportsOverAllPoints() throws -> [(stage: String, role: Role, report: Report)] {
        let pools = plan.pools.filter { pool in pool.point == nil && tables[pool.node].withLock { $0.root != nil } }
        return try pools.flatMap { pool in
            try Findings.of(pool.node, in: self).reports.map { (stage: pool.name, role: $0.role, report: $0.report) }
        }
    }

    /// What reports over several folds warn of, which is no trial's.
    public var poolWarnings: [String] {
        plan.pools.flatMap { pool in tables[pool.node].withLock { $0.warnings }.map { "\(pool.name): \($0)" } }
    }

    /// The trials of each point, in the order of the points.
    public func byPoint(_ trials: [TrialResult]) -> [[TrialResult]] {
        let groups = Dictionary(grouping: trials) { plan.trials[$0.trial].point }
        return plan.points.map { groups[$0.index] ?? [] }
    }

    /// The mean and spread of each headline metric of a point, by `stage.metric`, over those of its trials that are done.
    public func summaries(of trials: [TrialResult]) -> [(name: String, summary: FoldSummary)] {
        var (order, values) = ([String](), [String: [Double]]())
        var shares = [Double]()
        for result in trials where result.status == .done {
            let training = max(1, plan.rows(of: plan.trials[result.trial], .train).count)
            shares.append(Double(plan.rows(of: plan.trials[result.trial], .test).count) / Double(training))
            for (stage, role, report) in result.reports {
                for metric in report.metrics
                where metric.label == nil && metric.step == nil && report.headline.contains(metric.name) {
                    let name = stage + "." + metric.name + (role == .test ? "" : "." + role.rawValue)
                    if values[name] == nil { order.append(name) }
                    values[name, default: []].append(metric.value)
                }
            }
        }
        // Reports over all folds of the point have one value, and no spread.
        let point = trials.first.map { plan.trials[$0.trial].point }
        for pool in plan.pools where point != nil && pool.point == point {
            for (role, report) in tables[pool.node].withLock({ $0.reports }) {
                for metric in report.metrics {
                    let name = pool.name + "." + metric.name + (role == .test ? "" : "." + role.rawValue)
                    order.append(name)
                    values[name] = [metric.value]
                }
            }
        }
        let share = shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
        return order.compactMap { name in FoldSummary(values[name] ?? [], testShare: share).map { (name, $0) } }
    }
}
