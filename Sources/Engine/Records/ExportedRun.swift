// A run's fitted states put to use on a new file: it takes the way of a test row through the experiment's stages, with the
// states of one fold of one point.

internal import Foundation
internal import Spec
public import Stages
public import Tensors

/// An exported run, as `Export` wrote it.
public struct ExportedRun {
    private let directory: String
    private let graph: ExportedGraph

    /// - Throws: `Failure` where the directory is none that `martlet run --export` wrote.
    public init(_ directory: String) throws {
        self.directory = directory
        guard let bytes = FileManager.default.contents(atPath: directory + "/" + Self.fileName) else {
            throw Failure(
                "\(directory) has no \(Self.fileName)",
                advice: "name a directory that martlet run --export wrote")
        }
        guard let graph = Canonical(json: Array(bytes)).flatMap({ ExportedGraph($0) }) else {
            throw Failure(
                "\(directory)/\(Self.fileName) is not what this version writes", advice: "export the run again")
        }
        self.graph = graph
    }

    static let fileName = "graph.json"

    /// The stages that can be applied, with their points and folds.
    public var ends: [ExportedEnd] { graph.ends }

    /// The names of the sources that a stage's items come from.
    public func sources(of end: ExportedEnd) -> [String] {
        above(end).filter { graph.nodes[$0].kind == "source" }.map { graph.nodes[$0].stage }
    }

    /// Whether they are all the same, as of a stage that depends on no fold and on nothing that is swept.
    public func areOne(_ ends: [ExportedEnd]) -> Bool { Set(ends.map(\.node)).count == 1 }

    /// The names of the axes that a table's rows have, behind the one that counts them; nil for a source of another kind.
    public func axes(of source: String) -> [String]? {
        guard let node = graph.nodes.first(where: { $0.kind == "source" && $0.stage == source }) else { return nil }
        switch node.type {
        case "table.csv": return ["feature"]
        case "table.npy":
            return node.parameters["axes"]?.arrayValue?.compactMap(\.textValue) ?? ["feature"]
        default: return nil
        }
    }

    /// The rows of another table, read as a source of the experiment reads its own; nil for a source of another kind. Labels
    /// need not be there.
    public func rows(of source: String, at path: String, in catalogue: Catalogue) throws -> [(
        name: String, value: Value
    )]? {
        guard let node = graph.nodes.first(where: { $0.kind == "source" && $0.stage == source }),
            node.type == "table.csv", let type = catalogue[node.type], case .map(var parameters) = node.parameters
        else { return nil }
        parameters["path"] = .text(path)
        guard let table = try type.init(given: parameters) as? any SourceStage else { return nil }
        parameters["columns"] = .array([])
        guard let bare = try type.init(given: parameters) as? any SourceStage else { return nil }
        return try ((try? table.list()) ?? bare.list()).items.compactMap { item in
            if case .value(let value) = item.origin { (item.id, value) } else { nil }
        }
    }

    private func above(_ end: ExportedEnd) -> [Int] {
        var above: Set<Int> = [end.node]
        for index in (0...end.node).reversed() where above.contains(index) {
            above.formUnion(graph.nodes[index].inputs)
        }
        return above.sorted()
    }

    /// What a stage gives for new items.
    /// - Parameters:
    ///   - items: for each item its name, and what each source gives for it.
    /// - Throws: `Failure`, which names the stage.
    public func apply(
        _ end: ExportedEnd, to items: [(name: String, values: [String: Value])], in catalogue: Catalogue,
        runner: any Runner
    ) throws -> [Value] {
        var made = [Int: [Value]]()
        for index in above(end) {
            let node = graph.nodes[index]
            let taken = node.inputs.map { made[$0] ?? [] }
            do { made[index] = try values(of: node, taken, items, catalogue, runner) } catch let failure as Failure {
                throw Failure("\(node.stage) (\(node.type)): \(failure.cause)", advice: failure.advice)
            }
        }
        return made[end.node] ?? []
    }

    private func values(
        of node: ExportedNode, _ taken: [[Value]], _ items: [(name: String, values: [String: Value])],
        _ catalogue: Catalogue, _ runner: any Runner
    ) throws -> [Value] {
        switch node.kind {
        case "source":
            return try items.map { item in
                guard let value = item.values[node.stage] else { throw Failure("nothing is given for \(item.name)") }
                return value
            }
        case "rows":
            guard let only = taken.first, taken.count == 1 else {
                throw Failure("it takes rows from several tables, and a new file is in none")
            }
            return only
        case "map":
            if node.isForTraining, let first = taken.first { return first }
            guard let map = try stage(node, catalogue) as? any MapStage else { throw wrongKind(node) }
            if let column = node.columns.first {
                throw Failure("it reads the column \(column), which a new file has not")
            }
            return try items.indices.map { position in
                let stream = RandomStream(
                    named: node.stream.map { $0.digest(sample: items[position].name) } ?? Digest(of: .null))
                let input = MapInput(values: taken.map { $0[position] }, names: node.inputNames, stream: stream)
                return try runner.value(of: map, for: input, limits: Limits())
            }
        case "apply":
            guard let fitted = try stage(node, catalogue) as? any FittedStage else { throw wrongKind(node) }
            guard let place = node.state else { throw Failure("its state was not exported") }
            let state = try Export.state(in: directory + "/" + place)
            return try fitted.apply(state, to: items.indices.map { position in taken.map { $0[position] } })
        default:
            throw Failure("it needs all rows at once, and cannot be applied to new ones")
        }
    }

    private func stage(_ node: ExportedNode, _ catalogue: Catalogue) throws -> any StageType {
        guard let type = catalogue[node.type], case .map(let parameters) = node.parameters else {
            throw Failure("there is no stage type \(node.type) here")
        }
        guard type.declaration.revision == node.revision else {
            throw Failure(
                "the state is of revision \(node.revision), and here it is revision \(type.declaration.revision)",
                advice: "run the experiment again with this version, and export it")
        }
        return try type.init(given: parameters)
    }

    private func wrongKind(_ node: ExportedNode) -> Failure { Failure("it is not of the kind \(node.kind)") }
}

extension Export {
    /// A state that was exported.
    static func state(in room: String) throws -> Tensors.Bundle {
        let path = room + "/state.json"
        guard let bytes = FileManager.default.contents(atPath: path), let about = Canonical(json: Array(bytes)),
            case .map(let tensors)? = about["tensors"], case .map(let scalars)? = about["scalars"],
            case .map(let types)? = about["scalar_types"]
        else { throw Failure("\(path) is not a state that martlet run --export wrote", advice: "export the run again") }
        var state = Tensors.Bundle()
        for (name, described) in tensors {
            let file = room + "/" + name + ".npy"
            guard let bytes = FileManager.default.contents(atPath: file) else { throw Failure("\(file) is not there") }
            let axes = described["axes"]?.arrayValue?.compactMap(\.textValue) ?? []
            let read: Tensor
            do throws(NpyError) {
                read = try Npy.decode(Array(bytes)) { $0 == axes.count ? axes : Npy.defaultAxes($0) }
            } catch { throw Failure("\(file): \(error)") }
            var labels = [String: [String]]()
            if case .map(let written)? = described["labels"] {
                labels = written.compactMapValues { $0.arrayValue?.compactMap(\.textValue) }
            }
            for (axis, names) in labels where read.size(of: axis) != names.count {
                throw Failure("\(file) has not one entry along \(axis) for each of its labels")
            }
            state.tensors[name] = Tensor(read.elements, shape: read.shape, axes: read.axes, labels: labels)
        }
        for (name, value) in scalars {
            let isFloat = types[name] == .text("float")
            switch value {
            case .int(let number) where isFloat: state.scalars[name] = .float(Double(number))
            case .text(let text) where isFloat: state.scalars[name] = .float(Double(text) ?? .nan)
            default: state.scalars[name] = Scalar(value) ?? .missing
            }
        }
        return state
    }
}
