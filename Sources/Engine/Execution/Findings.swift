// What fits and reports find beside their state, in the form in which it is noted in their records.

internal import Cache
internal import Stages
internal import Tensors

extension Report {
    /// Itself, with the headline metrics alone.
    var headlines: Report {
        Report(
            metrics: metrics.filter { $0.label == nil && $0.step == nil && headline.contains($0.name) },
            headline: headline,
            warnings: warnings)
    }
}

struct Findings {
    let warnings: [String]
    let metrics: [Metric]
    let reports: [(role: Role, report: Report)]

    init(warnings: [String], metrics: [Metric], reports: [(role: Role, report: Report)]) {
        self.warnings = warnings
        self.metrics = metrics
        self.reports = reports
    }

    var canonical: [String: Canonical] {
        [
            "warnings": .array(warnings.map { .text($0) }),
            "metrics": .array(metrics.map(Self.encode)),
            "reports": .array(
                reports.map { entry in
                    .map([
                        "role": .text(entry.role.rawValue),
                        "metrics": .array(entry.report.metrics.map(Self.encode)),
                        "headline": .array(entry.report.headline.map { .text($0) }),
                        "warnings": .array(entry.report.warnings.map { .text($0) }),
                    ])
                }),
        ]
    }

    init?(_ note: Canonical) {
        guard let warnings = note["warnings"]?.arrayValue, let metrics = note["metrics"]?.arrayValue,
            let reports = note["reports"]?.arrayValue
        else { return nil }
        self.warnings = warnings.compactMap(\.textValue)
        self.metrics = metrics.compactMap(Self.decode)
        self.reports = reports.compactMap { entry in
            guard let role = entry["role"]?.textValue.flatMap(Role.init(rawValue:)),
                let metrics = entry["metrics"]?.arrayValue,
                let headline = entry["headline"]?.arrayValue, let warnings = entry["warnings"]?.arrayValue
            else { return nil }
            return (
                role,
                Report(
                    metrics: metrics.compactMap(Self.decode), headline: headline.compactMap(\.textValue),
                    warnings: warnings.compactMap(\.textValue))
            )
        }
        guard self.metrics.count == metrics.count, self.reports.count == reports.count else { return nil }
    }

    /// What the record of a fit or a report says that it found.
    static func of(_ index: Int, in run: Run) throws -> Findings {
        let node = run.plan.nodes[index]
        if let key = run.tables[index].withLock({ $0.key }),
            let found = try run.find(key, for: node).flatMap({ Findings($0.note) })
        {
            return found
        }
        throw Failure("what \(node.name) found is lost from the cache", advice: "run again: it is computed anew")
    }

    private static func encode(_ metric: Metric) -> Canonical {
        .array([
            .text(metric.name), metric.label.map { .text($0) } ?? .null, metric.step.map { .int($0) } ?? .null,
            .float(metric.value),
        ])
    }

    private static func decode(_ canonical: Canonical) -> Metric? {
        guard let parts = canonical.arrayValue, parts.count == 4, let name = parts[0].textValue,
            let value = parts[3].floatValue
        else { return nil }
        return Metric(name, label: parts[1].textValue, step: parts[2].intValue, value)
    }
}
