// The split: source items are divided, before any value is computed, into those that train and those that are held out.
// Items that one row descends from are divided together; so are items of equal bytes.

internal import Spec
internal import Stages
internal import Tensors

extension PlanBuilder {
    /// The folds of a point, repeat by repeat.
    mutating func folds(
        of resolved: Resolved, below uses: [StageUse], nodes: [String: Int]
    ) throws -> (folds: [Int], division: Division) {
        guard let split = resolved.split, let stage = split.stage as? any SplitStage else {
            throw experiment.error(
                at: "split", "a split is needed, as \(uses[0].name) depends on it",
                advice: "add split: {uses: split.k_fold}")
        }
        let division = try division(below: uses, nodes: nodes)
        let targets = try resolved.target.map { try values(of: $0, division, at: "target") }
        if let targets, let target = resolved.target, let gap = targets.firstIndex(of: .missing) {
            let count = targets.count { $0 == .missing }
            throw experiment.error(
                at: "target",
                "\(count) of \(targets.count) items have no \(target); the first is \(division.units.ids[gap])",
                advice: nil)
        }
        let groups = try resolved.group.map { try groupValues(of: $0, division) }
        let strata = try strata(of: stage, targets: targets, division)
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
            "stage": identity.canonical, "rows": .digest(division.root),
            "seed": .int(stage.isRandom ? resolved.seed : 0),
            "content": .digest(Merkle.root(of: division.content.map { $0.map { .digest($0) } ?? .null })),
        ]
        if let strata { recipe["strata"] = .digest(Merkle.root(of: strata.map(\.canonical))) }
        if let groups { recipe["groups"] = .digest(Merkle.root(of: groups.map(\.canonical))) }
        let splitRecipe = Digest(of: .map(recipe))
        var indices = [Int]()
        for repetition in 0..<resolved.repeats {
            // A fold is one however many repeats a point has, and whatever its target is.
            let key = Digest(of: .array([.digest(splitRecipe), .int(repetition)]))
            if let known = foldsBySplit[key] {
                indices += known
                continue
            }
            try observe(plan.trials.count)
            let stream = StreamName(seed: resolved.seed, address: "split").digest(repetition: repetition)
            let found = try divide(
                stage, groups, strata, division.content, ids: division.units.ids, stream: stream)
            if found.count * resolved.repeats > Self.mostTrials { throw tooManyTrials(at: "repeats") }
            let first = plan.folds.count
            for (number, fold) in found.enumerated() {
                plan.folds.append(
                    Fold(
                        path: FoldPath(repetition: repetition, folds: [number]), split: splitRecipe, label: fold.label,
                        roles: fold.roles, seed: stage.isRandom ? resolved.seed : nil, units: division.units))
            }
            foldsBySplit[key] = Array(first..<plan.folds.count)
            indices += first..<plan.folds.count
        }
        return (indices, division)
    }

    /// A plan holds a little for each trial: more than so many are a mistake, or a job in parts.
    static let mostTrials = 250_000

    func tooManyTrials(at address: String) -> SpecErrors {
        experiment.error(
            at: address, "these are more than \(Self.mostTrials) trials (points × repeats × folds)",
            advice: "run them in parts: fewer points, repeats or folds at a time")
    }

    /// The training rows of a fold, divided once more.
    mutating func innerFolds(of fold: Int, count: Int, in place: Place, address: String) throws -> [Int] {
        let outer = plan.folds[fold]
        let resolved = place.resolved
        guard let split = resolved.split?.stage as? any SplitStage, let division = place.division else { return [] }
        let stage: any SplitStage
        do throws(Problem) { stage = try split.inner(count, hasGroups: resolved.group != nil) } catch {
            throw experiment.error(at: address, error.message, advice: error.advice)
        }
        let (identity, _) = try identity(of: stage, at: "split")
        let targets = try resolved.target.map { try values(of: $0, division, at: "target") }
        let groups = try resolved.group.map { try groupValues(of: $0, division) }
        let strata = try strata(of: stage, targets: targets, division)
        var parts: [String: Canonical] = [
            "outer": .digest(outer.split), "inner": identity.canonical, "seed": .int(resolved.seed),
        ]
        if let strata { parts["strata"] = .digest(Merkle.root(of: strata.map(\.canonical))) }
        if let groups { parts["groups"] = .digest(Merkle.root(of: groups.map(\.canonical))) }
        let recipe = Digest(of: .map(parts))
        let key = Digest(of: .array([.digest(recipe), outer.path.canonical]))
        if let known = innerFoldsBySplit[key] { return known }
        let members = outer.roles.indices.filter { outer.roles[$0] == .train }
        func own<Element>(_ values: [Element]) -> [Element] { members.map { values[$0] } }
        let stream = StreamName(
            seed: resolved.seed, address: "split", branch: ["inner"] + outer.path.folds.map(String.init)
        ).digest(repetition: outer.path.repetition)
        var indices = [Int]()
        let found = try divide(
            stage, groups.map(own), strata.map(own), own(division.content), ids: own(division.units.ids),
            stream: stream, innerOf: address)
        for (number, inner) in found.enumerated() {
            var roles = [Role?](repeating: nil, count: outer.roles.count)
            for (member, role) in zip(members, inner.roles) { roles[member] = role }
            indices.append(plan.folds.count)
            plan.folds.append(
                Fold(
                    path: FoldPath(repetition: outer.path.repetition, folds: outer.path.folds + [number]),
                    split: recipe, label: inner.label, roles: roles, seed: outer.seed, units: division.units))
        }
        innerFoldsBySplit[key] = indices
        return indices
    }

    private mutating func divide(
        _ stage: any SplitStage, _ groups: [Scalar]?, _ strata: [Scalar]?, _ content: [Digest?], ids: [String],
        stream: Digest, innerOf address: String? = nil
    ) throws -> [SplitFold] {
        do throws(Problem) {
            let (folds, twins) = try assignRoles(
                split: stage, ids: ids, groups: groups, strata: strata, digests: content,
                stream: RandomStream(named: stream))
            for set in twins {
                let names = set.map { ids[$0] }
                if address == nil, !plan.twins.contains(names) { plan.twins.append(names) }
            }
            return folds
        } catch {
            if let address {
                throw experiment.error(
                    at: address, "its training rows cannot be divided into inner folds: \(error.message)",
                    advice: "ask for fewer inner folds, or look at the classes and groups of the training rows")
            }
            throw experiment.error(
                at: (["split"] + error.path).joined(separator: "."), error.message, advice: error.advice)
        }
    }

    private func strata(of stage: any SplitStage, targets: [Scalar]?, _ division: Division) throws -> [Scalar]? {
        switch stage.stratify {
        case .no: nil
        case .target: targets
        case .column(let name): try values(of: name, division, at: "split." + parameter(of: stage, naming: name))
        }
    }

    /// The parameter of a split that names a column.
    private func parameter(of stage: any SplitStage, naming column: String) -> String {
        let named = stage.canonicalParameters.filter { $0.value == .text(column) }.keys
        return named.contains("stratify") ? "stratify" : named.min(by: precedes) ?? "stratify"
    }

    /// A column by unit: the first value among a unit's rows.
    private func values(of column: String, _ division: Division, at address: String) throws -> [Scalar] {
        let having = division.sets.filter { plan.rowSets[$0].columns[column] != nil }
        if having.isEmpty, plan.rowSets.contains(where: { $0.columns[column] != nil }) {
            throw experiment.error(
                at: address, "the column \(column) is in a table that the split does not divide",
                advice: "samples.join brings it in; before the first fitted stage, as the split must know it")
        }
        if having.isEmpty {
            throw noColumn(column, known: division.sets.flatMap { plan.rowSets[$0].columns.keys }, at: address)
        }
        return division.rows.map { rows in
            rows.lazy.compactMap { plan.rowSets[$0.set].columns[column]?[$0.row] }.first { $0 != .missing } ?? .missing
        }
    }

    /// As above, of groups: rows of one unit in different groups cannot be kept whole.
    private func groupValues(of column: String, _ division: Division) throws -> [Scalar] {
        let values = try values(of: column, division, at: "group")
        for (unit, rows) in division.rows.enumerated() where rows.count > 1 {
            for place in rows {
                guard let value = plan.rowSets[place.set].columns[column]?[place.row], value != .missing,
                    value != values[unit]
                else { continue }
                throw experiment.error(
                    at: "group",
                    "\(plan.rowSets[place.set].ids[place.row]) is of the group \(value), and descends from "
                        + "\(division.units.ids[unit]), which is also in a row of the group \(values[unit])",
                    advice: "rows of one origin must be of one group")
            }
        }
        return values
    }
}
