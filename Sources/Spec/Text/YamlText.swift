// Located values → YAML text: the spec as it was run, for the records. Plain scalars keep the characters that they were
// written with, so that what is read back is the same experiment with the same texts in its results.

internal import Tensors

/// Writes YAML that reads back to the same values.
enum YamlText {
    static func write(_ value: Located) -> String {
        var text = ""
        block(value, indent: 0, into: &text)
        return text
    }

    /// On one line, for labels: `[100, 50]`.
    static func flow(_ value: Located) -> String {
        switch value.node {
        case .scalar(let canonical, let written): return scalar(canonical, written)
        case .sequence(let elements): return "[" + elements.map(flow).joined(separator: ", ") + "]"
        case .mapping(let entries):
            return "{" + entries.map { quoted($0.key) + ": " + flow($0.value) }.joined(separator: ", ") + "}"
        }
    }

    /// The value behind `key:` or `-`, or at the start of the text.
    private static func block(_ value: Located, indent: Int, into text: inout String) {
        let margin = String(repeating: "  ", count: indent)
        switch value.node {
        case .mapping(let entries) where !entries.isEmpty:
            for entry in entries {
                text += margin + quoted(entry.key) + ":"
                nested(entry.value, indent: indent + 1, into: &text)
            }
        case .sequence(let elements) where elements.contains { !$0.isScalar }:
            for element in elements {
                text += margin + "-"
                nested(element, indent: indent + 1, into: &text)
            }
        default: text += margin + flow(value) + "\n"
        }
    }

    private static func nested(_ value: Located, indent: Int, into text: inout String) {
        let isBlock =
            switch value.node {
            case .mapping(let entries): !entries.isEmpty
            case .sequence(let elements): elements.contains { !$0.isScalar }
            case .scalar: false
            }
        if isBlock {
            text += "\n"
            block(value, indent: indent, into: &text)
        } else {
            text += " " + flow(value) + "\n"
        }
    }

    private static func scalar(_ value: Canonical, _ written: String) -> String {
        switch value {
        case .text(let text): quoted(text)
        case .null: "null"
        default: written
        }
    }

    /// Text, plain where that is safe in every position.
    static func quoted(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let isPlain =
            !bytes.isEmpty && CoreSchema.isText(text) && text != "<<"
            && bytes.allSatisfy { isWord($0) || "./-".utf8.contains($0) } && bytes.first != UInt8(ascii: "-")
        if isPlain { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                let isUnsafe =
                    scalar.properties.generalCategory == .control || scalar == "\u{2028}" || scalar == "\u{2029}"
                    || scalar == "\u{FEFF}" || scalar.properties.isNoncharacterCodePoint
                if isUnsafe {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
    }
}
