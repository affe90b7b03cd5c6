// The stages of an experiment at its first point as a drawing: text for Graphviz or for Mermaid.

internal import Spec
internal import Stages

/// What is drawn.
struct StageGraph {
    enum Format: String, CaseIterable {
        case dot, mermaid
    }

    private struct Node {
        let name: String
        /// Name, type, and what is special about it.
        let lines: [String]
        let kind: Kind
        let isCheap: Bool
    }

    private struct Edge {
        let from: String
        let to: String
        /// The port, where the type has several.
        let port: String?
    }

    private let name: String
    private let caption: [String]
    private let nodes: [Node]
    private let edges: [Edge]

    init(_ experiment: Experiment) throws {
        var iterator = experiment.points.makeIterator()
        guard let point = iterator.next() else { throw UsageError(message: "the sweep has no point to draw") }
        let resolved = try experiment.resolve(point)
        let swept = experiment.sweptAddresses
        name = experiment.name
        caption = [
            swept.isEmpty ? experiment.name : experiment.name + ", first point",
            resolved.split.map { $0.type.declaration.name },
        ].compactMap(\.self)
        nodes = resolved.stages.map { use in
            Node(
                name: use.name,
                lines: [use.name, use.type.declaration.name] + Self.notes(on: use, swept: swept),
                kind: use.stage.kind, isCheap: use.type.declaration.isCheap)
        }
        edges = resolved.stages.flatMap { use in
            use.inputs.map { input in
                Edge(
                    from: input.stage, to: use.name,
                    port: use.type.declaration.inputs.count > 1 ? input.port : nil)
            }
        }
    }

    func text(as format: Format) -> String {
        switch format {
        case .dot: dot
        case .mermaid: mermaid
        }
    }

    private static func notes(on use: StageUse, swept: [String]) -> [String] {
        var notes = [String]()
        // The address has the names of cases, and the name has not.
        var rest = use.name.prefix { $0 != "[" }.split(separator: ".")[...]
        let cases = use.address.split(separator: ".").filter { word in
            if rest.first == word {
                rest = rest.dropFirst()
                return false
            }
            return true
        }
        if !cases.isEmpty { notes.append("case " + cases.joined(separator: ", ")) }
        if use.isForTraining { notes.append("training rows only") }
        let mine = swept.compactMap { address -> String? in
            if address.hasPrefix(use.address + ".") { return String(address.dropFirst(use.address.count + 1)) }
            return !cases.isEmpty && use.address.hasPrefix(address + ".") ? "case" : nil
        }
        if !mine.isEmpty { notes.append("swept: " + mine.joined(separator: ", ")) }
        return notes
    }

    // MARK: Graphviz

    private var dot: String {
        var lines = [
            "// source: cylinder; map: box; rows: parallelogram; gather: trapezium; fitted: hexagon; report: note; composite:",
            "// box with tabs; dashed: cheap, made again rather than stored",
            "digraph \(Self.quoted(name)) {",
            "  label=\(Self.quoted(caption)); labelloc=t;",
            "  node [shape=box];",
        ]
        for node in nodes {
            let style = node.isCheap ? ", style=dashed" : ""
            lines.append(
                "  \(Self.quoted(node.name)) [label=\(Self.quoted(node.lines)), shape=\(Self.shape(of: node.kind))\(style)];"
            )
        }
        for edge in edges {
            let label = edge.port.map { " [label=\(Self.quoted($0))]" } ?? ""
            lines.append("  \(Self.quoted(edge.from)) -> \(Self.quoted(edge.to))\(label);")
        }
        return (lines + ["}"]).joined(separator: "\n")
    }

    private static func shape(of kind: Kind) -> String {
        switch kind {
        case .source: "cylinder"
        case .map: "box"
        case .rows: "parallelogram"
        case .gather: "trapezium"
        case .fitted: "hexagon"
        case .report: "note"
        case .composite: "component"
        }
    }

    private static func quoted(_ lines: [String]) -> String {
        "\"" + lines.map(escaped).joined(separator: "\\n") + "\""
    }
    private static func quoted(_ text: String) -> String { quoted([text]) }
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    // MARK: Mermaid

    private var mermaid: String {
        var lines = ["---", "title: \"\(caption.joined(separator: ", "))\"", "---", "flowchart TB"]
        var ids = [String: String]()
        for (index, node) in nodes.enumerated() {
            let id = "n\(index + 1)"
            ids[node.name] = id
            let (open, close) = Self.brackets(of: node.kind)
            let style = node.isCheap ? ":::cheap" : ""
            lines.append("  \(id)\(open)\"\(node.lines.map(Self.entities).joined(separator: "<br>"))\"\(close)\(style)")
        }
        for edge in edges {
            guard let from = ids[edge.from], let to = ids[edge.to] else { continue }
            lines.append("  \(from) -->" + (edge.port.map { "|\($0)|" } ?? "") + " \(to)")
        }
        if nodes.contains(where: \.isCheap) { lines.append("  classDef cheap stroke-dasharray: 4 3") }
        return lines.joined(separator: "\n")
    }

    private static func brackets(of kind: Kind) -> (String, String) {
        switch kind {
        case .source: ("[(", ")]")
        case .map: ("[", "]")
        case .rows: ("[/", "/]")
        case .gather: ("[/", "\\]")
        case .fitted: ("{{", "}}")
        case .report: (">", "]")
        case .composite: ("[[", "]]")
        }
    }

    private static func entities(_ text: String) -> String {
        text.replacing("#", with: "#35;").replacing("\"", with: "#quot;").replacing("<", with: "#lt;")
    }
}
