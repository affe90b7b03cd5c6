// Builds a plan: resolves each point of the sweep, expands composites, and adds its stages once for all folds or once a
// fold. What it must know of the world comes through `Surroundings`.

public import Spec
public import Stages
public import Tensors

/// What the builder asks of the world.
public protocol Surroundings {
    /// The table of a source; listed and digested once for each recipe.
    func table(of source: any SourceStage, recipe: Digest) throws -> SourceTable
    /// The digest of a file named in parameters.
    func digest(ofFile path: String) throws -> Digest
    /// The arithmetic profile of a stage type on this machine.
    func profile(of declaration: Declaration) -> [String: String]
}

/// Data that is not there or not as it should be: a source that could not list it, or a file that cannot be read. The spec
/// is right as far as it goes, and the place in it is where to look.
public struct SourceError: Error, Sendable {
    public let located: SpecErrors
}

/// Makes plans from experiments.
public struct PlanBuilder {
    /// Looked at at the point that is added.
    private var experiment: Experiment
    private let surroundings: any Surroundings
    private var plan = Plan()
    private var byRecipe: [Digest: Int] = [:]
    private var rowSetByRoot: [Digest: Int] = [:]
    /// Folds by the recipe of their split: a list for each repeat.
    private var foldsBySplit: [Digest: [Int]] = [:]

    private init(experiment: Experiment, surroundings: any Surroundings) {
        self.experiment = experiment
        self.surroundings = surroundings
    }

    /// The plan of an experiment.
    /// - Throws: `SpecErrors` where the data and the spec do not fit, and what the surroundings throw.
    public static func plan(_ experiment: Experiment, surroundings: any Surroundings) throws -> Plan {
        var builder = PlanBuilder(experiment: experiment, surroundings: surroundings)
        for point in experiment.points { try builder.add(point) }
        builder.plan.close()
        return builder.plan
    }

    private mutating func add(_ point: Point) throws {
        experiment = experiment.at(point)
        let resolved = try experiment.resolve(point)
        var shared = [String: Int]()
        var perFold = [StageUse]()
        for use in resolved.stages {
            let isFitted = use.type.declaration.kind == .fitted || use.type.declaration.kind == .report
            if isFitted || use.inputs.contains(where: { shared[$0.stage] == nil }) {
                perFold.append(use)
            } else {
                shared[use.name] = try add(use, nodes: shared, resolved: resolved, fold: nil)
            }
        }
        let used = resolved.stages.compactMap { use in shared[use.name].map { (name: use.name, node: $0) } }
        plan.points.append(
            PlannedPoint(index: point.index, values: point.values.map { ($0.address, $0.text) }, nodes: used))
        guard let first = perFold.first else { return }
        for fold in try folds(of: resolved, below: first, nodes: shared) {
            var nodes = shared
            var reports = [(name: String, node: Int)]()
            var fits = [(name: String, node: Int)]()
            var own = [Int]()
            for use in perFold {
                let index = try add(use, nodes: nodes, resolved: resolved, fold: fold)
                nodes[use.name] = index
                own.append(index)
                switch plan.nodes[index].work {
                case .report: reports.append((use.name, index))
                case .apply: fits.append((use.name, plan.nodes[index].inputs[0]))
                default: break
                }
            }
            plan.trials.append(
                Trial(point: plan.points.count - 1, fold: fold, reports: reports, fits: fits, nodes: own))
        }
    }

    // MARK: Nodes

    /// Adds a stage and gives the node of its output.
    private mutating func add(_ use: StageUse, nodes: [String: Int], resolved: Resolved, fold: Int?) throws -> Int {
        let inputs = try use.inputs.map { input in
            guard let node = nodes[input.stage] else {
                throw experiment.error(at: use.name, "the input \(input.stage) is not there", advice: nil)
            }
            return (port: input.port, node: node)
        }
        try checkRows(use, inputs: inputs.map(\.node))
        // A list port that has several inputs hands their names on, as they label what comes out.
        let isList = use.type.declaration.inputs.contains { $0.isList } && inputs.count > 1
        let names = isList ? use.inputs.map(\.label) : []
        guard let composite = use.stage as? any CompositeStage else {
            return try add(
                use.stage, name: use.name, address: use.address, inputs: inputs, inputNames: names, resolved: resolved,
                fold: fold)
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
                part.stage, name: use.name + "." + part.name, address: use.address + "." + part.name,
                inputs: partInputs,
                inputNames: partNames.count > 1 ? partNames : [], resolved: resolved, fold: fold)
        }
        guard let output = parts[expansion.output] else {
            throw Failure("\(use.name) declares no part \(expansion.output)")
        }
        return output
    }

    private mutating func add(
        _ stage: any StageType, name: String, address: String, inputs: [(port: String, node: Int)],
        inputNames: [String],
        resolved: Resolved, fold: Int?
    ) throws -> Int {
        let declaration = type(of: stage).declaration
        let (identity, locations) = try identity(of: stage, at: address)
        var recipe = Recipe(
            identity: identity, locations: locations, inputs: inputs.map { ($0.port, plan.nodes[$0.node].recipe) },
            names: inputNames)
        if declaration.draws { recipe.stream = (resolved.seed, address) }
        if let fold { recipe.fold = (plan.folds[fold].split, plan.folds[fold].path) }
        let common = Common(
            declaration: declaration, name: name, identity: identity, inputNames: inputNames,
            columns: stage.columns.sorted(by: precedes), stream: recipe.stream, fold: fold)
        switch stage {
        case let source as any SourceStage:
            let index = node(recipe, common, .source(source), inputs: [], target: nil)
            if plan.sources[index] == nil {
                let table = try table(of: source, recipe: recipe.digest, stage: name)
                plan.sources[index] = table
                plan.nodes[index] = rebuilt(plan.nodes[index], rows: rowSet(table.rows))
            }
            return index
        case let map as any MapStage:
            try checkColumns(common.columns, inputs: inputs, stage: name, target: resolved.target)
            return node(recipe, common, .map(map), inputs: inputs.map(\.node), target: nil)
        case let gather as any GatherStage:
            try checkColumns(common.columns, inputs: inputs, stage: name, target: resolved.target)
            return node(recipe, common, .gather(gather), inputs: inputs.map(\.node), target: nil)
        case let report as any ReportStage:
            recipe.target = resolved.target
            return node(recipe, common, .report(report), inputs: inputs.map(\.node), target: resolved.target)
        case let fitted as any FittedStage:
            var fit = recipe
            fit.part = "fit"
            let target = declaration.readsTarget ? resolved.target : nil
            fit.target = target
            let fitNode = node(fit, common, .fit(fitted), inputs: inputs.map(\.node), target: target)
            recipe.part = "apply"
            recipe.inputs.insert(("state", plan.nodes[fitNode].recipe), at: 0)
            return node(recipe, common, .apply(fitted), inputs: [fitNode] + inputs.map(\.node), target: nil)
        default:
            throw experiment.error(
                at: name, "\(declaration.name) is of kind \(declaration.kind.rawValue), which this version cannot run",
                advice: nil)
        }
    }

    private func table(of source: any SourceStage, recipe: Digest, stage: String) throws -> SourceTable {
        do { return try surroundings.table(of: source, recipe: recipe) } catch let failure as Failure {
            throw SourceError(
                located: experiment.error(
                    at: stage, "\(type(of: source).declaration.name): \(failure.cause)", advice: failure.advice))
        }
    }

    private struct Common {
        let declaration: Declaration
        let name: String
        let identity: StageIdentity
        let inputNames: [String]
        let columns: [String]
        let stream: (seed: Int, address: String)?
        let fold: Int?
    }

    private mutating func node(_ recipe: Recipe, _ common: Common, _ work: Work, inputs: [Int], target: String?) -> Int
    {
        let digest = recipe.digest
        if let known = byRecipe[digest] { return known }
        // A transient value has no digest of its own in what follows, so the arithmetic that made it counts there.
        var profile = surroundings.profile(of: common.declaration)
        for input in inputs where plan.nodes[input].isTransient {
            profile.merge(plan.nodes[input].profile) { own, _ in own }
        }
        let isBarrier =
            switch work {
            case .map, .source: false
            default: true
            }
        let below = inputs.map { plan.nodes[$0].level }.max() ?? 0
        plan.nodes.append(
            PlanNode(
                recipe: digest, parts: recipe.canonical, work: work, declaration: common.declaration, name: common.name,
                inputs: inputs, ports: recipe.inputs.map(\.port), inputNames: common.inputNames,
                columns: common.columns,
                identityDigest: Digest(of: common.identity.canonical), stream: common.stream,
                rows: inputs.last.map { plan.nodes[$0].rows } ?? 0, fold: common.fold, target: target, profile: profile,
                profileDigest: Digest(of: .map(profile.mapValues { .text($0) })), level: isBarrier ? below + 1 : below))
        byRecipe[digest] = plan.nodes.count - 1
        return plan.nodes.count - 1
    }

    private func rebuilt(_ node: PlanNode, rows: Int) -> PlanNode {
        PlanNode(
            recipe: node.recipe, parts: node.parts, work: node.work, declaration: node.declaration, name: node.name,
            inputs: node.inputs, ports: node.ports, inputNames: node.inputNames, columns: node.columns,
            identityDigest: node.identityDigest,
            stream: node.stream, rows: rows, fold: node.fold, target: node.target, profile: node.profile,
            profileDigest: node.profileDigest, level: node.level)
    }

    private mutating func rowSet(_ rows: RowSet) -> Int {
        let columns = rows.columns.keys.map { name in (name, rows.root(of: name).map { Canonical.digest($0) } ?? .null)
        }
        let root = Digest(
            of: .array([.digest(rows.identityRoot), .map(Dictionary(uniqueKeysWithValues: columns))]))
        if let known = rowSetByRoot[root] { return known }
        plan.rowSets.append(rows)
        rowSetByRoot[root] = plan.rowSets.count - 1
        return plan.rowSets.count - 1
    }

    /// Parameters as identities take them: files by content; locations apart.
    private func identity(of stage: any StageType, at address: String) throws -> (
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

    // MARK: Rows, columns, folds

    private func checkRows(_ use: StageUse, inputs: [Int]) throws {
        guard let first = inputs.first else { return }
        for other in inputs.dropFirst() where plan.nodes[other].rows != plan.nodes[first].rows {
            let (a, b) = (plan.rowSets[plan.nodes[first].rows], plan.rowSets[plan.nodes[other].rows])
            if a.identityRoot == b.identityRoot { continue }
            let (inA, inB) = (Set(a.ids), Set(b.ids))
            let lone = a.ids.first { !inB.contains($0) } ?? b.ids.first { !inA.contains($0) } ?? ""
            throw experiment.error(
                at: use.name,
                "its inputs have different items: \(plan.nodes[first].name) has \(a.count), \(plan.nodes[other].name) has "
                    + "\(b.count), and \(lone) is in one of them only", advice: nil)
        }
    }

    private func checkColumns(
        _ columns: [String], inputs: [(port: String, node: Int)], stage: String, target: String?
    ) throws {
        guard let input = inputs.first else { return }
        for column in columns {
            if column == target {
                throw experiment.error(at: stage, "it reads the column \(column), which is the target", advice: nil)
            }
            _ = try values(of: column, rows: plan.rowSets[plan.nodes[input.node].rows], at: stage)
        }
    }

    /// A column that the spec names; a located error when the data has no such column.
    private func values(of column: String, rows: RowSet, at address: String) throws -> [Scalar] {
        if let values = rows.columns[column] { return values }
        let known = rows.columns.keys.sorted(by: precedes)
        throw experiment.error(
            at: address,
            known.isEmpty
                ? "there is no column \(column): the data has none"
                : "there is no column \(column); the data has \(known.joined(separator: ", "))",
            advice: nearest(to: column, among: known).map { "did you mean \($0)?" })
    }

    private mutating func folds(of resolved: Resolved, below use: StageUse, nodes: [String: Int]) throws -> [Int] {
        guard let split = resolved.split, let stage = split.stage as? any SplitStage else {
            throw experiment.error(
                at: "split", "a split is needed, as \(use.name) is fitted", advice: "add split: {uses: split.k_fold}")
        }
        guard let input = use.inputs.lazy.compactMap({ nodes[$0.stage] }).first else {
            throw experiment.error(at: use.name, "nothing leads to it", advice: nil)
        }
        let rowsIndex = plan.nodes[input].rows
        let rows = plan.rowSets[rowsIndex]
        if rows.count == 0 { throw experiment.error(at: use.name, "there are no items to split", advice: nil) }
        let targets = try resolved.target.map { try values(of: $0, rows: rows, at: "target") }
        if let targets, let target = resolved.target, let gap = targets.firstIndex(of: .missing) {
            let count = targets.count { $0 == .missing }
            throw experiment.error(
                at: "target", "\(count) of \(targets.count) items have no \(target); the first is \(rows.ids[gap])",
                advice: nil)
        }
        let groups = try resolved.group.map { try values(of: $0, rows: rows, at: "group") }
        let strata: [Scalar]? =
            switch stage.stratify {
            case .no: nil
            case .target: targets
            case .column(let name): try values(of: name, rows: rows, at: "split." + parameter(of: stage, naming: name))
            }
        if stage.needsGroups, groups == nil {
            throw experiment.error(
                at: "split", "\(split.type.declaration.name) keeps groups whole, and the spec names no group",
                advice: "add group: and the name of a column")
        }
        if resolved.repeats > 1, !stage.isRandom {
            throw experiment.error(
                at: "repeats",
                "\(split.type.declaration.name) draws nothing here, so every repeat would have the same folds",
                advice: "leave repeats out, or let the split shuffle")
        }
        let (identity, _) = try identity(of: stage, at: "split")
        var recipe: [String: Canonical] = [
            "stage": identity.canonical, "rows": .digest(rows.identityRoot),
            "seed": .int(stage.isRandom ? resolved.seed : 0),
        ]
        let digests = contentDigests(below: Array(nodes.values), rows: rowsIndex)
        recipe["content"] = .digest(Merkle.root(of: digests.map { $0.map { .digest($0) } ?? .null }))
        if let strata { recipe["strata"] = .digest(Merkle.root(of: strata.map(\.canonical))) }
        if let groups { recipe["groups"] = .digest(Merkle.root(of: groups.map(\.canonical))) }
        let splitRecipe = Digest(of: .map(recipe))
        // Folds also carry the targets, to tell what failures cost them; those are no part of which rows are where.
        recipe["repeats"] = .int(resolved.repeats)
        recipe["target"] = resolved.target.map { .text($0) } ?? .null
        let foldSet = Digest(of: .map(recipe))
        if let known = foldsBySplit[foldSet] { return known }
        var indices = [Int]()
        for repetition in 0..<resolved.repeats {
            let stream = RandomStream(
                named: StreamName.of(seed: resolved.seed, address: "split", repetition: repetition))
            do throws(Problem) {
                let (folds, twins) = try assignRoles(
                    split: stage, groups: groups, strata: strata, digests: digests, stream: stream)
                for set in twins where plan.twins[rowsIndex]?.contains(set) != true {
                    plan.twins[rowsIndex, default: []].append(set)
                }
                for (number, fold) in folds.enumerated() {
                    indices.append(plan.folds.count)
                    plan.folds.append(
                        Fold(
                            path: FoldPath(repetition: repetition, folds: [number]), split: splitRecipe,
                            label: fold.label, roles: fold.roles, seed: stage.isRandom ? resolved.seed : nil,
                            targets: targets, groups: groups)
                    )
                }
            } catch {
                throw experiment.error(
                    at: (["split"] + error.path).joined(separator: "."), error.message, advice: error.advice)
            }
        }
        foldsBySplit[foldSet] = indices
        return indices
    }

    /// The parameter of a split that names a column.
    private func parameter(of stage: any SplitStage, naming column: String) -> String {
        let named = stage.canonicalParameters.filter { $0.value == .text(column) }.keys
        return named.contains("stratify") ? "stratify" : named.min(by: precedes) ?? "stratify"
    }

    /// What the rows carry at their sources, such that rows of equal content have equal digests; nil where they carry
    /// nothing. Only the sources that this experiment uses count, and all of them: rows are twins if any has equal bytes.
    private func contentDigests(below nodes: [Int], rows rowsIndex: Int) -> [Digest?] {
        let count = plan.rowSets[rowsIndex].count
        let tables = nodes.sorted().compactMap { plan.sources[$0] }.filter { $0.rows.count == count }
        func content(_ table: SourceTable, _ row: Int) -> Digest? {
            table.values[row] == .nothing ? nil : table.digests[row]
        }
        if tables.count == 1 { return (0..<count).map { content(tables[0], $0) } }
        // Rows that share bytes in one source or another are one set, whose digest is that of all that its rows carry.
        var leader = Array(0..<count)
        func find(_ row: Int) -> Int {
            var row = row
            while leader[row] != row { row = leader[row] }
            return row
        }
        for table in tables {
            var first = [Digest: Int]()
            for row in 0..<count {
                guard let digest = content(table, row) else { continue }
                if let other = first[digest] {
                    let (a, b) = (find(other), find(row))
                    leader[max(a, b)] = min(a, b)
                } else {
                    first[digest] = row
                }
            }
        }
        let sets = Dictionary(grouping: 0..<count, by: find)
        var result = [Digest?](repeating: nil, count: count)
        for rows in sets.values {
            let carried = rows.flatMap { row in tables.map { content($0, row) } }
            if carried.allSatisfy({ $0 == nil }) { continue }
            let digest = Digest(of: .array(carried.map { $0.map { .digest($0) } ?? .null }))
            for row in rows { result[row] = digest }
        }
        return result
    }
}
