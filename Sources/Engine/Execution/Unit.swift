// Units of work: all sources; a region, that is all maps of one table between two barriers, which a sample passes in one
// go; or a single barrier.

internal import Tensors

struct Unit: Sendable {
    enum Kind: Sendable {
        case sources, region, barrier
    }

    let kind: Kind
    /// In topological order.
    let nodes: [Int]

    func expectedTasks(_ plan: Plan) -> Int {
        switch kind {
        case .sources: 0
        case .region: nodes.isEmpty ? 0 : plan.rowSets[plan.nodes[nodes[0]].rows].count
        case .barrier: 1
        }
    }

    private struct RegionName: Hashable {
        let rows: Int
        let fold: Int?
        let level: Int
    }

    static func units(of plan: Plan) -> [Unit] {
        var units = [Unit(kind: .sources, nodes: plan.nodes.indices.filter { plan.sources[$0] != nil })]
        var regions = [RegionName: Int]()
        for (index, node) in plan.nodes.enumerated() {
            switch node.work {
            case .source: continue
            case .map:
                let name = RegionName(rows: node.rows, fold: node.fold, level: node.level)
                if let unit = regions[name] {
                    units[unit] = Unit(kind: .region, nodes: units[unit].nodes + [index])
                } else {
                    regions[name] = units.count
                    units.append(Unit(kind: .region, nodes: [index]))
                }
            default: units.append(Unit(kind: .barrier, nodes: [index]))
            }
        }
        return units
    }

    /// The unit of each node.
    static func index(_ units: [Unit], nodes: Int) -> [Int?] {
        var result = [Int?](repeating: nil, count: nodes)
        for (number, unit) in units.enumerated() {
            for node in unit.nodes { result[node] = number }
        }
        return result
    }
}
