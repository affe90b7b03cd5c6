// Spec errors for programs.

internal import Engine
internal import Spec
internal import Tensors

enum SpecErrorJSON {
    static func text(_ errors: SpecErrors) -> String {
        Canonical.array(
            errors.errors.map { error in
                var entry: [String: Canonical] = [
                    "address": .text(error.address), "message": .text(error.message),
                    "advice": error.advice.map { .text($0) } ?? .null,
                ]
                if let range = error.range {
                    entry["file"] = .text(range.file)
                    entry["line"] = .int(range.start.line)
                    entry["column"] = .int(range.start.column)
                    entry["end_line"] = .int(range.end.line)
                    entry["end_column"] = .int(range.end.column)
                }
                return .map(entry)
            }
        ).json()
    }
}
