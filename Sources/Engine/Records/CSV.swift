// CSV as RFC 4180 has it, with `\n`, dot decimals and UTF-8.

internal import Tensors

/// A table of text, row by row.
struct CSV {
    private(set) var text: String

    init(_ header: [String]) {
        text = ""
        add(header)
    }

    mutating func add(_ cells: [String]) {
        text += cells.map(Self.quoted).joined(separator: ",")
        text += "\n"
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return cell }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }
}
