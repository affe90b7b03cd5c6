// The cells of a table as row stages and splits compare and name them. `id` stands for a row's own name wherever a column may
// stand.

internal import Stages
internal import Tensors

/// The word for a row's own name.
let idWord = "id"

extension ParameterKind {
    /// A value of a column, or a list of them.
    static let cells: ParameterKind = {
        // Text before numbers, which would take "1/3" for one.
        let scalars: [ParameterKind] = [.bool, .int(.any), .text, .float(.any)]
        return .either(scalars + [.list(.either(scalars))])
    }()
}

/// The values that a parameter lists.
func cells(_ value: Canonical, at path: [String]) throws(Problem) -> Set<Scalar> {
    let values = Set((value.arrayValue ?? [value]).compactMap { Scalar($0)?.comparable })
    if values.isEmpty { throw Problem("expected at least one value, got an empty list", at: path) }
    return values
}

extension RowTable {
    /// A value a row, equal where they stand for the same; missing where there is none.
    func cells(_ column: String) throws(Failure) -> [Scalar] {
        if column == idWord { return ids.map { .string($0) } }
        guard let values = columns[column] else { throw Failure("\(name) has no column \(column)") }
        return values.map(\.comparable)
    }
}

extension Scalar {
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
