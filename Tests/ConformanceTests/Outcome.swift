// What a stage gives for its sample, as digests: one for each part that must not depend on anything but the inputs, the
// parameters and the stream.

import Engine
import Foundation
import Media
import Spec
import Stages
import Tensors
import TestSupport

extension Sample {
    /// The digests of everything that the stage gives for its sample.
    func outcome(seed: Int = 1) throws -> [Digest] {
        switch stage {
        case let stage as any SplitStage:
            return try stage.folds(of: population(), stream: Self.stream(seed)).map { Digest(of: $0.canonical) }
        case let stage as any SourceStage: return try listing(stage)
        case let stage as any GatherStage where stage.kind == .gather:
            return try stage.gather((0..<Self.rowCount).map(values), columns: columns).map(\.digest)
        case let stage as any FittedStage:
            let fitted = try fit(stage, seed: seed)
            let rows = try (0..<Self.rowCount).map { try values(row: 1000 + $0) }
            return [fitted.state.digest] + [Digest(of: .array(fitted.metrics.map(\.canonical)))]
                + [Digest(of: .array(fitted.warnings.map { .text($0) }))]
                + (try stage.apply(fitted.state, to: rows).map(\.digest))
        case let stage as any ReportStage: return [Digest(of: try stage.report(reportRows(for: stage)).canonical)]
        case let stage as any PooledReportStage: return [Digest(of: try stage.report(pooledRows).canonical)]
        case let stage as any RowsStage: return [Digest(of: try stage.rows(of: rowTables).canonical)]
        default: return try (0..<16).map { try map(row: $0, seed: seed).digest }
        }
    }

    /// The output of a map or a composite for a row.
    func map(row: Int, seed: Int = 1) throws -> Value { try map(values(row: row), row: row, seed: seed) }

    func map(_ values: [Value], row: Int = 0, seed: Int = 1) throws -> Value {
        guard let map = stage as? any MapStage else {
            return try OneShot.apply(stage, to: values, names: inputNames, seed: seed, runner: InThreadRunner())
        }
        let columns = Self.columns.filter { map.columns.contains($0.key) }.mapValues { $0[row % Self.rowCount] }
        let input = MapInput(
            values: values, names: inputNames, columns: columns, stream: Self.stream(1000 * seed + row))
        do { return try map.apply(input) } catch is NeedsMediaProcess {
            return try Self.media.apply(map, to: input, in: .media, limits: Limits())
        }
    }

    /// `martlet-media`, warm for all samples that need it.
    private static let media = ChildRunner()

    func training(count: Int = rowCount) throws -> [[Value]] { try (0..<count).map(values) }

    func fit(_ stage: any FittedStage, seed: Int = 1, threads: Int = 1) throws -> Fitted {
        try fit(stage, training(), targets: targets, seed: seed, threads: threads)
    }

    func fit(
        _ stage: any FittedStage, _ rows: [[Value]], targets: [Scalar], seed: Int = 1, threads: Int = 1
    ) throws -> Fitted {
        let columns = columns.mapValues { Array($0.prefix(rows.count)) }
        let isToldTargets = declaration.readsTarget
        func set(_ rows: [[Value]], _ targets: [Scalar]) -> TrainingSet {
            TrainingSet(rows, targets: isToldTargets ? targets : [], columns: columns)
        }
        return try stage.fit(
            FitInput(
                training: set(rows, targets), validation: declaration.usesValidation ? set(rows, targets) : nil,
                stream: Self.stream(seed), threads: threads))
    }

    func reportRows(for stage: any ReportStage, role: Role? = nil) throws -> ReportRows {
        ReportRows(
            role: role ?? stage.roles.first ?? .test, ids: Self.ids, targets: targets,
            values: try (0..<Self.rowCount).map { try values(row: $0)[0] }, columns: columns)
    }

    /// Three folds of two points, whose values differ.
    private var pooledRows: [PooledRows] {
        get throws {
            try (0..<2).flatMap { point in
                try (0..<3).map { fold in
                    let rows = Array(fold * 8..<(fold + 1) * 8)
                    return PooledRows(
                        point: point, values: [("point", String(point))], input: "in", repetition: 0, fold: fold,
                        training: 16, origin: 10 * point + fold,
                        rows: ReportRows(
                            role: .test, ids: rows.map { Self.ids[$0] }, targets: rows.map { targets[$0] },
                            values: try rows.map { try values(row: $0 + 100 * point)[0] }))
                }
            }
        }
    }

    /// Two tables of the same rows, of which a rows stage takes as many as it has ports.
    var rowTables: [RowTable] {
        tableNames.map { RowTable(name: $0, ids: ids(of: $0), columns: columns) }
    }

    /// As many as the ports take.
    var tableNames: [String] {
        let count = declaration.inputs.contains(where: \.isList) ? 2 : max(1, declaration.inputs.count)
        return Array(["first", "second"].prefix(count))
    }

    /// Tables of a plain list port are of other rows; behind branches and at two ports they are of the same.
    func ids(of table: String) -> [String] {
        let isOther = declaration.inputs.contains { $0.isList && !$0.joinsBranches } && table != "first"
        return isOther ? Self.ids.map { "other_" + $0 } : Self.ids
    }

    private func listing(_ stage: any SourceStage) throws -> [Digest] {
        try stage.list().items.map { item in
            let content: Digest =
                switch item.origin {
                case .media(let location): try MediaReader.digest(location).digest
                case .value(let value): value.digest
                }
            return Digest(
                of: .array([
                    .text(item.id), .map(item.columns.mapValues(\.canonical)), .text(item.path), .digest(content),
                ]))
        }
    }
}

extension SplitFold {
    var canonical: Canonical { .array([.text(label)] + roles.map { .text($0.rawValue) }) }
}

extension Metric {
    var canonical: Canonical {
        .array([.text(name), label.map { .text($0) } ?? .null, step.map { .int($0) } ?? .null, .float(value)])
    }
}

extension Report {
    var canonical: Canonical {
        .array([
            .array(metrics.map(\.canonical)), .array(headline.map { .text($0) }), .array(warnings.map { .text($0) }),
        ])
    }
}

extension [RowReference] {
    var canonical: Canonical {
        func place(_ place: RowPlace) -> Canonical { .array([.int(place.table), .int(place.row)]) }
        return .array(
            map {
                .array([
                    .text($0.id), place($0.place), .array($0.others.map(place)), .bool($0.isForTraining),
                ])
            })
    }
}

/// Runs `body` for 0 ..< `count` on several threads at once; gives the results in order.
func onThreads<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) throws -> Result) throws -> [Result] {
    let results = Lock<[Int: Swift.Result<Result, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: count) { index in
        let result = Swift.Result { try body(index) }
        results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.sorted { $0.key < $1.key }.map { try $0.value.get() }
}
