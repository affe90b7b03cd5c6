// From a stage in use to nodes: composites expanded, fits parted from their applies, nodes of equal recipe merged.

internal import Spec
internal import Stages
internal import Tensors

extension PlanBuilder {
    /// What the nodes of one stage have in common.
    struct Common {
        let use: StageUse
        let declaration: Declaration
        let name: String
        let identity: StageIdentity
        var inputNames: [String]
        let columns: [String]
        let stream: StreamName?
        let fold: Int?
        var group: String?
    }

    /// A stage, or a part of a composite, about to be added.
    private struct Entry {
        let stage: any StageType
        let use: StageUse
        let name: String
        let address: String
        let inputs: [(port: String, node: Int)]
        let inputNames: [String]
    }

    /// Adds a stage and gives the node of its output.
    mutating func add(_ use: StageUse, in place: Place) throws -> Int {
        let inputs = try use.inputs.map { input in
            guard let node = place.nodes[input.stage] else {
                throw experiment.error(at: use.address, "the input \(input.stage) is not there", advice: nil)
            }
            return (port: input.port, node: node)
        }
        // A list port that has several inputs hands their names on, as they label what comes out.
        let isList =
            use.type.declaration.inputs.contains { $0.isList }
            && (inputs.count > 1 || use.inputs.contains { $0.isBranch })
        let names = isList ? use.inputs.map(\.label) : []
        guard let composite = use.stage as? any CompositeStage else {
            return try add(
                Entry(
                    stage: use.stage, use: use, name: use.name, address: use.address, inputs: inputs, inputNames: names),
                in: place)
        }
        let expansion = try composite.expand()
        var parts = [String: Int]()
        for part in expansion.parts {
            let partInputs = try part.inputs.map { input -> (port: String, node: Int) in
                switch input {
                case .port(let position): return inputs[position]
                case .part(let name):
                    guard let node = parts[name] else { throw Failure("the part \(name) comes after \(part.name)") }
                    return ("in", node)
                }
            }
            let partNames = part.inputs.compactMap { if case .part(let name) = $0 { name } else { nil } }
            parts[part.name] = try add(
                Entry(
                    stage: part.stage, use: use, name: use.name + "." + part.name,
                    address: use.address + "." + part.name, inputs: partInputs,
                    inputNames: partNames.count > 1 ? partNames : []), in: place)
        }
        guard let output = parts[expansion.output] else {
            throw Failure("\(use.name) declares no part \(expansion.output)")
        }
        return output
    }

    private mutating func add(_ entry: Entry, in place: Place) throws -> Int {
        let declaration = type(of: entry.stage).declaration
        let (identity, locations) = try identity(of: entry.stage, at: entry.address)
        var recipe = Recipe(
            identity: identity, locations: locations, inputs: recipeInputs(entry.inputs), names: entry.inputNames)
        let resolved = place.resolved
        if declaration.draws {
            recipe.stream = StreamName(seed: resolved.seed, address: entry.address, branch: entry.use.branch)
        }
        if let fold = place.fold { recipe.fold = (plan.folds[fold].split, plan.folds[fold].path) }
        if entry.use.isForTraining { recipe.only = .train }
        let common = Common(
            use: entry.use, declaration: declaration, name: entry.name, identity: identity,
            inputNames: entry.inputNames, columns: entry.stage.columns.sorted(by: precedes), stream: recipe.stream,
            fold: place.fold, group: place.fold == nil ? nil : resolved.group)
        let inputs = entry.inputs.map(\.node)
        switch entry.stage.kind {
        case .map, .gather, .fitted:
            try checkColumns(
                entry.stage, common.columns, inputs: inputs, address: entry.address, target: resolved.target)
        default: break
        }
        switch entry.stage.kind {
        case .source:
            guard let source = entry.stage as? any SourceStage else { break }
            let table = try table(of: source, recipe: recipe.digest, stage: entry.address)
            let index = try node(recipe, common, .source(source), inputs: [], rows: rowSet(table.rows))
            if plan.sources[index] == nil { plan.sources[index] = table }
            return index
        case .rows:
            guard let stage = entry.stage as? any RowsStage else { break }
            return try addRows(stage, recipe, common, inputs: inputs, in: place)
        case .map:
            guard let map = entry.stage as? any MapStage else { break }
            return try node(recipe, common, .map(map), inputs: inputs)
        case .gather:
            guard let gather = entry.stage as? any GatherStage else { break }
            return try node(recipe, common, .gather(gather), inputs: inputs)
        case .report:
            guard let report = entry.stage as? any ReportStage else { break }
            recipe.target = resolved.target
            guard report is any PermutingReportStage, let first = inputs.first else {
                return try node(recipe, common, .report(report), inputs: inputs, target: resolved.target)
            }
            let asked = zip(entry.inputNames, inputs).dropFirst().map { AskedInput(name: $0, node: $1) }
            for input in asked where !plan.leads(from: input.node, to: first) {
                throw experiment.error(
                    at: entry.address + ".in",
                    "\(input.name) does not lead to \(entry.inputNames[0]), so that nothing depends on it there",
                    advice: "name stages that \(entry.inputNames[0]) is computed from")
            }
            let index = try node(recipe, common, .report(report), inputs: [first], target: resolved.target)
            plan.asked[index] = asked
            return index
        case .fitted:
            guard let fitted = entry.stage as? any FittedStage else { break }
            return try addFitted(fitted, recipe, common, entry, in: place)
        case .composite: break
        }
        throw experiment.error(
            at: entry.address, "\(declaration.name) says to be of kind \(entry.stage.kind.rawValue), and is not",
            advice: nil)
    }

    func recipeInputs(_ inputs: [(port: String, node: Int)]) -> [(port: String, recipe: Digest)] {
        inputs.map { ($0.port, plan.nodes[$0.node].recipe) }
    }

    /// A fit, with what comes before it, and its apply.
    private mutating func addFitted(
        _ stage: any FittedStage, _ recipe: Recipe, _ common: Common, _ entry: Entry, in place: Place
    ) throws -> Int {
        let target = common.declaration.readsTarget ? place.resolved.target : nil
        var training = entry.inputs
        if let stacked = stage as? any OutOfFoldStage {
            training = try outOfFold(stacked, entry.inputs, common, in: place)
        }
        var fit = recipe
        fit.part = "fit"
        fit.target = target
        fit.inputs = recipeInputs(training)
        var fitInputs = training.map(\.node)
        if let summing = stage as? any SummaryStage {
            var summary = fit
            summary.part = "summary"
            summary.stream = nil
            summary.identity = StageIdentity(
                type: common.identity.type, revision: common.identity.revision,
                parameters: summing.summaryParameters)
            let own = Common(
                use: common.use, declaration: common.declaration, name: common.name, identity: summary.identity,
                inputNames: common.inputNames, columns: common.columns, stream: nil, fold: common.fold,
                group: common.group)
            let node = try node(summary, own, .summary(summing), inputs: fitInputs, target: target)
            fit.inputs.insert(("summary", plan.nodes[node].recipe), at: 0)
            fitInputs.insert(node, at: 0)
        }
        let fitNode = try node(fit, common, .fit(stage), inputs: fitInputs, target: target)
        var apply = recipe
        apply.part = "apply"
        apply.inputs.insert(("state", plan.nodes[fitNode].recipe), at: 0)
        return try node(apply, common, .apply(stage), inputs: [fitNode] + entry.inputs.map(\.node))
    }

    /// For each input that depends on the fold: the same from inner folds, whatever is fitted above fitted again on each.
    private mutating func outOfFold(
        _ stage: any OutOfFoldStage, _ inputs: [(port: String, node: Int)], _ common: Common, in place: Place
    ) throws -> [(port: String, node: Int)] {
        guard let fold = place.fold else { return inputs }
        let inner = try innerFolds(of: fold, count: stage.innerFolds, in: place, address: common.use.address)
        var above = Set(common.use.inputs.map(\.stage))
        for use in place.perFold.reversed() where above.contains(use.name) { above.formUnion(use.inputs.map(\.stage)) }
        var found = [[Int]](repeating: [], count: inputs.count)
        for fold in inner {
            var inside = place
            inside.fold = fold
            inside.nodes = place.shared
            for use in place.perFold where above.contains(use.name) {
                inside.nodes[use.name] = try add(use, in: inside)
            }
            for (position, input) in common.use.inputs.enumerated() where found.indices.contains(position) {
                if let node = inside.nodes[input.stage] { found[position].append(node) }
            }
        }
        var result = [(port: String, node: Int)]()
        for (position, input) in inputs.enumerated() {
            guard plan.nodes[input.node].fold != nil, found[position].count == inner.count else {
                result.append(input)
                continue
            }
            let sources = found[position] + [input.node]
            var recipe = Recipe(
                identity: common.identity,
                inputs: sources.map { (input.port, plan.nodes[$0].recipe) })
            recipe.part = "out_of_fold"
            recipe.fold = (plan.folds[fold].split, plan.folds[fold].path)
            let own = Common(
                use: common.use, declaration: common.declaration, name: common.name, identity: common.identity,
                inputNames: [], columns: [], stream: nil, fold: fold, group: common.group)
            result.append((input.port, try node(recipe, own, .outOfFold(inner), inputs: sources)))
        }
        return result
    }

    private func table(of source: any SourceStage, recipe: Digest, stage: String) throws -> SourceTable {
        do { return try surroundings.table(of: source, recipe: recipe) } catch let failure as Failure {
            throw SourceError(
                located: experiment.error(
                    at: stage, "\(type(of: source).declaration.name): \(failure.cause)", advice: failure.advice))
        }
    }

    /// Adds a node, or finds the one of the same recipe.
    mutating func node(
        _ recipe: Recipe, _ common: Common, _ work: Work, inputs: [Int], target: String? = nil, rows given: Int? = nil
    ) throws -> Int {
        let parts = recipe.canonical.encoded()
        let digest = Digest(of: parts)
        if let known = byRecipe[digest] {
            // Limits are no part of a node's identity: what anybody wants kept is kept.
            // And nobody's sample fails by a limit that is another's.
            plan.nodes[known].limits.widen(to: common.use.limits)
            return known
        }
        // A transient value has no digest of its own in what follows, so the arithmetic that made it counts there.
        var profile = work.passesRows ? [:] : self.profile(of: common.declaration)
        for input in inputs where plan.nodes[input].isTransient || plan.nodes[input].work.passesRows {
            profile.merge(plan.nodes[input].profile) { own, _ in own }
        }
        let isBarrier =
            switch work {
            case .map, .source, .rows, .outOfFold: false
            default: true
            }
        let below = inputs.map { plan.nodes[$0].level }.max() ?? 0
        let rows = try given ?? rows(of: inputs, common)
        if let fold = common.fold { try see(rows, in: fold, common) }
        plan.nodes.append(
            PlanNode(
                recipe: digest, encodedParts: parts, work: work, declaration: common.declaration, name: common.name,
                inputs: inputs, ports: recipe.inputs.map(\.port), inputNames: common.inputNames,
                columns: common.columns, identityDigest: Digest(of: common.identity.canonical), stream: common.stream,
                rows: rows, fold: common.fold, target: target, group: common.group, isForTraining: recipe.only != nil,
                limits: common.use.limits, profile: profile,
                profileDigest: Digest(of: .map(profile.mapValues { .text($0) })), level: isBarrier ? below + 1 : below))
        byRecipe[digest] = plan.nodes.count - 1
        return plan.nodes.count - 1
    }

    /// A type's profile; one dictionary for all its nodes.
    private mutating func profile(of declaration: Declaration) -> [String: String] {
        if let known = profiles[declaration.name] { return known }
        let profile = surroundings.profile(of: declaration)
        profiles[declaration.name] = profile
        return profile
    }

    mutating func see(_ rows: Int, in fold: Int, _ common: Common) throws {
        do throws(Failure) { try plan.folds[fold].see(plan.rowSets[rows], as: rows) } catch {
            throw experiment.error(at: common.use.address, error.cause, advice: error.advice)
        }
    }

    /// Parameters as identities take them: files by content; locations apart.
    func identity(of stage: any StageType, at address: String) throws -> (
        StageIdentity, locations: [String: Canonical]
    ) {
        let declaration = type(of: stage).declaration
        var (parameters, locations) = ([String: Canonical](), [String: Canonical]())
        let values = stage.canonicalParameters
        for description in type(of: stage).parameterDescriptions {
            guard let value = values[description.name] else { continue }
            if description.kind == .location {
                locations[description.name] = value
            } else {
                do { parameters[description.name] = try withFileDigests(value, description.kind) } catch let failure
                    as Failure
                {
                    throw SourceError(
                        located: experiment.error(
                            at: address + "." + description.name, failure.cause, advice: failure.advice))
                }
            }
        }
        return (
            StageIdentity(type: declaration.name, revision: declaration.revision, parameters: parameters), locations
        )
    }

    private func withFileDigests(_ value: Canonical, _ kind: ParameterKind) throws -> Canonical {
        switch (kind, value) {
        case (.file, .text(let path)): .digest(try surroundings.digest(ofFile: path))
        case (.optional(let inner), _): value == .null ? .null : try withFileDigests(value, inner)
        case (.list(let inner), .array(let values)): .array(try values.map { try withFileDigests($0, inner) })
        case (.map(let inner), .map(let entries)): .map(try entries.mapValues { try withFileDigests($0, inner) })
        default: value
        }
    }
}
