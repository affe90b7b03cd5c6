// Numbers with a unit, as limits are written: `30s`, `500MB`. A bare number says nothing of its unit, so it is an error.

public import Stages
internal import Tensors

/// A kind of quantity, its units and its bounds.
struct Quantity {
    /// "a time", for messages.
    let noun: String
    let example: String
    /// In the base unit, from the smallest.
    let units: [(name: String, size: Double)]
    let most: Double
    let mostText: String

    static let time = Quantity(
        noun: "a time", example: "30s", units: [("ms", 0.001), ("s", 1), ("min", 60), ("h", 3600)],
        most: 3.6e9, mostText: "1000000h")

    static let memory = Quantity(
        noun: "a size", example: "500MB",
        units: [
            ("kB", 1e3), ("KiB", 1024), ("MB", 1e6), ("MiB", 1_048_576), ("GB", 1e9), ("GiB", 1_073_741_824),
        ],
        most: 1e15, mostText: "1000000GB")

    /// What is wrong with a text.
    struct Misreading: Error {
        let expected: String
        var advice: String?
    }

    /// The amount in the base unit, above 0.
    func read(_ value: Located) throws(Misreading) -> Double {
        let names = units.map(\.name)
        let listed = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        let general = "\(noun) such as \(example), in \(listed)"
        guard case .scalar(_, let written) = value.node, !value.isNull else { throw Misreading(expected: general) }
        let digits = written.prefix { "+-.".contains($0) || ($0.isASCII && $0.isNumber) }
        let unit = written.dropFirst(digits.count).drop { $0 == " " }
        guard let number = Double(digits), digits.last != "." else { throw Misreading(expected: general) }
        guard number > 0 else { throw Misreading(expected: "\(noun) above 0, such as \(example)") }
        if unit.isEmpty {
            throw Misreading(
                expected: "\(noun) with a unit, such as \(example)",
                advice: "write one of " + names.map { digits + $0 }.joined(separator: ", "))
        }
        guard let size = units.first(where: { $0.name == unit })?.size else {
            let meant = names.first { $0.lowercased() == unit.lowercased() }
            throw Misreading(expected: general, advice: meant.map { "did you mean \(digits)\($0)?" })
        }
        let amount = number * size
        guard amount <= most else { throw Misreading(expected: "\(noun) of at most \(mostText)") }
        return amount
    }
}

extension SpecReader {
    /// A size as specs write it, `500MB`, in bytes.
    public static func bytes(_ text: String) throws(Problem) -> Int {
        let start = SourcePosition(line: 1, column: 1)
        let value = Located(.text(text), at: SourceRange(file: "", start: start, end: start))
        do throws(Quantity.Misreading) { return Int(try Quantity.memory.read(value).rounded(.up)) } catch {
            throw Problem("expected \(error.expected), got \(text)", advice: error.advice)
        }
    }
}
