// CSV as RFC 4180 has it: cells in quotes may hold commas, quotes (doubled) and line breaks. A byte order mark, and line
// feeds without carriage returns, are taken too.

internal import Stages
internal import Tensors

/// A CSV table with a header.
struct Csv: Sendable {
    struct Row: Sendable {
        /// Where it begins in the file, counted from 1.
        let line: Int
        let cells: [String]
    }

    /// The file, for messages.
    let path: String
    let header: [String]
    let rows: [Row]

    /// - Parameter path: for messages.
    init(_ bytes: [UInt8], path: String) throws(Failure) {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw .because("\(path) is not UTF-8 text", "save it as CSV in UTF-8")
        }
        var reader = Reader(bytes: bytes, path: path)
        var rows = [Row]()
        while let row = try reader.next() { rows.append(row) }
        guard let first = rows.first else { throw .because("\(path) is empty", "its first line must name the columns") }
        var seen = Set<String>()
        for (position, name) in first.cells.enumerated() {
            if name.isEmpty {
                throw .because("\(path):\(first.line): column \(position + 1) has no name", "name it in the first line")
            }
            if !seen.insert(name).inserted {
                throw .because("\(path):\(first.line): two columns are called \(name)", "rename one of them")
            }
        }
        for row in rows.dropFirst() where row.cells.count != first.cells.count {
            throw .because(
                "\(path):\(row.line): expected \(counted(first.cells.count, "cell")), as the first line has, got \(row.cells.count)",
                "quote cells that hold commas, and leave no row short")
        }
        self.path = path
        header = first.cells
        self.rows = Array(rows.dropFirst())
    }

    /// The position of a column that a parameter names.
    func position(of column: String) throws(Failure) -> Int {
        guard let position = header.firstIndex(of: column) else {
            throw Failure(
                "\(path) has no column \(column); it has \(firstFew(header, most: 12))",
                advice: nearest(to: column, among: header).map { "did you mean \($0)?" })
        }
        return position
    }

    /// The cells of a column.
    func cells(_ position: Int) -> [String] { rows.map { $0.cells[position] } }
}

/// Cuts bytes into rows.
private struct Reader {
    let bytes: [UInt8]
    let path: String
    var position: Int
    var line = 1

    init(bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// The next row that is not an empty line.
    mutating func next() throws(Failure) -> Csv.Row? {
        while position < bytes.count {
            let start = line
            let cells = try row()
            if cells != [""] { return Csv.Row(line: start, cells: cells) }
        }
        return nil
    }

    private mutating func row() throws(Failure) -> [String] {
        var cells = [String]()
        while true {
            cells.append(try cell())
            guard position < bytes.count else { return cells }
            if bytes[position] == UInt8(ascii: ",") {
                position += 1
            } else {
                endLine()
                return cells
            }
        }
    }

    /// One cell; the position is then at a comma, at the end of a line, or at the end.
    private mutating func cell() throws(Failure) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }
        let opened = line
        var cell = [UInt8]()
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte != UInt8(ascii: "\"") {
                cell.append(byte)
            } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                cell.append(byte)
                position += 1
            } else {
                guard position == bytes.count || isEnd(bytes[position]) else {
                    throw .because(
                        "\(path):\(line): text follows a closing quote", "double the quotes inside a quoted cell")
                }
                return String(decoding: cell, as: UTF8.self)
            }
        }
        throw .because("\(path):\(opened): a quote is opened here and never closed", "close it")
    }

    private mutating func endLine() {
        if bytes[position] == UInt8(ascii: "\r") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
        } else {
            position += 1
        }
        line += 1
    }

    private func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
}
