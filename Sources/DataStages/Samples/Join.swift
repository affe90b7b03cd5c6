// samples.join

internal import Stages
internal import Tensors

struct SamplesJoin: RowsStage {
    enum Side: String, CaseIterable, ParameterValue { case left, right }
    enum Unmatched: String, CaseIterable, ParameterValue { case inner, left }

    struct Parameters: ParameterSet {
        var on = Canonical.text(idWord)
        var how = Unmatched.inner
        var value = Side.left

        static var fields: [Field<Self>] {
            [
                Field(
                    "on", \.on, as: .either([.column, .list(.column)]),
                    "what rows of both sides agree in: id, a column, or a list of columns"),
                Field("how", \.how, "inner: rows of the left that match one of the right; left: all rows of the left"),
                Field("value", \.value, "the side whose value a row keeps"),
            ]
        }
    }

    static let declaration = Declaration(
        "samples.join", revision: 1, kind: .rows,
        summary: "Rows of two tables that belong together as one: columns of both, the value of one.",
        documentation: """
            A row of `left` and the row of `right` with the same `on` become one row with the id of the left, the columns \
            and origins of both, and the value of the side that `value` names; of a column that both have it is that \
            side's. `on: id` compares ids. Numbers are compared by value, and what is missing matches nothing.

            Several rows of the left may match one of the right (clips and their speaker), not the other way round. Rows \
            of the left without a match are dropped, with `how: left` they stay, their columns of the right missing.

            To have the values of both in one row, use `tensor.concat` with two inputs, which joins by id.

            Fails when two rows of the right agree in `on`, and when no row matches.
            """,
        inputs: [
            Port("left", "the rows that stay, with their ids"),
            Port("right", "what is looked up for them, once each"),
        ], output: "rows of the left, with the columns of both")

    let parameters: Parameters
    private let names: [String]
    /// The side that gives the values, by the position of its table.
    private var side: Int { parameters.value == .left ? 0 : 1 }

    init(_ parameters: Parameters) throws(Problem) {
        let names = parameters.on.textValue.map { [$0] } ?? (parameters.on.arrayValue ?? []).compactMap(\.textValue)
        if names.isEmpty { throw Problem("expected at least one column, or id", at: ["on"]) }
        if let twice = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
            throw Problem("\(names[twice]) is listed twice", at: ["on", String(twice)])
        }
        if parameters.how == .left, parameters.value == .right {
            throw Problem(
                "how: left keeps rows without a match, and these have no value of the right", at: ["value"],
                advice: "use value: left, or how: inner")
        }
        (self.parameters, self.names) = (parameters, names)
    }

    var columns: [String] { names.filter { $0 != idWord } }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        inputs.indices.contains(side) ? inputs[side] : .unknown
    }

    func rows(of tables: [RowTable]) throws -> [RowReference] {
        guard tables.count == 2 else { throw Failure("expected two tables, got \(tables.count)") }
        let (left, right) = (tables[0], tables[1])
        let sought = try keys(of: left)
        let matches = try positions(in: right)
        var rows = [RowReference]()
        for (row, key) in sought.enumerated() {
            let here = RowPlace(table: 0, row: row)
            if let match = key.flatMap({ matches[$0] }) {
                let places = [here, RowPlace(table: 1, row: match)]
                rows.append(RowReference(id: left.ids[row], places[side], others: [places[1 - side]]))
            } else if parameters.how == .left {
                rows.append(RowReference(id: left.ids[row], here))
            }
        }
        guard rows.contains(where: { !$0.others.isEmpty }) else {
            throw Failure.because(
                "no row of \(left.name) matches one of \(right.name) in \(names.joined(separator: ", ")): "
                    + "\(left.name) has \(examples(sought)), \(right.name) has \(examples(try keys(of: right)))",
                "name in on what both have in common")
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

    private func positions(in table: RowTable) throws(Failure) -> [[Scalar]: Int] {
        var positions = [[Scalar]: Int]()
        for (row, key) in try keys(of: table).enumerated() {
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

    private func examples(_ keys: [[Scalar]?]) -> String {
        let words = keys.compactMap { key in key.map { $0.map(\.phrase).joined(separator: " ") } }
        var seen = Set<String>()
        return words.isEmpty ? "nothing" : firstFew(words.filter { seen.insert($0).inserted })
    }
}
