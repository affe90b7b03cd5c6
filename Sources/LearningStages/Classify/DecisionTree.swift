// classify.decision_tree

internal import Stages
internal import Tensors

struct ClassifyDecisionTree: FittedStage {
    enum Splitter: String, CaseIterable, ParameterValue { case best, random }

    struct Parameters: ParameterSet {
        var tree = TreeParameters()
        var splitter = Splitter.best
        var maxFeatures = Canonical.null

        static var fields: [Field<Self>] {
            Field<Self>.all(of: \.tree) + [
                Field(
                    "splitter", \.splitter,
                    "best: all thresholds of a feature are tried; random: one drawn between its extremes"),
                Field(
                    "max_features", \.maxFeatures, as: TreeParameters.maxFeaturesKind, TreeParameters.maxFeaturesHelp),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.decision_tree", revision: 1, kind: .fitted,
        summary: "A classification tree, split by gini or entropy.",
        documentation: """
            Nodes are split, features in a random order, where that reduces the impurity most: at a threshold midway \
            between two neighbouring values, of which at least `min_samples_leaf` rows lie on either side; of equal \
            splits the first found is taken, so that trees of different seeds may differ. A node is a leaf when it is \
            pure, at `max_depth`, or has less than `min_samples_split` rows. Features are compared in float32; values \
            closer than 1e-7 are one.

            \(Forest.stateDocumentation)

            Scores are the shares of the classes in the leaf; the class with the largest is predicted, the first of \
            equals. With one class in training, which is warned of, all rows are predicted to be it.

            The metrics are `depth` and `leaves`. Fails when a feature is NaN, infinite or beyond float32, and when \
            `max_features` is above the number of features.

            Parameters, defaults and meaning are those of scikit-learn's DecisionTreeClassifier.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    private var plan: ForestPlan {
        ForestPlan(
            tree: parameters.tree, maxFeatures: parameters.maxFeatures, isRandom: parameters.splitter == .random)
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        try plan.check(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted { try plan.fit(input) }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] { try Forest.predict(state, rows) }
}
