// Looking at what a run made: one row of one stage, or the state of a fit, from the cache or made again.

internal import Cache
internal import Stages
public import Tensors

extension Run {
    /// Why there is nothing to see.
    public struct NothingThere: Error, Sendable {
        public let message: String
    }

    /// Finds what is known, as a run that begins does, so that values can be looked at. Computes nothing.
    public func look() throws { _ = try preview() }

    /// The ids of a node's rows that have a value, and how many rows it is to have.
    public func knownRows(of index: Int) throws -> (ids: [String], count: Int) {
        let node = plan.nodes[index]
        let rows = plan.rows(of: node)
        guard plan.sources[index] == nil else { return (rows.map { plan.rowSets[node.rows].ids[$0] }, rows.count) }
        let digests = try digests(of: index)
        return (rows.filter { digests[$0] != nil }.map { plan.rowSets[node.rows].ids[$0] }, rows.count)
    }

    /// A row's value.
    /// - Throws: `NothingThere` where it was never computed; `Failure` where it cannot be made again.
    public func value(of index: Int, id: String) throws -> Value {
        let node = plan.nodes[index]
        let ids = plan.rowSets[node.rows].ids
        guard let row = ids.firstIndex(of: id) else {
            throw NothingThere(
                message: "there is no row \(id) at \(node.name)"
                    + (nearest(to: id, among: ids).map { "; did you mean \($0)?" } ?? ""))
        }
        if let view = plan.view(of: node), !node.roles.contains(view.roles[row] ?? .excluded), let fold = node.fold {
            let path = plan.folds[fold].path
            throw NothingThere(
                message:
                    "\(id) is a row to \(view.roles[row]?.rawValue ?? "leave out") in fold \(path.repetition).\(path.number), for which "
                    + "\(node.name) gives no value; --fold takes another")
        }
        if plan.sources[index] == nil, try digest(of: index, row: row) == nil {
            throw NothingThere(message: "\(node.name) has no value for \(id) yet: martlet run computes it")
        }
        var memo = Memo()
        do { return try value(index, row: row, memo: &memo) } catch let failure as NodeFailure {
            throw Failure("\(id): \(plan.nodes[failure.node].name): \(failure.cause)", advice: failure.advice)
        }
    }

    /// What a report found, line by line.
    public func reportToShow(of index: Int) throws -> [String] {
        guard tables[index].withLock({ $0.root != nil }) else {
            throw NothingThere(message: "\(plan.nodes[index].name) has not reported yet: martlet run does that")
        }
        return try Findings.of(index, in: self).reports.flatMap { role, report in
            report.metrics.map { metric in
                let label = metric.label.map { " " + $0 } ?? ""
                return "\(role.rawValue) \(metric.name)\(label) \(decimal(metric.value))"
            }
        }
    }

    /// The state of a fit.
    /// - Throws: as `value(of:id:)`.
    public func stateToShow(of index: Int) throws -> Bundle {
        guard tables[index].withLock({ $0.root != nil }) else {
            throw NothingThere(message: "\(plan.nodes[index].name) is not fitted yet: martlet run does that")
        }
        do { return try state(index) } catch let failure as NodeFailure {
            throw Failure("\(plan.nodes[failure.node].name): \(failure.cause)", advice: failure.advice)
        }
    }
}
