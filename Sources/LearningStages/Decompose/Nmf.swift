// decompose.nmf

internal import Linear
internal import Stages
internal import Tensors

struct DecomposeNmf: FittedStage {
    enum Solver: String, CaseIterable, ParameterValue { case cd, mu }
    enum Loss: String, CaseIterable, ParameterValue {
        case frobenius
        case kullbackLeibler = "kullback-leibler"
    }
    enum Start: String, CaseIterable, ParameterValue { case random, nndsvd, nndsvda }

    struct Parameters: ParameterSet {
        var components: Int?
        var start: Start?
        var solver = Solver.cd
        var loss = Loss.frobenius
        var tolerance = 1e-4
        var maxIterations = 200
        var alphaW = 0.0
        var alphaH = Canonical.text("same")
        var l1Ratio = 0.0

        static var fields: [Field<Self>] {
            [
                Field(
                    "n_components", \.components, as: .optional(.int(.atLeast(1))),
                    "how many; null: as many as there are features"),
                Field(
                    "init", \.start,
                    "what the factors are at first; null: nndsvda, or random where there are more components than rows "
                        + "or features"),
                Field("solver", \.solver, "cd: coordinate descent; mu: multiplicative updates"),
                Field("beta_loss", \.loss, "what is minimised; kullback-leibler is for solver mu only"),
                Field("tol", \.tolerance, as: .float(.atLeast(0)), "when to stop; see the documentation"),
                Field("max_iter", \.maxIterations, as: .int(.between(1, 1_000_000)), "iterations at most"),
                Field("alpha_W", \.alphaW, as: .float(.atLeast(0)), "the penalty of the rows' weights"),
                Field(
                    "alpha_H", \.alphaH, as: .either([.choice(["same"]), .float(.atLeast(0))]),
                    "the penalty of the components; same: that of alpha_W"),
                Field(
                    "l1_ratio", \.l1Ratio, as: .float(.between(0, 1)),
                    "how much of the penalties is of sums, and not of squares"),
            ]
        }
    }

    static let declaration = Declaration(
        "decompose.nmf", revision: 1, kind: .fitted,
        summary: "Parts: rows as sums of few components, where neither weights nor components are negative.",
        documentation: """
            Training rows X are brought near W H, in which nothing is negative: |X − W H|² / 2, or the generalised \
            Kullback-Leibler divergence, plus features · alpha_W · (l1_ratio Σ W + (1 − l1_ratio) Σ W² / 2) and rows · \
            alpha_H · (the same of H), is made small, which ends in one of many minima. A row then becomes its weights, \
            with H as it is: each row by itself, by the same solver and the same rule to stop, as a table of that row \
            alone. That holds for training rows too, whose weights are therefore not quite those of the fit.

            `nndsvd` starts from the singular vectors' positive parts (Boutsidis and Gallopoulos 2008), in which numbers \
            below 10⁻⁶ are 0; `nndsvda` puts the mean of X in place of zeros, which multiplicative updates could not \
            leave; `random` draws from |normal| · √(mean / n_components). `cd` stops when the violation of the \
            conditions of a minimum is `tol` of what it was at first, `mu` when ten iterations lower the error by less \
            than `tol` of what it was at first. Not to get there in `max_iter` iterations is a warning.

            The state has `components` (component, feature), `reconstruction_err` (the norm of X − W H, or the root of \
            twice the divergence) and `n_iter`.

            Fails on a negative number, which it names: `scale.minmax` with `clip: true` makes features that are fit for \
            this. Also on NaN or an infinity, on rows that are all zero, where nndsvd is asked for more components than \
            min(rows, features), and where the matrix or its factors have more than 2²⁸ numbers.

            Parameters, defaults and meaning are those of scikit-learn's NMF, whose nndsvd however starts from an \
            approximation drawn at random.
            """,
        inputs: [featuresPort], output: "float64 (component), with labels nmf_0, nmf_1 …", draws: true,
        arithmetic: [.openblas, .libm], tolerance: 1e-4)

    let parameters: Parameters
    private static let most = 1 << 28

    init(_ parameters: Parameters) throws(Problem) {
        if parameters.loss == .kullbackLeibler, parameters.solver == .cd {
            throw Problem(
                "the solver cd minimises the frobenius loss only", at: ["beta_loss"], advice: "add solver: mu")
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return try componentSignature([], "nmf", parameters.components)
    }

    func fit(_ input: FitInput) throws -> Fitted {
        guard input.training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try FeatureForm(input.training.tensor(0))
        let (rows, features) = (input.training.count, form.count)
        let components = parameters.components ?? features
        guard components <= Self.most / (rows + features), features <= Self.most / rows else {
            throw Failure(
                "\(components) components of \(rows) training rows of \(features) features are too many: neither the "
                    + "rows nor their factors may have more than \(Self.most) numbers",
                advice: "lower n_components, fit on fewer rows, or make fewer features")
        }
        let x = try FeatureMatrix(input.training).elements
        try Self.check(x, form, "a training row")
        let mean = x.reduce(0, +) / Double(x.count)
        guard mean > 0 else { throw Failure("the training rows are all zero") }
        guard mean.isFinite else { throw Self.isTooLarge }

        let fits = components <= min(rows, features)
        if let start = parameters.start, start != .random, !fits {
            throw Failure(
                "init \(start.rawValue) gives at most \(min(rows, features)) components of \(rows) training rows of "
                    + "\(features) features, and n_components is \(components)",
                advice: "lower n_components, or set init: random")
        }
        let start = parameters.start ?? (fits ? .nndsvda : .random)
        var (w, h): ([Double], [Double])
        if start == .random {
            var stream = input.stream
            let scale = (mean / Double(components)).squareRoot()
            h = Self.draw(features * components, scale, &stream)
            w = Self.draw(rows * components, scale, &stream)
        } else {
            let filling = start == .nndsvda ? mean : 0
            (w, h) = try NonnegativeStart(input.training, form, x, components).factors(filling: filling)
        }

        let solver = solver(rows: rows, features: features)
        let result = solver.solve(x, rows: rows, features: features, components: components, &w, &h)
        let error = solver.error(x, rows, features, components, w, h)
        guard error.isFinite, firstNotFinite(h) == nil else { throw Self.isTooLarge }

        var directions = [Double](repeating: 0, count: h.count)
        for feature in 0..<features {
            for component in 0..<components {
                directions[component * features + feature] = h[feature * components + component]
            }
        }
        let state = Bundle(
            tensors: [
                "components": form.tensor(.float64(directions), components: componentLabels("nmf", components))
            ],
            scalars: ["reconstruction_err": .float(error), "n_iter": .int(result.iterations)])
        var warnings = [String]()
        if !result.hasConverged, parameters.tolerance > 0 {
            warnings.append("did not converge in \(result.iterations) iterations; raise max_iter or tol")
        }
        return Fitted(
            state, warnings: warnings,
            metrics: [Metric("reconstruction_err", error), Metric("n_iter", Double(result.iterations))])
    }

    private static let isTooLarge = Failure(
        "the training rows are too large: their factors are not finite numbers",
        advice: "scale the features first, by scale.minmax")

    private static func check(_ elements: [Double], _ form: FeatureForm, _ role: String) throws(Failure) {
        guard let index = elements.firstIndex(where: { $0 < 0 }) else { return }
        throw Failure(
            "\(form.name(index % form.count)) is \(decimal(elements[index])) in \(role), expected numbers of at least 0",
            advice: "put scale.minmax with clip: true before this stage")
    }

    private static func draw(_ count: Int, _ scale: Double, _ stream: inout RandomStream) -> [Double] {
        var numbers = [Double]()
        numbers.reserveCapacity(count + 1)
        while numbers.count < count {
            let (one, other) = normalPair(&stream)
            numbers.append(scale * abs(one))
            numbers.append(scale * abs(other))
        }
        return Array(numbers.prefix(count))
    }

    private func solver(rows: Int, features: Int) -> NmfSolver {
        let alphaH = parameters.alphaH.floatValue ?? parameters.alphaW
        func penalty(_ strength: Double) -> NmfSolver.Penalty {
            NmfSolver.Penalty(linear: strength * parameters.l1Ratio, square: strength * (1 - parameters.l1Ratio))
        }
        let method: NmfSolver.Method =
            switch (parameters.solver, parameters.loss) {
            case (.cd, _): .descent
            case (.mu, .frobenius): .frobenius
            case (.mu, .kullbackLeibler): .kullbackLeibler
            }
        return NmfSolver(
            method: method, tolerance: parameters.tolerance, maxIterations: parameters.maxIterations,
            penalties: (penalty(Double(features) * parameters.alphaW), penalty(Double(rows) * alphaH)))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let form = try FeatureForm(state, "components", axis: 1)
        guard let tensor = state.tensors["components"], let directions = tensor.doubles(), tensor.axes.count == 2 else {
            throw Failure("the fitted state has no fitting components")
        }
        let components = tensor.shape[0]
        var h = [Double](repeating: 0, count: directions.count)
        for component in 0..<components {
            for feature in 0..<form.count {
                h[feature * components + component] = directions[component * form.count + feature]
            }
        }
        let gram = NmfSolver.gram(h, form.count, components)
        let solver = solver(rows: 1, features: form.count)
        let labels = tensor.labels["component"].map { ["component": $0] } ?? [:]
        return try rows.map { row in
            let x = try form.finiteRow(try FeatureForm.tensor(of: row), "a row")
            try Self.check(x, form, "a row")
            let weights = solver.weights(x, h, components: components, gram: gram)
            return try componentValue(weights, labels: labels)
        }
    }
}

/// The start from the positive parts of singular vectors.
private struct NonnegativeStart {
    let axes: PrincipalAxes
    /// Right singular vectors, each a row, and the products of the rows with them.
    let right: [Double]
    let left: [Double]
    let rows: Int
    let features: Int
    let components: Int

    init(_ training: TrainingSet, _ form: FeatureForm, _ x: [Double], _ components: Int) throws {
        (rows, features, self.components) = (training.count, form.count, components)
        // By the smaller product of the matrix with itself: half the digits are more than a start needs.
        var limits = PrincipalLimits()
        limits.whole = 0
        limits.double = .max
        axes = try PrincipalAxes(training, form, limits, isCentred: false)
        guard case .float64(let right) = try axes.directions(components) else {
            throw Failure("expected directions in double")
        }
        var left = [Double](repeating: 0, count: training.count * components)
        Blas.gemm(
            x, .plain(training.count, form.count), right, .transposed(components, form.count), into: &left)
        (self.right, self.left) = (right, left)
    }

    func factors(filling: Double) -> (w: [Double], h: [Double]) {
        var w = [Double](repeating: 0, count: rows * components)
        var h = [Double](repeating: 0, count: features * components)
        for component in 0..<components where axes.singular[component] > 0 {
            let singular = axes.singular[component]
            let u = (0..<rows).map { left[$0 * components + component] / singular }
            let v = Array(right[component * features..<(component + 1) * features])
            // The first pair has one sign; of the others that sign is taken whose parts are the longer ones.
            let positive = (Self.norm(u, 1), Self.norm(v, 1))
            let negative = (Self.norm(u, -1), Self.norm(v, -1))
            var (sign, lengths) = (1.0, positive)
            if positive.0 * positive.1 <= negative.0 * negative.1 { (sign, lengths) = (-1, negative) }
            let size = (singular * lengths.0 * lengths.1).squareRoot()
            for row in 0..<rows {
                let part =
                    component == 0 ? singular.squareRoot() * abs(u[row]) : size * max(sign * u[row], 0) / lengths.0
                w[row * components + component] = part.isFinite ? part : 0
            }
            for feature in 0..<features {
                let part =
                    component == 0
                    ? singular.squareRoot() * abs(v[feature]) : size * max(sign * v[feature], 0) / lengths.1
                h[feature * components + component] = part.isFinite ? part : 0
            }
        }
        for index in w.indices where w[index] < 1e-6 { w[index] = filling }
        for index in h.indices where h[index] < 1e-6 { h[index] = filling }
        return (w, h)
    }

    /// The length of the part of a vector that has a sign.
    private static func norm(_ vector: [Double], _ sign: Double) -> Double {
        var sum = 0.0
        for entry in vector where sign * entry > 0 { sum += entry * entry }
        return sum.squareRoot()
    }
}
