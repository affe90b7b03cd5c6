// samples.select

internal import Stages
internal import Tensors

struct SamplesSelect: RowsStage {
    struct Parameters: ParameterSet {
        var wanted = [String: Canonical]()
        var unwanted = [String: Canonical]()
        var complete = [String]()

        static var fields: [Field<Self>] {
            [
                Field(
                    "where", \.wanted, as: .map(.cells),
                    "columns to a value, or a list of values: rows that have one of them in each column"),
                Field("not", \.unwanted, as: .map(.cells), "likewise: rows that have one of them in any are left out"),
                Field("complete", \.complete, as: .list(.column), "columns that must have a value"),
            ]
        }
    }

    static let declaration = Declaration(
        "samples.select", revision: 1, kind: .rows,
        summary: "Some of the rows, chosen by their columns.",
        documentation: """
            where: {emotion: [happy, sad], actor: 3}, not: {intensity: strong}, complete: [valence]

            A row stays if each column under `where` has the value, or one of the values, that are listed; no column \
            under `not` has one of those; and every column in `complete` has a value. `id` stands for the row's id: \
            `not: {id: [03-01-05]}` leaves a broken sample out. Numbers are compared by value (3 is 3.0); text is not a \
            number ("03" is not 3). A missing value is equal to none, so it fails `where` and passes `not`.

            Here the target may be named: which samples an experiment is about is no secret of the tested ones. The \
            split is made of the rows that are left.

            Fails when no row is left, and tells which values there are.
            """,
        inputs: [Port("in", "any items")], output: "the rows chosen, as they are", readsTarget: true)

    let parameters: Parameters
    private let conditions: [Condition]

    init(_ parameters: Parameters) throws(Problem) {
        var conditions = [Condition]()
        for (word, columns) in [("where", parameters.wanted), ("not", parameters.unwanted)] {
            for (column, value) in columns.sorted(by: { precedes($0.key, $1.key) }) {
                let values = try cells(value, at: [word, column])
                conditions.append(Condition(column: column, test: word == "where" ? .among(values) : .notAmong(values)))
            }
        }
        self.conditions = conditions + parameters.complete.map { Condition(column: $0, test: .present) }
        self.parameters = parameters
    }

    var columns: [String] { Set(conditions.map(\.column)).subtracting([idWord]).sorted(by: precedes) }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    func rows(of tables: [RowTable]) throws -> [RowReference] {
        guard let table = tables.first else { throw Failure("expected a table, got none") }
        var isKept = [[Bool]]()
        for condition in conditions {
            isKept.append(try table.cells(condition.column).map { condition.test.holds($0) })
        }
        let rows = table.ids.indices.filter { row in isKept.allSatisfy { $0[row] } }
        guard !rows.isEmpty || table.ids.isEmpty else { throw try nothingLeft(of: table, isKept) }
        return rows.map { RowReference(id: table.ids[$0], RowPlace(table: 0, row: $0)) }
    }

    /// Why no row is left: a condition that none meets, or all of them together.
    private func nothingLeft(of table: RowTable, _ isKept: [[Bool]]) throws(Failure) -> Failure {
        guard let position = isKept.firstIndex(where: { !$0.contains(true) }) else {
            let shares = zip(conditions, isKept).map { condition, isKept in
                "\(condition.phrase) holds for \(isKept.count { $0 })"
            }
            return .because(
                "of \(counted(table.ids.count, "row")), none meets all conditions: \(shares.joined(separator: ", "))",
                "leave one of the conditions out")
        }
        let condition = conditions[position]
        let there = Set(try table.cells(condition.column)).subtracting([.missing]).sorted().map(\.phrase)
        let values = there.isEmpty ? "it has no value in any row" : "there are " + firstFew(there, most: 8)
        var advice = "choose by values that occur"
        if case .among(let wanted) = condition.test,
            let near = wanted.sorted().lazy.compactMap({ nearest(to: $0.phrase, among: there) }).first
        {
            advice = "did you mean \(near)?"
        }
        return .because("no row is left by \(condition.phrase): \(values)", advice)
    }
}

/// What a column must be like.
private struct Condition: Sendable {
    enum Test: Sendable {
        case among(Set<Scalar>)
        case notAmong(Set<Scalar>)
        case present

        func holds(_ cell: Scalar) -> Bool {
            switch self {
            case .among(let values): values.contains(cell)
            case .notAmong(let values): !values.contains(cell)
            case .present: cell != .missing
            }
        }
    }

    let column: String
    let test: Test

    var phrase: String {
        func list(_ values: Set<Scalar>) -> String {
            let words = values.sorted().map(\.phrase)
            return words.count == 1 ? words[0] : "[" + firstFew(words) + "]"
        }
        switch test {
        case .among(let values): return "where \(column): \(list(values))"
        case .notAmong(let values): return "not \(column): \(list(values))"
        case .present: return "complete \(column)"
        }
    }
}
