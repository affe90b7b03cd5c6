// The groups of a population, checked: every row has one and there are enough of them.

internal import Stages
internal import Tensors

/// The distinct groups in order, and the rows of each.
struct Groups {
    let names: [Scalar]
    let rows: [[Int]]
    /// The group of each row.
    let positions: [Int]

    /// - Parameter stage: the split's name, for messages.
    init(of population: Population, for stage: String) throws(Problem) {
        guard let groups = population.groups else {
            throw Problem(
                "\(stage) keeps groups whole, but the spec names no group column",
                advice: "add group: COLUMN, beside target")
        }
        if let lack = population.lack(of: groups, in: "the group column") {
            throw Problem(lack, advice: "fill the column, or leave those rows out with samples.select")
        }
        // Tables that were put together may hold the same actor as 3 and as 3.0.
        let members = groups.map(\.comparable)
        let names = Set(members).sorted()
        let position = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        positions = members.map { position[$0] ?? 0 }
        var rows = [[Int]](repeating: [], count: names.count)
        for (row, position) in positions.enumerated() { rows[position].append(row) }
        (self.names, self.rows) = (names, rows)
        guard names.count > 1 else {
            throw Problem(
                names.first.map { "all rows are of one group, \($0); there is nothing to hold out" }
                    ?? "there are no rows to split",
                advice: names.isEmpty ? nil : "check the group column, or use split.k_fold")
        }
    }

    var count: Int { names.count }
}
