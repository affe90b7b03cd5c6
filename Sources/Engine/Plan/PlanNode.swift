// A node of the plan: one stage, with one set of parameters, over one table; for fitted stages in one fold, and as two
// nodes, a fit and its apply. Nodes of equal recipe are one node.

public import Stages
public import Tensors

/// What a node does.
public enum Work: Sendable {
    case source(any SourceStage)
    case map(any MapStage)
    case gather(any GatherStage)
    case fit(any FittedStage)
    case apply(any FittedStage)
    case report(any ReportStage)

    var word: String {
        switch self {
        case .source: "source"
        case .map: "map"
        case .gather: "gather"
        case .fit: "fit"
        case .apply: "apply"
        case .report: "report"
        }
    }
}

/// A node of the plan.
public struct PlanNode: Sendable {
    public let recipe: Digest
    /// What the recipe was made of, for `nodes/` and `plan --why`.
    let parts: Canonical
    public let work: Work
    public let declaration: Declaration
    /// How records and messages call it: the name of the first stage that led to it.
    public let name: String
    /// The nodes that it takes, in the order of the ports; of an apply, the fit comes first.
    public let inputs: [Int]
    /// The port of each input.
    let ports: [String]
    /// Names of the inputs of a list port that has several; they label what comes out.
    let inputNames: [String]
    /// Columns that it reads, sorted.
    let columns: [String]
    /// Digest of type, revision and parameters.
    let identityDigest: Digest
    /// Seed and address of its random streams, if it draws.
    let stream: (seed: Int, address: String)?
    /// Index of the row set in the plan.
    public let rows: Int
    /// Index of the fold in the plan, where it depends on one.
    public let fold: Int?
    /// Column of targets, where it reads them.
    let target: String?
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
}

/// One evaluation: a point of the sweep, a repeat, a fold.
public struct Trial: Sendable {
    public let point: Int
    public let fold: Int
    /// Report nodes by the name of the stage, in the order of the spec.
    public let reports: [(name: String, node: Int)]
    /// The fit nodes of this trial, for their metrics and warnings.
    public let fits: [(name: String, node: Int)]
    /// All nodes of this trial that depend on its fold.
    let nodes: [Int]
}

/// A point of the sweep, for the records.
public struct PlannedPoint: Sendable {
    public let index: Int
    public let values: [(address: String, text: String?)]
    /// Nodes by the name of the stage, of those that depend on no fold.
    let nodes: [(name: String, node: Int)]
}
