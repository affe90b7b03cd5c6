// decompose.lda

internal import Stages
internal import Tensors

struct DecomposeLda: FittedStage {
    enum Solver: String, CaseIterable, ParameterValue { case svd, eigen }

    struct Parameters: ParameterSet {
        var components: Int?
        var solver = Solver.svd
        var discriminant = DiscriminantParameters()

        static var fields: [Field<Self>] {
            [
                Field(
                    "n_components", \.components, as: .optional(.int(.atLeast(1))),
                    "how many directions; null: as many as there are"),
                Field("solver", \.solver, "svd: without a covariance matrix; eigen: with one, and with shrinkage"),
            ] + Field.all(of: \.discriminant)
        }
    }

    static let declaration = Declaration(
        "decompose.lda", revision: 1, kind: .fitted,
        summary: "Linear discriminants: rows along the directions in which classes differ most.",
        documentation: """
            The directions along which the variance between classes is largest for the variance within them, which is 1 \
            along each; the one that tells most first. The target is read in training, and of training rows only. Each \
            direction's entry of the largest size is positive. The solvers are those of `classify.lda`: `svd` takes off \
            the mean of the classes first, `eigen` does not.

            There are min(classes − 1, features) directions at most. Where class means differ along fewer, the others \
            are zero, with a warning where `n_components` asks for them.

            The state has `scalings` (component, feature), `mean` (what is taken off a row), `explained_variance_ratio` \
            (component; the share of the variance between classes) and `counts` (training rows a class).

            Fails when there is only one class in training, when `n_components` is above the limit, when no feature \
            varies within classes, or a feature is NaN or infinite; `eigen` also where features are constant or sums of \
            others, unless shrunk, and on more than 8192 features.

            Parameters, defaults and meaning are those of the transform of scikit-learn's LinearDiscriminantAnalysis \
            (1.9: older releases divide by another number in svd).
            """,
        inputs: [featuresPort], output: "float64 (component), with labels lda_0, lda_1 …", readsTarget: true,
        arithmetic: [.openblas, .libm], tolerance: 1e-5)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        try parameters.discriminant.check(orElse: parameters.solver == .svd ? "eigen" : nil)
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        try componentSignature(inputs, "lda", parameters.components)
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(severalOf: input.training)
        let form = try FeatureForm(input.training.tensor(0))
        let most = min(targets.classes.count - 1, form.count)
        let count = parameters.components ?? most
        guard count <= most else {
            throw Failure(
                "n_components is \(count), and there are at most \(most) components of \(targets.classes.count) classes "
                    + "and \(form.count) features", advice: "lower n_components, or make it null: as many as there are")
        }
        let own = parameters.discriminant
        let found =
            switch parameters.solver {
            case .svd: try Discriminant(svd: input.training, own)
            case .eigen: try Discriminant(eigen: input.training, own)
            }
        let kept = min(count, found.count)
        let directions = Array(found.directions[..<(kept * form.count)])
        let ratios = Array(found.ratios[..<kept]) + [Double](repeating: 0, count: count - kept)
        let names = componentLabels("lda", count)
        let zeros = [Double](repeating: 0, count: (count - kept) * form.count)
        let state = Bundle(tensors: [
            "scalings": form.tensor(.float64(directions + zeros), components: names),
            "mean": form.tensor(found.center),
            "explained_variance_ratio": alongComponents(ratios, names),
            "counts": targets.tensor,
        ])
        var warnings = [String]()
        if kept < count, parameters.components != nil {
            warnings.append("classes differ along \(kept) directions only: of the \(count) components the others are 0")
        }
        var metrics = ratios.enumerated().map { Metric("explained_variance_ratio", step: $0, $1) }
        metrics.append(Metric("explained_variance_ratio_sum", ratios.reduce(0, +)))
        return Fitted(state, warnings: warnings, metrics: metrics)
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        try Projection(state, "scalings", mean: "mean").values(of: rows)
    }
}
