// What a process wrote to its standard output and error before it died: the end of it, in a form that fits one line of a
// message or a cell of a table, whatever the bytes were.

/// Keeps the end of what it is given.
struct LastWords {
    private static let kept = 16 << 10
    private static let lines = 5
    private static let longest = 400

    private var bytes = [UInt8]()

    mutating func append(_ new: some Collection<UInt8>) {
        bytes.append(contentsOf: new.suffix(Self.kept))
        if bytes.count > 2 * Self.kept { bytes.removeFirst(bytes.count - Self.kept) }
    }

    mutating func forget() { bytes.removeAll(keepingCapacity: true) }

    /// The last lines, separated by ` | `. Bytes that are no text, and what would steer a terminal, as `\xNN`.
    var text: String {
        var lines = bytes.suffix(Self.kept).split(separator: 0x0A)
        // Swift's runtime writes the stack after the message; its addresses say nothing and are never twice the same.
        if let trace = lines.firstIndex(where: { $0.elementsEqual("Current stack trace:".utf8) }), trace > 0 {
            lines.removeSubrange(trace...)
        }
        let text = lines.suffix(Self.lines).map { Self.printable($0) }.filter { !$0.isEmpty }.joined(separator: " | ")
        return text.count > Self.longest ? "… " + text.suffix(Self.longest) : text
    }

    private static func printable(_ line: ArraySlice<UInt8>) -> String {
        var text = ""
        var decoder = UTF8()
        var rest = line[...]
        while let first = rest.first {
            var iterator = rest.makeIterator()
            guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
                text += escaped(first)
                rest.removeFirst()
                decoder = UTF8()
                continue
            }
            let width = UTF8.width(scalar)
            switch scalar.properties.generalCategory {
            case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator:
                // A tab, and the carriage return of a progress bar, are spaces.
                text += scalar == "\t" || scalar == "\r" ? " " : rest.prefix(width).map(escaped).joined()
            default: text.unicodeScalars.append(scalar)
            }
            rest.removeFirst(width)
            decoder = UTF8()
        }
        let spaces = text.prefix(while: { $0 == " " }).count
        return String(text.dropFirst(spaces))
    }

    private static func escaped(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return "\\x" + (digits.count == 1 ? "0" : "") + digits
    }
}
