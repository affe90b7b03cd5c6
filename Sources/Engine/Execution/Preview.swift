// What a run would do, found by the same look-ups that a run begins with; nothing is computed and nothing written.

internal import Cache
internal import Stages
internal import Tensors

/// A node of the plan as `martlet plan` shows it.
public struct PreviewRow: Sendable {
    public let name: String
    public let type: String
    public let kind: String
    public let fold: Int?
    /// Results that records answer.
    public let cached: Int
    /// Results whose inputs are known and that no record answers.
    public let toRun: Int
    /// Results that wait for others; whether a record answers them is known once those are there.
    public let dependent: Int
    /// The nearest stage that they wait for.
    public let dependsOn: String?
}

extension Run {
    /// The state of each node, in the order of the plan; sources and transient parts have nothing to tell.
    public func preview() throws -> [PreviewRow] {
        var rows = [PreviewRow]()
        var blocker = [String?](repeating: nil, count: plan.nodes.count)
        for (index, node) in plan.nodes.enumerated() {
            let waiting = node.inputs.lazy.compactMap { blocker[$0] }.first
            var (cached, toRun, dependent) = (0, 0, 0)
            switch node.work {
            case .source:
                cached = plan.rowSets[node.rows].count
            case .rows, .outOfFold:
                // It has no results of its own.
                blocker[index] = waiting
                if waiting == nil { try closePassing(index) }
            case .map:
                let pending = try resolve(index)
                toRun = pending.values.count { $0 }
                dependent = pending.count - toRun
                cached = plan.rows(of: node).count - pending.count
                if pending.isEmpty {
                    try closeTable(index, records: false)
                } else {
                    blocker[index] = dependent > 0 ? waiting ?? node.name : node.name
                }
                if node.isTransient {
                    // Made when something behind it is: it has no results of its own.
                    blocker[index] = waiting
                    (cached, toRun, dependent) = (0, 0, 0)
                }
            case .summary, .fit, .report, .pooled, .apply, .gather:
                let isTable =
                    switch node.work {
                    case .apply, .gather: true
                    default: false
                    }
                let all = isTable ? plan.rows(of: node).count : 1
                if waiting != nil {
                    dependent = all
                } else if try isAnswered(index) {
                    cached = all
                } else {
                    toRun = all
                }
                if cached < all { blocker[index] = node.name }
            }
            rows.append(
                PreviewRow(
                    name: node.name, type: node.declaration.name, kind: node.kindWord, fold: node.fold, cached: cached,
                    toRun: toRun, dependent: dependent, dependsOn: dependent > 0 ? waiting : nil))
        }
        return rows
    }

    private func isAnswered(_ index: Int) throws -> Bool {
        let unit = unitOf[index]
        do {
            guard try openBarrier(unit) == 0 else { return try isRecorded(index) }
        } catch is NodeFailure {
            // Rows that a run would try again are not known.
            return false
        }
        if case .apply = plan.nodes[index].work { try closeTable(index, records: false) }
        return true
    }
}
