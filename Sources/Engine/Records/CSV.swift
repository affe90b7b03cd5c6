// CSV as RFC 4180 has it, with `\n`, dot decimals and UTF-8; written as it comes, so that no table is ever held whole.

/// A table of text on its way to a file.
public struct CSV {
    private let file: PlainFile.Writer
    private var buffer = [UInt8]()

    /// A table that begins with its header.
    init(_ header: [String], to path: String) throws(RecordsError) {
        file = try PlainFile.Writer(path)
        try add(header)
    }

    mutating func add(_ cells: [String]) throws(RecordsError) {
        Self.append(cells, to: &buffer)
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= 1 << 16 {
            try file.write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
    }

    /// Writes what is left; what follows an error here is not in the file.
    func close() throws(RecordsError) {
        try file.write(buffer)
        try file.close()
    }

    /// A row, without its end.
    public static func line(_ cells: [String]) -> String {
        var bytes = [UInt8]()
        append(cells, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ cells: [String], to buffer: inout [UInt8]) {
        for (position, cell) in cells.enumerated() {
            if position > 0 { buffer.append(UInt8(ascii: ",")) }
            append(cell, to: &buffer)
        }
    }

    private static func append(_ cell: String, to buffer: inout [UInt8]) {
        let isPlain = !cell.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        if isPlain {
            buffer.append(contentsOf: cell.utf8)
            return
        }
        buffer.append(UInt8(ascii: "\""))
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { buffer.append(byte) }
            buffer.append(byte)
        }
        buffer.append(UInt8(ascii: "\""))
    }
}
