// classify.svm

internal import Linear
internal import Stages
internal import Tensors

struct ClassifySvm: FittedStage {
    struct Parameters: ParameterSet {
        var cost = 1.0
        var kernel = KernelParameters()
        var shrinking = true
        var probability = false
        var tolerance = 1e-3
        var maxIterations = -1
        var classWeight: ClassWeight?

        static var fields: [Field<Self>] {
            [Field("C", \.cost, as: .float(.above(0)), "what an error costs; small values give wide margins")]
                + Field.all(of: \.kernel) + [
                    Field("shrinking", \.shrinking, "whether the solver leaves rows aside that seem settled"),
                    Field("probability", \.probability, "whether scores are probabilities"),
                    Field("tol", \.tolerance, as: .float(.above(0)), "how far the solution may be off its conditions"),
                    Field(
                        "max_iter", \.maxIterations, as: .int(.atLeast(-1)),
                        "more iterations than this for a pair of classes are a warning; -1: the solver's own limit"),
                    Field("class_weight", \.classWeight, "balanced: all classes weigh the same; null: all rows do"),
                ]
        }
    }

    static let declaration = Declaration(
        "classify.svm", revision: 1, kind: .fitted,
        summary: "A support vector machine with a kernel, each class against each other.",
        documentation: """
            For each pair of classes the widest margin between their rows, by libsvm's solver over the matrix of all \
            kernel values, which is made at once. A row gets the class that wins most pairs, the first of equals.

            \(KernelParameters.documentation)

            Scores are, for two classes, the decision (above 0 for the second) and for the first its negative; for more, \
            those of scikit-learn's `decision_function_shape: ovr`: the pairs that a class wins, plus s / (3 (|s| + 1)) \
            with s the sum of its decisions. With `probability` they are probabilities: a sigmoid a pair (Platt), fitted \
            on decisions of five inner folds that the stage's stream draws, and coupled (Wu, Lin and Weng 2004). The \
            class predicted is that of most pairs there too, and need not be the most probable.

            `class_weight: balanced` multiplies C by rows / (classes · rows of the class).

            libsvm cannot be stopped: a pair that took more than `max_iter` iterations was solved all the same, and a \
            warning says so. After max(10⁷, 100 · rows) it gives up; that is a warning too.

            The state has `support_vectors` (support, feature), those of one class after those of another; `dual_coef` \
            (opponent, support), as libsvm lays them out; `intercept` (pair), pairs in the order (0, 1), (0, 2) …, \
            above 0 being the first of the two; `n_support` and `counts` (class), `gamma`, and with `probability` the \
            `slope` and `shift` of each pair.

            Fails with one class in training, on NaN or infinite features, and on more than 16384 training rows: take \
            `classify.linear_svm` for those.

            Parameters, defaults and meaning are those of scikit-learn's SVC, but for `max_iter`.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, draws: true,
        arithmetic: [.openblas, .libm, .libsvm], tolerance: 1e-3)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(severalOf: input.training)
        try KernelFunction.requireFew(rows: input.training.count, else: "classify.linear_svm")
        let features = try FeatureMatrix(input.training)
        let form = try FeatureForm(input.training.tensor(0))
        let kernel = try parameters.kernel.function(for: features)
        let matrix = try kernel.matrix(features)
        let costs = targets.weights(isBalanced: parameters.classWeight == .balanced).map { $0 * parameters.cost }
        let classes = targets.classes.count
        var members = [[Int]](repeating: [], count: classes)
        for (row, position) in targets.positions.enumerated() { members[position].append(row) }

        var stream = input.stream
        var weights = [Double](repeating: 0, count: (classes - 1) * features.rows)
        var (intercepts, sigmoids, iterations) = ([Double](), [Sigmoid](), [Int]())
        var hasConverged = true
        for first in 0..<classes {
            for second in first + 1..<classes {
                let problem = PairProblem(
                    matrix: matrix, rows: members[first] + members[second], firsts: members[first].count,
                    costs: (costs[first], costs[second]), tolerance: parameters.tolerance,
                    shrinks: parameters.shrinking)
                let machine = problem.machine
                for (row, weight) in zip(problem.rows, machine.weights) where weight != 0 {
                    let opponent = targets.positions[row] == first ? second - 1 : first
                    weights[opponent * features.rows + row] = weight
                }
                intercepts.append(-machine.offset)
                iterations.append(machine.iterations)
                hasConverged = hasConverged && machine.hasConverged
                if parameters.probability { sigmoids.append(problem.sigmoid(&stream)) }
            }
        }
        guard weights.allSatisfy(\.isFinite), intercepts.allSatisfy(\.isFinite),
            sigmoids.allSatisfy({ $0.slope.isFinite && $0.shift.isFinite })
        else {
            throw Failure("the solution is not finite", advice: "scale the features by scale.standard, or lower C")
        }
        let supports = members.map { rows in
            rows.filter { row in (0..<classes - 1).contains { weights[$0 * features.rows + row] != 0 } }
        }
        var state = SupportState.bundle(features, form, supports: supports, weights: weights)
        state.tensors["counts"] = targets.tensor
        state.tensors["n_support"] = Tensor(
            .int64(supports.map { Int64($0.count) }), shape: [classes], axes: ["class"],
            labels: ["class": targets.classes])
        func along(_ values: [Double]) -> Tensor { Tensor(.float64(values), shape: [values.count], axes: ["pair"]) }
        state.tensors["intercept"] = along(intercepts)
        state.scalars["gamma"] = .float(kernel.gamma)
        if parameters.probability {
            state.tensors["slope"] = along(sigmoids.map(\.slope))
            state.tensors["shift"] = along(sigmoids.map(\.shift))
        }
        let most = iterations.max() ?? 0
        return Fitted(
            state,
            warnings: iterationWarnings(most, hasConverged, limit: parameters.maxIterations),
            metrics: [
                Metric("n_iter", Double(most)), Metric("n_support", Double(supports.reduce(0) { $0 + $1.count })),
            ])
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let (classes, decisions) = try decisions(state, rows)
        let pairs = classes.count * (classes.count - 1) / 2
        var sigmoids = [Sigmoid]()
        if parameters.probability {
            guard let slopes = state.tensors["slope"]?.doubles(), let shifts = state.tensors["shift"]?.doubles(),
                slopes.count == pairs, shifts.count == pairs
            else { throw Failure("the fitted state has no fitting slope and shift") }
            sigmoids = zip(slopes, shifts).map { Sigmoid(slope: $0, shift: $1) }
        }
        return rows.indices.map { row in
            let contest = PairContest(Array(decisions[row * pairs..<(row + 1) * pairs]), classes: classes.count)
            let scores = parameters.probability ? contest.probabilities(sigmoids) : contest.scores
            return Prediction(
                classes: classes, scores: scores, output: parameters.probability ? .probability : .score,
                predicted: classes[contest.winner]
            ).value
        }
    }

    /// For each row one number a pair of classes: above 0 for the first of them.
    func decisions(_ state: Bundle, _ rows: [[Value]]) throws(Failure) -> (classes: [String], values: [Double]) {
        let classes = try fittedClasses(of: state)
        guard let sizes = state.tensors["n_support"]?.doubles(), sizes.count == classes.count,
            let intercepts = state.tensors["intercept"]?.doubles(),
            intercepts.count == classes.count * (classes.count - 1) / 2
        else { throw Failure("the fitted state has no fitting n_support and intercept") }
        let support = try SupportState(state, sizes: sizes.map { Int($0) })
        let kernel = try parameters.kernel.function(fitted: state)
        var values = try support.decisions(rows, kernel, outputs: intercepts.count) { one, opponent in
            // Opponents of a class are numbered without it.
            let (first, second) = opponent < one ? (opponent, one) : (one, opponent + 1)
            return PairContest.position(first, second, classes: classes.count)
        }
        for index in values.indices { values[index] += intercepts[index % intercepts.count] }
        guard firstNotFinite(values) == nil else { throw KernelFunction.rowIsTooLarge }
        return (classes, values)
    }
}
