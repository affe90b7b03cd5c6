// JSON of canonical values: keys sorted by bytes, floats that read back to the same number, digests as hexadecimal text.

internal import Foundation
public import Tensors

extension Canonical {
    /// What JSON text says; nil where it is none. A number without a fraction is an int, whatever it was.
    public init?(json bytes: [UInt8]) {
        guard let written = try? JSONDecoder().decode(WrittenJSON.self, from: Data(bytes)).value else { return nil }
        self = written
    }

    /// As JSON text, indented by two spaces.
    public func json(indent: Int = 0) -> String {
        let (pad, inner) = (String(repeating: " ", count: indent), String(repeating: " ", count: indent + 2))
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .float(let value): return value.isFinite ? decimal(value) : "\"\(decimal(value))\""
        case .text(let value): return Self.quoted(value)
        case .bytes(let bytes): return "\"" + (Digest(bytes: bytes)?.hex ?? "\(bytes.count) bytes") + "\""
        case .array(let values):
            if values.isEmpty { return "[]" }
            if values.allSatisfy(\.isLeaf), values.count <= 16 {
                return "[" + values.map { $0.json() }.joined(separator: ", ") + "]"
            }
            return "[\n" + values.map { inner + $0.json(indent: indent + 2) }.joined(separator: ",\n") + "\n\(pad)]"
        case .map(let entries):
            if entries.isEmpty { return "{}" }
            let lines = entries.sorted { precedes($0.key, $1.key) }.map { key, value in
                inner + Self.quoted(key) + ": " + value.json(indent: indent + 2)
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(pad)}"
        }
    }

    private var isLeaf: Bool {
        switch self {
        case .array, .map: false
        default: true
        }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

/// JSON as canonical values.
private struct WrittenJSON: Decodable {
    let value: Canonical

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .null
        } else if let bool = try? container.decode(Bool.self) {
            value = .bool(bool)
        } else if let int = try? container.decode(Int.self) {
            value = .int(int)
        } else if let double = try? container.decode(Double.self) {
            value = .float(double)
        } else if let text = try? container.decode(String.self) {
            value = .text(text)
        } else if let array = try? container.decode([WrittenJSON].self) {
            value = .array(array.map(\.value))
        } else {
            value = .map(try container.decode([String: WrittenJSON].self).mapValues(\.value))
        }
    }
}
