// What a run fitted and kept, as files that numpy, pandas and R read: states and tables as .npy, what describes them as
// JSON, rows as CSV, and one table that says which file is of which point and fold.

internal import Foundation
internal import Stages
internal import Tensors

/// Writes states and tables of a run to a directory.
public struct Export {
    private let run: Run
    private let directory: String

    /// - Parameter directory: made if it is not there; files of the same names are replaced.
    public init(_ run: Run, to directory: String) {
        self.run = run
        self.directory = directory
    }

    /// - Throws: `RecordsError`; what reading values again throws.
    public func write() throws {
        var places = [Int: String]()
        var used = [String: Int]()
        _ = try PlainFile.makeDirectory(directory)
        removeExportBefore()
        for (index, node) in run.plan.nodes.enumerated() {
            guard run.tables[index].withLock({ $0.failure == nil }) else { continue }
            let room: String
            switch node.work {
            case .fit: room = "states"
            case .map, .gather, .apply: room = "tables"
            default: continue
            }
            // Ends too, which a cheap stage can be.
            guard node.keeps || node.consumers.isEmpty else { continue }
            let name = room + "/" + node.name
            let count = used[name, default: 0]
            used[name] = count + 1
            let place = count == 0 ? name : "\(name)-\(count)"
            let isWritten: Bool
            if case .fit = node.work {
                isWritten = try writeState(index, place)
            } else {
                isWritten = try writeTable(index, place)
            }
            if isWritten { places[index] = place }
        }
        var csv = try CSV(Self.header, to: directory + "/index.csv")
        var listed = Set<Int>()
        func row(_ place: [String], _ index: Int) throws {
            guard let file = places[index] else { return }
            listed.insert(index)
            let node = run.plan.nodes[index]
            try csv.add(place + [node.name, node.kindWord, file])
        }
        for (position, point) in run.plan.points.enumerated() {
            for (_, node) in point.nodes { try row([String(point.index), "", ""], node) }
            for (number, trial) in run.plan.trials.enumerated() where trial.point == position {
                for (_, fit) in trial.fits { try row(run.place(of: number), fit) }
                for node in trial.nodes { try row(run.place(of: number), node) }
            }
        }
        // Of inner folds, and parts of stages, which are no point's alone.
        for index in places.keys.sorted() where !listed.contains(index) {
            let path = run.plan.nodes[index].fold.map { run.plan.folds[$0].path }
            try row(["", path.map { String($0.repetition) } ?? "", path?.number ?? ""], index)
        }
        try csv.close()
        let graph = ExportedGraph(run, states: places)
        try PlainFile.write(graph.canonical.json() + "\n", to: directory + "/" + ExportedRun.fileName)
    }

    private static let header = ["point", "repeat", "fold", "stage", "kind", "place"]

    /// What an export before this one wrote would lie beside what there is: its own list says what that was.
    private func removeExportBefore() {
        guard let bytes = FileManager.default.contents(atPath: directory + "/index.csv") else { return }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == Self.header.joined(separator: ",") else { return }
        for line in lines.dropFirst() {
            // The last cell; in quotes where a branch of several sets has a comma in its name.
            guard let start = ["states/", "tables/"].compactMap({ line.range(of: $0, options: .backwards) }).first
            else {
                continue
            }
            let place = line[start.lowerBound...].filter { $0 != "\"" }
            if !place.contains("..") { try? FileManager.default.removeItem(atPath: directory + "/" + place) }
        }
    }

    private func writeState(_ index: Int, _ place: String) throws -> Bool {
        guard run.tables[index].withLock({ $0.root != nil }) else { return false }
        let state = try run.state(index)
        let room = directory + "/" + place
        _ = try PlainFile.makeDirectory(room)
        var tensors = [String: Canonical]()
        for (name, tensor) in state.tensors.sorted(by: { precedes($0.key, $1.key) }) {
            try PlainFile.write(Npy.encode(tensor), to: room + "/" + name + ".npy")
            tensors[name] = Self.describe(tensor)
        }
        let about: [String: Canonical] = [
            "stage": .text(run.plan.nodes[index].name), "type": .text(run.plan.nodes[index].declaration.name),
            "tensors": .map(tensors), "scalars": .map(state.scalars.mapValues(\.canonical)),
            "scalar_types": .map(state.scalars.mapValues { .text($0.typeName) }),
        ]
        try PlainFile.write(Canonical.map(about).json() + "\n", to: room + "/state.json")
        return true
    }

    /// One array of all rows where their shapes are equal, else one a row.
    private func writeTable(_ index: Int, _ place: String) throws -> Bool {
        let node = run.plan.nodes[index]
        let failed = run.tables[index].withLock { $0.failures }
        let rows = run.plan.rows(of: node).filter { failed[$0] == nil }
        guard !rows.isEmpty, try run.digests(of: index)[rows[0]] != nil else { return false }
        var signature: (ElementType, [Int])?
        var isEven = true
        for row in rows {
            guard let tensor = try tensor(index, row) else { return false }
            let own = (tensor.elements.type, tensor.shape)
            if signature == nil { signature = own }
            if let known = signature, known != own { isEven = false }
        }
        guard let (type, shape) = signature, let first = try tensor(index, rows[0]) else { return false }
        let room = directory + "/" + place
        _ = try PlainFile.makeDirectory(room)
        if isEven {
            let file = try PlainFile.Writer(room + "/values.npy")
            try file.write(Npy.header(type: type, shape: [rows.count] + shape))
            for row in rows {
                if let tensor = try tensor(index, row) { try file.write(tensor.elements.withBytes { Array($0) }) }
            }
            try file.close()
        } else {
            for (number, row) in rows.enumerated() {
                if let tensor = try tensor(index, row) {
                    try PlainFile.write(Npy.encode(tensor), to: room + "/\(number).npy")
                }
            }
        }
        let set = run.plan.rowSets[node.rows]
        let columns = set.columns.keys.sorted(by: precedes)
        let roles = run.plan.view(of: node)?.roles
        var csv = try CSV(["row", "id"] + (roles == nil ? [] : ["role"]) + columns, to: room + "/rows.csv")
        for (number, row) in rows.enumerated() {
            let role = roles.map { [$0[row]?.rawValue ?? ""] } ?? []
            try csv.add(
                [String(number), set.ids[row]] + role + columns.map { set.columns[$0]?[row].description ?? "" })
        }
        try csv.close()
        let about: [String: Canonical] = [
            "stage": .text(node.name), "type": .text(node.declaration.name), "rows": .int(rows.count),
            "of_a_row": Self.describe(first),
        ]
        try PlainFile.write(Canonical.map(about).json() + "\n", to: room + "/table.json")
        return true
    }

    private func tensor(_ index: Int, _ row: Int) throws -> Tensor? {
        var memo = Memo()
        guard case .tensor(let tensor) = try run.value(index, row: row, memo: &memo) else { return nil }
        return tensor
    }

    private static func describe(_ tensor: Tensor) -> Canonical {
        .map([
            "element_type": .text(tensor.elements.type.rawValue), "shape": .array(tensor.shape.map { .int($0) }),
            "axes": .array(tensor.axes.map { .text($0) }),
            "labels": .map(tensor.labels.mapValues { .array($0.map { .text($0) }) }),
            "attributes": .map(tensor.attributes.mapValues(\.canonical)),
        ])
    }
}
