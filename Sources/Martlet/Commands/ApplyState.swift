// martlet apply --state: new files on the way of an experiment that was run and exported.

internal import Engine
internal import Foundation
internal import Stages
internal import Tensors

extension ApplyCommand {
    func applyState(in directory: String) throws {
        if parameters != nil {
            throw UsageError(message: "--with has no place beside --state, where every parameter is known")
        }
        let export: ExportedRun
        do { export = try ExportedRun(directory) } catch let failure as Failure {
            throw UsageError(message: "--state: " + failure.cause + (failure.advice.map { "\n    = " + $0 } ?? ""))
        }
        let end = try self.end(in: export)
        let items = try self.items(for: export.sources(of: end), of: export)
        let values = try export.apply(end, to: items, in: installed.withLock { $0 }, runner: ChildRunner())
        if resultOptions.out != nil || values.count == 1 && Prediction(values[0]) == nil && Estimate(values[0]) == nil {
            guard let value = values.first, values.count == 1 else {
                throw UsageError(message: "--out takes one result, and there are \(values.count)")
            }
            return try resultOptions.give(value, of: end.stage, titled: "\(end.stage) of \(items[0].name)")
        }
        let estimates = values.compactMap { Estimate($0) }
        if estimates.count == values.count {
            print(CSV.line(["file", "predicted"]))
            for (item, estimate) in zip(items, estimates) { print(CSV.line([item.name, decimal(estimate.number)])) }
            return
        }
        let predictions = values.compactMap { Prediction($0) }
        guard predictions.count == values.count, let classes = predictions.first?.classes else {
            for (item, value) in zip(items, values) {
                print(item.name)
                for line in TensorText.describe(value) { print("    " + line) }
            }
            return
        }
        print(CSV.line(["file", "predicted"] + classes))
        for (item, prediction) in zip(items, predictions) {
            print(CSV.line([item.name, prediction.predicted] + prediction.scores.map { decimal($0) }))
        }
    }

    /// The stage that is asked for, or the one that a report is on; at the point and in the fold that are asked for.
    private func end(in export: ExportedRun) throws -> ExportedEnd {
        let ends = export.ends
        let named = type.map { name in ends.filter { $0.stage == name } } ?? ends.filter(\.isReported)
        let stages = Set(ends.map(\.stage)).sorted(by: precedes)
        if named.isEmpty {
            throw UsageError(
                message: type.map { name in
                    "there is no stage \(name) in the export"
                        + (nearest(to: name, among: stages).map { "; did you mean \($0)?" } ?? "")
                        + "\n    = it has \(stages.joined(separator: ", "))"
                } ?? "no report is on a stage of the export\n    = name one of \(stages.joined(separator: ", "))")
        }
        let choices: [(option: String, given: String?, key: (ExportedEnd) -> String)] = [
            ("--point", point, { $0.point }), ("--repeat", repetition, { $0.repetition }),
            ("--fold", fold, { $0.fold }),
        ]
        var left = named
        for choice in choices {
            // What depends on no fold is the same in each.
            guard let given = choice.given, left.contains(where: { !choice.key($0).isEmpty }) else { continue }
            let known = Set(left.map(choice.key)).sorted { ($0.count, $0) < ($1.count, $1) }
            left = left.filter { choice.key($0) == given }
            if left.isEmpty {
                throw UsageError(
                    message: "\(choice.option): there is no \(given); there are \(known.joined(separator: ", "))")
            }
        }
        if let end = left.first, export.areOne(left) { return end }
        let names = Set(left.map(\.stage)).sorted(by: precedes)
        if names.count > 1 {
            throw UsageError(
                message: "there are several stages with a report\n    = name \(names.joined(separator: " or "))")
        }
        let open = choices.filter { choice in Set(left.map(choice.key)).count > 1 }
        throw UsageError(
            message: "\(names[0]) was fitted \(left.count) times"
                + "\n    = choose by "
                + open.map { choice in
                    let known = Set(left.map(choice.key)).sorted { ($0.count, $0) < ($1.count, $1) }
                    return "\(choice.option) (\(known.joined(separator: ", ")))"
                }.joined(separator: " and "))
    }

    /// What each source gives: a file for the only one, one for all of them, or one for each by its name.
    private func items(
        for sources: [String], of export: ExportedRun
    ) throws -> [(name: String, values: [String: Value])] {
        var named = [(source: String, path: String)]()
        var files = [String]()
        for text in inputs {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2, sources.contains(parts[0]) {
                named.append((parts[0], parts[1]))
            } else {
                files.append(text)
            }
        }
        if named.isEmpty {
            return try files.flatMap { path -> [(name: String, values: [String: Value])] in
                if let place = path.firstIndex(of: "="), access(path, F_OK) != 0 {
                    throw UsageError(
                        message: "--in: there is no source \(path[..<place]); there "
                            + (sources.count == 1 ? "is " : "are ") + sources.joined(separator: ", "))
                }
                if path.hasSuffix(".csv"), let source = sources.first, sources.count == 1,
                    let rows = try export.rows(of: source, at: path, in: installed.withLock { $0 })
                {
                    return rows.map { ($0.name, [source: $0.value]) }
                }
                if InputOptions.isTensor(path), let source = sources.first, sources.count == 1,
                    let axes = export.axes(of: source)
                {
                    return try rows(of: path, axes).map { ($0.name, [source: $0.value]) }
                }
                let value = try given(path)
                return [(path, Dictionary(uniqueKeysWithValues: sources.map { ($0, value) }))]
            }
        }
        guard files.isEmpty, named.map(\.source).sorted() == sources.sorted() else {
            throw UsageError(
                message: "expected a file for each of \(sources.joined(separator: ", "))"
                    + "\n    = " + sources.map { "--in \($0)=FILE" }.joined(separator: " "))
        }
        return [
            (
                named.map(\.path).joined(separator: ", "),
                Dictionary(uniqueKeysWithValues: try named.map { ($0.source, try given($0.path)) })
            )
        ]
    }

    /// One row of a table, or several behind each other, as the array has an axis more.
    private func rows(of path: String, _ axes: [String]) throws -> [(name: String, value: Value)] {
        let tensor = try inputOptions.tensor(
            path, expecting: [axes, ["row"] + axes], attributes: try inputOptions.scalars())
        guard tensor.axes == ["row"] + axes else { return [(path, .tensor(tensor))] }
        return (0..<tensor.shape[0]).map { row in
            ("\(path)[\(row)]", .tensor(tensor.chosen(axis: 0, position: row)))
        }
    }

    private func given(_ path: String) throws -> Value {
        guard InputOptions.isTensor(path) else { return .media(try InputOptions.reference(path)) }
        return .tensor(
            try inputOptions.tensor(path, expecting: [["feature"]], attributes: try inputOptions.scalars()))
    }
}
