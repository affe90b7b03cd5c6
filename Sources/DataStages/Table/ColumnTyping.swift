// From text to typed columns: a column has one type, the narrowest that all of its cells have.

internal import Stages
internal import Tensors

/// Cells as scalars of one type: ints if all are, or floats, or `true` and `false`; text otherwise. Empty cells and nil
/// are missing in every type.
func typed(_ cells: [String?]) -> [Scalar] {
    let given = cells.compactMap { $0 }.filter { !$0.isEmpty }
    func all(_ scalar: (String) -> Scalar?) -> [Scalar]? {
        guard given.allSatisfy({ scalar($0) != nil }) else { return nil }
        return cells.map { cell in cell.flatMap { $0.isEmpty ? nil : scalar($0) } ?? .missing }
    }
    return all(int) ?? all(float) ?? all(bool) ?? all { .string($0) } ?? []
}

/// As `typed`, for text cut out of paths: ints if all are, text otherwise.
func typedCaptures(_ captures: [String?]) -> [Scalar] {
    let given = captures.compactMap { $0 }
    let isInt = given.allSatisfy { int($0) != nil }
    return captures.map { capture in capture.flatMap { isInt ? int($0) : .string($0) } ?? .missing }
}

/// A finite number as a person or a program writes it; no spaces, no `nan`, no hexadecimal.
func number(_ text: String) -> Double? {
    let allowed = text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
    guard allowed, let value = Double(text), value.isFinite else { return nil }
    return value
}

private func int(_ text: String) -> Scalar? { Int(text).map { .int($0) } }
private func float(_ text: String) -> Scalar? { number(text).map { .float($0) } }

private func bool(_ text: String) -> Scalar? {
    switch text {
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: nil
    }
}
