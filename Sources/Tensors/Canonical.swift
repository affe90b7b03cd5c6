// Canonical bytes: deterministic CBOR (RFC 8949, section 4.2.1), restricted to what identities are made of. One value has
// one encoding: shortest integers, floats always as float64 with one NaN and no negative zero, definite lengths, map keys
// in the order of their encoded bytes.

/// A value that has canonical bytes. Also the form that parameters take between a spec and a stage type.
public indirect enum Canonical: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case float(Double)
    case text(String)
    case bytes([UInt8])
    case array([Canonical])
    case map([String: Canonical])

    public static func digest(_ digest: Digest) -> Canonical { .bytes(digest.bytes) }

    public func encoded() -> [UInt8] {
        var output = [UInt8]()
        output.reserveCapacity(256)
        encode(into: &output)
        return output
    }

    public func encode(into output: inout [UInt8]) {
        switch self {
        case .null: output.append(0xF6)
        case .bool(let value): output.append(value ? 0xF5 : 0xF4)
        case .int(let value):
            if value >= 0 {
                Self.head(0, UInt64(value), &output)
            } else {
                Self.head(1, UInt64(bitPattern: Int64(-1 - value)), &output)
            }
        case .float(let value):
            let bits: UInt64 = value.isNaN ? 0x7FF8_0000_0000_0000 : value == 0 ? 0 : value.bitPattern
            output.append(0xFB)
            Self.append(bits, &output)
        case .text(let value): Self.text(value, &output)
        case .bytes(let value):
            Self.head(2, UInt64(value.count), &output)
            output.append(contentsOf: value)
        case .array(let values):
            Self.head(4, UInt64(values.count), &output)
            for value in values { value.encode(into: &output) }
        case .map(let entries):
            Self.head(5, UInt64(entries.count), &output)
            if entries.count == 1, let (key, value) = entries.first {
                Self.text(key, &output)
                return value.encode(into: &output)
            }
            // Encoded text sorts by length first, as its length leads it.
            // Positions are sorted in place of entries: an entry found by its position is not hashed again.
            var order = Array(entries.indices)
            order.sort { Self.keyPrecedes(entries[$0].key, entries[$1].key) }
            for position in order {
                Self.text(entries[position].key, &output)
                entries[position].value.encode(into: &output)
            }
        }
    }

    private static func keyPrecedes(_ a: String, _ b: String) -> Bool {
        let (m, n) = (a.utf8.count, b.utf8.count)
        return m == n ? precedes(a, b) : m < n
    }

    static func text(_ value: String, _ output: inout [UInt8]) {
        head(3, UInt64(value.utf8.count), &output)
        output.append(contentsOf: value.utf8)
    }

    static func head(_ major: UInt8, _ argument: UInt64, _ output: inout [UInt8]) {
        let top = major << 5
        switch argument {
        case 0..<24: output.append(top | UInt8(argument))
        case 24...0xFF:
            output.append(top | 24)
            append(UInt8(argument), &output)
        case 0x100...0xFFFF:
            output.append(top | 25)
            append(UInt16(argument), &output)
        case 0x1_0000...0xFFFF_FFFF:
            output.append(top | 26)
            append(UInt32(argument), &output)
        default:
            output.append(top | 27)
            append(argument, &output)
        }
    }

    private static func append(_ value: some FixedWidthInteger, _ output: inout [UInt8]) {
        withUnsafeBytes(of: value.bigEndian) { output.append(contentsOf: $0) }
    }
}

extension Canonical {
    /// The value whose canonical bytes these are; nil when they are not the canonical bytes of anything, however close.
    public init?(encoded: [UInt8]) {
        var reader = CanonicalReader(bytes: encoded)
        guard let value = reader.value(depth: 0), reader.position == encoded.count else { return nil }
        self = value
    }

    public subscript(_ key: String) -> Canonical? {
        if case .map(let entries) = self { entries[key] } else { nil }
    }

    public var intValue: Int? { if case .int(let value) = self { value } else { nil } }
    public var textValue: String? { if case .text(let value) = self { value } else { nil } }
    public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var bytesValue: [UInt8]? { if case .bytes(let value) = self { value } else { nil } }
    public var arrayValue: [Canonical]? { if case .array(let values) = self { values } else { nil } }
    public var mapValue: [String: Canonical]? { if case .map(let entries) = self { entries } else { nil } }
    public var digestValue: Digest? { bytesValue.flatMap { Digest(bytes: $0) } }

    /// A number as a float; an int counts as one.
    public var floatValue: Double? {
        switch self {
        case .float(let value): value
        case .int(let value): Double(value)
        default: nil
        }
    }
}

/// Reads canonical bytes, and nothing but canonical bytes.
private struct CanonicalReader {
    let bytes: [UInt8]
    var position = 0

    /// Deeper nesting than any record of ours has; the bound keeps damaged bytes from exhausting the stack.
    static let deepest = 64

    mutating func value(depth: Int) -> Canonical? {
        guard depth < Self.deepest, position < bytes.count else { return nil }
        let initial = bytes[position]
        switch initial {
        case 0xF6:
            position += 1
            return .null
        case 0xF5:
            position += 1
            return .bool(true)
        case 0xF4:
            position += 1
            return .bool(false)
        case 0xFB:
            guard position + 9 <= bytes.count else { return nil }
            var bits: UInt64 = 0
            for index in 1...8 { bits = bits << 8 | UInt64(bytes[position + index]) }
            let value = Double(bitPattern: bits)
            if value.isNaN && bits != 0x7FF8_0000_0000_0000 || value == 0 && bits != 0 { return nil }
            position += 9
            return .float(value)
        default: break
        }
        guard let argument = argument() else { return nil }
        switch initial >> 5 {
        case 0: return Int(exactly: argument).map { .int($0) }
        case 1: return Int(exactly: argument).map { .int(-1 - $0) }
        case 2: return take(argument).map { .bytes(Array($0)) }
        case 3: return take(argument).flatMap { String(validating: $0, as: UTF8.self) }.map { .text($0) }
        case 4:
            guard argument <= UInt64(bytes.count - position) else { return nil }
            var values = [Canonical]()
            for _ in 0..<argument {
                guard let value = value(depth: depth + 1) else { return nil }
                values.append(value)
            }
            return .array(values)
        case 5:
            guard argument <= UInt64(bytes.count - position) else { return nil }
            var entries = [String: Canonical]()
            var last: ArraySlice<UInt8>?
            for _ in 0..<argument {
                let start = position
                guard case .text(let key)? = value(depth: depth + 1) else { return nil }
                let encodedKey = bytes[start..<position]
                if let last, !last.lexicographicallyPrecedes(encodedKey) { return nil }
                last = encodedKey
                guard let value = value(depth: depth + 1) else { return nil }
                // Texts that Unicode holds to be equal are one key to a dictionary, and two here: no record has them.
                guard entries.updateValue(value, forKey: key) == nil else { return nil }
            }
            return .map(entries)
        default: return nil
        }
    }

    private mutating func argument() -> UInt64? {
        let low = bytes[position] & 31
        position += 1
        if low < 24 { return UInt64(low) }
        let (length, least): (Int, UInt64)
        switch low {
        case 24: (length, least) = (1, 24)
        case 25: (length, least) = (2, 0x100)
        case 26: (length, least) = (4, 0x1_0000)
        case 27: (length, least) = (8, 0x1_0000_0000)
        default: return nil
        }
        guard position + length <= bytes.count else { return nil }
        var result: UInt64 = 0
        for _ in 0..<length {
            result = result << 8 | UInt64(bytes[position])
            position += 1
        }
        return result >= least ? result : nil
    }

    private mutating func take(_ length: UInt64) -> ArraySlice<UInt8>? {
        guard length <= UInt64(bytes.count - position) else { return nil }
        defer { position += Int(length) }
        return bytes[position..<position + Int(length)]
    }
}
