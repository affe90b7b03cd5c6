// One tree, that is one point, checked from `${…}` to signatures. Cheap enough to be done for every point anew, so that
// nothing is assumed of a point because it held for another.

internal import Stages
internal import Tensors

/// The result of checking a tree.
struct Check {
    let outline: Outline
    /// The tree with parameters put in.
    let tree: Located
    /// Nil when there are errors.
    let resolved: Resolved?
    let branchSets: [BranchSummary]
    private(set) var errors = ErrorList()
    let warnings: ErrorList

    init(_ root: Located, catalogue: Catalogue) {
        var substitution = Substitution(root["params"]?.entries ?? [])
        tree = substitution.apply(toRoot: root)
        var reader = FormReader()
        outline = reader.read(tree)
        let graph = Graph(outline, catalogue: catalogue)
        branchSets = graph.joins.sorted { precedes($0.key, $1.key) }.map { address, join in
            BranchSummary(address: address, branches: join.set.branches, joinedBy: join.stages.sorted(by: precedes))
        }
        var roles = RoleCheck(outline: outline, catalogue: catalogue)
        let split = roles.check(graph)
        warnings = roles.warnings
        errors.add(substitution.errors)
        let unresolved = substitution.unresolved
        for others in [reader.errors, graph.errors, roles.errors] {
            errors.add(others) { error in error.range.map(unresolved.contains) ?? false }
        }
        resolved = errors.isEmpty ? Self.resolve(outline, graph, split) : nil
    }

    /// Only what addresses are looked up in: forms without judgement.
    static func outline(of root: Located) -> (outline: Outline, substitution: Substitution) {
        var substitution = Substitution(root["params"]?.entries ?? [])
        var reader = FormReader()
        return (reader.read(substitution.apply(toRoot: root)), substitution)
    }

    private static func resolve(_ outline: Outline, _ graph: Graph, _ split: StageUse?) -> Resolved {
        let uses = graph.order.compactMap { name -> StageUse? in
            guard let node = graph.nodes[name], let type = node.type, let stage = node.stage else { return nil }
            let inputs = (node.edges ?? []).compactMap { edge in
                edge.node.map { Input(port: edge.port.name, stage: $0, label: edge.label, isBranch: edge.isBranch) }
            }
            return StageUse(
                name: node.name, address: node.form.address, branch: node.branch, type: type, stage: stage,
                inputs: inputs, signature: node.signature, isForTraining: node.options.only != nil,
                limits: node.options.limits(of: stage.kind), range: node.use.type.range)
        }
        return Resolved(
            seed: outline.seed, target: outline.target?.text, group: outline.group?.text, repeats: outline.repeats,
            split: split, stages: uses)
    }
}
