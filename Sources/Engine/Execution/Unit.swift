// Units of work: all sources; a region, that is all maps between two barriers, which a sample passes in one go, from one
// table to the next where rows are only moved; or a single barrier.

internal import Stages

struct Unit: Sendable {
    enum Kind: Sendable {
        case sources, region, barrier
    }

    let kind: Kind
    /// In topological order.
    var nodes: [Int]

    func expectedTasks(_ plan: Plan) -> Int {
        switch kind {
        case .sources: 0
        case .region: nodes.map { plan.rowSets[plan.nodes[$0].rows].count }.max() ?? 0
        case .barrier: 1
        }
    }

    private struct RegionName: Hashable {
        let fold: Int?
        let level: Int
    }

    /// The units of a plan. A region of fewer samples than workers is cut into chains, which run beside each other.
    static func units(of plan: Plan, jobs: Int) -> [Unit] {
        var units = [Unit(kind: .sources, nodes: plan.nodes.indices.filter { plan.sources[$0] != nil })]
        var regions = [RegionName: [Int]]()
        var names = [RegionName]()
        for (index, node) in plan.nodes.enumerated() {
            switch node.work {
            case .source: continue
            case .map, .rows, .outOfFold:
                let name = RegionName(fold: node.fold, level: node.level)
                if regions[name] == nil { names.append(name) }
                regions[name, default: []].append(index)
            default: units.append(Unit(kind: .barrier, nodes: [index]))
            }
        }
        for name in names {
            let whole = Unit(kind: .region, nodes: regions[name] ?? [])
            units += whole.expectedTasks(plan) < 4 * jobs ? whole.chains(plan) : [whole]
        }
        return units
    }

    /// The parts of a region that can run beside each other: chains between the places where it fans out or comes together.
    private func chains(_ plan: Plan) -> [Unit] {
        let position = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        var together = DisjointSets(nodes.count)
        for (place, index) in nodes.enumerated() {
            let inputs = Set(plan.nodes[index].inputs).compactMap { position[$0] }
            for input in inputs {
                let node = plan.nodes[nodes[input]]
                // What is made only on demand would be made once for each part that takes it.
                if node.isTransient || node.isCheap || inputs.count == 1 && node.consumers.count == 1 {
                    together.join(place, input)
                }
            }
        }
        var parts = [Int: [Int]]()
        for place in nodes.indices { parts[together.find(place), default: []].append(place) }
        // A part must not wait for one that waits for it.
        var order = [Int: Int]()
        for (leader, members) in parts {
            let inputs = members.flatMap { plan.nodes[nodes[$0]].inputs }.compactMap { position[$0] }
            for input in inputs where together.find(input) != leader {
                order[leader] = max(order[leader] ?? 0, input + 1)
            }
            if let last = order[leader], last > (members.min() ?? 0) { return [self] }
        }
        return parts.sorted { $0.key < $1.key }.map { Unit(kind: .region, nodes: $0.value.map { nodes[$0] }) }
    }

    /// The unit of each node.
    static func index(_ units: [Unit], nodes: Int) -> [Int] {
        var result = [Int](repeating: 0, count: nodes)
        for (number, unit) in units.enumerated() {
            for node in unit.nodes { result[node] = number }
        }
        return result
    }

    /// Rows of several tables that one worker takes through the region together, as each comes from another: by row set.
    /// - Parameter wanted: the rows that have something to be done, by row set.
    func samples(_ wanted: [Int: Set<Int>], _ plan: Plan) -> [[Int: [Int]]] {
        if wanted.count == 1, let (set, rows) = wanted.first { return rows.sorted().map { [set: [$0]] } }
        var (offsets, count) = ([Int: Int](), 0)
        let inputs = nodes.flatMap { plan.nodes[$0].inputs }.map { plan.nodes[$0].rows }
        for set in Set(nodes.map { plan.nodes[$0].rows } + inputs).sorted() {
            offsets[set] = count
            count += plan.rowSets[set].count
        }
        func number(_ set: Int, _ row: Int) -> Int { (offsets[set] ?? 0) + row }
        var together = DisjointSets(count)
        for index in nodes {
            let node = plan.nodes[index]
            if case .rows(let mapping) = node.work {
                for (row, place) in mapping.places.enumerated() {
                    together.join(
                        number(node.rows, row), number(plan.nodes[node.inputs[place.table]].rows, place.row))
                }
            } else {
                for set in Set(node.inputs.map { plan.nodes[$0].rows }) where set != node.rows {
                    guard plan.rowSets[set].count == plan.rowSets[node.rows].count else { continue }
                    for row in 0..<plan.rowSets[set].count { together.join(number(node.rows, row), number(set, row)) }
                }
            }
        }
        var samples = [Int: [Int: [Int]]]()
        for (set, rows) in wanted {
            for row in rows.sorted() {
                samples[together.find(number(set, row)), default: [:]][set, default: []].append(row)
            }
        }
        return samples.sorted { $0.key < $1.key }.map(\.value)
    }

    /// By position in the region: the nodes whose values nobody after it takes.
    func lastUses(_ plan: Plan) -> [Int: [Int]] {
        var last = [Int: Int]()
        for (position, index) in nodes.enumerated().reversed() {
            let node = plan.nodes[index]
            // What is handed on, or made only when somebody asks, takes its inputs as late as it is taken itself.
            let isDeferred = node.handsRowsOn || node.isTransient
            let use = isDeferred ? max(position, last[index] ?? 0) : position
            if last[index] == nil { last[index] = position }
            for input in node.inputs { last[input] = max(last[input] ?? 0, use) }
        }
        return Dictionary(grouping: last.keys.sorted()) { last[$0] ?? 0 }
    }
}
