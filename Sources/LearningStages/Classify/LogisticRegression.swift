// classify.logistic_regression

internal import Stages
internal import Tensors

struct ClassifyLogisticRegression: FittedStage {
    enum Penalty: String, CaseIterable, ParameterValue { case l2, none }
    enum Solver: String, CaseIterable, ParameterValue { case lbfgs }

    struct Parameters: ParameterSet {
        var inverseStrength = 1.0
        var penalty = Penalty.l2
        var fitIntercept = true
        var classWeight: ClassWeight?
        var tolerance = 1e-4
        var maxIterations = 100
        var solver = Solver.lbfgs

        static var fields: [Field<Self>] {
            [
                Field("C", \.inverseStrength, as: .float(.above(0)), "inverse strength of the penalty"),
                Field("penalty", \.penalty, "l2: the squared coefficients; none: no penalty, and C has no effect"),
                Field("fit_intercept", \.fitIntercept, "whether there is an intercept; it is never penalised"),
                Field("class_weight", \.classWeight, "balanced: all classes weigh the same; null: all rows do"),
                Field("tol", \.tolerance, as: .float(.above(0)), "stop when no component of the gradient is larger"),
                Field("max_iter", \.maxIterations, as: .int(.atLeast(1)), "iterations at most"),
                Field("solver", \.solver, "how the minimum is found"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.logistic_regression", revision: 1, kind: .fitted,
        summary: "Logistic regression: binary for two classes, softmax for more.",
        documentation: """
            Minimises Σ wᵢ lossᵢ + |coefficients|² / (2 C), where w is the weight of the row's class (1, or for \
            `class_weight: balanced` rows / (classes · rows of the class)), by L-BFGS from zero. `tol` is of the \
            gradient of that sum divided by Σ wᵢ. Scale the features first (`scale.standard`): the penalty treats all \
            alike, and the solver converges sooner.

            Not to converge in `max_iter` iterations is a warning; the coefficients reached are used.

            The state has `coef` (class, feature; with two classes one row, for the second), `intercept` (class), \
            `counts` (training rows a class) and `n_iter`. Scores are probabilities; the class with the largest is \
            predicted, the first of equals.

            Fails when there is only one class in training, or a feature is NaN or infinite.

            Parameters, defaults and meaning are those of scikit-learn's LogisticRegression, with the stopping rules of \
            the L-BFGS-B that it uses. For coefficients exact to six digits lower `tol` to 1e-8.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, arithmetic: [.openblas, .libm],
        tolerance: 1e-4)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(severalOf: input.training)
        let features = try FeatureMatrix(input.training)
        let form = try FeatureForm(input.training.tensor(0))

        let classWeights = targets.weights(isBalanced: parameters.classWeight == .balanced)
        let rowWeights = targets.positions.map { classWeights[$0] }
        let total = rowWeights.reduce(0, +)
        let loss = LogisticLoss(
            features: features.elements, rows: features.rows, columns: features.columns, targets: targets.positions,
            weights: rowWeights.map { $0 / total }, outputs: targets.classes.count == 2 ? 1 : targets.classes.count,
            hasIntercept: parameters.fitIntercept,
            penalty: parameters.penalty == .l2 ? 1 / (parameters.inverseStrength * total) : 0)
        let solver = Lbfgs(maxIterations: parameters.maxIterations, gradientTolerance: parameters.tolerance)
        let zero = [Double](repeating: 0, count: loss.pointSize)
        let result = solver.minimise(from: zero) { loss.evaluate($0, gradient: &$1) }
        guard result.value.isFinite, result.gradient.isFinite, result.point.allSatisfy(\.isFinite) else {
            throw Failure("the loss is not finite", advice: "scale the features first, by scale.standard")
        }

        let split = loss.outputs * loss.columns
        var intercepts = [Double](repeating: 0, count: loss.outputs)
        if parameters.fitIntercept { intercepts = Array(result.point[split...]) }
        var state = LinearDecisions.state(Array(result.point[..<split]), intercepts, targets, form)
        state.scalars["n_iter"] = .int(result.iterations)
        var warnings = [String]()
        if !result.hasConverged {
            warnings.append(
                "did not converge in \(result.iterations) iterations: the gradient is \(decimal(result.gradient)), "
                    + "tol is \(decimal(parameters.tolerance)); scale the features or raise max_iter")
        }
        return Fitted(
            state, warnings: warnings,
            metrics: [Metric("n_iter", Double(result.iterations)), Metric("loss", result.value)])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        try LinearDecisions(state, rows).predictions()
    }
}
