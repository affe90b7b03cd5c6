// The lock of a run: what it was made of and what came out, node by node, such that another run can be held against it.
// Its numbers say nothing of times, hosts or paths of a machine.

internal import Stages
public import Tensors

public struct RunLock: Sendable, Hashable {
    /// A node, in the order of the plan.
    public struct Node: Sendable, Hashable {
        public let stage: String
        public let type: String
        public let revision: Int
        public let kind: String
        /// The fold that it depends on: repeat, outer fold, inner folds.
        public let fold: String
        /// Of a source, what it listed.
        public let recipe: Digest?
        /// Over its rows; nil where rows failed, and of what is transient.
        public let output: Digest?
        public let profile: [String: String]
        /// The nodes that it takes.
        public let inputs: [Int]
        /// Some of its numbers, to hold others against that differ in their last bits.
        public var sketch: [Double] = []
        /// By how much they may differ; not written, as what holds is what the type says today.
        public var tolerance: Double?
    }

    public let experiment: String
    public var nodes: [Node]
    /// As in sources.csv: id, path, size, digest.
    public var sources: [[String]] = []
    /// As in metrics.csv: point, repeat, fold, role, stage, metric, class, step, value; but for curves, which the digest of
    /// what was fitted stands for.
    public var metrics: [[String]] = []
    /// What the run was told beside its spec.
    public var told: [String: Canonical] = [:]

    /// - Parameter isFull: with sources, metrics and sketches, such that the lock can stand alone.
    init(_ run: Run, experiment: String, isFull: Bool) throws {
        self.experiment = experiment
        var recipes = [Digest?]()
        nodes = []
        var dependsOnArithmetic = [Bool]()
        for (index, node) in run.plan.nodes.enumerated() {
            var (root, failure) = run.tables[index].withLock { ($0.root, $0.failure) }
            if root == nil, failure == nil { root = try run.rootOfSoundRows(index) }
            // A transient value is never kept, so that it has no digest to compare.
            let output = node.isTransient || failure != nil ? nil : root
            // Where a source looked is a matter of the machine; what it found stands in its place.
            if run.plan.sources[index] != nil {
                recipes.append(
                    Digest(
                        of: .array([
                            output.map { .digest($0) } ?? .null, .digest(run.plan.rowSets[node.rows].digest),
                        ])))
            } else {
                var parts = node.parts.mapValue ?? [:]
                parts["inputs"] = .array(node.inputs.map { recipes[$0].map { .digest($0) } ?? .null })
                recipes.append(Digest(of: .map(parts)))
            }
            dependsOnArithmetic.append(
                !node.profile.isEmpty || node.inputs.contains { dependsOnArithmetic[$0] })
            nodes.append(
                Node(
                    stage: node.name, type: node.declaration.name, revision: node.declaration.revision,
                    kind: node.kindWord,
                    fold: node.fold.map { index in
                        let path = run.plan.folds[index].path
                        return "\(path.repetition).\(path.number)"
                    } ?? "", recipe: recipes[index], output: output, profile: node.profile, inputs: node.inputs,
                    sketch: isFull && output != nil && dependsOnArithmetic[index] ? try run.sketch(index) : [],
                    tolerance: node.declaration.tolerance))
        }
        guard isFull else { return }
        try run.eachSource { sources.append($0) }
        try run.eachMetric(run.trialResults) { if !Self.isOfCurve($0) { metrics.append($0) } }
    }

    /// Whether a row of metrics.csv has a step.
    public static func isOfCurve(_ row: [String]) -> Bool { row.count > 7 && !row[7].isEmpty }

    // MARK: As JSON

    /// Writes what `canonical.json()` is, piece by piece: a lock can have many nodes.
    public func writeJSON(to path: String) throws(RecordsError) {
        let file = try PlainFile.Writer(path)
        var text = "{\n  \"experiment\": " + Canonical.text(experiment).json() + ",\n  \"martlet\": 1"
        func list(_ name: String, _ count: Int, _ element: (Int) -> Canonical) throws(RecordsError) {
            text += ",\n  \"\(name)\": " + (count == 0 ? "[]" : "[\n")
            for index in 0..<count {
                text += "    " + element(index).json(indent: 4) + (index < count - 1 ? ",\n" : "\n  ]")
                if text.utf8.count > 1 << 16 {
                    try file.write(Array(text.utf8))
                    text = ""
                }
            }
        }
        func row(_ cells: [String]) -> Canonical { .array(cells.map { .text($0) }) }
        if !metrics.isEmpty { try list("metrics", metrics.count) { row(metrics[$0]) } }
        try list("nodes", nodes.count) { Self.encode(nodes[$0]) }
        if !sources.isEmpty { try list("sources", sources.count) { row(sources[$0]) } }
        if !told.isEmpty { text += ",\n  \"told\": " + Canonical.map(told).json(indent: 2) }
        try file.write(Array((text + "\n}\n").utf8))
        try file.close()
    }

    public var canonical: Canonical {
        var map: [String: Canonical] = [
            "martlet": .int(1), "experiment": .text(experiment), "nodes": .array(nodes.map(Self.encode)),
        ]
        func rows(_ cells: [[String]]) -> Canonical { .array(cells.map { .array($0.map { .text($0) }) }) }
        if !sources.isEmpty { map["sources"] = rows(sources) }
        if !metrics.isEmpty { map["metrics"] = rows(metrics) }
        if !told.isEmpty { map["told"] = .map(told) }
        return .map(map)
    }

    private static func encode(_ node: Node) -> Canonical {
        var map: [String: Canonical] = [
            "stage": .text(node.stage), "type": .text(node.type), "revision": .int(node.revision),
            "kind": .text(node.kind), "recipe": node.recipe.map { .digest($0) } ?? .null,
            "output": node.output.map { .digest($0) } ?? .null,
            "profile": .map(node.profile.mapValues { .text($0) }),
            "inputs": .array(node.inputs.map { .int($0) }),
        ]
        if !node.fold.isEmpty { map["fold"] = .text(node.fold) }
        if !node.sketch.isEmpty { map["sketch"] = .array(node.sketch.map { .float($0) }) }
        return .map(map)
    }

    /// A lock that was written as JSON; nil where that is none.
    public init?(_ written: Canonical) {
        guard written["martlet"]?.intValue == 1, let experiment = written["experiment"]?.textValue,
            let nodes = written["nodes"]?.arrayValue
        else { return nil }
        self.experiment = experiment
        self.nodes = nodes.compactMap(Self.decode)
        if self.nodes.count < nodes.count { return nil }
        func rows(_ name: String) -> [[String]] {
            (written[name]?.arrayValue ?? []).map { ($0.arrayValue ?? []).compactMap(\.textValue) }
        }
        (sources, metrics, told) = (rows("sources"), rows("metrics"), written["told"]?.mapValue ?? [:])
    }

    private static func decode(_ written: Canonical) -> Node? {
        guard let stage = written["stage"]?.textValue, let type = written["type"]?.textValue,
            let revision = written["revision"]?.intValue, let kind = written["kind"]?.textValue
        else { return nil }
        // JSON has text for it.
        func digest(_ name: String) -> Digest? {
            written[name]?.digestValue ?? written[name]?.textValue.flatMap { Digest(hex: $0) }
        }
        for name in ["recipe", "output"] {
            if let value = written[name], value != .null, digest(name) == nil { return nil }
        }
        return Node(
            stage: stage, type: type, revision: revision, kind: kind, fold: written["fold"]?.textValue ?? "",
            recipe: digest("recipe"), output: digest("output"),
            profile: (written["profile"]?.mapValue ?? [:]).compactMapValues(\.textValue),
            inputs: (written["inputs"]?.arrayValue ?? []).compactMap(\.intValue),
            sketch: (written["sketch"]?.arrayValue ?? []).compactMap { $0.floatValue ?? $0.intValue.map(Double.init) })
    }
}

extension Run {
    /// The lock of this run.
    public func lock(_ experiment: String, isFull: Bool) throws -> RunLock {
        try RunLock(self, experiment: experiment, isFull: isFull)
    }

    /// Over the rows that have a value, where others failed.
    fileprivate func rootOfSoundRows(_ index: Int) throws -> Digest? {
        let node = plan.nodes[index]
        switch node.work {
        case .source, .map, .apply, .gather: break
        default: return nil
        }
        if node.isTransient { return nil }
        let digests = try digests(of: index)
        let known = plan.rows(of: node).filter { digests[$0] != nil }
        if known.isEmpty { return nil }
        return Digest(of: .array(known.map { .array([.int($0), digests[$0].map { .digest($0) } ?? .null]) }))
    }

    /// A few numbers of a node's output: of the first and the last row, or of each tensor of a state.
    fileprivate func sketch(_ index: Int) throws -> [Double] {
        let node = plan.nodes[index]
        switch node.work {
        case .fit, .summary:
            let state = try state(index)
            return state.tensors.sorted { precedes($0.key, $1.key) }.prefix(8).flatMap { Self.sketch($0.value) }
        case .map, .gather, .apply:
            let rows = plan.rows(of: node)
            guard let first = rows.first, let last = rows.last else { return [] }
            return try [first, last].flatMap { row in
                var memo = Memo()
                guard case .tensor(let tensor) = try value(index, row: row, memo: &memo) else { return [Double]() }
                return Self.sketch(tensor)
            }
        case .source, .rows, .outOfFold, .report, .pooled: return []
        }
    }

    /// The largest magnitude, and three elements.
    private static func sketch(_ tensor: Tensor) -> [Double] {
        guard let values = tensor.doubles(), !values.isEmpty else { return [] }
        let largest = values.reduce(0) { max($0, abs($1)) }
        return [largest] + [values.count / 4, values.count / 2, values.count - 1].map { values[$0] }
    }
}
