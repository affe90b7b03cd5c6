// Rows of tables that more than one record has: sources and metrics, in their order.

internal import Stages
internal import Tensors

extension Run {
    /// Of each source item: id, path, size, digest.
    func eachSource(_ body: ([String]) throws -> Void) throws {
        var seen = Set<Digest>()
        for (_, table) in plan.sources.sorted(by: { $0.key < $1.key }) {
            // Two sources that list the same rows are told once.
            let root = Digest(
                of: Array((table.paths + table.digests.map { $0?.hex ?? "" }).joined(separator: "\n").utf8))
            if !seen.insert(root).inserted { continue }
            for row in table.rows.ids.indices {
                let size = if case .media(let media) = table.values[row] { String(media.size) } else { "" }
                try body([table.rows.ids[row], table.paths[row], size, table.digests[row]?.hex ?? ""])
            }
        }
    }

    /// Of each metric: point, repeat, fold, role, stage, metric, class, step, value. Reports over several folds come last,
    /// without a fold, and without a point where they are over all.
    func eachMetric(_ trials: [TrialResult], _ body: ([String]) throws -> Void) throws {
        func row(_ place: [String], _ role: Role, _ stage: String, _ metric: Metric) -> [String] {
            place + [
                role.rawValue, stage, metric.name, metric.label ?? "", metric.step.map(String.init) ?? "",
                decimal(metric.value),
            ]
        }
        for result in trials {
            let place = place(of: result.trial)
            for (name, node) in plan.trials[result.trial].fits {
                if !tables[node].withLock({ $0.hasMetrics && $0.root != nil }) { continue }
                for metric in try Findings.of(node, in: self).metrics {
                    try body(row(place, .train, name, metric))
                }
            }
            if result.status != .done { continue }
            for (stage, node) in plan.trials[result.trial].reports {
                for (role, report) in try Findings.of(node, in: self).reports {
                    for metric in report.metrics { try body(row(place, role, stage, metric)) }
                }
            }
        }
        for pool in plan.pools where tables[pool.node].withLock({ $0.root != nil }) {
            let place = [pool.point.map { String(plan.points[$0].index) } ?? "", "", ""]
            for (role, report) in try Findings.of(pool.node, in: self).reports {
                for metric in report.metrics { try body(row(place, role, pool.name, metric)) }
            }
        }
    }

    /// Point, repeat and fold of a trial.
    func place(of trial: Int) -> [String] {
        let trial = plan.trials[trial]
        let path = plan.folds[trial.fold].path
        return [String(plan.points[trial.point].index), String(path.repetition), path.number]
    }
}
