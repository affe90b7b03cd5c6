// `only: train` and the limits, compared with the stages that they are said of.

internal import Stages
internal import Tensors

extension Graph {
    /// Rows that are not for training pass a stage with `only: train` as they are, so it must be a map of one input.
    mutating func refuseOnly(_ options: StageOptions, _ type: any StageType.Type, _ kind: Kind, _ form: StageForm) {
        guard let range = options.only else { return }
        let declaration = type.declaration
        if kind != .map {
            errors.add(
                "only: train is for map stages, and \(declaration.name) is of kind \(kind.rawValue)", at: range,
                address: form.address, advice: "say it of the map stages alone")
        } else if declaration.inputs.count != 1 || declaration.inputs.contains(where: \.isList) {
            errors.add(
                "only: train passes other rows on as they are, and \(declaration.name) takes "
                    + Self.list(declaration.inputs), at: range, address: form.address,
                advice: "say it of stages with one input")
        }
    }

    /// … and what it gives must be like what it takes.
    mutating func refuseOnly(_ node: Node, _ input: Signature, _ output: Signature) {
        guard let range = node.options.only, node.stage?.kind == .map else { return }
        func differ<Value: Equatable>(_ a: Value?, _ b: Value?) -> Bool { a != nil && b != nil && a != b }
        guard
            differ(input.content, output.content) || differ(input.type, output.type)
                || differ(input.axes?.map(\.name), output.axes?.map(\.name)),
            told.insert([node.form.address, "only", input.phrase, output.phrase]).inserted
        else { return }
        errors.add(
            "only: train passes other rows on as they are, and \(node.use.type.text) makes \(output.phrase) of "
                + input.phrase, at: range, address: node.form.address + Node.suffix(node.branch),
            advice: "say it of stages that keep the element type and the axes")
    }

    /// A timeout and a memory limit are those of a sample: where nothing works sample by sample they say nothing.
    mutating func refuseIdleLimits(_ outline: Outline) {
        for form in outline.stages.flatMap(\.all) {
            let limits = [("timeout", form.options.timeout?.range), ("memory", form.options.memory?.range)]
            let types = form.uses.map { catalogue[$0.use.type.text]?.declaration }
            guard let first = types.first, let declaration = first,
                types.allSatisfy({ $0.map { !StageOptions.isSampleBySample($0.kind) } ?? false })
            else { continue }
            for (name, range) in limits {
                guard let range else { continue }
                errors.add(
                    "\(name) limits each sample of a map stage, and \(declaration.name) is of kind "
                        + declaration.kind.rawValue, at: range, address: form.address + "." + name,
                    advice: "leave it out, or say it of a map stage")
            }
        }
    }
}
