// What a person reads at the end of a run: scores by point, what was computed, what failed, where the records lie.

internal import Engine
internal import Foundation
internal import Spec
internal import Stages
internal import Tensors

enum RunReport {
    /// The table of points and headline metrics.
    static func scores(_ run: Run, plan: Plan, experiment: Experiment) throws -> String {
        let byPoint = run.byPoint(run.trialResults)
        let summaries = byPoint.map { run.summaries(of: $0) }
        var names = [String]()
        for summary in summaries { for entry in summary where !names.contains(entry.name) { names.append(entry.name) } }
        let whole = try run.reportsOverAllPoints().map { overAllPoints($0.stage, $0.role, $0.report) }.joined()
        if names.isEmpty { return whole }
        // The stage's name is left out where there is one report only.
        let stages = Set(names.map { $0.split(separator: ".").dropLast().joined(separator: ".") })
        let titles = names.map { stages.count == 1 ? String($0.split(separator: ".").last ?? "") : $0 }
        var table = TextTable(experiment.sweptAddresses + titles)
        for ((point, summary), trials) in zip(zip(plan.points, summaries), byPoint) {
            let done = trials.count { $0.status == .done }
            let missing = done < trials.count ? " (\(done) of \(counted(trials.count, "fold")))" : ""
            let values = Dictionary(uniqueKeysWithValues: point.values.map { ($0.address, $0.text ?? "") })
            let found = Dictionary(uniqueKeysWithValues: summary.map { ($0.name, $0.summary) })
            table.add(
                experiment.sweptAddresses.map { shortened(values[$0] ?? "") }
                    + names.map { name in
                        guard let summary = found[name] else { return "-" }
                        return rounded(summary.mean) + (summary.margin.map { " ± " + rounded($0) } ?? "") + missing
                    })
        }
        return table.text + whole
    }

    /// What a report over all points found: a line for each number, or, where it found any of what it has names for, a table
    /// for those of which it tells the same.
    private static func overAllPoints(_ stage: String, _ role: Role, _ report: Report) -> String {
        let name = stage + (role == .test ? "" : "." + role.rawValue)
        var (labels, values) = ([String](), [String: [(name: String, value: Double)]]())
        for metric in report.metrics where metric.step == nil {
            guard let label = metric.label else { continue }
            if values[label] == nil { labels.append(label) }
            values[label, default: []].append((metric.name, metric.value))
        }
        if labels.isEmpty {
            return report.metrics.filter { $0.step == nil && report.headline.contains($0.name) }
                .map { "\(name).\($0.name) over all points: \(rounded($0.value))\n" }.joined()
        }
        // What is told of a label first says what kind of thing it names.
        let firsts = labels.compactMap { values[$0]?.first?.name }
        let kinds = firsts.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        return kinds.map { kind in
            let rows = labels.filter { values[$0]?.first?.name == kind }
            let columns = rows.flatMap { values[$0] ?? [] }.reduce(into: [String]()) {
                if !$0.contains($1.name) { $0.append($1.name) }
            }
            var table = TextTable([name] + columns)
            // Whole numbers throughout, and more than 0 and 1, are counts.
            let counts = columns.filter { column in
                let all = rows.compactMap { values[$0]?.first { $0.name == column }?.value }
                return all.allSatisfy { $0 == $0.rounded() && abs($0) < 1e9 } && all.contains { abs($0) > 1 }
            }
            for row in rows {
                table.add(
                    [row]
                        + columns.map { column in
                            guard let value = values[row]?.first(where: { $0.name == column })?.value else { return "" }
                            if counts.contains(column) { return String(Int(value)) }
                            return value != 0 && abs(value) < 0.0005 ? String(format: "%.0e", value) : rounded(value)
                        })
            }
            return "\n" + table.text
        }.joined()
    }

    /// A drawn number as a table shows it; points.csv has all of its digits.
    private static func shortened(_ text: String) -> String {
        guard text.count > 9, text.contains("."), let number = Double(text), number.isFinite, number != 0 else {
            return text
        }
        return String(format: "%.4g", number)
    }

    /// What was warned of: of reports over several folds all, of folds the first and how many there are.
    static func warnings(_ run: Run) -> [String] {
        let trials = run.trialResults
        let warned = trials.filter { !$0.warnings.isEmpty }
        var lines = run.poolWarnings.map { "warning: " + $0 }
        if let first = warned.first?.warnings.first {
            lines.append(
                "warnings in \(warned.count) of \(trials.count) folds, in trials.csv; the first is " + first)
        }
        return lines
    }

    /// One line: how much was computed and how much was known.
    static func work(_ run: Run, seconds: Double) -> String {
        let rows = run.stageRows.filter { $0.kind != "source" }
        let computed = rows.reduce(0) { $0 + $1.tally.computed }
        let cached = rows.reduce(0) { $0 + $1.tally.cached }
        let remade = rows.reduce(0) { $0 + $1.tally.remade }
        let failed = run.failures.count
        return "computed \(computed), cached \(cached)" + (remade > 0 ? ", remade \(remade)" : "")
            + (failed > 0 ? ", failed \(failed)" : "") + " in \(ProgressDisplay.duration(seconds))"
    }

    /// The sample by its id, and by its path where that does not speak for itself.
    private static func sample(_ failure: FailureRow) -> String {
        guard let sample = failure.sample else { return "" }
        guard let path = failure.path, path != sample,
            path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex) != sample
        else { return sample + ": " }
        return "\(sample) (\(path)): "
    }

    /// The first failures, in words.
    static func failures(_ run: Run, most: Int = 10) -> [String] {
        let failures = run.failures
        var lines = failures.prefix(most).map { failure in
            sample(failure) + "\(failure.stage): \(failure.cause)"
                + (failure.advice.map { "\n    = " + $0 } ?? "")
        }
        if failures.count > most { lines.append("… and \(failures.count - most) more in failures.csv") }
        return lines
    }
}
