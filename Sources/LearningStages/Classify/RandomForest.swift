// classify.random_forest

internal import Stages
internal import Tensors

struct ClassifyRandomForest: FittedStage {
    struct Parameters: ParameterSet {
        var forest = ForestParameters()
        var bootstrap = true

        static var fields: [Field<Self>] {
            Field<Self>.all(of: \.forest) + [Field("bootstrap", \.bootstrap, ForestParameters.bootstrapHelp)]
        }
    }

    static let declaration = Declaration(
        "classify.random_forest", revision: 1, kind: .fitted,
        summary: "Trees grown on samples of the rows, each split chosen among a few features drawn anew.",
        documentation: """
            Each tree is one of `classify.decision_tree`, grown on as many rows as there are, drawn with replacement. \
            Scores are the means over trees of the shares of the classes in the leaf that a row falls in; the class \
            with the largest is predicted, the first of equals.

            Each tree draws from a stream of its own: the forest is the same for any number of threads, and its first \
            trees are the same for any `n_estimators`.

            \(Forest.stateDocumentation)

            The metrics are `depth` and `leaves`, means over the trees, and with `oob_score: true` the accuracy on the \
            training rows, each predicted by the trees that were grown without it. With one class in training, which is \
            warned of, all rows are predicted to be it. Fails when a feature is NaN, infinite or beyond float32, and \
            when `max_features` is above the number of features.

            Parameters, defaults and meaning are those of scikit-learn's RandomForestClassifier.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true)

    let parameters: Parameters
    private let plan: ForestPlan

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        plan = try parameters.forest.plan(isRandom: false, bootstrap: parameters.bootstrap)
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        try plan.check(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted { try plan.fit(input) }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] { try Forest.predict(state, rows) }
}
