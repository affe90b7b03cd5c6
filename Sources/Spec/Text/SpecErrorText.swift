// Spec errors as sentences with the line that they are about, for people; the JSON form is `SpecError` itself, which is
// `Codable`. A pure function to text, so that messages can be pinned whole.

/// The text of spec errors.
public enum SpecErrorText {
    /// Longer lines are cut to this many scalars around the place.
    private static let widest = 160

    /// All errors, with an empty line between two.
    public static func render(_ errors: SpecErrors) -> String {
        errors.errors.map { render($0, in: errors) }.joined(separator: "\n")
    }

    /// One error, or one warning; `errors` has the texts.
    public static func render(_ error: SpecError, in errors: SpecErrors, isWarning: Bool = false) -> String {
        var head = ""
        if let range = error.range { head += "\(range.file):\(range.start.line):\(range.start.column): " }
        if isWarning { head += "warning: " }
        if !error.address.isEmpty { head += error.address + ": " }
        var text = head + error.message + "\n"
        var margin = "     "
        if let range = error.range, let line = errors.line(range.start.line, of: range.file) {
            let number = String(range.start.line)
            margin = String(repeating: " ", count: max(5, number.count + 1))
            let (shown, carets) = excerpt(line, range)
            text += String(repeating: " ", count: margin.count - number.count) + number + " | " + shown + "\n"
            text += margin + " | " + carets + "\n"
        }
        if let advice = error.advice { text += margin + " = " + advice + "\n" }
        return text
    }

    /// The line, and carets below what the range covers of it.
    private static func excerpt(_ line: String, _ range: SourceRange) -> (line: String, carets: String) {
        var scalars = Array(line.unicodeScalars)
        var start = min(range.start.column - 1, scalars.count)
        var end = range.end.line == range.start.line ? min(range.end.column - 1, scalars.count) : scalars.count
        while end > start + 1, scalars[end - 1].properties.isWhitespace { end -= 1 }
        var (before, after) = ("", "")
        if scalars.count > widest {
            let first = max(0, min(start - widest / 4, scalars.count - widest))
            let last = min(scalars.count, first + widest)
            if first > 0 { before = "… " }
            if last < scalars.count { after = " …" }
            scalars = Array(scalars[first..<last])
            start -= first
            end = min(end - first, scalars.count)
        }
        var shown = String.UnicodeScalarView()
        var (offset, length) = (before.unicodeScalars.count, 0)
        for (index, scalar) in scalars.enumerated() {
            // A tab would move the carets, and a control character the terminal.
            let isPrintable = scalar.properties.generalCategory != .control
            shown.append(scalar == "\t" ? " " : isPrintable ? scalar : "\u{FFFD}")
            if index < start {
                offset += columns(of: scalar)
            } else if index < end {
                length += columns(of: scalar)
            }
        }
        return (
            before + String(shown) + after,
            String(repeating: " ", count: offset) + String(repeating: "^", count: max(1, length))
        )
    }

    /// The columns that a terminal gives a scalar: 0 for marks that combine, 2 for East Asian wide forms and pictures.
    private static func columns(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        case .format: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}

/// Names for a message: all of a few, the first of many.
func enumerated(_ names: [String]) -> String {
    names.count <= 16
        ? names.joined(separator: ", ") : names.prefix(15).joined(separator: ", ") + " and \(names.count - 15) more"
}

extension SpecErrors: CustomStringConvertible {
    public var description: String { SpecErrorText.render(self) }
}
