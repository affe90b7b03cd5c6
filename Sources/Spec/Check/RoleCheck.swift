// Target, group and split: what needs them, and who must not read the target.

internal import Stages
internal import Tensors

/// Checks what is about the whole experiment and its roles.
struct RoleCheck {
    let outline: Outline
    let catalogue: Catalogue
    private(set) var errors = ErrorList()
    private(set) var warnings = ErrorList()

    init(outline: Outline, catalogue: Catalogue) {
        self.outline = outline
        self.catalogue = catalogue
    }

    /// Checks a graph and the split, and gives the split.
    mutating func check(_ graph: Graph) -> StageUse? {
        let nodes = graph.order.compactMap { graph.nodes[$0] }
        let isRead: (Graph.Node) -> Bool = { node in
            node.type.map { type in
                // What moves rows may name the target, and can do without one.
                type.declaration.kind == .report || type.declaration.readsTarget && type.declaration.kind != .rows
            } ?? false
        }
        if !outline.isWritten("target"), let reader = nodes.first(where: isRead) {
            errors.add(
                "\(reader.use.type.text) reads the target, and the spec names none", at: reader.use.type.range,
                address: "target", advice: "add target: the name of the column that is predicted")
        }
        if !outline.isWritten("split"), let fitted = nodes.first(where: { $0.kind == .fitted }) {
            errors.add(
                "\(fitted.use.type.text) is fitted, and the spec has no split", at: fitted.use.type.range,
                address: "split",
                advice: "add split: {uses: …}, so that what is tested was not trained on")
        }
        if !outline.isWritten("split"), let range = nodes.lazy.compactMap(\.options.only).first {
            errors.add(
                "only: train asks which rows are for training, and the spec has no split", at: range, address: "split",
                advice: "add split: {uses: …}")
        }
        if let target = outline.target { for node in nodes { refuseTarget(target.text, node) } }
        return split()
    }

    /// Only what runs on training rows, selects rows, or reports may read the target.
    private mutating func refuseTarget(_ target: String, _ node: Graph.Node) {
        guard let type = node.type, let stage = node.stage else { return }
        switch stage.kind {
        case .source, .report: return
        // Rows joined by the target would bring values that tell it.
        case .rows where type.declaration.readsTarget: return
        case .rows, .map, .gather, .fitted, .composite: break
        }
        let advice = "a stage that sees the target would leak it into what is tested"
        var isTold = false
        for description in type.parameterDescriptions {
            guard let value = stage.canonicalParameters[description.name], names(target, value, as: description.kind)
            else { continue }
            errors.add(
                "\(target) is the target, which \(type.declaration.name) must not read",
                at: node.use.with?[description.name]?.range ?? node.use.type.range,
                address: node.form.address + "." + description.name, advice: advice)
            isTold = true
        }
        let parts = (stage as? any CompositeStage).flatMap { try? $0.expand().parts.flatMap(\.stage.columns) } ?? []
        if !isTold, (stage.columns + parts).contains(target) {
            errors.add(
                "\(type.declaration.name) reads the column \(target), which is the target", at: node.use.type.range,
                address: node.form.address, advice: advice)
        }
    }

    private func names(_ target: String, _ value: Canonical, as kind: ParameterKind) -> Bool {
        switch kind {
        case .column: value.textValue == target
        case .list(let inner): (value.arrayValue ?? []).contains { names(target, $0, as: inner) }
        case .map(let inner): (value.mapValue ?? [:]).values.contains { names(target, $0, as: inner) }
        case .optional(let inner): names(target, value, as: inner)
        case .either(let kinds): kinds.contains { names(target, value, as: $0) }
        default: false
        }
    }

    private mutating func split() -> StageUse? {
        guard let form = outline.split, case .use(let use) = form.body else { return nil }
        guard let type = catalogue[use.type.text], type is any SplitStage.Type else {
            let names = catalogue.types.filter { $0 is any SplitStage.Type }.map { $0.declaration.name }
            if catalogue[use.type.text] == nil {
                errors.add(Graph.unknownType(use, "split", among: names))
            } else {
                errors.add(
                    "\(use.type.text) is not a split", at: use.type.range, address: "split",
                    advice: names.isEmpty ? nil : "there are " + names.joined(separator: ", "))
            }
            return nil
        }
        var check = ParameterCheck()
        let stage = check.stage(of: type, use, address: "split")
        errors.add(check.errors)
        guard let stage, let split = stage as? any SplitStage else { return nil }
        if split.needsGroups, !outline.isWritten("group") {
            errors.add(
                "\(use.type.text) keeps groups whole, and the spec names no group", at: use.type.range,
                address: "group",
                advice: "add group: the name of a column")
        }
        if !split.keepsGroups, let group = outline.group {
            errors.add(
                "\(use.type.text) does not keep the groups of \(group.text) whole", at: use.type.range,
                address: "split",
                advice: "use a split of groups, or leave group out")
        }
        if split.stratify == .target, !outline.isWritten("target") {
            errors.add(
                "stratify spreads the target, and the spec names none",
                at: use.with?["stratify"]?.range ?? use.type.range,
                address: "target", advice: "add target: the name of a column")
        }
        return StageUse(
            name: "split", address: "split", branch: [], type: type, stage: stage, inputs: [], signature: .unknown,
            isForTraining: false, limits: Limits(), range: use.type.range)
    }
}

extension Graph.Node {
    /// What the stage is; of one with something wrong with it, what its type is.
    fileprivate var kind: Kind? { stage?.kind ?? type?.declaration.kind }
}
