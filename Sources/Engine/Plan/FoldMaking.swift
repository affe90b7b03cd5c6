// The split: source items are divided, before any value is computed, into those that train and those that are held out.
// Items that one row descends from are divided together; so are items of equal bytes.

internal import Spec
internal import Stages
internal import Tensors

/// What a split divides, and what is known of each unit.
final class Division: Sendable {
    let units: Units
    /// The row sets, and the rows of each unit there.
    let sets: [Int]
    let rows: [[(set: Int, row: Int)]]
    /// Of what a unit carries at its sources; nil where that is nothing.
    let content: [Digest?]
    let origins: [[String]]

    init(units: Units, origins: [[String]], sets: [Int], rows: [[(set: Int, row: Int)]], content: [Digest?]) {
        (self.units, self.origins, self.sets, self.rows, self.content) = (units, origins, sets, rows, content)
    }

    var root: Digest { Merkle.root(of: origins.map { .array($0.map { .text($0) }) }) }
}

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
                    advice: error.advice)
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

    // MARK: What is divided

    private mutating func division(below uses: [StageUse], nodes: [String: Int]) throws -> Division {
        let taken = Set(
            uses.flatMap { use in
                let lookUps = (use.stage as? any RowsStage)?.lookUps ?? []
                return use.inputs.filter { !lookUps.contains($0.port) }.compactMap { nodes[$0.stage] }
            }
        ).sorted()
        guard !taken.isEmpty else { throw experiment.error(at: uses[0].address, "nothing leads to it", advice: nil) }
        var (sets, seen) = ([Int](), Set<Int>())
        for node in taken where seen.insert(plan.nodes[node].rows).inserted { sets.append(plan.nodes[node].rows) }
        // What follows from the tables is the same for every point that has the same; sources that this experiment uses
        // count, and all of them: items are twins if any has equal bytes.
        let sources = plan.sources(above: taken)
        let key = [sets.count] + sets + sources
        if let known = divisionByTables[key] { return known }
        let made = divide(sets, sources)
        if made.units.ids.isEmpty {
            throw experiment.error(at: uses[0].address, "there are no items to split", advice: nil)
        }
        divisionByTables[key] = made
        return made
    }

    private func divide(_ sets: [Int], _ sources: [Int]) -> Division {
        let names = Set(
            sets.flatMap { set in
                (0..<plan.rowSets[set].count).flatMap { plan.rowSets[set].origins(of: $0) }
            }
        ).sorted(by: precedes)
        let number = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        var together = DisjointSets(names.count)
        for set in sets {
            for row in 0..<plan.rowSets[set].count {
                let members = plan.rowSets[set].origins(of: row).compactMap { number[$0] }
                for member in members.dropFirst() { together.join(members[0], member) }
            }
        }
        // Rows that were looked up in each other may yet meet, where each side gives values.
        for set in sets {
            for row in 0..<plan.rowSets[set].count {
                guard let own = number[plan.rowSets[set].origins(of: row)[0]] else { continue }
                for other in plan.rowSets[set].links(of: row).compactMap({ number[$0] }) { together.join(own, other) }
            }
        }
        var (unitOf, origins) = ([Int: Int](), [[String]]())
        for (position, name) in names.enumerated() {
            let leader = together.find(position)
            if let unit = unitOf[leader] {
                origins[unit].append(name)
            } else {
                unitOf[leader] = origins.count
                origins.append([name])
            }
        }
        let units = Units(origins)
        var rows = [[(set: Int, row: Int)]](repeating: [], count: origins.count)
        for set in sets {
            for row in 0..<plan.rowSets[set].count {
                if let unit = units.position[plan.rowSets[set].origins(of: row)[0]] { rows[unit].append((set, row)) }
            }
        }
        return Division(
            units: units, origins: origins, sets: sets, rows: rows, content: content(origins, sources))
    }

    /// What units carry at their sources, such that units that share bytes at any of them have equal digests.
    private func content(_ origins: [[String]], _ sources: [Int]) -> [Digest?] {
        let tables = sources.compactMap { plan.sources[$0] }.map { table in
            (table: table, rows: Dictionary(uniqueKeysWithValues: table.rows.ids.enumerated().map { ($1, $0) }))
        }
        let carried = origins.map { members in
            tables.flatMap { entry in members.map { entry.rows[$0].flatMap { entry.table.content($0) } } }
        }
        var alike = DisjointSets(origins.count)
        var first = [Digest: Int]()
        for (unit, digests) in carried.enumerated() {
            for digest in digests.compactMap(\.self) {
                if let other = first[digest] { alike.join(other, unit) } else { first[digest] = unit }
            }
        }
        var members = [Int: [Int]]()
        for unit in origins.indices { members[alike.find(unit), default: []].append(unit) }
        var result = [Digest?](repeating: nil, count: origins.count)
        for units in members.values {
            let all = units.flatMap { carried[$0] }
            if all.allSatisfy({ $0 == nil }) { continue }
            let digest = Digest(of: .array(all.map { $0.map { .digest($0) } ?? .null }))
            for unit in units { result[unit] = digest }
        }
        return result
    }
}
