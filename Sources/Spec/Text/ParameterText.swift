// Parameters outside a spec: those of one stage, as `martlet apply --with` takes them.

public import Stages
public import Tensors

extension SpecReader {
    /// The parameters in a YAML map.
    public static func parameters(_ text: String, option: String) throws(Problem) -> [String: Canonical] {
        let value: Located
        do throws(SpecError) { value = try YamlReader.read(Source(name: option, bytes: Array(text.utf8))) } catch {
            let place = error.range.map { " (line \($0.start.line), column \($0.start.column))" } ?? ""
            throw Problem(error.message + place, advice: error.advice)
        }
        switch value.canonical {
        case .null: return [:]
        case .map(let entries): return entries
        case let other:
            throw Problem("expected a map of parameters, got \(other.phrase)", advice: "write {name: value, …}")
        }
    }
}
