// A node of the plan: one stage, with one set of parameters, over one table; for fitted stages in one fold, and as two
// nodes, a fit and its apply. Nodes of equal recipe are one node.

public import Spec
public import Stages
public import Tensors

/// What a node does.
public enum Work: Sendable {
    case source(any SourceStage)
    case map(any MapStage)
    /// Moves rows; computes nothing.
    case rows(RowMapping)
    case gather(any GatherStage)
    /// What a fit needs of its training rows in sum.
    case summary(any SummaryStage)
    case fit(any FittedStage)
    case apply(any FittedStage)
    /// For each training row the value from the inner fold that held it out. The inputs are one node for each of these
    /// folds, then that of the outer fold, from which validation rows are.
    case outOfFold([Int])
    case report(any ReportStage)
    /// A report over several folds; `Plan.pools` says which.
    case pooled(any PooledReportStage)

    var word: String {
        switch self {
        case .source: "source"
        case .map: "map"
        case .rows: "rows"
        case .gather: "gather"
        case .summary: "summary"
        case .fit: "fit"
        case .apply: "apply"
        case .outOfFold: "out_of_fold"
        case .report, .pooled: "report"
        }
    }

    /// Whether it gives one bundle for all rows, which they are then applied with.
    var isState: Bool {
        switch self {
        case .fit, .summary: true
        default: false
        }
    }

    /// Whether it hands rows on as they are.
    var passesRows: Bool {
        switch self {
        case .rows, .outOfFold: true
        default: false
        }
    }
}

/// A node of the plan.
public struct PlanNode: Sendable {
    public let recipe: Digest
    /// What the recipe was made of, as canonical bytes: there are many nodes, and few ask.
    let encodedParts: [UInt8]
    var parts: Canonical { Canonical(encoded: encodedParts) ?? .null }
    public let work: Work
    public let declaration: Declaration
    /// How records and messages call it: the name of the first stage that led to it.
    public let name: String
    /// The nodes that it takes, in the order of the ports; of an apply, the fit comes first, of a fit, its summary.
    public let inputs: [Int]
    /// The port of each input.
    let ports: [String]
    /// Names of the inputs of a list port that has several; they label what comes out.
    let inputNames: [String]
    /// Columns that it reads, sorted.
    let columns: [String]
    /// Digest of type, revision and parameters.
    let identityDigest: Digest
    /// What names its random streams, if it draws.
    let stream: StreamName?
    /// Index of the row set in the plan.
    public internal(set) var rows: Int
    /// Index of the fold in the plan, where it depends on one.
    public let fold: Int?
    /// Column of targets, where it reads them.
    let target: String?
    /// Column of groups, where it depends on a fold of a split that has some; no part of its identity.
    let group: String?
    /// `only: train`: other rows pass as they are.
    let isForTraining: Bool
    public internal(set) var limits: Limits
    public let profile: [String: String]
    let profileDigest: Digest
    /// How many barriers (fits, gathers) lie between the sources and this; maps of one level run sample by sample.
    let level: Int
    /// The roles whose rows somebody asks for; empty where the node has no fold.
    public internal(set) var roles: Set<Role> = []
    /// Nodes that take this one.
    public internal(set) var consumers: [Int] = []
    /// Whether its values are stored.
    public internal(set) var keeps = false

    public var kindWord: String { work.word }
    public var isTransient: Bool { declaration.isTransient }
    var isCheap: Bool { declaration.isCheap }

    /// Whether some of its rows are those of an input as they are.
    var handsRowsOn: Bool { isForTraining || work.passesRows }

    /// The inputs that have a value a row: neither a state nor a summary.
    func takesRows(from input: PlanNode) -> Bool { !input.work.isState }
}

/// One evaluation: a point of the sweep, a repeat, a fold.
public struct Trial: Sendable {
    public let point: Int
    public let fold: Int
    /// The row set whose rows are counted.
    let rows: Int
    /// Report nodes by the name of the stage, in the order of the spec.
    public let reports: [(name: String, node: Int)]
    /// The fit nodes of this trial, for their metrics and warnings.
    public let fits: [(name: String, node: Int)]
    /// All nodes of this trial that depend on its fold.
    let nodes: [Int]
}

/// A report over several folds.
public struct PlannedPool: Sendable {
    /// The name of the stage.
    public let name: String
    public let node: Int
    /// Of a report over one point.
    public let point: Int?
}

/// One of the folds that a pooled report is about.
struct PoolPart: Sendable {
    let point: Int
    let fold: Int
    let input: Int
    let inputName: String
}

/// A stage that a permuting report asks about.
struct AskedInput: Sendable {
    let name: String
    let node: Int
}

/// A point of the sweep, for the records.
public struct PlannedPoint: Sendable {
    public let index: Int
    public let values: [(address: String, text: String?)]
    /// Nodes by the name of the stage, of those that depend on no fold.
    let nodes: [(name: String, node: Int)]
}
