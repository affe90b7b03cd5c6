// The records of a run: plain files in a directory of its own. points, trials, metrics, predictions, sources and lock.json
// hold no times, hosts or paths of a machine: equal experiments give equal bytes.

internal import Foundation
public import Spec
internal import Stages
public import Tensors

/// Writes the records of runs.
public struct RunRecords: Sendable {
    /// The directory of this run.
    public let directory: String
    private let parent: String
    private let name: String

    /// A directory for a run that begins: `results/<name>/<time>-<short id>`, made at once, so that a place where nothing
    /// can be written is known before anything is computed.
    public init(results: String, experiment: String, id: String) throws(RecordsError) {
        parent = results + "/" + experiment
        name = id
        directory = parent + "/" + id
        try PlainFile.makeDirectory(directory)
        let probe = directory + "/.probe"
        do throws(RecordsError) { try PlainFile.write("", to: probe) } catch {
            abandon()
            throw RecordsError(path: directory, cause: error.cause)
        }
        unlink(probe)
    }

    private static let nothingLost =
        "make room there, or choose another place with --results; what was computed is in the cache: run again"

    /// Takes the directory away again if nothing was written to it: a run that ended before it began leaves none.
    public func abandon() {
        if rmdir(directory) == 0 { rmdir(parent) }
    }

    /// Writes a file aside and renames it, so that a reader never sees half of it.
    public func write(_ text: String, to file: String) throws(RecordsError) {
        let (path, aside) = (directory + "/" + file, directory + "/." + file + ".new")
        do throws(RecordsError) { try PlainFile.write(text, to: aside) } catch {
            unlink(aside)
            throw RecordsError(path: path, cause: error.cause, advice: Self.nothingLost)
        }
        if rename(aside, path) != 0 {
            throw RecordsError(path: path, cause: String(cString: strerror(errno)), advice: Self.nothingLost)
        }
    }

    /// All tables of a run, and `latest` pointing at it.
    public func write(_ run: Run, experiment: Experiment, about: [String: Canonical], log: [String]) throws {
        let trials = run.trialResults
        try write(experiment.resolvedText, to: "spec.yaml")
        try write(sources(run.plan), to: "sources.csv")
        try write(points(run, experiment, trials), to: "points.csv")
        try write(trialTable(run, trials), to: "trials.csv")
        try write(metrics(run, trials), to: "metrics.csv")
        if experiment.predictions { try write(predictions(run, trials), to: "predictions.csv") }
        try write(stages(run), to: "stages.csv")
        try write(failures(run), to: "failures.csv")
        try write(lock(run, experiment).json() + "\n", to: "lock.json")
        try write(Canonical.map(about).json() + "\n", to: "run.json")
        try write(log.map { $0 + "\n" }.joined(), to: "log.txt")
        let (link, aside) = (parent + "/latest", parent + "/.latest-" + name)
        unlink(aside)
        if symlink(name, aside) != 0 || rename(aside, link) != 0 {
            throw RecordsError(path: link, code: errno)
        }
    }

    // MARK: Tables

    private func sources(_ plan: Plan) -> String {
        var csv = CSV(["id", "path", "size", "digest"])
        var seen = Set<[String]>()
        for (_, table) in plan.sources.sorted(by: { $0.key < $1.key }) {
            for row in table.rows.ids.indices {
                let size = if case .media(let media) = table.values[row] { String(media.size) } else { "" }
                let cells = [table.rows.ids[row], table.paths[row], size, table.digests[row]?.hex ?? ""]
                if seen.insert(cells).inserted { csv.add(cells) }
            }
        }
        return csv.text
    }

    private func points(_ run: Run, _ experiment: Experiment, _ trials: [TrialResult]) -> String {
        let summaries = run.plan.points.map { point in run.summaries(of: point.index, trials: trials) }
        var names = [String]()
        for summary in summaries { for entry in summary where !names.contains(entry.name) { names.append(entry.name) } }
        var csv = CSV(
            ["point"] + experiment.sweptAddresses + ["folds", "folds_done", "failed_train", "failed_test"]
                + names.flatMap { [$0, $0 + ".std", $0 + ".low", $0 + ".high"] })
        for (point, summary) in zip(run.plan.points, summaries) {
            let own = trials.filter { run.plan.trials[$0.trial].point == point.index }
            let values = Dictionary(uniqueKeysWithValues: point.values.map { ($0.address, $0.text ?? "") })
            let found = Dictionary(uniqueKeysWithValues: summary.map { ($0.name, $0.summary) })
            csv.add(
                [String(point.index)] + experiment.sweptAddresses.map { values[$0] ?? "" }
                    + [
                        String(own.count), String(own.count { $0.status == .done }),
                        String(own.reduce(0) { $0 + ($1.failed[.train] ?? 0) }),
                        String(own.reduce(0) { $0 + ($1.failed[.test] ?? 0) }),
                    ]
                    + names.flatMap { name -> [String] in
                        guard let summary = found[name] else { return ["", "", "", ""] }
                        let margin = summary.margin
                        return [
                            decimal(summary.mean), decimal(summary.deviation),
                            margin.map { decimal(summary.mean - $0) } ?? "",
                            margin.map { decimal(summary.mean + $0) } ?? "",
                        ]
                    })
        }
        return csv.text
    }

    private func place(_ run: Run, _ trial: Int) -> [String] {
        let trial = run.plan.trials[trial]
        let path = run.plan.folds[trial.fold].path
        return [String(trial.point), String(path.repetition), path.folds.map(String.init).joined(separator: ".")]
    }

    private func trialTable(_ run: Run, _ trials: [TrialResult]) -> String {
        let roles = Role.allCases.map(\.rawValue)
        var csv = CSV(
            ["point", "repeat", "fold", "held_out", "seed"] + roles + roles.map { "failed_" + $0 } + [
                "status", "cause", "warnings",
            ])
        for result in trials {
            let fold = run.plan.folds[run.plan.trials[result.trial].fold]
            let cause = if case .failed(let cause) = result.status { cause } else { "" }
            csv.add(
                place(run, result.trial) + [fold.label, String(fold.seed)]
                    + Role.allCases.map { role in String(fold.rows([role]).count) }
                    + Role.allCases.map { role in String(result.failed[role] ?? 0) }
                    + [result.status.word, cause, result.warnings.joined(separator: "; ")])
        }
        return csv.text
    }

    private func metrics(_ run: Run, _ trials: [TrialResult]) -> String {
        var csv = CSV(["point", "repeat", "fold", "role", "stage", "metric", "class", "step", "value"])
        for result in trials {
            let place = place(run, result.trial)
            func add(_ metric: Metric, role: String, stage: String) {
                csv.add(
                    place + [
                        role, stage, metric.name, metric.label ?? "", metric.step.map(String.init) ?? "",
                        decimal(metric.value),
                    ])
            }
            for (name, node) in run.plan.trials[result.trial].fits {
                for metric in run.tables[node].withLock({ $0.metrics }) {
                    add(metric, role: Role.train.rawValue, stage: name)
                }
            }
            for (stage, role, report) in result.reports {
                for metric in report.metrics { add(metric, role: role.rawValue, stage: stage) }
            }
        }
        return csv.text
    }

    private func predictions(_ run: Run, _ trials: [TrialResult]) throws -> String {
        var rows = [(place: [String], id: String, target: String, prediction: Prediction)]()
        for result in trials where result.status == .done {
            let trial = run.plan.trials[result.trial]
            let test = run.plan.folds[trial.fold].rows([.test])
            for (_, node) in trial.reports {
                let report = run.plan.nodes[node]
                let set = run.plan.rowSets[report.rows]
                let targets = report.target.flatMap { set.columns[$0] }
                for row in test {
                    if run.tables[report.inputs[0]].withLock({ $0.failures[row] != nil }) { continue }
                    var memo = [Int: Value]()
                    guard let prediction = Prediction(try run.value(report.inputs[0], row: row, memo: &memo)) else {
                        continue
                    }
                    rows.append((place(run, result.trial), set.ids[row], targets?[row].description ?? "", prediction))
                }
                break
            }
        }
        let classes = Set(rows.flatMap(\.prediction.classes)).sorted {
            if let a = Int($0), let b = Int($1) { a < b } else { precedes($0, $1) }
        }
        var csv = CSV(["point", "repeat", "fold", "id", "target", "predicted"] + classes)
        for row in rows {
            let scores = Dictionary(uniqueKeysWithValues: zip(row.prediction.classes, row.prediction.scores))
            csv.add(
                row.place + [row.id, row.target, row.prediction.predicted]
                    + classes.map { scores[$0].map(decimal) ?? "" })
        }
        return csv.text
    }

    private func stages(_ run: Run) -> String {
        var csv = CSV(["stage", "type", "kind", "fold", "computed", "cached", "remade", "failed", "seconds", "bytes"])
        for row in run.stageRows {
            let tally = row.tally
            csv.add([
                row.name, row.type, row.kind, row.fold, String(tally.computed), String(tally.cached),
                String(tally.remade),
                String(tally.failed), decimal((tally.seconds * 1e6).rounded() / 1e6), String(tally.bytes),
            ])
        }
        return csv.text
    }

    private func failures(_ run: Run) -> String {
        var csv = CSV(["sample", "stage", "cause"])
        for failure in run.failures { csv.add([failure.sample ?? "", failure.stage, failure.cause]) }
        return csv.text
    }

    /// Every node's recipe, output digest, revision and profile.
    private func lock(_ run: Run, _ experiment: Experiment) -> Canonical {
        var recipes = [Canonical]()
        var nodes = [Canonical]()
        for (index, node) in run.plan.nodes.enumerated() {
            // A transient value is never kept, so that it has no digest to compare.
            let root =
                node.isTransient ? .null : run.tables[index].withLock { $0.root }.map { Canonical.digest($0) } ?? .null
            // Where a source looked is a matter of the machine; what it found stands in its place.
            if run.plan.sources[index] != nil {
                recipes.append(root)
            } else {
                var parts = node.parts.mapValue ?? [:]
                parts["inputs"] = .array(node.inputs.map { recipes[$0] })
                recipes.append(.digest(Digest(of: .map(parts))))
            }
            nodes.append(
                .map([
                    "stage": .text(node.name), "type": .text(node.declaration.name),
                    "revision": .int(node.declaration.revision),
                    "kind": .text(node.kindWord), "recipe": recipes[index], "output": root,
                    "profile": .map(node.profile.mapValues { .text($0) }),
                ]))
        }
        return .map(["martlet": .int(1), "experiment": .text(experiment.name), "nodes": .array(nodes)])
    }
}
