// samples.join

internal import Stages
internal import Tensors

struct SamplesJoin: RowsStage {
    enum Unmatched: String, CaseIterable, ParameterValue { case refuse, drop, keep }
    enum Side: String, CaseIterable, ParameterValue { case left, right }

    struct Parameters: ParameterSet {
        var on = Canonical.text(idWord)
        var unmatched = Unmatched.refuse
        var value = Side.left

        static var fields: [Field<Self>] {
            [
                Field(
                    "on", \.on, as: .either([.column, .list(.column)]),
                    "what rows of both sides agree in: id, a column, or a list of columns"),
                Field(
                    "unmatched", \.unmatched,
                    "rows without a match: refuse: a failure; drop: left out; keep: those of the left stay"),
                Field("value", \.value, "the side whose value a row gets"),
            ]
        }
    }

    static let declaration = Declaration(
        "samples.join", revision: 1, kind: .rows,
        summary: "Rows of two tables that belong together as one: columns of both, the value of one.",
        documentation: """
            A row of `left` and the row of `right` with the same `on` become one row with the id of the left, the columns \
            of both, and the value and origins of the side that `value` names. `on: id` compares ids. Numbers are \
            compared by value, and what is missing matches nothing. A column that both sides have must have equal values \
            in the rows of a match, or none on one side.

            Several rows of the left may match one of the right (clips and their speaker), not the other way round. A row \
            without a match, on either side, is a failure; with `unmatched: drop` it is left out, and with `keep` those of \
            the left stay, their columns of the right missing.

            To have the values of both in one row, join twice, with `value: left` and with `value: right`, and give both \
            to `tensor.concat`; tables with the same ids it takes as they are.

            Fails when two rows of the right agree in `on`, and when no row matches.
            """,
        inputs: [
            Port("left", "the rows that stay, with their ids"),
            Port("right", "what is looked up for them"),
        ], output: "rows of the left, with the columns of both")

    let parameters: Parameters
    private let names: [String]

    init(_ parameters: Parameters) throws(Problem) {
        let names = parameters.on.textValue.map { [$0] } ?? (parameters.on.arrayValue ?? []).compactMap(\.textValue)
        if names.isEmpty { throw Problem("expected at least one column, or id", at: ["on"]) }
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw Problem("\(names[twice]) is listed twice", at: ["on", String(twice)])
        }
        if parameters.unmatched == .keep, parameters.value == .right {
            throw Problem(
                "unmatched: keep lets rows stay that have no value of the right", at: ["value"],
                advice: "use value: left, or unmatched: drop")
        }
        (self.parameters, self.names) = (parameters, names)
    }

    var columns: [String] { names.filter { $0 != idWord } }

    var lookUps: Set<String> { [parameters.value == .left ? "right" : "left"] }

    /// The side that gives the values, by the position of its table.
    private var side: Int { parameters.value == .left ? 0 : 1 }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        inputs.indices.contains(side) ? inputs[side] : .unknown
    }

    func rows(of tables: [RowTable]) throws -> [RowReference] {
        guard tables.count == 2 else { throw Failure("expected two tables, got \(tables.count)") }
        let (left, right) = (tables[0], tables[1])
        let (wanted, offered) = (try keys(of: left), try keys(of: right))
        let matches = try positions(of: offered, in: right)
        var rows = [RowReference]()
        var taken = Set<Int>()
        var lone = [String]()
        for (row, key) in wanted.enumerated() {
            let here = RowPlace(table: 0, row: row)
            if let match = key.flatMap({ matches[$0] }) {
                taken.insert(match)
                let places = [here, RowPlace(table: 1, row: match)]
                rows.append(RowReference(id: left.ids[row], places[side], others: [places[1 - side]]))
            } else {
                lone.append(left.ids[row])
                if parameters.unmatched == .keep { rows.append(RowReference(id: left.ids[row], here)) }
            }
        }
        guard !taken.isEmpty else {
            throw Failure.because(
                "no row of \(left.name) matches one of \(right.name) in \(names.joined(separator: ", ")): "
                    + "\(left.name) has \(examples(wanted)), \(right.name) has \(examples(offered))",
                "name in on what both have in common")
        }
        if parameters.unmatched == .refuse {
            try refuse(lone, of: left, without: right)
            try refuse(right.ids.indices.filter { !taken.contains($0) }.map { right.ids[$0] }, of: right, without: left)
        }
        return rows
    }

    /// What each row is matched by; nil where a part of it is missing.
    private func keys(of table: RowTable) throws(Failure) -> [[Scalar]?] {
        var columns = [[Scalar]]()
        for name in names { columns.append(try table.cells(name)) }
        return table.ids.indices.map { row in
            let key = columns.map { $0[row] }
            return key.contains(.missing) ? nil : key
        }
    }

    private func positions(of keys: [[Scalar]?], in table: RowTable) throws(Failure) -> [[Scalar]: Int] {
        var positions = [[Scalar]: Int]()
        for (row, key) in keys.enumerated() {
            guard let key else { continue }
            if let first = positions.updateValue(row, forKey: key) {
                let words = zip(names, key).map { "\($0) \($1.phrase)" }.joined(separator: ", ")
                throw .because(
                    "\(table.name) has two rows of \(words): \(table.ids[first]) and \(table.ids[row])",
                    "name in on what tells its rows apart, or make it the left side")
            }
        }
        return positions
    }

    private func refuse(_ lone: [String], of table: RowTable, without other: RowTable) throws(Failure) {
        if lone.isEmpty { return }
        throw .because(
            "\(lone.count) of \(counted(table.ids.count, "row")) of \(table.name) have no match in \(other.name): "
                + firstFew(lone),
            "set unmatched: drop to leave such rows out, or keep to have those of the left stay")
    }

    private func examples(_ keys: [[Scalar]?]) -> String {
        let words = keys.compactMap { key in key.map { $0.map(\.phrase).joined(separator: " ") } }
        var seen = Set<String>()
        return words.isEmpty ? "nothing" : firstFew(words.filter { seen.insert($0).inserted })
    }
}
