// What a plain scalar means: the core schema of YAML 1.2 (section 10.3.2). `no`, `on`, `1_000` and dates are text.

internal import Tensors

/// The typing of plain scalars.
enum CoreSchema {
    /// The value of a plain scalar; nil for an int that does not fit 64 bits.
    static func value(of plain: String) -> Canonical? {
        switch plain {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        case ".nan", ".NaN", ".NAN": return .float(.nan)
        default: break
        }
        let bytes = Array(plain.utf8)
        if let (digits, radix) = integer(bytes) { return Int(digits, radix: radix).map { .int($0) } }
        let isNegative = bytes.first == UInt8(ascii: "-")
        let unsigned = isNegative || bytes.first == UInt8(ascii: "+") ? plain.dropFirst() : plain[...]
        if [".inf", ".Inf", ".INF"].contains(unsigned) { return .float(isNegative ? -.infinity : .infinity) }
        if isFloat(Array(unsigned.utf8)), let value = number(plain) { return .float(value) }
        return .text(plain)
    }

    /// Whether the plain scalar would be read as this very text.
    static func isText(_ plain: String) -> Bool { value(of: plain) == .text(plain) }

    /// The digits of an int, and their base.
    private static func integer(_ bytes: [UInt8]) -> (String, Int)? {
        func digits(_ slice: ArraySlice<UInt8>, _ isDigit: (UInt8) -> Bool) -> String? {
            slice.isEmpty || !slice.allSatisfy(isDigit) ? nil : String(decoding: slice, as: UTF8.self)
        }
        if bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "o")]) {
            return digits(bytes.dropFirst(2)) { (0x30...0x37).contains($0) }.map { ($0, 8) }
        }
        if bytes.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
            return digits(bytes.dropFirst(2)) { isDecimal($0) || (0x41...0x46).contains($0 & 0xDF) }.map { ($0, 16) }
        }
        let isSigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        guard digits(bytes.dropFirst(isSigned ? 1 : 0), isDecimal) != nil else { return nil }
        return (String(decoding: bytes, as: UTF8.self), 10)
    }

    private static func isDecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
    private static func isFloat(_ bytes: [UInt8]) -> Bool {
        var position = 0
        func digits() -> Int {
            let start = position
            while position < bytes.count, isDecimal(bytes[position]) { position += 1 }
            return position - start
        }
        let whole = digits()
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            if digits() == 0 && whole == 0 { return false }
        } else if whole == 0 {
            return false
        }
        if position < bytes.count, bytes[position] & 0xDF == UInt8(ascii: "E") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "-") || bytes[position] == UInt8(ascii: "+") {
                position += 1
            }
            if digits() == 0 { return false }
        }
        return position == bytes.count
    }

    private static func number(_ text: String) -> Double? {
        // Swift reads neither a bare leading nor a bare trailing dot in every version: give it digits on both sides.
        var full = ""
        var last: Character = " "
        for character in text {
            if character == ".", !last.isNumber { full += "0" }
            if last == ".", !character.isNumber { full += "0" }
            full.append(character)
            last = character
        }
        if last == "." { full += "0" }
        return Double(full)
    }
}
