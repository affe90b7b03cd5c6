// The plan: spec × sweep × repeats × folds as one graph in which nodes of equal recipe are one node, decided before
// anything runs. A value without I/O: what it needs to know of the data (which rows there are, what they carry) it is
// given as tables.

internal import Stages
internal import Tensors

/// The graph of an experiment.
public struct Plan: Sendable {
    /// In topological order: a node comes after those that it takes.
    public internal(set) var nodes: [PlanNode] = []
    /// The tables of source nodes, by node.
    public internal(set) var sources: [Int: SourceTable] = [:]
    public internal(set) var rowSets: [RowSet] = []
    public internal(set) var folds: [Fold] = []
    public internal(set) var trials: [Trial] = []
    public internal(set) var points: [PlannedPoint] = []
    /// Sets of rows that carry equal bytes, by row set; reported.
    public internal(set) var twins: [Int: [[Int]]] = [:]

    /// The rows that a node has values for.
    public func rows(of node: PlanNode) -> [Int] {
        guard let fold = node.fold else { return Array(0..<rowSets[node.rows].count) }
        return folds[fold].rows(node.roles)
    }

    /// Marks who takes whom, which roles are asked for and which values are stored; after the last node was added.
    mutating func close() {
        for index in nodes.indices {
            nodes[index].consumers = []
            for input in Set(nodes[index].inputs) { nodes[input].consumers.append(index) }
        }
        for index in nodes.indices.reversed() {
            let node = nodes[index]
            var asked: Set<Role> = node.roles
            switch node.work {
            case .report(let report): asked.formUnion(report.roles)
            case .fit: asked.formUnion(node.declaration.usesValidation ? [.train, .validation] : [.train])
            default: break
            }
            // An end that nobody takes gives its values for every row that has a role.
            if node.fold != nil, node.consumers.isEmpty, asked.isEmpty { asked = [.train, .validation, .test] }
            if node.fold != nil { nodes[index].roles = asked }
            for input in node.inputs where nodes[input].fold != nil {
                if case .fit = nodes[input].work { continue }
                nodes[input].roles.formUnion(asked)
            }
        }
        markKept()
    }

    /// `keep: auto`: values are stored where the graph fans out, as inputs of fits, and at ends. A cheap value is made
    /// again instead, from inputs that are then stored in its place; a transient one never is.
    private mutating func markKept() {
        func isMaterial(_ node: PlanNode) -> Bool {
            switch node.work {
            case .source: false
            case .fit, .report: true
            case .map, .gather, .apply: !node.isCheap && !node.isTransient
            }
        }
        var wanted = [Bool](repeating: false, count: nodes.count)
        for index in nodes.indices {
            let node = nodes[index]
            switch node.work {
            case .fit, .report: wanted[index] = true
            default: break
            }
            if node.consumers.isEmpty || node.consumers.count > 1 { wanted[index] = true }
            if node.consumers.contains(where: { consumer in
                switch nodes[consumer].work {
                case .fit, .gather, .report: true
                default: false
                }
            }) {
                wanted[index] = true
            }
        }
        for index in nodes.indices.reversed() where wanted[index] {
            if isMaterial(nodes[index]) {
                nodes[index].keeps = true
            } else {
                for input in nodes[index].inputs { wanted[input] = true }
            }
        }
    }
}
