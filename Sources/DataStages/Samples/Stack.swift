// samples.stack

internal import Stages
internal import Tensors

struct SamplesStack: RowsStage {
    struct Parameters: ParameterSet {
        var plain = ""

        static var fields: [Field<Self>] {
            [
                Field(
                    "plain", \.plain, isRequired: true,
                    "the branch that all rows come from; the others give copies to train on")
            ]
        }
    }

    static let declaration = Declaration(
        "samples.stack", revision: 1, kind: .rows,
        summary: "Branches one under another: copies of training rows to train on, all others once.",
        documentation: """
            Closes a branch set. A row that is trained on comes once a branch; a row that is tested or validated comes \
            from the branch `plain` alone. So an augmented copy is never scored, and nothing of a tested sample is \
            trained on. Inside an inner fold the rows that it holds out count as tested.

            The id of a copy is `id#branch`, that of the plain row too: `03-01#raw`. Columns, group, origins and role \
            are those of the row that it was made from. Values must be of one kind (a tensor of one element type and the \
            same axes); sizes may differ.

            `plain` is required, as nothing else tells which branch is the signal as it is. Fails when the branches \
            have not the same rows.
            """,
        inputs: [Port(isList: true, joinsBranches: true, "the branches, of the same rows")],
        output: "a row for each row and branch")

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { try agreed(inputs) }

    func check(labels: [String]) throws(Problem) {
        let plain = parameters.plain
        guard !labels.contains(plain) else { return }
        throw Problem(
            "plain: \(plain) is none of the branches \(labels.joined(separator: ", "))", at: ["plain"],
            advice: nearest(to: plain, among: labels).map { "did you mean \($0)?" }
                ?? "name one of them, such as a branch without steps: raw: {}")
    }

    func rows(of tables: [RowTable]) throws -> [RowReference] {
        guard let first = tables.first, tables.contains(where: { $0.name == parameters.plain }) else {
            throw Failure("there is no branch \(parameters.plain)")
        }
        for table in tables.dropFirst() where table.ids != first.ids {
            let (ours, theirs) = (Set(first.ids), Set(table.ids))
            let odd = ours.symmetricDifference(theirs).min(by: precedes) ?? ""
            let (owner, other) = ours.contains(odd) ? (first.name, table.name) : (table.name, first.name)
            throw Failure.because(
                "the branch \(owner) has the row \(odd), and \(other) has not",
                "make rows equal in all branches: select samples before the branches, not inside of one")
        }
        let rows = tables.enumerated().flatMap { number, table in
            table.ids.enumerated().map { row, id in
                RowReference(
                    id: id + "#" + table.name, RowPlace(table: number, row: row),
                    isForTraining: table.name != parameters.plain)
            }
        }
        return rows.sorted { precedes($0.id, $1.id) }
    }
}
