// The cells of a table as row stages compare and name them. `id` stands for a row's own name wherever a column may
// stand.

internal import Stages
internal import Tensors

/// The word for a row's own name.
let idWord = "id"

extension RowTable {
    /// A value a row, equal where they stand for the same; missing where there is none.
    func cells(_ column: String) throws(Failure) -> [Scalar] {
        if column == idWord { return ids.map { .string($0) } }
        guard let values = columns[column] else { throw Failure("\(name) has no column \(column)") }
        return values.map(\.comparable)
    }
}

extension Scalar {
    /// One scalar for equal numbers, so that 3 is 3.0.
    var comparable: Scalar {
        guard case .float(let number) = self else { return self }
        return number.isNaN ? .missing : Int(exactly: number).map { .int($0) } ?? self
    }

    /// As a person would write it in a spec: text that looks like a number is in quotes.
    var phrase: String {
        switch self {
        case .missing: return "missing"
        case .string(let text):
            let isPlain = Double(text) == nil && text != "true" && text != "false" && !text.isEmpty
            return isPlain ? text : "\"" + text + "\""
        default: return description
        }
    }
}
