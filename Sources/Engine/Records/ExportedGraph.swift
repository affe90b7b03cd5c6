// What leads to the values of a run, written beside its states: with it a new file can be taken the same way
// (`martlet apply --state`). And the same read back.

internal import Stages
internal import Tensors

/// A stage of an experiment with one set of parameters, as it takes one item.
struct ExportedNode {
    let stage: String
    let type: String
    let revision: Int
    /// `source`, `map`, `apply`, `rows`, `gather`.
    let kind: String
    let parameters: Canonical
    /// Positions of nodes before it; those that have a value an item.
    let inputs: [Int]
    /// The names that label what comes out.
    let inputNames: [String]
    let columns: [String]
    /// Where the state of an apply lies, below the export's directory.
    let state: String?
    let stream: StreamName?
    /// Items that are not trained on pass as they are.
    let isForTraining: Bool

    var canonical: Canonical {
        var entries: [String: Canonical] = [
            "stage": .text(stage), "type": .text(type), "revision": .int(revision), "kind": .text(kind),
            "parameters": parameters, "inputs": .array(inputs.map { .int($0) }),
        ]
        if !inputNames.isEmpty { entries["input_names"] = .array(inputNames.map { .text($0) }) }
        if !columns.isEmpty { entries["columns"] = .array(columns.map { .text($0) }) }
        if let state { entries["state"] = .text(state) }
        if let stream { entries["stream"] = stream.canonical }
        if isForTraining { entries["only"] = .text("train") }
        return .map(entries)
    }

    init(
        stage: String, type: String, revision: Int, kind: String, parameters: Canonical, inputs: [Int] = [],
        inputNames: [String] = [], columns: [String] = [], state: String? = nil, stream: StreamName? = nil,
        isForTraining: Bool = false
    ) {
        (self.stage, self.type, self.revision, self.kind) = (stage, type, revision, kind)
        (self.parameters, self.inputs, self.inputNames) = (parameters, inputs, inputNames)
        (self.columns, self.state, self.stream, self.isForTraining) = (columns, state, stream, isForTraining)
    }

    init?(_ canonical: Canonical) {
        guard let stage = canonical["stage"]?.textValue, let type = canonical["type"]?.textValue,
            let revision = canonical["revision"]?.intValue, let kind = canonical["kind"]?.textValue,
            let parameters = canonical["parameters"], let inputs = canonical["inputs"]?.arrayValue
        else { return nil }
        func texts(_ name: String) -> [String] { canonical[name]?.arrayValue?.compactMap(\.textValue) ?? [] }
        self.init(
            stage: stage, type: type, revision: revision, kind: kind, parameters: parameters,
            inputs: inputs.compactMap(\.intValue), inputNames: texts("input_names"), columns: texts("columns"),
            state: canonical["state"]?.textValue, stream: canonical["stream"].flatMap { StreamName($0) },
            isForTraining: canonical["only"] != nil)
    }
}

/// Which node a stage is, at a point and in a fold.
public struct ExportedEnd: Sendable, Hashable {
    public let stage: String
    public let point: String
    /// Empty where it depends on no fold.
    public let repetition: String
    public let fold: String
    /// Whether a report is on it.
    public let isReported: Bool
    let node: Int

    var canonical: Canonical {
        .map([
            "stage": .text(stage), "point": .text(point), "repeat": .text(repetition), "fold": .text(fold),
            "reported": .bool(isReported), "node": .int(node),
        ])
    }

    init(stage: String, point: String, repetition: String, fold: String, isReported: Bool, node: Int) {
        (self.stage, self.point, self.repetition, self.fold) = (stage, point, repetition, fold)
        (self.isReported, self.node) = (isReported, node)
    }

    init?(_ canonical: Canonical) {
        guard let stage = canonical["stage"]?.textValue, let point = canonical["point"]?.textValue,
            let repetition = canonical["repeat"]?.textValue, let fold = canonical["fold"]?.textValue,
            let node = canonical["node"]?.intValue
        else { return nil }
        self.init(
            stage: stage, point: point, repetition: repetition, fold: fold,
            isReported: canonical["reported"] == .bool(true), node: node)
    }
}

/// The graph of an export.
struct ExportedGraph {
    var nodes: [ExportedNode] = []
    var ends: [ExportedEnd] = []

    static let format = 1

    var canonical: Canonical {
        .map([
            "martlet_export": .int(Self.format), "nodes": .array(nodes.map(\.canonical)),
            "ends": .array(ends.map(\.canonical)),
        ])
    }

    init() {}

    init?(_ canonical: Canonical) {
        guard canonical["martlet_export"]?.intValue == Self.format, let nodes = canonical["nodes"]?.arrayValue,
            let ends = canonical["ends"]?.arrayValue
        else { return nil }
        self.nodes = nodes.compactMap { ExportedNode($0) }
        self.ends = ends.compactMap { ExportedEnd($0) }
        guard self.nodes.count == nodes.count, self.ends.count == ends.count,
            self.nodes.enumerated().allSatisfy({ position, node in node.inputs.allSatisfy { 0..<position ~= $0 } }),
            self.ends.allSatisfy({ self.nodes.indices.contains($0.node) })
        else { return nil }
    }

    /// - Parameter states: where the state of each fit lies.
    init(_ run: Run, states: [Int: String]) {
        let plan = run.plan
        var reported = Set<Int>()
        for node in plan.nodes { if case .report = node.work { reported.formUnion(node.inputs) } }
        var wanted = [(end: ExportedEnd, node: Int)]()
        func add(_ stage: String, _ place: [String], _ index: Int) {
            switch plan.nodes[index].work {
            case .map, .apply:
                wanted.append(
                    (
                        ExportedEnd(
                            stage: stage, point: place[0], repetition: place[1], fold: place[2],
                            isReported: reported.contains(index), node: 0), index
                    ))
            default: break
            }
        }
        for (position, point) in plan.points.enumerated() {
            for (name, node) in point.nodes { add(name, [String(point.index), "", ""], node) }
            for (number, trial) in plan.trials.enumerated() where trial.point == position {
                for node in trial.nodes { add(plan.nodes[node].name, run.place(of: number), node) }
            }
        }
        var needed = Set(wanted.map(\.node))
        for index in plan.nodes.indices.reversed() where needed.contains(index) {
            needed.formUnion(plan.givers(of: index))
        }
        var positions = [Int: Int]()
        for index in needed.sorted() {
            let node = plan.nodes[index]
            let stage: (any StageType)? =
                switch node.work {
                case .source(let stage): stage
                case .map(let stage): stage
                case .gather(let stage): stage
                case .apply(let stage): stage
                default: nil
                }
            var state: String?
            if case .apply = node.work { state = states[node.inputs[0]] }
            positions[index] = nodes.count
            nodes.append(
                ExportedNode(
                    stage: node.name, type: node.declaration.name, revision: node.declaration.revision,
                    kind: node.kindWord, parameters: .map(stage?.canonicalParameters ?? [:]),
                    inputs: plan.givers(of: index).compactMap { positions[$0] }, inputNames: node.inputNames,
                    columns: node.columns, state: state, stream: node.stream, isForTraining: node.isForTraining))
        }
        ends = wanted.compactMap { end, node in
            positions[node].map {
                ExportedEnd(
                    stage: end.stage, point: end.point, repetition: end.repetition, fold: end.fold,
                    isReported: end.isReported, node: $0)
            }
        }
    }
}

extension Plan {
    /// The nodes that a node has the values of an item from: of a stage that moves rows, those that give rows which are not
    /// for training alone.
    fileprivate func givers(of index: Int) -> [Int] {
        guard case .rows(let mapping) = nodes[index].work else { return valueInputs(of: index) }
        let copies = rowSets[nodes[index].rows].forTraining
        let tables = mapping.places.indices.filter { !copies.contains($0) }.map { mapping.places[$0].table }
        return Set(tables).sorted().map { nodes[index].inputs[$0] }
    }
}

extension StreamName {
    init?(_ canonical: Canonical) {
        guard let parts = canonical.arrayValue, parts.count >= 2, let seed = parts[0].intValue,
            let address = parts[1].textValue
        else { return nil }
        self.init(
            seed: seed, address: address,
            branch: parts.count > 2 ? parts[2].arrayValue?.compactMap(\.textValue) ?? [] : [])
    }
}
