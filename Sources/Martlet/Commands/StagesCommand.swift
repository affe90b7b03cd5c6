// martlet stages

internal import ArgumentParser
internal import Engine
internal import Stages
internal import Tensors

struct StagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stages",
        abstract: "List the stage types, or describe one.",
        discussion: "Example: martlet stages audio.features")

    @Argument(help: "A stage type.", completion: .stageTypes)
    var type: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let catalogue = installed.withLock { $0 }
        if let type {
            guard let found = catalogue[type] else {
                throw UsageError(
                    message: "there is no stage type \(type)"
                        + (nearest(to: type, among: catalogue.names).map { "; did you mean \($0)?" }
                            ?? "; see martlet stages"))
            }
            print(json ? Self.canonical(found).json() : Self.text(found))
            return
        }
        if json {
            print(Canonical.array(catalogue.types.map(Self.canonical)).json())
            return
        }
        var table = TextTable(["type", "kind", "what it does"])
        for type in catalogue.types {
            table.add([type.declaration.name, type.declaration.kind.rawValue, type.declaration.summary])
        }
        print(table.text, terminator: "")
    }

    static func text(_ type: any StageType.Type) -> String {
        let declaration = type.declaration
        var lines = [
            "\(declaration.name) (\(declaration.kind.rawValue), revision \(declaration.revision)): \(declaration.summary)",
            "",
        ]
        if !declaration.documentation.isEmpty { lines += [wrapped(declaration.documentation), ""] }
        for port in declaration.inputs {
            lines.append("in   \(port.name)\(port.isList ? " (a list)" : ""): \(port.help)")
        }
        lines.append("out  \(declaration.output)")
        var traits = [String]()
        if declaration.draws { traits.append("draws random numbers") }
        if declaration.readsTarget { traits.append("reads the target") }
        if declaration.isTransient { traits.append("its values are not stored") }
        if declaration.isCheap { traits.append("cheap: made again rather than stored") }
        traits.append(
            declaration.arithmetic.isEmpty
                ? "portable: the same bits on every processor"
                : "arithmetic of " + declaration.arithmetic.map(\.rawValue).sorted(by: precedes).joined(separator: ", ")
        )
        lines.append("     " + traits.joined(separator: "; "))
        if let tolerance = declaration.tolerance {
            lines.append("     its numbers may differ by \(decimal(tolerance)) of the largest between two processors")
        }
        if !type.parameterDescriptions.isEmpty {
            lines.append("")
            var table = TextTable(["parameter", "type", "default", "meaning"])
            for parameter in type.parameterDescriptions { add(parameter, to: &table, indent: "") }
            lines.append(table.text)
        }
        return lines.joined(separator: "\n")
    }

    private static func add(_ parameter: ParameterDescription, to table: inout TextTable, indent: String) {
        let unit = parameter.unit.map { " (\($0))" } ?? ""
        table.add([
            indent + parameter.name, parameter.kind.word, parameter.defaultValue.map(short) ?? "required",
            parameter.help + unit,
        ])
        if case .parts(let parts) = parameter.kind {
            for part in parts {
                table.add([indent + "  " + part.name, "part", "", part.summary])
                for inner in part.parameters { add(inner, to: &table, indent: indent + "    ") }
            }
        }
    }

    private static func short(_ value: Canonical) -> String {
        switch value {
        case .text(let text): text
        case .array(let values): "[" + values.map(short).joined(separator: ", ") + "]"
        case .map(let entries):
            "{"
                + entries.sorted { precedes($0.key, $1.key) }.map { "\($0.key): \(short($0.value))" }.joined(
                    separator: ", ") + "}"
        default: value.json()
        }
    }

    private static func canonical(_ type: any StageType.Type) -> Canonical {
        let declaration = type.declaration
        return .map([
            "name": .text(declaration.name), "kind": .text(declaration.kind.rawValue),
            "revision": .int(declaration.revision),
            "summary": .text(declaration.summary), "documentation": .text(declaration.documentation),
            "draws": .bool(declaration.draws), "output": .text(declaration.output),
            "tolerance": declaration.tolerance.map { .float($0) } ?? .null,
            "arithmetic": .array(declaration.arithmetic.map(\.rawValue).sorted(by: precedes).map { .text($0) }),
            "inputs": .array(
                declaration.inputs.map {
                    .map(["name": .text($0.name), "list": .bool($0.isList), "help": .text($0.help)])
                }),
            "parameters": .array(
                type.parameterDescriptions.map {
                    .map([
                        "name": .text($0.name), "type": .text($0.kind.word), "default": $0.defaultValue ?? .null,
                        "required": .bool($0.defaultValue == nil), "unit": $0.unit.map { .text($0) } ?? .null,
                        "help": .text($0.help),
                    ])
                }),
        ])
    }

    /// Paragraphs broken at 100 columns.
    private static func wrapped(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
            var (lines, line) = ([String](), "")
            for word in paragraph.split(separator: " ") {
                if !line.isEmpty, line.count + word.count + 1 > 100 {
                    lines.append(line)
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            return (lines + [line]).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
