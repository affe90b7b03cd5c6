// classify.naive_bayes

internal import Glibc
internal import Stages
internal import Tensors

struct ClassifyNaiveBayes: FittedStage {
    struct Parameters: ParameterSet {
        var smoothing = 1e-9
        var priors: ClassPriors?

        static var fields: [Field<Self>] {
            [
                Field(
                    "var_smoothing", \.smoothing, as: .float(.atLeast(0)),
                    "this share of the largest variance of a feature is added to all variances"),
                Field("priors", \.priors, ClassPriors.help),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.naive_bayes", revision: 1, kind: .fitted,
        summary: "Gaussian naive Bayes: within a class each feature is normal, and independent of the others.",
        documentation: """
            Bayes' rule with the mean and the variance of each feature in each class. Variances divide by the number of \
            rows; to each is added `var_smoothing` · the largest variance that a feature has over all training rows.

            The state has `mean` and `var` (class, feature), `priors` and `counts` (training rows a class). Scores are \
            probabilities; the class with the largest is predicted, the first of equals. Rows are read twice or three \
            times, one after the other, so that their number is of no matter.

            Fails when there is only one class in training, when a feature is NaN or infinite, and when a variance is 0 \
            with all that is added to it: with `var_smoothing: 0` where a feature is constant in a class, else only when \
            all features are constant.

            Parameters, defaults and meaning are those of scikit-learn's GaussianNB.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, arithmetic: [.libm], tolerance: 1e-6)

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
        let (classes, size, count) = (targets.classes.count, form.count, Double(training.count))
        let means = try targets.means(training, form)
        var overall = [Double](repeating: 0, count: size)
        for (index, mean) in means.enumerated() {
            overall[index % size] += mean * Double(targets.counts[index / size]) / count
        }
        var variances = [Double](repeating: 0, count: classes * size)
        var whole = [Double](repeating: 0, count: size)
        for (index, position) in targets.positions.enumerated() {
            let row = try form.row(try training.tensor(index))
            let start = position * size
            for feature in 0..<size {
                let (own, other) = (row[feature] - means[start + feature], row[feature] - overall[feature])
                variances[start + feature] += own * own
                whole[feature] += other * other
            }
        }
        let added = parameters.smoothing * (whole.max() ?? 0) / count
        for index in variances.indices {
            variances[index] = variances[index] / Double(targets.counts[index / size]) + added
        }
        if let index = firstNotFinite(variances) {
            throw Failure(
                "the variance of \(form.name(index % size)) is too large for a double",
                advice: "scale the features first, by scale.standard")
        }
        if let index = variances.firstIndex(of: 0) {
            throw Failure(
                "\(form.name(index % size)) has no variance in the class \(targets.classes[index / size])",
                advice: parameters.smoothing > 0
                    ? "all features are constant: check them" : "raise var_smoothing, or leave constant features out")
        }
        return Fitted(
            Bundle(tensors: [
                "mean": form.tensor(means, classes: targets.classes),
                "var": form.tensor(variances, classes: targets.classes),
                "priors": Tensor(
                    .float64(priors), shape: [classes], axes: ["class"], labels: ["class": targets.classes]),
                "counts": targets.tensor,
            ]))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let classes = try fittedClasses(of: state)
        let form = try FeatureForm(state, "mean", axis: 1)
        let size = form.count
        guard let means = state.tensors["mean"]?.doubles(), let variances = state.tensors["var"]?.doubles(),
            let priors = state.tensors["priors"]?.doubles(), means.count == classes.count * size,
            variances.count == means.count, priors.count == classes.count
        else { throw Failure("the fitted state has no fitting mean, var and priors") }
        var constants = priors.map { log($0) }
        for (index, variance) in variances.enumerated() { constants[index / size] -= log(2 * .pi * variance) / 2 }
        return try rows.map { row in
            let features = try form.finiteRow(try FeatureForm.tensor(of: row), "a row")
            let logarithms = classes.indices.map { position in
                var sum = 0.0
                for feature in 0..<size {
                    let place = position * size + feature
                    let distance = features[feature] - means[place]
                    sum += distance * distance / variances[place]
                }
                return constants[position] - sum / 2
            }
            return try prediction(ofLogarithms: logarithms, classes)
        }
    }
}
