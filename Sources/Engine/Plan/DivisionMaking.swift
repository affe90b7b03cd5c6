// What a split divides: source items, together where one row descends from several, and what they carry, since items of
// equal bytes stay together too.

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
    mutating func division(below uses: [StageUse], nodes: [String: Int]) throws -> Division {
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
