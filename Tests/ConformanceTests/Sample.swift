// A sample of a stage type: a stage with parameters that it can work with, and rows to work on, made to fit its
// declared ports. Nothing here knows a type by name; what a declaration does not tell is in `SampleTable.swift`.

import Stages
import Tensors
import TestSupport

/// Why a type has no sample: what to add so that the suite can hold it to its laws.
struct NoSample: Error, CustomStringConvertible {
    let description: String
}

/// A stage, and what to run it on.
struct Sample: Sendable {
    static let rowCount = 24

    let type: any StageType.Type
    let given: [String: Canonical]
    let stage: any StageType
    private let axes: [String]?
    private let source: String?
    private let spread: Double
    private let isNonnegative: Bool
    /// Where its files are; they live as long as the sample.
    let scratch: Scratch

    var declaration: Declaration { type.declaration }
    /// Whether its inputs are what another map gives.
    var hasSource: Bool { source != nil }
    /// Names of the inputs, where a list port takes several.
    var inputNames: [String] { declaration.inputs.contains(where: \.isList) ? ["first", "second"] : [] }

    /// - Parameters:
    ///   - settings: parameters beside, or in place of, those of the sample.
    ///   - isLong: whether it is for inputs of 10⁶ elements.
    init(_ name: String, settings: [String: Canonical] = [:], isLong: Bool = false) throws {
        type = try Registered.type(name)
        scratch = Scratch()
        let entry = SampleEntry(for: name, in: scratch)
        axes = entry?.axes
        source = entry?.source
        spread = entry?.spread ?? 1
        isNonnegative = entry?.isNonnegative ?? false
        let missing = type.parameterDescriptions.filter { $0.defaultValue == nil && entry?.given[$0.name] == nil }
        guard missing.isEmpty else {
            throw NoSample(
                description: "\(name) has no default for \(missing.map(\.name).joined(separator: ", ")): add a case "
                    + "\"\(name)\" that gives it to SampleTable.swift, so that the suite can run the type")
        }
        var given = entry?.given ?? [:]
        if isLong { given.merge(entry?.whenLong ?? [:]) { _, new in new } }
        given.merge(settings) { _, new in new }
        self.given = given
        do { stage = try type.init(given: given) } catch {
            // Settings are a test's own, and what becomes of them is for the test to judge.
            guard settings.isEmpty else { throw error }
            throw NoSample(
                description: "\(name) does not take the parameters of its sample: "
                    + "\(error.path.joined(separator: ".")): \(error.message); correct its case in SampleTable.swift")
        }
        guard try !settings.isEmpty || stage.kind == Registered.kind(name) else {
            throw NoSample(
                description: "the sample of \(name) is of kind \(stage.kind.rawValue): add a case \"\(name)\" with the "
                    + "parameters that make it one to SampleTable.swift")
        }
    }

    /// The numeric libraries that reach its output; of a composite, also those of its parts.
    var arithmetic: Set<NumericLibrary> {
        let parts = (try? (stage as? any CompositeStage)?.expand().parts) ?? []
        return parts.reduce(declaration.arithmetic) { $0.union(Swift.type(of: $1.stage).declaration.arithmetic) }
    }

    /// The inputs of a row, in the order of the ports.
    func values(row: Int) throws -> [Value] {
        try declaration.inputs.flatMap { port in
            try (0..<(port.isList ? inputNames.count : 1)).map { try value(for: port, row: row + 100 * $0) }
        }
    }

    func value(for port: Port, row: Int) throws -> Value {
        if port.accepts == [.media], declaration.place == .media {
            return try SampleSound.media(Self.video(row: row), named: "row_\(row).y4m", in: scratch)
        }
        if port.accepts == [.media] {
            return try SampleSound.media(SampleSound.wav(row: row), named: "row_\(row).wav", in: scratch)
        }
        if port.accepts.first == .prediction { return Self.prediction(row: row).value }
        if port.accepts == [.estimate] { return Estimate(Double(row % 5) / 4).value }
        if let source {
            let sample = try Sample(source)
            guard let map = sample.stage as? any MapStage else { throw NoSample(description: "\(source) is no map") }
            return try map.apply(MapInput(values: sample.values(row: row), stream: Self.stream(row)))
        }
        guard port.accepts.isEmpty || port.accepts.contains(.tensor) else {
            throw NoSample(
                description:
                    "a port of \(declaration.name) takes \(port.accepts.map(\.rawValue)): teach Sample.swift to make it"
            )
        }
        return .tensor(tensors(for: port, type: Self.plainType(of: port)).tensor(row: row))
    }

    /// Tensors of the form of a port.
    func tensors(for port: Port, type: ElementType) -> SampleTensor {
        var tensors = SampleTensor(form(of: port), type: type)
        (tensors.spread, tensors.isNonnegative) = (spread, isNonnegative)
        return tensors
    }

    /// A small video, in grey.
    static func video(row: Int) -> [UInt8] {
        Y4M.gray(frames: 5 + row % 3, height: 12, width: 16) { frame, y, x in
            UInt8(16 + (row * 37 + frame * 11 + y * 5 + x * x) % 220)
        }
    }

    /// The element type to use where several would do.
    static func plainType(of port: Port) -> ElementType {
        port.types.isEmpty || port.types.contains(.float64) ? .float64 : port.types[0]
    }

    /// The axes of a port: those that it declares, or those that parameters name, and features.
    func form(of port: Port) -> [String] {
        if let axes = port.axes ?? axes { return axes }
        let named = type.parameterDescriptions.compactMap { parameter -> String? in
            guard parameter.kind == .axis || parameter.kind == .optional(.axis) else { return nil }
            return stage.canonicalParameters[parameter.name]?.textValue
        }
        return (named + ["feature"]).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    static func prediction(row: Int, classes: [String] = ["c0", "c1", "c2"]) -> Prediction {
        let favourite = row * 7 / 5 % classes.count
        let scores = classes.indices.map {
            $0 == favourite ? 0.5 + Double(row) / 64 : (0.5 - Double(row) / 64) / Double(classes.count - 1)
        }
        return Prediction(classes: classes, scores: scores, output: .probability, predicted: classes[favourite])
    }

    /// The columns of the rows: `label` is the target, `group` the group.
    static let columns: [String: [Scalar]] = [
        "label": (0..<rowCount).map { .string("c\($0 % 3)") },
        "group": (0..<rowCount).map { .int($0 / 4) },
        "role": (0..<rowCount).map { .string($0 / 4 == 2 ? "test" : "train") },
        "number": (0..<rowCount).map { .float(Double($0) / 8) },
    ]

    static let targets = columns["label"] ?? []

    /// Classes, or the numbers of a regression.
    var targets: [Scalar] {
        let isRegression =
            declaration.inputs.contains { $0.accepts == [.estimate] }
            || (try? stage.output(for: declaration.inputs.map { _ in .unknown }))?.content == .estimate
        return isRegression ? Self.columns["number"] ?? [] : Self.targets
    }

    static let ids = (0..<rowCount).map { $0 < 10 ? "row_0\($0)" : "row_\($0)" }

    /// The declared columns of the rows.
    var columns: [String: [Scalar]] { Self.columns.filter { stage.columns.contains($0.key) } }

    static func stream(_ seed: Int) -> RandomStream {
        RandomStream(named: Digest(of: .array([.text("conformance"), .int(seed)])))
    }

    /// A population for a split, of the first `count` rows.
    func population(count: Int = rowCount) -> Population {
        let split = stage as? any SplitStage
        let strata: [Scalar]? =
            switch split?.stratify {
            case .target: Self.targets
            case .column(let name): Self.columns[name]
            case .no, nil: nil
            }
        return Population(
            count: count, groups: Self.columns["group"].map { Array($0.prefix(count)) },
            strata: strata.map { Array($0.prefix(count)) })
    }
}
