// The parameters that forests share.

internal import Stages
internal import Tensors

struct ForestParameters: ParameterSet {
    var trees = 100
    var tree = TreeParameters()
    var maxFeatures = Canonical.text("sqrt")
    var isScoredOutOfBag = false
    var maxSamples = Canonical.null

    static var fields: [Field<Self>] {
        [Field("n_estimators", \.trees, as: .int(.between(1, 1_000_000)), "trees")] + Field<Self>.all(of: \.tree) + [
            Field("max_features", \.maxFeatures, as: TreeParameters.maxFeaturesKind, TreeParameters.maxFeaturesHelp),
            Field("oob_score", \.isScoredOutOfBag, "whether to report the accuracy on rows that a tree has not seen"),
            Field(
                "max_samples", \.maxSamples,
                as: .optional(
                    .either([
                        .int(.between(1, 1_000_000_000)), .float(Bounds(lower: 0, upper: 1000, isLowerOpen: true)),
                    ])), "rows drawn for each tree, or their share of all; null: as many as there are"),
        ]
    }

    static let bootstrapHelp = "whether each tree is grown on rows drawn with replacement; false: on all rows"

    /// Checks what concerns several parameters.
    func plan(isRandom: Bool, bootstrap: Bool) throws(Problem) -> ForestPlan {
        if isScoredOutOfBag, !bootstrap {
            throw Problem(
                "oob_score needs bootstrap: without it every tree has seen all rows", at: ["oob_score"],
                advice: "add bootstrap: true")
        }
        if maxSamples != .null, !bootstrap {
            throw Problem(
                "max_samples has no effect without bootstrap: every tree is grown on all rows", at: ["max_samples"],
                advice: "add bootstrap: true")
        }
        return ForestPlan(
            tree: tree, maxFeatures: maxFeatures, isRandom: isRandom, trees: trees, bootstrap: bootstrap,
            maxSamples: maxSamples, isScoredOutOfBag: isScoredOutOfBag)
    }
}
