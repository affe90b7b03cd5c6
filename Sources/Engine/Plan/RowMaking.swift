// Row sets: those of sources, those that rows stages make, and those of stages that take several tables. A rows stage is
// asked when the plan is made, since splits must know the rows and no value is needed.

internal import Spec
internal import Stages
internal import Tensors

extension PlanBuilder {
    mutating func rowSet(_ rows: RowSet) -> Int {
        let digest = rows.digest
        if let known = rowSetByDigest[digest] { return known }
        plan.rowSets.append(rows)
        rowSetByDigest[digest] = plan.rowSets.count - 1
        return plan.rowSets.count - 1
    }

    /// The rows of a stage that takes these inputs: they must have the same, and have the columns of all.
    mutating func rows(of inputs: [Int], _ common: Common) throws -> Int {
        let sets = inputs.filter { input in
            switch plan.nodes[input].work {
            case .fit, .summary: false
            default: true
            }
        }
        guard let first = sets.first else { return inputs.first.map { plan.nodes[$0].rows } ?? 0 }
        var result = plan.nodes[first].rows
        for other in sets.dropFirst() where plan.nodes[other].rows != result {
            let (a, b) = (plan.rowSets[result], plan.rowSets[plan.nodes[other].rows])
            guard a.ids == b.ids, a.forTraining == b.forTraining else {
                let (inA, inB) = (Set(a.ids), Set(b.ids))
                let lone = a.ids.first { !inB.contains($0) } ?? b.ids.first { !inA.contains($0) }
                throw experiment.error(
                    at: common.use.address,
                    "its inputs have different items: \(plan.nodes[first].name) has \(a.count), "
                        + "\(plan.nodes[other].name) has \(b.count), and "
                        + (lone.map { "\($0) is in one of them only" } ?? "not the same are copies for training"),
                    advice: "samples.join brings tables to the same items")
            }
            result = rowSet(a.merged(with: b))
        }
        return result
    }

    mutating func addRows(
        _ stage: any RowsStage, _ recipe: Recipe, _ common: Common, inputs: [Int], in place: Place
    ) throws -> Int {
        let sets = inputs.map { plan.rowSets[plan.nodes[$0].rows] }
        let tables = try zip(inputs, sets).enumerated().map { position, entry in
            let (input, rows) = entry
            var columns = [String: [Scalar]]()
            for column in common.columns {
                columns[column] = try values(
                    of: column, rows: rows, at: parameter(naming: column, of: stage, common.use.address))
            }
            let name =
                common.use.inputs.indices.contains(position)
                ? common.use.inputs[position].label : plan.nodes[input].name
            return RowTable(name: name, ids: rows.ids, columns: columns)
        }
        for set in sets { warnOfTelling(common.columns, set, place.resolved.target, common.use.address) }
        let found: [RowReference]
        do { found = try stage.rows(of: tables) } catch let failure as Failure {
            throw experiment.error(
                at: common.use.address, "\(common.declaration.name): \(failure.cause)", advice: failure.advice)
        }
        let references = found.sorted { precedes($0.id, $1.id) }
        if let twin = zip(references, references.dropFirst()).first(where: { $0.id == $1.id }) {
            throw experiment.error(
                at: common.use.address, "two rows of its output would have the id \(twin.0.id)",
                advice: "ids must be unique")
        }
        let mapping = RowMapping(references.map(\.place))
        var recipe = recipe
        recipe.rows = mapping.digest
        try refuseClashes(references, tables: tables.map(\.name), sets, at: common.use.address)
        let rows = rowSet(Self.merge(references, sets))
        return try node(recipe, common, .rows(mapping), inputs: inputs, rows: rows)
    }

    /// What several rows say of one in a column of that name must be the same.
    private func refuseClashes(
        _ references: [RowReference], tables: [String], _ sets: [RowSet], at address: String
    ) throws {
        for name in Set(sets.flatMap(\.columns.keys)).sorted(by: precedes) {
            for reference in references {
                let cells = ([reference.place] + reference.others).compactMap { place in
                    sets[place.table].columns[name].map { (table: tables[place.table], value: $0[place.row]) }
                }
                .filter { !$0.value.isAbsent }
                guard let first = cells.first,
                    let other = cells.first(where: { $0.value.comparable != first.value.comparable })
                else {
                    continue
                }
                throw experiment.error(
                    at: address,
                    "the column \(name) of \(reference.id) is \(first.value) in \(first.table) and \(other.value) in "
                        + other.table,
                    advice: "rename the column in one of the tables, or leave it out there")
            }
        }
    }

    /// The rows that references describe: columns and origins of all that each descends from.
    private static func merge(_ references: [RowReference], _ sets: [RowSet]) -> RowSet {
        var columns = [String: [Scalar]]()
        for name in Set(sets.flatMap(\.columns.keys)) {
            columns[name] = references.map { reference in
                for place in [reference.place] + reference.others {
                    if let value = sets[place.table].columns[name]?[place.row], value != .missing { return value }
                }
                return .missing
            }
        }
        let descent = references.map { sets[$0.place.table].origins(of: $0.place.row) }
        let looked = references.map { reference in
            let others = reference.others.flatMap {
                sets[$0.table].origins(of: $0.row) + sets[$0.table].links(of: $0.row)
            }
            return Set(others + sets[reference.place.table].links(of: reference.place.row)).sorted(by: precedes)
        }
        let forTraining = references.indices.filter { row in
            let places = [references[row].place] + references[row].others
            return references[row].isForTraining
                || places.contains { sets[$0.table].forTraining.contains($0.row) }
        }
        return RowSet(
            ids: references.map(\.id), columns: columns, descent: descent,
            looked: looked.allSatisfy(\.isEmpty) ? nil : looked, forTraining: Set(forTraining))
    }

    /// Where a stage names a column: the parameter that holds its name, else the stage.
    private func parameter(naming column: String, of stage: any StageType, _ address: String) -> String {
        func holds(_ value: Canonical) -> Bool {
            switch value {
            case .text(let text): text == column
            case .array(let values): values.contains(where: holds)
            case .map(let entries): entries[column] != nil || entries.values.contains(where: holds)
            default: false
            }
        }
        let names = stage.canonicalParameters.filter { holds($0.value) }.keys.sorted(by: precedes)
        return names.first.map { address + "." + $0 } ?? address
    }

    mutating func checkColumns(
        _ stage: any StageType, _ columns: [String], inputs: [Int], address: String, target: String?
    ) throws {
        guard let input = inputs.first else { return }
        for column in columns {
            if column == target {
                throw experiment.error(at: address, "it reads the column \(column), which is the target", advice: nil)
            }
            _ = try values(
                of: column, rows: plan.rowSets[plan.nodes[input].rows],
                at: parameter(naming: column, of: stage, address))
        }
        warnOfTelling(columns, plan.rowSets[plan.nodes[input].rows], target, address)
    }

    /// A column that says the target in other words is hardly meant to be read.
    mutating func warnOfTelling(_ columns: [String], _ rows: RowSet, _ target: String?, _ address: String) {
        guard let target, let targets = rows.columns[target] else { return }
        for column in columns where column != target {
            guard let values = rows.columns[column] else { continue }
            var (there, back) = ([Scalar: Scalar](), [Scalar: Scalar]())
            let isOneToOne = zip(values, targets).allSatisfy { value, target in
                if value == .missing || target == .missing { return false }
                let known = (there.updateValue(target, forKey: value), back.updateValue(value, forKey: target))
                return (known.0 ?? target) == target && (known.1 ?? value) == value
            }
            let warning = "\(address) reads the column \(column), which says the target \(target) one to one"
            if isOneToOne, there.count > 1, !plan.warnings.contains(warning) { plan.warnings.append(warning) }
        }
    }

    /// A column that the spec names; a located error when the data has no such column.
    func values(of column: String, rows: RowSet, at address: String) throws -> [Scalar] {
        if let values = rows.columns[column] { return values }
        throw noColumn(column, known: Array(rows.columns.keys), at: address)
    }

    func noColumn(_ column: String, known: [String], at address: String) -> SpecErrors {
        let known = known.sorted(by: precedes)
        return experiment.error(
            at: address,
            known.isEmpty
                ? "there is no column \(column): the data has none"
                : "there is no column \(column); the data has \(known.joined(separator: ", "))",
            advice: nearest(to: column, among: known).map { "did you mean \($0)?" })
    }
}
