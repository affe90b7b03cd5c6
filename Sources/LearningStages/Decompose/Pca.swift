// decompose.pca

internal import Stages
internal import Tensors

struct DecomposePca: FittedStage {
    struct Parameters: ParameterSet {
        var components: Portion?
        var whiten = false

        static var fields: [Field<Self>] {
            [
                Field(
                    "n_components", \.components,
                    "how many, or the share of the variance that they are to explain; null: as many as there are"),
                Field("whiten", \.whiten, "whether each is divided by its standard deviation in training"),
            ]
        }
    }

    static let declaration = Declaration(
        "decompose.pca", revision: 1, kind: .fitted,
        summary: "Principal components: rows along the directions in which training rows vary most.",
        documentation: """
            A row less the mean of the training rows, times each direction: the right singular vectors of the training \
            rows less their mean, by falling variance. Each direction has length 1, and its entry of the largest size is \
            positive. With `whiten` the results are divided by their standard deviation in training. Variances divide by \
            the number of rows less one.

            `n_components` is a number of directions, of which there are min(rows, features) at most; or a share: the \
            fewest directions that together explain more than it of the variance. Directions along which the training \
            rows do not vary, up to rounding, are zero, and so is what comes out along them; with no more rows than \
            features there is at least one such.

            The state has `mean` (feature), `components` (component, feature), `explained_variance`, \
            `explained_variance_ratio` and `singular_values` (component), and `noise_variance`, the mean of the variances \
            left out. The components are float32 where they hold more than 2²⁴ numbers, else float64.

            Training rows of up to 2²⁵ numbers are decomposed whole. Of more, two blocks of 64 MB are held, and rows are \
            read again and again: the eigenvectors are those of the products of all rows with each other, or of all \
            features, whichever are fewer, in double. Singular values below some 10⁻⁶ of the largest are then taken for 0. \
            More than 16384 rows of more than 16384 features are a failure.

            Fails on fewer than two training rows, on rows that are all the same, and on NaN or an infinity.

            Parameters, defaults and meaning are those of scikit-learn's PCA with its full solver, which however gives \
            directions of no meaning where there is no variance.
            """,
        inputs: [featuresPort], output: "float64 (component), with labels pca_0, pca_1 …", arithmetic: [.openblas],
        tolerance: 1e-6)

    let parameters: Parameters
    var limits = PrincipalLimits()

    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        guard case .count(let count)? = parameters.components else {
            return try componentSignature(inputs, "pca", nil)
        }
        return try componentSignature(inputs, "pca", count)
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 1 else {
            throw Failure("expected at least two rows to fit on, got \(training.count == 1 ? "one" : "none")")
        }
        let form = try FeatureForm(training.tensor(0))
        let most = min(training.count, form.count)
        if case .count(let count)? = parameters.components, count > most {
            throw Failure(
                "n_components is \(count), and there are at most \(most) components in \(training.count) training rows "
                    + "of \(form.count) features", advice: "lower n_components, or make it null: as many as there are")
        }
        let axes = try PrincipalAxes(training, form, limits)
        guard axes.total > 0 else {
            throw Failure("the training rows are all the same, so that there is no direction in which they vary")
        }
        let ratios = axes.singular.map { $0 * $0 / axes.total }
        let count = count(ratios)
        let kept = axes.singular[..<count]
        let variances = kept.map { $0 * $0 / Double(training.count - 1) }
        let rest = axes.singular[count...].reduce(0) { $0 + $1 * $1 / Double(training.count - 1) }
        let noise = count < most ? rest / Double(most - count) : 0

        let names = componentLabels("pca", count)
        let state = Bundle(
            tensors: [
                "mean": form.tensor(axes.mean),
                "components": form.tensor(try axes.directions(count), components: names),
                "explained_variance": alongComponents(variances, names),
                "explained_variance_ratio": alongComponents(Array(ratios[..<count]), names),
                "singular_values": alongComponents(Array(kept), names),
            ],
            scalars: ["noise_variance": .float(noise)])
        var warnings = [String]()
        if case .count? = parameters.components, axes.rank < count {
            warnings.append(
                "the training rows vary along \(axes.rank) directions only: of the \(count) components the others are 0"
            )
        }
        var metrics = ratios[..<count].enumerated().map { Metric("explained_variance_ratio", step: $0, $1) }
        metrics.append(Metric("explained_variance_ratio_sum", ratios[..<count].reduce(0, +)))
        metrics.append(Metric("n_components", Double(count)))
        return Fitted(state, warnings: warnings, metrics: metrics)
    }

    private func count(_ ratios: [Double]) -> Int {
        switch parameters.components {
        case nil: return ratios.count
        case .count(let count): return count
        case .share(let share):
            var sum = 0.0
            for (index, ratio) in ratios.enumerated() {
                sum += ratio
                if sum > share { return index + 1 }
            }
            return ratios.count
        }
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let projection = try Projection(state, "components", mean: "mean")
        guard let variances = state.tensors["explained_variance"]?.doubles(), variances.count == projection.count else {
            throw Failure("the fitted state has no fitting explained_variance")
        }
        guard parameters.whiten else { return try projection.values(of: rows) }
        return try projection.values(of: rows, scales: variances.map { $0 > 0 ? 1 / $0.squareRoot() : 0 })
    }
}
