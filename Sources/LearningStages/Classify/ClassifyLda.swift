// classify.lda

internal import Stages
internal import Tensors

struct ClassifyLda: FittedStage {
    enum Solver: String, CaseIterable, ParameterValue { case svd, lsqr, eigen }

    struct Parameters: ParameterSet {
        var solver = Solver.svd
        var discriminant = DiscriminantParameters()

        static var fields: [Field<Self>] {
            [
                Field(
                    "solver", \.solver, "svd: without a covariance matrix; lsqr, eigen: with one, and with shrinkage")
            ] + Field.all(of: \.discriminant)
        }
    }

    static let declaration = Declaration(
        "classify.lda", revision: 1, kind: .fitted,
        summary: "Linear discriminant analysis: normal classes that share one covariance.",
        documentation: """
            Bayes' rule for classes that are normally distributed with one covariance for all: that within classes, each \
            weighed by its prior, divided by the number of rows. The decision for a class is then linear in the features.

            `svd` takes the singular values of the rows less their class's mean, each feature divided by its standard \
            deviation within classes, and leaves out directions along which that deviation is `tol` or less; it is for \
            any number of features, 100 rows of 10⁵ among them. `lsqr` solves with the covariance, by its shortest \
            solution where it is singular, and `eigen` by its generalised eigenvectors, which fails where it is singular; \
            both take 8192 features at most. `shrinkage` s makes each class's covariance C into (1 − s) C + s · (mean \
            variance) · 1; with `auto` s is estimated from each class (Ledoit and Wolf 2004), features standardised.

            The state has `coef` (class, feature; with two classes one row, for the second), `intercept` (class) and \
            `counts` (training rows a class). Scores are probabilities; the class with the largest is predicted, the \
            first of equals.

            Fails when there is only one class in training, when no feature varies within classes, or a feature is NaN \
            or infinite. A feature that is constant has no weight.

            Parameters, defaults and meaning are those of scikit-learn's LinearDiscriminantAnalysis (1.9: older releases \
            divide by another number in svd).
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, arithmetic: [.openblas, .libm],
        tolerance: 1e-5)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        try parameters.discriminant.check(orElse: parameters.solver == .svd ? "lsqr" : nil)
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let own = parameters.discriminant
        let found =
            switch parameters.solver {
            case .svd: try Discriminant(svd: input.training, own)
            case .lsqr: try Discriminant(lsqr: input.training, own)
            case .eigen: try Discriminant(eigen: input.training, own)
            }
        let state = LinearDecisions.state(ofAll: found.coefficients, found.intercepts, found.targets, found.form)
        return Fitted(state, metrics: [Metric("rank", Double(found.rank))])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        try LinearDecisions(state, rows).predictions()
    }
}
