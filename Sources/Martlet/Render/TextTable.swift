// Tables for people: columns aligned, numbers to the right.

struct TextTable {
    private let header: [String]
    private var rows: [[String]] = []

    init(_ header: [String]) { self.header = header }

    mutating func add(_ row: [String]) {
        rows.append(row.map { cell in cell.split(whereSeparator: \.isNewline).joined(separator: " ") })
    }

    var text: String {
        let widths = header.indices.map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        let numeric = header.indices.map { column in
            !rows.isEmpty
                && rows.allSatisfy { row in
                    row[column].isEmpty || row[column].first.map { $0.isNumber || $0 == "-" } ?? true
                }
        }
        return ([header] + rows).map { row in
            var line = ""
            for column in row.indices {
                let pad = String(repeating: " ", count: widths[column] - row[column].count)
                line += numeric[column] ? pad + row[column] : row[column] + pad
                if column < row.count - 1 { line += "  " }
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// `1 point`, `3 points`.
func counted(_ count: Int, _ word: String) -> String { "\(count) \(word)" + (count == 1 ? "" : "s") }

/// A score with three digits.
func rounded(_ value: Double) -> String {
    let scaled = (abs(value) * 1000).rounded() / 1000
    let (whole, part) = (Int(scaled), Int(((scaled - Double(Int(scaled))) * 1000).rounded()))
    let digits = String(part)
    return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: 3 - digits.count) + digits
}
