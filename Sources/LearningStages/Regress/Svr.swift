// regress.svr

internal import Linear
internal import Stages
internal import Tensors

struct RegressSvr: FittedStage {
    struct Parameters: ParameterSet {
        var cost = 1.0
        var width = 0.1
        var kernel = KernelParameters()
        var shrinking = true
        var tolerance = 1e-3
        var maxIterations = -1

        static var fields: [Field<Self>] {
            [
                Field("C", \.cost, as: .float(.above(0)), "what an error costs"),
                Field("epsilon", \.width, as: .float(.atLeast(0)), "errors up to this count nothing"),
            ] + Field.all(of: \.kernel) + [
                Field("shrinking", \.shrinking, "whether the solver leaves rows aside that seem settled"),
                Field("tol", \.tolerance, as: .float(.above(0)), "how far the solution may be off its conditions"),
                Field(
                    "max_iter", \.maxIterations, as: .int(.atLeast(-1)),
                    "more iterations than this are a warning; -1: the solver's own limit"),
            ]
        }
    }

    static let declaration = Declaration(
        "regress.svr", revision: 1, kind: .fitted,
        summary: "Support vector regression with a kernel.",
        documentation: """
            The flattest sum of kernel values that is nowhere off its target, a number, by more than `epsilon`, each \
            further error costing C times itself; by libsvm's solver over the matrix of all kernel values. Scale the \
            targets' column or choose C and epsilon to fit them.

            \(KernelParameters.documentation)

            The state has `support_vectors` (support, feature), `dual_coef` (opponent, support; one row), and the \
            numbers `intercept` and `gamma`.

            libsvm cannot be stopped: where it took more than `max_iter` iterations, a warning says so. After \
            max(10⁷, 200 · rows) it gives up; that is a warning too. Fails on NaN or infinite features, on targets that \
            are not numbers, and on more than 16384 training rows: take `regress.ridge` for those.

            Parameters, defaults and meaning are those of scikit-learn's SVR, but for `max_iter`.
            """,
        inputs: [featuresPort], output: "an estimate", readsTarget: true, arithmetic: [.openblas, .libm, .libsvm],
        tolerance: 1e-3)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .estimate
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try NumericTargets(input.training)
        try KernelFunction.requireFew(rows: input.training.count, else: "regress.ridge")
        let features = try FeatureMatrix(input.training)
        let form = try FeatureForm(input.training.tensor(0))
        let kernel = try parameters.kernel.function(for: features)
        let matrix = try kernel.matrix(features)
        let machine = matrix.regressor(
            rows: Array(0..<features.rows), targets: targets.values, cost: parameters.cost, width: parameters.width,
            tolerance: parameters.tolerance, shrinks: parameters.shrinking)
        guard firstNotFinite(machine.weights) == nil, machine.offset.isFinite else {
            throw Failure("the solution is not finite", advice: "scale the features by scale.standard, or lower C")
        }
        let supports = machine.weights.indices.filter { machine.weights[$0] != 0 }
        var state = SupportState.bundle(features, form, supports: [supports], weights: machine.weights)
        state.scalars = ["intercept": .float(-machine.offset), "gamma": .float(kernel.gamma)]
        return Fitted(
            state,
            warnings: iterationWarnings(machine.iterations, machine.hasConverged, limit: parameters.maxIterations),
            metrics: [
                Metric("n_iter", Double(machine.iterations)), Metric("n_support", Double(supports.count)),
            ])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        guard case .float(let intercept)? = state.scalars["intercept"],
            let count = state.tensors["support_vectors"]?.shape.first
        else { throw Failure("the fitted state has no support_vectors and intercept") }
        let support = try SupportState(state, sizes: [count])
        let kernel = try parameters.kernel.function(fitted: state)
        return try estimates(support.decisions(rows, kernel, outputs: 1) { _, _ in 0 }.map { $0 + intercept })
    }
}
