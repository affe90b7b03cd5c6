// The stage contract. A stage type is a value made from its parameters; what it may touch is what its methods are given:
// inputs, declared columns, its random stream. No clock, environment, global or file that is not an input.

public import Tensors

/// A type of stage.
public protocol StageType: Sendable {
    associatedtype Parameters: ParameterSet = NoParameters
    static var declaration: Declaration { get }
    var parameters: Parameters { get }
    /// What this stage is: that of its type, unless parameters make it another (`scale.standard` with `by` is a gather).
    var kind: Kind { get }
    /// Checks what the ranges of single parameters cannot say.
    init(_ parameters: Parameters) throws(Problem)
    /// The columns that this stage reads; their values are part of its keys.
    var columns: [String] { get }
    /// What comes out, given what goes in, as far as both are known; a mismatch is a problem. The inputs are in the order
    /// of the ports, those of a list port one after another.
    func output(for inputs: [Signature]) throws(Problem) -> Signature
    /// Checks the labels of a list port's inputs: the names of stages, or of branches.
    func check(labels: [String]) throws(Problem)
}

extension StageType {
    public var columns: [String] { [] }
    public var kind: Kind { Self.declaration.kind }
    public func check(labels: [String]) throws(Problem) {}

    /// A stage from what a spec gives.
    public init(given: [String: Canonical]) throws(Problem) {
        try self.init(Parameters(given))
    }

    public static var parameterDescriptions: [ParameterDescription] { Parameters.descriptions }
    public var canonicalParameters: [String: Canonical] { parameters.canonical }
}

/// Lists items; reads names and small tables, not media.
public protocol SourceStage: StageType {
    func list() throws -> Listing
}

/// One item's values → one value.
public protocol MapStage: StageType {
    func apply(_ input: MapInput) throws -> Value
}

/// Item tables → an item table; moves rows and computes no values.
public protocol RowsStage: StageType {
    /// The ports of tables that are looked up in: they give columns, and no values, so that no row descends from theirs.
    var lookUps: Set<String> { get }
    func rows(of tables: [RowTable]) throws -> [RowReference]
}

extension RowsStage {
    public var lookUps: Set<String> { [] }
}

/// All items' values → one value an item, unfitted: transductive, and said so.
public protocol GatherStage: StageType {
    /// One value a row, in the order of the rows. `columns` holds the declared ones.
    func gather(_ rows: [[Value]], columns: [String: [Scalar]]) throws -> [Value]
}

/// Training items → a state; the state and an item → a value.
public protocol FittedStage: StageType {
    func fit(_ input: FitInput) throws -> Fitted
    /// One value a row, for a block of rows; what comes out for a row may depend on the block in its last bits only.
    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value]
}

/// A fitted stage that needs its training rows only in sum: what is added up is made a row at a time, kept apart from the
/// fit, and shared by all fits whose parameters it does not depend on.
public protocol SummaryStage: FittedStage {
    /// What a summary depends on: parameters, or what it takes of them, as the names in a map and not the values.
    var summaryParameters: [String: Canonical] { get }
    /// Of one training row; `target` is missing unless the type declares that it reads it.
    func summary(of row: [Value], target: Scalar) throws -> Bundle
    /// Of several training rows; for types that add a row to a sum in less than it takes to merge two sums.
    func summary(of rows: TrainingSet) throws -> Bundle
    /// Of two sets of rows together. The engine merges in a fixed order, whatever the number of workers.
    func merge(_ first: Bundle, _ second: Bundle) throws -> Bundle
    /// The state, from the summary of all training rows, which can still be read again one by one.
    func fit(_ summary: Bundle, _ input: FitInput) throws -> Fitted
}

extension SummaryStage {
    public func summary(of rows: TrainingSet) throws -> Bundle {
        var whole: Bundle?
        for index in 0..<rows.count {
            let target = rows.targets.isEmpty ? .missing : rows.targets[index]
            let part = try summary(of: rows.row(index), target: target)
            whole = try whole.map { try merge($0, part) } ?? part
        }
        guard let whole else { throw Failure("there are no rows to fit on") }
        return whole
    }

    public func fit(_ input: FitInput) throws -> Fitted { try fit(summary(of: input.training), input) }
}

/// A fitted stage that is trained on what its inputs give for rows that they were not fitted on (stacking): the engine
/// divides the training rows into inner folds and fits everything above again on each.
public protocol OutOfFoldStage: FittedStage {
    /// Into how many folds the training rows are divided.
    var innerFolds: Int { get }
}

/// Predictions, or items → metrics, fold by fold.
public protocol ReportStage: StageType {
    /// The roles whose rows are reported on.
    var roles: [Role] { get }
    func report(_ rows: ReportRows) throws -> Report
}

/// A report that asks what would have come out if an input had been that of other rows (permutation importance). Its first
/// port takes what it reports on; its second those stages above that it asks about.
public protocol PermutingReportStage: ReportStage {
    /// - Parameters:
    ///   - inputs: the names of the stages that it asks about.
    ///   - stream: what to draw orders of rows from; of one fold, and of use only if the type declares that it draws.
    ///   - permuted: what comes out for the rows if the values of one of the inputs are those of the rows in another order.
    func report(
        _ rows: ReportRows, inputs: [String], stream: RandomStream,
        permuted: (_ input: Int, _ order: [Int]) throws -> [Value]
    ) throws -> Report
}

extension PermutingReportStage {
    /// Of the rows as they are.
    public func report(_ rows: ReportRows) throws -> Report {
        try report(rows, inputs: [], stream: RandomStream(named: Digest(of: .null))) { _, _ in [] }
    }
}

/// Predictions of several folds, or of several points, → metrics.
public protocol PooledReportStage: StageType {
    /// `point`: all folds of a point; `run`: all folds of all points.
    var scope: ReportScope { get }
    /// The roles whose rows are reported on.
    var roles: [Role] { get }
    func report(_ parts: [PooledRows]) throws -> Report
}

/// Who is in training and who in test: roles for the origins, fold by fold.
public protocol SplitStage: StageType {
    /// Whether the groups stay whole.
    var keepsGroups: Bool { get }
    /// Whether it cannot do without groups.
    var needsGroups: Bool { get }
    /// The column whose values are spread evenly, where any is.
    var stratify: Stratify { get }
    /// Whether other seeds give other folds.
    var isRandom: Bool { get }
    func folds(of population: Population, stream: RandomStream) throws(Problem) -> [SplitFold]
    /// A split of the same nature that divides the training rows of one of its folds once more.
    func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage
}

extension SplitStage {
    public var needsGroups: Bool { keepsGroups }

    public func inner(_ count: Int, hasGroups: Bool) throws(Problem) -> any SplitStage {
        throw Problem("\(Self.declaration.name) makes no inner folds, which a stage of this experiment needs")
    }
}

/// A stage made of smaller ones; expanded when the plan is made.
public protocol CompositeStage: StageType {
    func expand() throws(Problem) -> Expansion
}

extension CompositeStage {
    /// The signature of a composite is found by expanding it.
    public func output(for inputs: [Signature]) throws(Problem) -> Signature {
        let expansion = try expand()
        var known = [String: Signature]()
        for part in expansion.parts {
            let signatures = part.inputs.map { input in
                switch input {
                case .port(let index): inputs.indices.contains(index) ? inputs[index] : .unknown
                case .part(let name): known[name] ?? .unknown
                }
            }
            known[part.name] = try part.stage.output(for: signatures)
        }
        return known[expansion.output] ?? .unknown
    }
}
