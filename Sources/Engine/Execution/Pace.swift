// Time left: how long what is still to be done took before, as records and this run tell it.

internal import Cache
internal import Stages
internal import Tensors

/// Seconds that results of each stage type took.
struct Pace: Sendable {
    private var seen: [String: (seconds: Double, count: Int)] = [:]

    mutating func saw(_ name: String, seconds: Double, count: Int = 1) {
        let old = seen[name] ?? (0, 0)
        seen[name] = (old.seconds + seconds, old.count + count)
    }

    func seconds(_ name: String) -> Double? {
        seen[name].flatMap { $0.count > 0 ? $0.seconds / Double($0.count) : nil }
    }
}

extension PlanNode {
    /// Under which name times are compared.
    var paceName: String { declaration.name + " " + kindWord }
}

extension Run {
    func noteRecordedTimes(_ node: PlanNode, _ records: [Record?]) {
        let times = records.compactMap { $0?.note["seconds"]?.floatValue }
        if times.isEmpty { return }
        let sum = times.reduce(0, +)
        pace.withLock { $0.saw(node.paceName, seconds: sum, count: times.count) }
    }

    /// Nil while nothing is known of something that is left.
    func secondsLeft(_ remaining: [(unit: Int, share: Double, isOpen: Bool)]) -> Double? {
        let pace = pace.withLock { $0 }
        var sum = 0.0
        for (unit, share, isOpen) in remaining {
            let state = regions[unit].withLock { $0 }
            for index in units[unit].nodes {
                let node = plan.nodes[index]
                if node.work.passesRows || plan.sources[index] != nil { continue }
                let count: Int
                switch node.work {
                case .fit, .report, .pooled: count = 1
                case .summary: count = isOpen ? state.blocks.count : 1
                case .apply, .gather:
                    count = isOpen ? state.blocks.reduce(0) { $0 + $1.count } : plan.rowSets[node.rows].count
                default: count = isOpen ? state.pending[index]?.count ?? 0 : plan.rowSets[node.rows].count
                }
                if count == 0 || node.isTransient || node.isCheap { continue }
                guard let seconds = pace.seconds(node.paceName) else {
                    if isOpen { return nil }
                    continue
                }
                sum += seconds * Double(count) * share
            }
        }
        return sum / Double(options.jobs)
    }
}
