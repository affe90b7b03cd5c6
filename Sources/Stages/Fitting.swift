// What fitted stages are given and give back. `fit` sees rows of the roles that it may see and nothing else: no ids, no
// test rows, no roles.

public import Tensors

/// Rows to fit on, which can be read again and again.
public struct TrainingSet: Sendable {
    public let count: Int
    /// The target of each row, if the type declares that it reads it.
    public let targets: [Scalar]
    /// The declared columns.
    public let columns: [String: [Scalar]]
    private let read: @Sendable (Int) throws -> [Value]

    public init(
        count: Int, targets: [Scalar] = [], columns: [String: [Scalar]] = [:],
        read: @escaping @Sendable (Int) throws -> [Value]
    ) {
        self.count = count
        self.targets = targets
        self.columns = columns
        self.read = read
    }

    /// Rows held in memory.
    public init(_ rows: [[Value]], targets: [Scalar] = [], columns: [String: [Scalar]] = [:]) {
        self.init(count: rows.count, targets: targets, columns: columns) { rows[$0] }
    }

    /// The inputs of a row, in the order of the ports.
    public func row(_ index: Int) throws -> [Value] { try read(index) }

    /// The first input of a row, as a tensor.
    public func tensor(_ index: Int) throws -> Tensor {
        guard case .tensor(let tensor)? = try read(index).first else { throw Failure("expected tensors to fit on") }
        return tensor
    }
}

/// All that `fit` is given.
public struct FitInput: Sendable {
    public let training: TrainingSet
    /// For stopping only, and only if the type declares that it uses it.
    public let validation: TrainingSet?
    /// Of use only if the type declares that it draws.
    public let stream: RandomStream
    /// How many threads it may use; what comes out must not depend on it.
    public let threads: Int

    public init(training: TrainingSet, validation: TrainingSet? = nil, stream: RandomStream, threads: Int = 1) {
        self.training = training
        self.validation = validation
        self.stream = stream
        self.threads = threads
    }
}

/// What `fit` gives back.
public struct Fitted: Sendable {
    public let state: Bundle
    /// Named in the results: a solver that did not converge.
    public let warnings: [String]
    /// Of the fit itself: loss curves (with steps), explained variance.
    public let metrics: [Metric]

    public init(_ state: Bundle, warnings: [String] = [], metrics: [Metric] = []) {
        self.state = state
        self.warnings = warnings
        self.metrics = metrics
    }
}

/// A number that a run reports.
public struct Metric: Sendable, Hashable {
    public let name: String
    /// The class that it speaks of, where it speaks of one. A confusion count has `true→predicted`.
    public let label: String?
    /// The step of a curve.
    public let step: Int?
    public let value: Double

    public init(_ name: String, label: String? = nil, step: Int? = nil, _ value: Double) {
        self.name = name
        self.label = label
        self.step = step
        self.value = value
    }
}

/// The rows of one role that a report is about.
public struct ReportRows: Sendable {
    public let role: Role
    public let ids: [String]
    public let targets: [Scalar]
    public let values: [Value]
    public let columns: [String: [Scalar]]

    public init(role: Role, ids: [String], targets: [Scalar], values: [Value], columns: [String: [Scalar]] = [:]) {
        self.role = role
        self.ids = ids
        self.targets = targets
        self.values = values
        self.columns = columns
    }
}

/// What a report sees at once.
public enum ReportScope: String, Sendable, Hashable {
    /// One fold of one point.
    case fold
    /// All folds of one point.
    case point
    /// All folds of all points.
    case run
}

/// What a report over several folds is given for one of them.
public struct PooledRows: Sendable {
    public let point: Int
    /// What is swept, with this point's values; an address that does not apply has none.
    public let values: [(address: String, text: String?)]
    /// The stage that the values come from.
    public let input: String
    public let repetition: Int
    /// The number of the fold, and what it holds out, where that has a name.
    public let fold: Int
    public let heldOut: String
    /// How many rows the fold trains on.
    public let training: Int
    /// What computed the values: the same for points that do not differ in anything that leads to them.
    public let origin: Int
    public let rows: ReportRows

    public init(
        point: Int, values: [(address: String, text: String?)] = [], input: String, repetition: Int, fold: Int,
        heldOut: String = "", training: Int, origin: Int, rows: ReportRows
    ) {
        self.origin = origin
        self.point = point
        self.values = values
        self.input = input
        self.repetition = repetition
        self.fold = fold
        self.heldOut = heldOut
        self.training = training
        self.rows = rows
    }
}

/// What a report finds.
public struct Report: Sendable, Hashable {
    public let metrics: [Metric]
    /// The metrics to show first and to average over folds.
    public let headline: [String]
    public let warnings: [String]

    public init(metrics: [Metric], headline: [String], warnings: [String] = []) {
        self.metrics = metrics
        self.headline = headline
        self.warnings = warnings
    }
}
