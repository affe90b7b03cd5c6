// Tables as tests of row stages need them.

import Stages
import Tensors

func table(_ name: String, _ ids: [String], _ columns: [String: [Scalar]] = [:]) -> RowTable {
    RowTable(name: name, ids: ids, columns: columns)
}

func words(_ words: String...) -> [Scalar] { words.map { $0.isEmpty ? .missing : .string($0) } }

func ints(_ numbers: Int...) -> [Scalar] { numbers.map { .int($0) } }

extension RowReference {
    /// `id = table:row + table:row`, and a star where it is for training alone.
    var line: String {
        let places = ([place] + others).map { "\($0.table):\($0.row)" }.joined(separator: " + ")
        return "\(id) = \(places)" + (isForTraining ? " *" : "")
    }
}

/// What a stage says of tables that it cannot take.
func failure(_ stage: any RowsStage, _ tables: RowTable...) -> Failure? {
    do {
        _ = try stage.rows(of: tables)
        return nil
    } catch { return error as? Failure }
}
