// samples.concat

internal import Stages
internal import Tensors

struct SamplesConcat: RowsStage {
    struct Parameters: ParameterSet {
        var prefix = false

        static var fields: [Field<Self>] {
            [Field("prefix", \.prefix, "whether ids get the name of their table in front: speech/03-01")]
        }
    }

    static let declaration = Declaration(
        "samples.concat", revision: 1, kind: .rows,
        summary: "Tables one under another: all rows of all inputs.",
        documentation: """
            Rows keep their values, columns, origins and ids; with `prefix` an id becomes `table/id`, the table being \
            the name of the stage that it comes from. A column that only some tables have is missing in the rows of the \
            others. Values must be of one kind (a tensor of one element type and the same axes); sizes may differ.

            Fails when two tables have a row of the same id and `prefix` is off: whether these are one sample or two \
            cannot be guessed. For two values of one sample see `samples.join` and `tensor.concat`.
            """,
        inputs: [Port(isList: true, "tables with values of one kind")], output: "the rows of all inputs")

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { try agreed(inputs) }

    func check(labels: [String]) throws(Problem) {
        guard let twice = labels.indices.first(where: { labels[..<$0].contains(labels[$0]) }) else { return }
        throw Problem("\(labels[twice]) is listed twice, so each of its rows would be", advice: "list it once")
    }

    func rows(of tables: [RowTable]) throws -> [RowReference] {
        var owners = [String: Int]()
        var rows = [RowReference]()
        for (number, table) in tables.enumerated() {
            for (row, plain) in table.ids.enumerated() {
                let id = parameters.prefix ? table.name + "/" + plain : plain
                if let first = owners.updateValue(number, forKey: id) {
                    throw Failure.because(
                        "\(tables[first].name) and \(table.name) both have a row \(id)",
                        "set prefix: true to keep both as \(tables[first].name)/\(plain) and \(table.name)/\(plain), "
                            + "or use samples.join where they are one sample")
                }
                rows.append(RowReference(id: id, RowPlace(table: number, row: row)))
            }
        }
        return rows.sorted { precedes($0.id, $1.id) }
    }
}
