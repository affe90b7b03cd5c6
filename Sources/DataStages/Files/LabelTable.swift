// Labels beside media: a CSV table with a row for each file, found by its path or its id.

internal import Media
internal import Stages
internal import Tensors

/// Which column of a label table tells the rows apart.
enum LabelKey: String, Sendable, Hashable, CaseIterable, ParameterValue {
    case path, id
}

/// Rows of labels by key.
struct LabelTable {
    let path: String
    let names: [String]
    let key: LabelKey
    private let columns: [[Scalar]]
    private let rowByKey: [String: Int]

    init(_ file: String, key: LabelKey) throws(Failure) {
        let csv = try Csv(contents(of: file), path: absolutePath(file))
        let keyPosition = try csv.position(of: key.rawValue)
        var rows = [String: Int]()
        for (number, row) in csv.rows.enumerated() {
            if let first = rows.updateValue(number, forKey: row.cells[keyPosition]) {
                throw .because(
                    "\(csv.path):\(row.line): the \(key.rawValue) \(row.cells[keyPosition]) is there already, in line \(csv.rows[first].line)",
                    "leave one row a file")
            }
        }
        let positions = csv.header.indices.filter { $0 != keyPosition }
        path = csv.path
        names = positions.map { csv.header[$0] }
        columns = positions.map { typed(csv.cells($0)) }
        self.key = key
        rowByKey = rows
    }

    var keys: [String] { rowByKey.keys.sorted(by: precedes) }

    /// The labels of a file; nil where the table has no row for it.
    func labels(path: String, id: String) -> [String: Scalar]? {
        guard let row = rowByKey[key == .path ? path : id] else { return nil }
        return Dictionary(uniqueKeysWithValues: zip(names, columns.map { $0[row] }))
    }
}
