// classify.extra_trees

internal import Stages
internal import Tensors

struct ClassifyExtraTrees: FittedStage {
    struct Parameters: ParameterSet {
        var forest = ForestParameters()
        var bootstrap = false

        static var fields: [Field<Self>] {
            Field<Self>.all(of: \.forest) + [Field("bootstrap", \.bootstrap, ForestParameters.bootstrapHelp)]
        }
    }

    static let declaration = Declaration(
        "classify.extra_trees", revision: 1, kind: .fitted,
        summary: "Extremely randomised trees: each split is the best of a few features, each at a random threshold.",
        documentation: """
            Like `classify.random_forest`, but trees are grown on all rows, unless `bootstrap` says otherwise, and of \
            each feature drawn one threshold is tried, drawn uniformly between its least and its largest value in the \
            node.

            State, scores, metrics and failures are those of `classify.random_forest`.

            Parameters, defaults and meaning are those of scikit-learn's ExtraTreesClassifier.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true)

    let parameters: Parameters
    private let plan: ForestPlan

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        plan = try parameters.forest.plan(isRandom: true, bootstrap: parameters.bootstrap)
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        try plan.check(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted { try plan.fit(input) }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] { try Forest.predict(state, rows) }
}
