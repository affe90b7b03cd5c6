// Reports over all folds of a point, or of all points: they wait until the last of what they are about is planned.

internal import Spec
internal import Stages
internal import Tensors

/// A pooled report that is being gathered.
struct PoolDraft {
    let use: StageUse
    var parts: [PoolPart] = []
    var target: String?
}

/// The pooled reports of one point.
struct PoolDrafts {
    private(set) var drafts: [PoolDraft]
    private let point: Int

    init(_ uses: [StageUse], point: Int) {
        drafts = uses.map { PoolDraft(use: $0) }
        self.point = point
    }

    /// A fold was planned.
    mutating func add(_ fold: Int, _ nodes: [String: Int]) {
        for position in drafts.indices {
            for input in drafts[position].use.inputs {
                guard let node = nodes[input.stage] else { continue }
                drafts[position].parts.append(PoolPart(point: point, fold: fold, input: node, inputName: input.label))
            }
        }
    }
}

extension PlanBuilder {
    /// Adds the reports over a point; those over the run wait on.
    mutating func close(_ pools: PoolDrafts, _ place: Place) throws {
        for var draft in pools.drafts {
            draft.target = place.resolved.target
            guard let stage = draft.use.stage as? any PooledReportStage else { continue }
            if stage.scope == .run {
                let own = try identity(of: draft.use.stage, at: draft.use.address).0
                let known = try runPools.firstIndex { other in
                    try other.use.name == draft.use.name && other.target == draft.target
                        && identity(of: other.use.stage, at: other.use.address).0 == own
                }
                if let known { runPools[known].parts += draft.parts } else { runPools.append(draft) }
            } else {
                try add(draft, stage, point: draft.parts.first?.point)
            }
        }
    }

    mutating func closeRunPools() throws {
        for draft in runPools {
            guard let stage = draft.use.stage as? any PooledReportStage else { continue }
            try add(draft, stage, point: nil)
        }
    }

    private mutating func add(_ draft: PoolDraft, _ stage: any PooledReportStage, point: Int?) throws {
        let declaration = type(of: stage as any StageType).declaration
        let (identity, locations) = try identity(of: stage, at: draft.use.address)
        // All that the report is told of a part, as it is told.
        let names = draft.parts.map { part in
            let fold = plan.folds[part.fold]
            let values = plan.points[part.point].values.map { [$0.address, $0.text ?? ""] }
            return
                ([String(part.point), part.inputName, String(fold.path.repetition), fold.path.number, fold.label]
                + values.flatMap(\.self)).joined(separator: "\u{1F}")
        }
        var recipe = Recipe(
            identity: identity, locations: locations,
            inputs: draft.parts.map { ("in", plan.nodes[$0.input].recipe) }, names: names)
        recipe.target = draft.target
        let common = Common(
            use: draft.use, declaration: declaration, name: draft.use.name, identity: identity, inputNames: names,
            columns: [], stream: nil, fold: nil)
        let inputs = draft.parts.map(\.input)
        for part in draft.parts { try see(plan.nodes[part.input].rows, in: part.fold, common) }
        let node = try node(
            recipe, common, .pooled(stage), inputs: inputs, target: draft.target,
            rows: inputs.first.map { plan.nodes[$0].rows } ?? 0)
        plan.poolParts[node] = draft.parts
        plan.pools.append(PlannedPool(name: draft.use.name, node: node, point: point))
    }
}
