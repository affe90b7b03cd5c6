// Laws of reports: what can be reported is numbers, and what cannot is a failure or a warning, never a NaN.

import Stages
import Tensors
import Testing

@Suite struct ReportLaw {
    @Test(arguments: Registered.reports) func metricsAreNumbers(_ name: String) throws {
        let sample = try Sample(name)
        let stage = try #require(sample.stage as? any ReportStage)
        #expect(!stage.roles.isEmpty && Set(stage.roles).count == stage.roles.count)
        for role in stage.roles { try Self.check(stage.report(sample.reportRows(for: stage, role: role))) }
    }

    @Test(arguments: Registered.reports) func noRowsAreAFailure(_ name: String) throws {
        let stage = try #require(Sample(name).stage as? any ReportStage)
        #expect(throws: Failure.self) {
            try stage.report(ReportRows(role: .test, ids: [], targets: [], values: []))
        }
    }

    @Test(arguments: Registered.reports) func oneRowIsEnoughOrAFailure(_ name: String) throws {
        let sample = try Sample(name)
        try Self.checkOrFail(sample, rows: [0], targets: ["c0"])
        try Self.checkOrFail(sample, rows: [0], targets: ["never trained on"])
        try Self.checkOrFail(sample, rows: [0, 1, 2, 3], targets: ["c1", "c1", "c1", "c1"])
    }

    @Test(arguments: Registered.reports) func rowsWithoutTargetOrValueAreFailures(_ name: String) throws {
        let sample = try Sample(name)
        let stage = try #require(sample.stage as? any ReportStage)
        let rows = try sample.reportRows(for: stage)
        func report(_ targets: [Scalar], _ values: [Value]) throws -> Report {
            try stage.report(
                ReportRows(role: rows.role, ids: rows.ids, targets: targets, values: values, columns: rows.columns))
        }
        if sample.declaration.readsTarget {
            #expect(throws: Failure.self) { try report(rows.targets.map { _ in .missing }, rows.values) }
            #expect(throws: Failure.self) { try report([.missing] + rows.targets.dropFirst(), rows.values) }
        }
        #expect(throws: Failure.self) { try report(rows.targets, [.nothing] + rows.values.dropFirst()) }
        #expect(throws: Failure.self) { try report(rows.targets, []) }
    }

    @Test(arguments: Registered.reports) func scoresThatAreNoneAreFailures(_ name: String) throws {
        let sample = try Sample(name)
        guard sample.declaration.inputs.first?.accepts == [.prediction] else { return }
        let stage = try #require(sample.stage as? any ReportStage)
        for scores in [[Double.nan, 0, 0], [.infinity, 0, 0], [1e300, -1e300, 0]] {
            for output in [Prediction.Output.probability, .score] {
                let odd = Prediction(classes: ["c0", "c1", "c2"], scores: scores, output: output, predicted: "c0")
                let values = (0..<6).map { $0 == 2 ? odd.value : Self.prediction($0, output).value }
                do {
                    try Self.check(
                        stage.report(
                            ReportRows(
                                role: .test, ids: Array(Sample.ids.prefix(6)), targets: Array(sample.targets.prefix(6)),
                                values: values)))
                    #expect(!scores[0].isNaN, "reported on a NaN without a word")
                } catch {
                    #expect(error is Failure, "\(error)")
                }
            }
        }
    }

    private static func prediction(_ row: Int, _ output: Prediction.Output) -> Prediction {
        let plain = Sample.prediction(row: row)
        return Prediction(classes: plain.classes, scores: plain.scores, output: output, predicted: plain.predicted)
    }

    private static func checkOrFail(_ sample: Sample, rows: [Int], targets: [String]) throws {
        let stage = try #require(sample.stage as? any ReportStage)
        let values = try rows.map { try sample.values(row: $0)[0] }
        do {
            try check(
                stage.report(
                    ReportRows(
                        role: .test, ids: rows.map { Sample.ids[$0] }, targets: targets.map { .string($0) },
                        values: values)))
        } catch {
            #expect(error is Failure, "\(error)")
        }
    }

    private static func check(_ report: Report) throws {
        #expect(!report.metrics.isEmpty)
        for metric in report.metrics { #expect(!metric.value.isNaN, "\(metric.name) \(metric.label ?? "") is NaN") }
        let names = report.metrics.map { "\($0.name)|\($0.label ?? "")|\($0.step ?? -1)" }
        #expect(Set(names).count == names.count, "a metric is told twice")
        let plain = Set(report.metrics.filter { $0.label == nil && $0.step == nil }.map(\.name))
        #expect(!report.headline.isEmpty && plain.isSuperset(of: report.headline), "a headline is no metric")
    }
}
