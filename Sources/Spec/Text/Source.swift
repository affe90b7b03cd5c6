// Where something is written: a text, and a range in it. Lines and columns count from 1, columns in Unicode scalars, as
// editors show them and as libyaml counts.

/// A place in a text.
public struct SourcePosition: Sendable, Hashable, Comparable, Codable {
    public let line: Int
    public let column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A stretch of a text; the end is the first position that does not belong to it.
public struct SourceRange: Sendable, Hashable, Codable {
    /// The file as the command line named it, or `--set` and `--sweep` for what was given there.
    public let file: String
    public let start: SourcePosition
    public let end: SourcePosition

    public init(file: String, start: SourcePosition, end: SourcePosition) {
        self.file = file
        self.start = start
        self.end = end
    }
}

/// A text that ranges point into; kept so that messages can show the line.
public struct Source: Sendable {
    public let name: String
    let bytes: [UInt8]
    /// The line of a file that the first line of this text is; settings of a command line are lines of one file.
    let firstLine: Int

    init(name: String, bytes: [UInt8], firstLine: Int = 1) {
        self.name = name
        self.bytes = bytes
        self.firstLine = firstLine
    }

    /// A line without its break; nil behind the end. Breaks are those of YAML 1.1, by which libyaml counts.
    public func line(_ number: Int) -> String? {
        guard number >= firstLine else { return nil }
        var current = firstLine
        var line = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\n" && isAfterReturn {
                isAfterReturn = false
                continue
            }
            isAfterReturn = scalar == "\r"
            if Self.isBreak(scalar) {
                if current == number { return String(line) }
                current += 1
            } else if current == number {
                line.append(scalar)
            }
        }
        return current == number ? String(line) : nil
    }

    /// The position of a byte, for errors that are found before anything is read.
    func position(ofByte offset: Int) -> SourcePosition {
        var (line, column) = (firstLine, 1)
        var isAfterReturn = false
        for scalar in String(decoding: bytes.prefix(offset), as: UTF8.self).unicodeScalars {
            if scalar == "\n" && isAfterReturn {
                isAfterReturn = false
                continue
            }
            isAfterReturn = scalar == "\r"
            if Self.isBreak(scalar) { (line, column) = (line + 1, 1) } else { column += 1 }
        }
        return SourcePosition(line: line, column: column)
    }

    /// Behind the last character that is not white.
    var end: SourcePosition {
        let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        return position(ofByte: (bytes.lastIndex { !blanks.contains($0) } ?? -1) + 1)
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\n" || scalar == "\r" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
    }
}
