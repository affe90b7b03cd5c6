// The parameters that all trees share, and what they come to for a given table.

internal import Stages
internal import Tensors

/// How impure a node is, from the shares of the classes in it.
enum SplitCriterion: String, CaseIterable, ParameterValue {
    case gini, entropy
    case logLoss = "log_loss"
}

/// How the limits of a tree are set in a spec.
struct TreeParameters: ParameterSet {
    enum ClassWeight: String, CaseIterable, ParameterValue { case balanced }

    var criterion = SplitCriterion.gini
    var maxDepth: Int?
    var minSamplesSplit = Canonical.int(2)
    var minSamplesLeaf = Canonical.int(1)
    var maxLeafNodes: Int?
    var minImpurityDecrease = 0.0
    var classWeight: ClassWeight?

    private static let positive = Bounds.atLeast(1)

    static var fields: [Field<Self>] {
        [
            Field("criterion", \.criterion, "the impurity that splits reduce; log_loss is another word for entropy"),
            Field("max_depth", \.maxDepth, as: .optional(.int(positive)), "levels of splits at most; null: no limit"),
            Field(
                "min_samples_split", \.minSamplesSplit,
                as: .either([.int(.atLeast(2)), .float(Bounds(lower: 0, upper: 1, isLowerOpen: true))]),
                "rows that a node must have to be split, or their share of all"),
            Field(
                "min_samples_leaf", \.minSamplesLeaf, as: .either([.int(positive), .float(.inside(0, 1))]),
                "rows that a leaf must have, or their share of all"),
            Field(
                "max_leaf_nodes", \.maxLeafNodes, as: .optional(.int(.atLeast(2))),
                "leaves of a tree at most, the best splits first; null: no limit"),
            Field(
                "min_impurity_decrease", \.minImpurityDecrease, as: .float(.atLeast(0)),
                "by how much a split must reduce the impurity, weighted by the node's share of all rows"),
            Field("class_weight", \.classWeight, "balanced: all classes weigh the same; null: all rows do"),
        ]
    }

    /// The parameter `max_features`, whose default is not the same for all types.
    static let maxFeaturesKind = ParameterKind.optional(
        .either([
            .choice(["sqrt", "log2"]), .int(positive), .float(Bounds(lower: 0, upper: 1, isLowerOpen: true)),
        ]))
    static let maxFeaturesHelp =
        "features that a split is chosen among, drawn anew each time: a number, a share, sqrt, log2, or null for all"
}

/// The limits of a tree, in rows and features.
struct TreeLimits: Sendable {
    let isGini: Bool
    let isRandom: Bool
    let depth: Int
    let split: Int
    let leaf: Int
    let leaves: Int?
    let decrease: Double
    let features: Int

    init(
        _ parameters: TreeParameters, maxFeatures: Canonical, isRandom: Bool, rows: Int, columns: Int
    ) throws(Failure) {
        isGini = parameters.criterion == .gini
        self.isRandom = isRandom
        depth = parameters.maxDepth ?? .max
        leaf = Self.rows(parameters.minSamplesLeaf, of: rows)
        split = max(Self.rows(parameters.minSamplesSplit, of: rows), 2, 2 * min(leaf, rows))
        leaves = parameters.maxLeafNodes
        decrease = parameters.minImpurityDecrease
        switch maxFeatures {
        case .int(let number):
            guard number <= columns else {
                throw Failure(
                    "max_features is \(number), and there are \(columns) features",
                    advice: "give at most \(columns), a share, sqrt, log2, or null for all")
            }
            features = number
        case .float(let share): features = max(1, Int(share * Double(columns)))
        case .text("sqrt"): features = max(1, Int(Double(columns).squareRoot()))
        case .text: features = max(1, Int.bitWidth - 1 - columns.leadingZeroBitCount)
        default: features = columns
        }
    }

    private static func rows(_ value: Canonical, of rows: Int) -> Int {
        switch value {
        case .int(let number): number
        case .float(let share): Int((share * Double(rows)).rounded(.up))
        default: 1
        }
    }
}
