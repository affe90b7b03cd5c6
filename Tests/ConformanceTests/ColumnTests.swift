// Law: a stage reads the columns that its parameters name, and no others; a map or a gather never reads the target.

import Stages
import Tensors
import Testing

@Suite struct ColumnLaw {
    @Test(arguments: Registered.names) func columnsAreNamedByParameters(_ name: String) throws {
        let sample = try Sample(name)
        let kinds = sample.type.parameterDescriptions.map {
            ($0.kind, sample.stage.canonicalParameters[$0.name] ?? .null)
        }
        let named = kinds.flatMap { Self.columns(in: $1, of: $0) }
        #expect(Set(sample.stage.columns).isSubset(of: named), "it reads columns that no parameter names")
        #expect(Set(sample.stage.columns).count == sample.stage.columns.count)
    }

    /// What a parameter names reaches the stage, and so its keys.
    @Test(arguments: Registered.names) func namedColumnsAreDeclared(_ name: String) throws {
        for parameter in try Registered.type(name).parameterDescriptions {
            guard let value = Self.naming("some_column", in: parameter.kind) else { continue }
            let stage = try Sample(name, settings: [parameter.name: value]).stage
            let read = stage.columns + (Self.stratum(of: stage).map { [$0] } ?? [])
            #expect(read.contains("some_column"), "\(parameter.name) names a column that the stage does not declare")
        }
    }

    @Test(arguments: Registered.names) func targetIsNotForMapsAndGathers(_ name: String) throws {
        let type = try Registered.type(name)
        let stage = try Sample(name).stage
        let mayRead =
            stage.kind == .fitted || stage.kind == .report || type is any SplitStage.Type || name == "samples.select"
        #expect(
            mayRead || !type.declaration.readsTarget, "only fit, splits, reports and samples.select read the target")
        if (stage as? any SplitStage)?.stratify == .target { #expect(type.declaration.readsTarget) }
    }

    /// All stages that take a `Stratify` can be told the target.
    @Test(arguments: Registered.splits) func splitsDeclareThatTheyStratify(_ name: String) throws {
        let type = try Registered.type(name)
        for parameter in type.parameterDescriptions where parameter.kind == Stratify.kind {
            let stage = try Sample(name, settings: [parameter.name: .bool(true)]).stage as? any SplitStage
            #expect(stage?.stratify == .target)
            #expect(type.declaration.readsTarget, "it can stratify by the target: declare readsTarget: true")
        }
    }

    private static func stratum(of stage: any StageType) -> String? {
        guard case .column(let name)? = (stage as? any SplitStage)?.stratify else { return nil }
        return name
    }

    /// A value of that kind which names the column; nil where the kind names none.
    private static func naming(_ column: String, in kind: ParameterKind) -> Canonical? {
        switch kind {
        case .column: .text(column)
        case .optional(let inner): naming(column, in: inner)
        case .either(let kinds): kinds.lazy.compactMap { naming(column, in: $0) }.first
        case .list(let inner): naming(column, in: inner).map { .array([$0]) }
        default: nil
        }
    }

    private static func columns(in value: Canonical, of kind: ParameterKind) -> [String] {
        switch (kind, value) {
        case (.column, .text(let name)): [name]
        case (.optional(let inner), _): columns(in: value, of: inner)
        case (.either(let kinds), _): kinds.flatMap { columns(in: value, of: $0) }
        case (.list(let inner), .array(let values)): values.flatMap { columns(in: $0, of: inner) }
        case (.map(let inner), .map(let entries)):
            // A map may name columns by its keys, as a condition does, or by its values.
            Array(entries.keys) + entries.values.flatMap { columns(in: $0, of: inner) }
        default: []
        }
    }
}
