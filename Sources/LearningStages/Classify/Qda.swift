// classify.qda

internal import Glibc
internal import Linear
internal import Stages
internal import Tensors

struct ClassifyQda: FittedStage {
    struct Parameters: ParameterSet {
        var regularisation = 0.0
        var priors: ClassPriors?
        var tolerance = 1e-4

        static var fields: [Field<Self>] {
            [
                Field(
                    "reg_param", \.regularisation, as: .float(.between(0, 1)),
                    "how much of each class's covariance is replaced by the identity"),
                Field("priors", \.priors, ClassPriors.help),
                Field(
                    "tol", \.tolerance, as: .float(.atLeast(0)),
                    "a class's variance along a direction must be above this"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.qda", revision: 1, kind: .fitted,
        summary: "Quadratic discriminant analysis: normal classes, each with a covariance of its own.",
        documentation: """
            Bayes' rule for classes that are normally distributed, each with its own mean and covariance C, divided by \
            the number of the class's rows. With `reg_param` r, (1 − r) C + r · 1 stands for C: scale the features \
            first, then (`scale.standard`).

            The state has `means` (class, feature), `rotations` (class, component, feature: the directions of a class's \
            covariance), `scalings` (class, component: the variances along them), `priors` and `counts` (training rows a \
            class). Scores are probabilities; the class with the largest is predicted, the first of equals.

            Fails when there is only one class in training, when a class has a direction along which its variance is \
            `tol` or less (constant features, features that are sums of others; raise `reg_param`) or fewer rows than \
            there are features, when a feature is NaN or infinite, and where classes · features² is above 2²⁷.

            Parameters, defaults and meaning are those of scikit-learn's QuadraticDiscriminantAnalysis with its solver \
            svd (1.9: older releases divide by rows less one).
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, arithmetic: [.openblas, .libm],
        tolerance: 1e-5)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        try parameters.priors?.check()
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        let targets = try ClassTargets(severalOf: training)
        let priors = try targets.priors(parameters.priors)
        let form = try FeatureForm(training.tensor(0))
        let (classes, size) = (targets.classes.count, form.count)
        for (name, count) in zip(targets.classes, targets.counts) where count < max(2, size) {
            throw Failure(
                "the class \(name) has \(count) training rows, too few for a covariance of \(size) features",
                advice: "put decompose.pca before this stage, or use classify.lda")
        }
        guard classes * size <= (1 << 27) / size else {
            throw Failure(
                "\(classes) covariances of \(size) features are too large",
                advice: "put decompose.pca before this stage, or use classify.lda")
        }
        let means = try targets.means(training, form)
        var (rotations, scalings) = ([Double](), [Double]())
        for (position, name) in targets.classes.enumerated() {
            let axes = try PrincipalAxes(targets.rows(of: position, training), form, PrincipalLimits())
            let count = Double(targets.counts[position])
            let variances = axes.singular.map { singular in
                (1 - parameters.regularisation) * singular * singular / count + parameters.regularisation
            }
            guard let basis = axes.basis, variances.allSatisfy({ $0 > parameters.tolerance && $0 > 0 }) else {
                let rank = variances.count { $0 > parameters.tolerance }
                throw Failure(
                    "the class \(name) varies along \(rank) of \(size) directions only: its covariance is singular",
                    advice: "raise reg_param, leave out constant features, or use classify.lda")
            }
            rotations += basis
            scalings += variances
        }
        let axis = ["class", "component"].contains(form.axis) ? "feature" : form.axis
        var labels = ["class": targets.classes]
        let named = labels
        labels[axis] = form.labels
        return Fitted(
            Bundle(tensors: [
                "means": form.tensor(means, classes: targets.classes),
                "rotations": Tensor(
                    .float64(rotations), shape: [classes, size, size], axes: ["class", "component", axis],
                    labels: labels),
                "scalings": Tensor(
                    .float64(scalings), shape: [classes, size], axes: ["class", "component"], labels: named),
                "priors": Tensor(.float64(priors), shape: [classes], axes: ["class"], labels: named),
                "counts": targets.tensor,
            ]))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let classes = try fittedClasses(of: state)
        let form = try FeatureForm(state, "means", axis: 1)
        let size = form.count
        guard let means = state.tensors["means"]?.doubles(), let rotations = state.tensors["rotations"]?.doubles(),
            let scalings = state.tensors["scalings"]?.doubles(), let priors = state.tensors["priors"]?.doubles(),
            means.count == classes.count * size, rotations.count == means.count * size, scalings.count == means.count,
            priors.count == classes.count
        else { throw Failure("the fitted state has no fitting means, rotations, scalings and priors") }
        let features = try FeatureMatrix(rows, as: form)
        var logarithms = [Double](repeating: 0, count: rows.count * classes.count)
        for position in classes.indices {
            let own = position * size..<(position + 1) * size
            var centred = features.elements
            for index in centred.indices { centred[index] -= means[own.lowerBound + index % size] }
            var turned = [Double](repeating: 0, count: centred.count)
            Blas.gemm(
                centred, .plain(rows.count, size),
                Array(rotations[position * size * size..<(position + 1) * size * size]),
                .transposed(size, size), into: &turned)
            var constant = log(priors[position])
            for variance in scalings[own] { constant -= log(variance) / 2 }
            for row in rows.indices {
                var distance = 0.0
                for component in 0..<size {
                    let score = turned[row * size + component]
                    distance += score * score / scalings[own.lowerBound + component]
                }
                logarithms[row * classes.count + position] = constant - distance / 2
            }
        }
        return try rows.indices.map { row in
            try prediction(
                ofLogarithms: Array(logarithms[row * classes.count..<(row + 1) * classes.count]), classes)
        }
    }
}
