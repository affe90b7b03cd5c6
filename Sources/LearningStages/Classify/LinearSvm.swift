// classify.linear_svm

internal import Stages
internal import Tensors

struct ClassifyLinearSvm: FittedStage {
    enum Loss: String, CaseIterable, ParameterValue {
        case hinge
        case squaredHinge = "squared_hinge"
    }

    struct Parameters: ParameterSet {
        var cost = 1.0
        var loss = Loss.squaredHinge
        var fitIntercept = true
        var interceptScaling = 1.0
        var classWeight: ClassWeight?
        var tolerance = 1e-4
        var maxIterations = 1000

        static var fields: [Field<Self>] {
            [
                Field("C", \.cost, as: .float(.above(0)), "what an error costs; small values give wide margins"),
                Field(
                    "loss", \.loss, "what an error is: how far a row is on the wrong side of its margin, or its square"),
                Field("fit_intercept", \.fitIntercept, "whether there is an intercept; it is penalised as a weight"),
                Field(
                    "intercept_scaling", \.interceptScaling, as: .float(.above(0)),
                    "the value of the feature whose weight gives the intercept; large values penalise it less"),
                Field("class_weight", \.classWeight, "balanced: all classes weigh the same; null: all rows do"),
                Field("tol", \.tolerance, as: .float(.above(0)), "when to stop; see the documentation"),
                Field("max_iter", \.maxIterations, as: .int(.between(1, 1e9)), "iterations at most"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.linear_svm", revision: 1, kind: .fitted,
        summary: "A linear support vector machine, each class against all others.",
        documentation: """
            For each class the minimum of |w|² / 2 + C Σ max(0, 1 − y w·x)², or with `loss: hinge` of the same sum \
            without squares, where y is 1 for rows of the class and −1 for others; with two classes once, for the \
            second. The intercept is the weight of one more feature, always `intercept_scaling`, times that.

            `squared_hinge` is solved by Newton's method, on the products of rows where there are more features than \
            rows; where there are more than 4096 of both, by L-BFGS. It stops when the gradient is less than `tol` · \
            (the share of the smaller of the two sides) of what it is at 0. `hinge` is solved by dual coordinate \
            descent, in an order drawn from the stage's stream; it stops when all conditions hold up to `tol`. Scale \
            the features first (`scale.standard`).

            Not to converge in `max_iter` iterations is a warning; the weights reached are used.

            `class_weight: balanced` multiplies C by rows / (classes · rows of the class); with more than two classes \
            for rows of the class in question only, as LIBLINEAR does.

            The state has `coef` (class, feature; with two classes one row), `intercept` (class), `counts` (training \
            rows a class) and `n_iter`. Scores are decisions; the class with the largest is predicted, the first of \
            equals.

            Fails when there is only one class in training, or a feature is NaN or infinite.

            Parameters, defaults and meaning are those of scikit-learn's LinearSVC with `penalty: l2`; `dual`, which \
            there picks the solver, is not needed.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true, arithmetic: [.openblas],
        tolerance: 1e-3)

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
        let width = form.count + (parameters.fitIntercept ? 1 : 0)
        var rows = features.elements
        if parameters.fitIntercept {
            rows = []
            rows.reserveCapacity(features.rows * width)
            for row in 0..<features.rows {
                rows += features.elements[row * form.count..<(row + 1) * form.count]
                rows.append(parameters.interceptScaling)
            }
        }
        let weights = targets.weights(isBalanced: parameters.classWeight == .balanced)
        let isBinary = targets.classes.count == 2
        let newton = SquaredHinge(rows: rows, count: features.rows, width: width)
        var stream = input.stream

        var (coefficients, intercepts) = ([Double](), [Double]())
        var (iterations, hasConverged) = (0, true)
        for position in isBinary ? 1..<2 : targets.classes.indices {
            let signs = targets.positions.map { $0 == position ? 1.0 : -1 }
            let costs = targets.positions.map {
                parameters.cost * (isBinary || $0 == position ? weights[$0] : 1)
            }
            let smaller = min(targets.counts[position], features.rows - targets.counts[position])
            let found: SquaredHinge.Result? =
                switch parameters.loss {
                case .squaredHinge:
                    newton.minimise(
                        signs: signs, costs: costs,
                        tolerance: parameters.tolerance * Double(max(1, smaller)) / Double(features.rows),
                        maxIterations: parameters.maxIterations)
                case .hinge:
                    HingeDescent(rows: rows, count: features.rows, width: width).minimise(
                        signs: signs, costs: costs, tolerance: parameters.tolerance,
                        maxIterations: parameters.maxIterations, stream: &stream)
                }
            guard let found, firstNotFinite(found.weights) == nil else {
                throw Failure("the solution is not finite", advice: "scale the features by scale.standard, or lower C")
            }
            coefficients += found.weights[..<form.count]
            intercepts.append(parameters.fitIntercept ? found.weights[form.count] * parameters.interceptScaling : 0)
            iterations = max(iterations, found.iterations)
            hasConverged = hasConverged && found.hasConverged
        }
        var state = LinearDecisions.state(coefficients, intercepts, targets, form)
        state.scalars["n_iter"] = .int(iterations)
        var warnings = [String]()
        if !hasConverged {
            warnings.append(
                "did not converge in \(iterations) iterations; scale the features, lower C or raise max_iter")
        }
        return Fitted(state, warnings: warnings, metrics: [Metric("n_iter", Double(iterations))])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let decisions = try LinearDecisions(state, rows)
        return rows.indices.map { row in
            var scores = decisions[row]
            var best = 0
            if scores.count == 1 {
                best = scores[0] > 0 ? 1 : 0
                scores = [-scores[0], scores[0]]
            } else {
                for index in scores.indices where scores[index] > scores[best] { best = index }
            }
            return Prediction(
                classes: decisions.classes, scores: scores, output: .score, predicted: decisions.classes[best]
            ).value
        }
    }
}
