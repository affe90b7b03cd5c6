// The plan: spec × sweep × repeats × folds as one graph in which nodes of equal recipe are one node, decided before
// anything runs. A value without I/O: what it needs to know of the data (which rows there are, what they carry) it is
// given as tables.

internal import Spec
public import Stages
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
    /// Reports over several folds, and what each is about.
    public internal(set) var pools: [PlannedPool] = []
    var poolParts: [Int: [PoolPart]] = [:]
    /// The stages that a permuting report asks about, by its node.
    var asked: [Int: [AskedInput]] = [:]
    /// What is odd about the data, though no error.
    public internal(set) var warnings: [String] = []
    /// Sets of source items that carry equal bytes, by their ids; reported.
    public internal(set) var twins: [[String]] = []

    /// A node's fold, as its rows have part in it.
    func view(of node: PlanNode) -> FoldView? { node.fold.flatMap { folds[$0].views[node.rows] } }

    /// The nodes of a stage, or of a part of it, at a point; of a fitted stage its fits and applies, fold by fold.
    public func nodes(of stage: String, point: Int) -> [Int] {
        var reached = Set(points[point].nodes.map(\.node))
        for trial in trials where trial.point == point { reached.formUnion(trial.nodes) }
        for index in nodes.indices.reversed() where reached.contains(index) { reached.formUnion(nodes[index].inputs) }
        let named = reached.filter { nodes[$0].name == stage && nodes[$0].kindWord != "out_of_fold" }.sorted()
        if !named.isEmpty { return named }
        // What comes out of a composite is called by its part.
        let whole = points[point].nodes.filter { $0.name == stage }.map(\.node)
        if !whole.isEmpty { return whole }
        // `curves[noise]` is the last step of that branch.
        guard let open = stage.firstIndex(of: "[") else { return [] }
        let steps = reached.filter { index in
            nodes[index].name.hasPrefix(stage[..<open] + ".") && nodes[index].name.hasSuffix(stage[open...])
        }
        return steps.max().map { [$0] } ?? []
    }

    /// The names that begin with a stage's: its branches, steps and parts.
    public func names(below stage: String) -> [String] {
        Set(nodes.map(\.name).filter { $0.hasPrefix(stage + "[") || $0.hasPrefix(stage + ".") }).sorted(by: precedes)
    }

    /// The sources whose values reach some nodes: what is only looked up in makes no items alike.
    func sources(above wanted: [Int]) -> [Int] {
        var (left, seen) = (wanted, Set(wanted))
        while let index = left.popLast() {
            let node = nodes[index]
            var inputs = node.inputs
            if case .rows(let mapping) = node.work { inputs = Set(mapping.places.map(\.table)).map { node.inputs[$0] } }
            for input in inputs where seen.insert(input).inserted { left.append(input) }
        }
        return seen.filter { sources[$0] != nil }.sorted()
    }

    /// The rows of a role in a trial.
    public func rows(of trial: Trial, _ role: Role) -> [Int] {
        folds[trial.fold].views[trial.rows]?.rows([role]) ?? []
    }

    /// The folds that divide the same rows as a fold, itself among them, in order.
    func siblings(of fold: Int) -> [Int] {
        let (own, split) = (folds[fold].path, folds[fold].split)
        return folds.indices.filter { index in
            let path = folds[index].path
            return folds[index].split == split && path.repetition == own.repetition
                && path.folds.dropLast() == own.folds.dropLast()
        }
    }

    /// The rows that a node has values for.
    public func rows(of node: PlanNode) -> [Int] {
        guard let view = view(of: node) else { return Array(0..<rowSets[node.rows].count) }
        let rows = view.rows(node.roles)
        guard case .outOfFold = node.work else { return rows }
        return rows.filter { passed(node, $0) != nil }
    }

    /// Where a row's value comes from, if the node hands it on as it is: a node and a row there.
    func passed(_ node: PlanNode, _ row: Int) -> (node: Int, row: Int)? {
        switch node.work {
        case .rows(let mapping):
            let place = mapping.places[row]
            return (node.inputs[place.table], place.row)
        case .outOfFold(let inner):
            if view(of: node)?.roles[row] == .validation { return node.inputs.last.map { ($0, row) } }
            for (fold, input) in zip(inner, node.inputs) where folds[fold].views[node.rows]?.roles[row] == .test {
                return (input, row)
            }
            return nil
        case .map where node.isForTraining && view(of: node)?.roles[row] != .train: return (node.inputs[0], row)
        default: return nil
        }
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
            case .pooled(let report): asked.formUnion(report.roles)
            case .fit: asked.formUnion(node.declaration.usesValidation ? [.train, .validation] : [.train])
            case .summary: asked = [.train]
            // It sees every row, whoever takes which of them.
            case .gather: asked = Set(Role.allCases)
            default: break
            }
            // An end that nobody takes gives its values for every row that has a role.
            if node.fold != nil, node.consumers.isEmpty, asked.isEmpty { asked = [.train, .validation, .test] }
            if node.fold != nil { nodes[index].roles = asked }
            for (position, input) in node.inputs.enumerated() where nodes[input].fold != nil {
                guard node.takesRows(from: nodes[input]) else { continue }
                if case .outOfFold(let inner) = node.work {
                    nodes[input].roles.formUnion(position < inner.count ? [.test] : asked.intersection([.validation]))
                } else {
                    nodes[input].roles.formUnion(asked)
                }
            }
        }
        markKept()
    }

    /// `keep: auto`: values are stored where the graph fans out, as inputs of fits, at ends, and where their type asks for
    /// it. A cheap value is made
    /// again instead, from inputs that are then stored in its place; a transient one never is.
    private mutating func markKept() {
        func isMaterial(_ node: PlanNode) -> Bool {
            switch node.work {
            case .source, .rows, .outOfFold: false
            case .fit, .summary, .report, .pooled: true
            case .map, .gather, .apply: !node.isCheap && !node.isTransient && node.limits.keep != .never
            }
        }
        var wanted = [Bool](repeating: false, count: nodes.count)
        for index in nodes.indices {
            let node = nodes[index]
            switch node.work {
            case .fit, .summary, .report, .pooled: wanted[index] = true
            default: break
            }
            if node.consumers.isEmpty || node.consumers.count > 1 { wanted[index] = true }
            if node.declaration.isWorthKeeping { wanted[index] = true }
            if node.consumers.contains(where: { consumer in
                switch nodes[consumer].work {
                case .fit, .summary, .gather, .report, .pooled: true
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
        for index in nodes.indices where nodes[index].limits.keep == .always && !nodes[index].work.passesRows {
            nodes[index].keeps = true
        }
    }
}
