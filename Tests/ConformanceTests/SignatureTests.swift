// Law: what comes out is what `output(for:)` says of it: content, element type, axes, and sizes and labels where it
// tells them.

import Stages
import Tensors
import Testing

@Suite struct SignatureLaw {
    @Test(arguments: Registered.maps) func mapsGiveWhatTheySay(_ name: String) throws {
        let sample = try Sample(name)
        for (types, row) in zip(Self.elementTypes(of: sample), 0...) {
            let values = try Self.inputs(sample, types, row: row)
            let signatures = values.map { Signature(of: $0) }
            let value = try sample.map(values, row: row)
            try Self.check(value, sample.stage.output(for: signatures), "for \(signatures.map(\.phrase))")
            let unsized = signatures.map { signature in
                Signature(signature.content, type: signature.type, axes: signature.axes?.map { Axis($0.name) })
            }
            try Self.check(value, sample.stage.output(for: unsized), "for inputs of unknown sizes")
            let unknown = signatures.map { _ in Signature.unknown }
            try Self.check(value, sample.stage.output(for: unknown), "for unknown inputs")
        }
    }

    @Test(arguments: Registered.fitted) func fittedGiveWhatTheySay(_ name: String) throws {
        let sample = try Sample(name)
        guard let stage = sample.stage as? any FittedStage else { return }
        for types in Self.elementTypes(of: sample) {
            let rows = try (0..<Sample.rowCount).map { try Self.inputs(sample, types, row: $0) }
            let state = try sample.fit(stage, rows, targets: sample.targets).state
            let signatures = rows[0].map { Signature(of: $0) }
            for value in try stage.apply(state, to: rows) {
                try Self.check(value, stage.output(for: signatures), "for \(signatures.map(\.phrase))")
                try Self.check(value, stage.output(for: signatures.map { _ in .unknown }), "for unknown inputs")
            }
        }
    }

    @Test(arguments: Registered.gathers) func gathersGiveWhatTheySay(_ name: String) throws {
        let sample = try Sample(name)
        guard let stage = sample.stage as? any GatherStage else { return }
        for types in Self.elementTypes(of: sample) {
            let rows = try (0..<Sample.rowCount).map { try Self.inputs(sample, types, row: $0) }
            let signatures = rows[0].map { Signature(of: $0) }
            for value in try stage.gather(rows, columns: sample.columns) {
                try Self.check(value, stage.output(for: signatures), "for \(signatures.map(\.phrase))")
                try Self.check(value, stage.output(for: signatures.map { _ in .unknown }), "for unknown inputs")
            }
        }
    }

    /// What moves rows leaves their values as they are.
    @Test(arguments: Registered.rows) func rowsKeepTheirValues(_ name: String) throws {
        let sample = try Sample(name)
        let plain: [Signature] = [
            .unknown, .media, .nothing, .prediction,
            .tensor(.float32, [Axis("time"), Axis("feature", labels: ["a", "b"])]),
        ]
        for signature in plain {
            #expect(try sample.stage.output(for: sample.tableNames.map { _ in signature }) == signature)
        }
    }

    /// Scores of one classifier are features of the next.
    @Test(arguments: Registered.maps + Registered.fitted) func predictionsAreTakenWhereAccepted(_ name: String) throws {
        let sample = try Sample(name)
        guard let port = sample.declaration.inputs.first, port.accepts.contains(.prediction) else { return }
        let rows = (0..<Sample.rowCount).map { row in
            (0..<max(1, sample.inputNames.count)).map { Sample.prediction(row: row + $0).value }
        }
        // Along the axis that predictions have, where the stage must be told one.
        let axis = sample.type.parameterDescriptions.first { $0.kind == .axis }?.name
        let stage = try Sample(name, settings: axis.map { [$0: .text("class")] } ?? [:])
        let declared = try stage.stage.output(for: rows[0].map { _ in .prediction })
        let made: [Value]
        if let fitted = stage.stage as? any FittedStage {
            made = try fitted.apply(sample.fit(fitted, rows, targets: sample.targets).state, to: rows)
        } else {
            made = try rows.map { try stage.map($0) }
        }
        for value in made { Self.check(value, declared, "for predictions") }
    }

    @Test(arguments: Registered.sources) func sourcesListWhatTheySay(_ name: String) throws {
        guard let stage = try Sample(name).stage as? any SourceStage else { return }
        // The sample's directory is gone with it, so a new one is made for the listing.
        let sample = try Sample(name)
        guard let source = sample.stage as? any SourceStage else { return }
        let listing = try source.list()
        #expect(!listing.items.isEmpty)
        let declared = try stage.output(for: [])
        #expect(declared.content == nil || declared.content == listing.signature.content)
        #expect(declared.type == nil || declared.type == listing.signature.type)
        for item in listing.items {
            switch item.origin {
            case .media: #expect(listing.signature.content == .media)
            case .value(let value):
                Self.check(value, listing.signature, "of \(item.id)")
                Self.check(value, declared, "of \(item.id)")
            }
        }
    }

    /// Each element type that the ports take in turn; all ports at once.
    private static func elementTypes(of sample: Sample) -> [[ElementType]] {
        let choices = sample.declaration.inputs.map { port -> [ElementType] in
            guard port.accepts.isEmpty || port.accepts.contains(.tensor) else { return [.float64] }
            return port.types.isEmpty ? ElementType.allCases : port.types
        }
        return (0..<(choices.map(\.count).max() ?? 0)).map { turn in choices.map { $0[turn % $0.count] } }
    }

    private static func inputs(_ sample: Sample, _ types: [ElementType], row: Int) throws -> [Value] {
        try zip(sample.declaration.inputs, types).flatMap { port, type in
            try (0..<(port.isList ? sample.inputNames.count : 1)).map { copy in
                guard !sample.hasSource, port.accepts.isEmpty || port.accepts.contains(.tensor) else {
                    return try sample.value(for: port, row: row)
                }
                return .tensor(SampleTensor(sample.form(of: port), type: type).tensor(row: row + 100 * copy))
            }
        }
    }

    private static func check(_ value: Value, _ declared: Signature, _ occasion: String) {
        let found = Signature(of: value)
        if declared.content == .prediction {
            #expect(Prediction(value) != nil, "declared a prediction, got \(found.phrase) \(occasion)")
            return
        }
        if declared.content == .estimate {
            #expect(Estimate(value) != nil, "declared an estimate, got \(found.phrase) \(occasion)")
            return
        }
        if let content = declared.content { #expect(found.content == content, "\(occasion)") }
        if let type = declared.type { #expect(found.type == type, "\(occasion)") }
        guard let axes = declared.axes else { return }
        #expect(found.axes?.map(\.name) == axes.map(\.name), "\(occasion)")
        for (axis, own) in zip(axes, found.axes ?? []) {
            if let size = axis.size { #expect(own.size == size, "along \(axis.name) \(occasion)") }
            if let labels = axis.labels { #expect(own.labels == labels, "along \(axis.name) \(occasion)") }
        }
    }
}
