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
    /// What was made for this run, the innermost first.
    private let made: [String]

    /// A directory for a run that begins: `results/<name>/<time>-<short id>`, made at once, so that a place where nothing
    /// can be written is known before anything is computed.
    public init(results: String, experiment: String, id: String) throws(RecordsError) {
        parent = results + "/" + experiment
        name = id
        directory = parent + "/" + id
        made = try PlainFile.makeDirectory(directory)
        let probe = directory + "/.probe"
        do throws(RecordsError) { try PlainFile.write("", to: probe) } catch {
            abandon()
            throw RecordsError(path: directory, cause: error.cause)
        }
        unlink(probe)
    }

    private static let nothingLost =
        "make room there, or choose another place with --results; what was computed is in the cache: run again"

    /// Takes the directories that were made away again if nothing was written: a run that ended before it began leaves
    /// none.
    public func abandon() {
        for path in made { if rmdir(path) != 0 { return } }
    }

    /// Writes a file aside and renames it, so that a reader never sees half of it.
    public func write(_ text: String, to file: String) throws {
        try place(file) { aside in try PlainFile.write(text, to: aside) }
    }

    /// Writes a table row by row.
    private func write(_ file: String, _ header: [String], _ rows: (inout CSV) throws -> Void) throws {
        try place(file) { aside in
            var csv = try CSV(header, to: aside)
            try rows(&csv)
            try csv.close()
        }
    }

    /// Has a file written aside, and renames it.
    private func place(_ file: String, _ write: (_ aside: String) throws -> Void) throws {
        let (path, aside) = (directory + "/" + file, directory + "/." + file + ".new")
        do { try write(aside) } catch {
            unlink(aside)
            guard let error = error as? RecordsError else { throw error }
            throw RecordsError(path: path, cause: error.cause, advice: Self.nothingLost)
        }
        if rename(aside, path) != 0 {
            throw RecordsError(path: path, cause: String(cString: strerror(errno)), advice: Self.nothingLost)
        }
    }

    /// All tables of a run, and `latest` pointing at it.
    public func write(
        _ run: Run, experiment: Experiment, about: [String: Canonical], told: [String: Canonical] = [:], log: [String]
    ) throws {
        let trials = run.trialResults
        try write(experiment.resolvedText, to: "spec.yaml")
        try writeSources(run)
        try writePoints(run, experiment, trials)
        try writeTrials(run, trials)
        try writeMetrics(run, trials)
        if experiment.predictions { try writePredictions(run, trials) }
        try writeStages(run)
        try writeFailures(run)
        var lock = try run.lock(experiment.name, isFull: false)
        lock.told = told
        try place("lock.json") { try lock.writeJSON(to: $0) }
        try write(Canonical.map(about).json() + "\n", to: "run.json")
        try write(log.map { $0 + "\n" }.joined(), to: "log.txt")
        let (link, aside) = (parent + "/latest", parent + "/.latest-" + name)
        unlink(aside)
        if symlink(name, aside) != 0 || rename(aside, link) != 0 {
            throw RecordsError(path: link, code: errno)
        }
    }

    // MARK: Tables

    private func writeSources(_ run: Run) throws {
        try write("sources.csv", ["id", "path", "size", "digest"]) { csv in try run.eachSource { try csv.add($0) } }
    }

    private func writePoints(_ run: Run, _ experiment: Experiment, _ trials: [TrialResult]) throws {
        let byPoint = run.byPoint(trials)
        let summaries = byPoint.map { run.summaries(of: $0) }
        var names = [String]()
        for summary in summaries { for entry in summary where !names.contains(entry.name) { names.append(entry.name) } }
        let header =
            ["point"] + experiment.sweptAddresses + ["folds", "folds_done"]
            + Role.allCases.map { "failed_" + $0.rawValue }
            + names.flatMap { [$0, $0 + ".std", $0 + ".low", $0 + ".high"] }
        try write("points.csv", header) { csv in
            for (position, point) in run.plan.points.enumerated() {
                let own = byPoint[position]
                let values = Dictionary(uniqueKeysWithValues: point.values.map { ($0.address, $0.text ?? "") })
                let found = Dictionary(uniqueKeysWithValues: summaries[position].map { ($0.name, $0.summary) })
                let failed = Role.allCases.map { role in own.reduce(0) { $0 + ($1.failed[role] ?? 0) } }
                let counts = [own.count, own.count { $0.status == .done }] + failed
                try csv.add(
                    [String(point.index)] + experiment.sweptAddresses.map { values[$0] ?? "" } + counts.map(String.init)
                        + names.flatMap { Self.cells(found[$0]) })
            }
        }
    }

    /// Mean, standard deviation, and the ends of the interval.
    private static func cells(_ summary: FoldSummary?) -> [String] {
        guard let summary else { return ["", "", "", ""] }
        return [
            decimal(summary.mean), decimal(summary.deviation), summary.margin.map { decimal(summary.mean - $0) } ?? "",
            summary.margin.map { decimal(summary.mean + $0) } ?? "",
        ]
    }

    private func writeTrials(_ run: Run, _ trials: [TrialResult]) throws {
        let roles = Role.allCases.map(\.rawValue)
        let header =
            ["point", "repeat", "fold", "held_out", "seed"] + roles + roles.map { "failed_" + $0 }
            + ["status", "cause", "warnings"]
        try write("trials.csv", header) { csv in
            for result in trials {
                let trial = run.plan.trials[result.trial]
                let fold = run.plan.folds[trial.fold]
                let counts = Role.allCases.map { run.plan.rows(of: trial, $0).count }
                let failed = Role.allCases.map { result.failed[$0] ?? 0 }
                let cause = if case .failed(let cause) = result.status { cause } else { "" }
                try csv.add(
                    run.place(of: result.trial) + [fold.label, fold.seed.map(String.init) ?? ""]
                        + (counts + failed).map(String.init)
                        + [result.status.word, cause, result.warnings.joined(separator: "; ")])
            }
        }
    }

    private func writeMetrics(_ run: Run, _ trials: [TrialResult]) throws {
        let header = ["point", "repeat", "fold", "role", "stage", "metric", "class", "step", "value"]
        try write("metrics.csv", header) { csv in try run.eachMetric(trials) { try csv.add($0) } }
    }

    /// The predictions of the test rows of each trial that is done. Where an experiment has several reports, a column says
    /// which stage predicted.
    private func writePredictions(_ run: Run, _ trials: [TrialResult]) throws {
        let classes = predictedClasses(run)
        let isSeveral = run.plan.trials.contains { $0.reports.count > 1 }
        let header =
            ["point", "repeat", "fold"] + (isSeveral ? ["stage"] : []) + ["id", "target", "predicted"] + classes
        try write("predictions.csv", header) { csv in
            for result in trials where result.status == .done {
                let trial = run.plan.trials[result.trial]
                var told = Set<Int>()
                for (_, node) in trial.reports {
                    let report = run.plan.nodes[node]
                    // Two reports on one classifier say nothing twice.
                    guard told.insert(report.inputs[0]).inserted else { continue }
                    let set = run.plan.rowSets[report.rows]
                    let place = run.place(of: result.trial) + (isSeveral ? [run.plan.nodes[report.inputs[0]].name] : [])
                    let targets = report.target.flatMap { set.columns[$0] }
                    let failed = run.tables[report.inputs[0]].withLock { $0.failures }
                    for row in run.plan.folds[trial.fold].views[report.rows]?.rows([.test]) ?? []
                    where failed[row] == nil {
                        var memo = Memo()
                        let value = try run.value(report.inputs[0], row: row, memo: &memo)
                        var (predicted, scores) = ("", [String: Double]())
                        if let prediction = Prediction(value) {
                            predicted = prediction.predicted
                            scores = Dictionary(uniqueKeysWithValues: zip(prediction.classes, prediction.scores))
                        } else if let estimate = Estimate(value) {
                            predicted = decimal(estimate.number)
                        } else {
                            continue
                        }
                        try csv.add(
                            place + [set.ids[row], targets?[row].description ?? "", predicted]
                                + classes.map { scores[$0].map(decimal) ?? "" })
                    }
                    run.tables[report.inputs[0]].withLock { $0.unload() }
                }
            }
        }
    }

    /// Every class that a target of classifiers has: no classifier knows another. Numbers by value, then words by their
    /// bytes.
    private func predictedClasses(_ run: Run) -> [String] {
        struct Column: Hashable {
            let rows: Int
            let name: String
        }
        var columns = Set<Column>()
        for node in run.plan.nodes {
            let isOfEstimates = node.declaration.inputs.contains { $0.accepts == [.estimate] }
            if case .report = node.work, !isOfEstimates, let target = node.target {
                columns.insert(Column(rows: node.rows, name: target))
            }
        }
        let names = Set(
            columns.flatMap { column in
                Set(run.plan.rowSets[column.rows].columns[column.name] ?? []).subtracting([.missing]).map(\.description)
            })
        return names.sorted { (a, b) in
            let (x, y) = (Int(a) ?? .max, Int(b) ?? .max)
            return x == y ? precedes(a, b) : x < y
        }
    }

    private func writeStages(_ run: Run) throws {
        let header = ["stage", "type", "kind", "fold", "computed", "cached", "remade", "failed", "seconds", "bytes"]
        try write("stages.csv", header) { csv in
            for row in run.stageRows {
                let tally = row.tally
                let counts = [tally.computed, tally.cached, tally.remade, tally.failed].map(String.init)
                try csv.add(
                    [row.name, row.type, row.kind, row.fold] + counts
                        + [decimal((tally.seconds * 1e6).rounded() / 1e6), String(tally.bytes)])
            }
        }
    }

    private func writeFailures(_ run: Run) throws {
        try write("failures.csv", ["sample", "stage", "cause"]) { csv in
            for failure in run.failures { try csv.add([failure.sample ?? "", failure.stage, failure.cause]) }
        }
    }
}
