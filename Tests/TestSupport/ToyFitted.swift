// Toy fitted stages and reports that use what the engine offers beside a plain fit: summaries, out-of-fold inputs, several
// folds at once.

public import Stages
public import Tensors

public let toyFitted = Catalogue([ToyMean.self, ToyMark.self, ToyStack.self, ToyCount.self])

/// Subtracts the mean of the training rows, times `value`; the mean comes from sums.
public struct ToyMean: SummaryStage {
    public static let declaration = Declaration(
        "toy.mean", revision: 1, kind: .fitted, summary: "Subtracts the mean.", inputs: anyTensor,
        output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public var summaryParameters: [String: Canonical] { ["log": .text(parameters.log)] }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    public func summary(of row: [Value], target: Scalar) throws -> Bundle {
        guard case .tensor(let tensor)? = row.first, let values = tensor.doubles() else { throw Failure("no numbers") }
        ToyLog.note(parameters.log, values[0])
        return Bundle(tensors: ["sum": Tensor(.float64(values + [1]), shape: [values.count + 1], axes: ["feature"])])
    }

    public func merge(_ first: Bundle, _ second: Bundle) throws -> Bundle {
        guard let a = first.tensors["sum"]?.doubles(), let b = second.tensors["sum"]?.doubles() else { return first }
        let sum = zip(a, b).map { $0 + $1 }
        return Bundle(tensors: ["sum": Tensor(.float64(sum), shape: [sum.count], axes: ["feature"])])
    }

    public func fit(_ summary: Bundle, _ input: FitInput) throws -> Fitted {
        guard let sum = summary.tensors["sum"]?.doubles(), let count = sum.last else { throw Failure("no sum") }
        guard Int(count) == input.training.count else { throw Failure("the summary is of other rows") }
        let mean = sum.dropLast().map { $0 / count * parameters.value }
        return Fitted(Bundle(tensors: ["mean": Tensor(.float64(mean), shape: [mean.count], axes: ["feature"])]))
    }

    public func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let mean = state.tensors["mean"]?.doubles() ?? []
        return rows.map { row in
            guard case .tensor(let tensor) = row[0], let values = tensor.doubles() else { return row[0] }
            return .tensor(
                Tensor(.float64(zip(values, mean).map { $0 - $1 }), shape: tensor.shape, axes: tensor.axes))
        }
    }
}

/// Says of each row whether it was fitted on: its output is (first element, 1 or 0).
public struct ToyMark: FittedStage {
    public static let declaration = Declaration(
        "toy.mark", revision: 1, kind: .fitted, summary: "Marks what it was fitted on.", inputs: anyTensor,
        output: "float64 (feature 2)")
    public let parameters: NoParameters
    public init(_ parameters: NoParameters) { self.parameters = parameters }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature {
        .tensor(.float64, [Axis("feature", size: 2)])
    }

    public func fit(_ input: FitInput) throws -> Fitted {
        let seen = try (0..<input.training.count).map { try input.training.tensor($0).doubles()?.first ?? -1 }
        return Fitted(Bundle(tensors: ["seen": Tensor(.float64(seen), shape: [seen.count], axes: ["row"])]))
    }

    public func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let seen = Set(state.tensors["seen"]?.doubles() ?? [])
        return rows.map { row in
            guard case .tensor(let tensor) = row[0], let first = tensor.doubles()?.first else { return row[0] }
            return .tensor(Tensor(.float64([first, seen.contains(first) ? 1 : 0]), shape: [2], axes: ["feature"]))
        }
    }
}

/// Trained on what its inputs give for rows that they were not fitted on; its state is what it was given.
public struct ToyStack: OutOfFoldStage {
    public static let declaration = Declaration(
        "toy.stack", revision: 1, kind: .fitted, summary: "Stacks.", inputs: anyTensor, output: "the same shape")
    public let parameters: ToyMapParameters
    public init(_ parameters: ToyMapParameters) { self.parameters = parameters }
    public var innerFolds: Int { Int(parameters.value) }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature { inputs.first ?? .unknown }

    public func fit(_ input: FitInput) throws -> Fitted {
        let rows = try (0..<input.training.count).map { try input.training.tensor($0).doubles() ?? [] }
        return Fitted(
            Bundle(tensors: [
                "rows": Tensor(.float64(rows.map { $0[0] }), shape: [rows.count], axes: ["row"]),
                "marks": Tensor(.float64(rows.map { $0[1] }), shape: [rows.count], axes: ["row"]),
            ]))
    }

    public func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] { rows.map { $0[0] } }
}

/// Counts rows and folds over a point, or over the run.
public struct ToyCount: PooledReportStage {
    public enum Over: String, CaseIterable, ParameterValue { case point, run }

    public struct Parameters: ParameterSet {
        public var over = Over.point
        public init() {}
        public static let fields: [Field<Self>] = [Field("over", \.over, "what it is about")]
    }

    public static let declaration = Declaration(
        "toy.count", revision: 1, kind: .report, summary: "Counts.",
        inputs: [Port(accepts: [.tensor, .prediction], "anything")], output: "counts")
    public let parameters: Parameters
    public init(_ parameters: Parameters) { self.parameters = parameters }
    public var scope: ReportScope { parameters.over == .point ? .point : .run }
    public var roles: [Role] { [.test] }
    public func output(for inputs: [Signature]) throws(Problem) -> Signature { .unknown }

    public func report(_ parts: [PooledRows]) throws -> Report {
        Report(
            metrics: [
                Metric("rows", Double(parts.reduce(0) { $0 + $1.rows.ids.count })),
                Metric("folds", Double(parts.count)), Metric("points", Double(Set(parts.map(\.point)).count)),
            ], headline: ["rows"])
    }
}
