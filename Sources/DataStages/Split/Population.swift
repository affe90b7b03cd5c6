// The rows that a split divides, as its problems speak of them.

internal import Stages
internal import Tensors

extension Population {
    /// `2 of 9 rows have no value in part: a, b`; nil where all have one.
    func lack(of values: [Scalar], in column: String) -> String? {
        let rows = values.indices.filter { values[$0].isAbsent }
        return rows.isEmpty
            ? nil : "\(rows.count) of \(values.count) rows have no value in \(column)" + names(of: rows)
    }

    /// `: a, b, c and 4 more`; empty where rows have no names.
    func names(of rows: [Int]) -> String { ids.isEmpty ? "" : ": " + firstFew(rows.map { ids[$0] }) }
}
