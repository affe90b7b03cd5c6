// decompose.pca

internal import Linear
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
        let axis = try featureAxis(inputs)
        guard case .count(let count)? = parameters.components else {
            return .tensor(.float64, [Axis("component")])
        }
        if let size = axis.size, count > size {
            throw Problem(
                "expected at most \(size), the number of features, got \(count)", at: ["n_components"],
                advice: "null takes as many components as there are")
        }
        return .tensor(.float64, [Axis("component", labels: Self.labels(count))])
    }

    private static func labels(_ count: Int) -> [String] { (0..<count).map { "pca_\($0)" } }

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

        let names = Self.labels(count)
        func along(_ values: [Double]) -> Tensor {
            Tensor(.float64(values), shape: [count], axes: ["component"], labels: ["component": names])
        }
        let axis = form.axis == "component" ? "feature" : form.axis
        var labels = ["component": names]
        labels[axis] = form.labels
        let state = Bundle(
            tensors: [
                "mean": form.tensor(axes.mean),
                "components": Tensor(
                    try axes.directions(count), shape: [count, form.count], axes: ["component", axis], labels: labels),
                "explained_variance": along(variances),
                "explained_variance_ratio": along(Array(ratios[..<count])),
                "singular_values": along(Array(kept)),
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
        let form = try FeatureForm(state, "mean")
        guard let mean = state.tensors["mean"]?.doubles(), let components = state.tensors["components"],
            let variances = state.tensors["explained_variance"]?.doubles(),
            components.shape == [variances.count, form.count],
            components.type == .float64 || components.type == .float32
        else { throw Failure("the fitted state has no fitting mean, components and explained_variance") }
        let count = variances.count
        let scales = variances.map { parameters.whiten ? ($0 > 0 ? 1 / $0.squareRoot() : 0) : 1 }
        let labels = ["component": components.labels["component"] ?? Self.labels(count)]

        var made = [Value]()
        made.reserveCapacity(rows.count)
        for start in stride(from: 0, to: rows.count, by: 256) {
            var held = [Elements]()
            for row in rows[start..<min(start + 256, rows.count)] {
                held.append(try form.held(try FeatureForm.tensor(of: row), "a row"))
            }
            var scores = [Double](repeating: 0, count: held.count * count)
            for columns in Panel.cuts(of: form.count, rows: max(held.count, count)) {
                let left = Panel(held, columns, minus: mean)
                let right = Panel(components.elements, rows: count, width: form.count, columns)
                Blas.gemm(
                    left.elements, .plain(held.count, columns.count), right.elements, .transposed(count, columns.count),
                    into: &scores, keep: 1)
            }
            for row in held.indices {
                let own = (0..<count).map { scores[row * count + $0] * scales[$0] }
                guard firstNotFinite(own) == nil else {
                    throw Failure(
                        "the features of a row are too large: a component is not a finite number",
                        advice: "scale the features first, by scale.standard")
                }
                made.append(.tensor(Tensor(.float64(own), shape: [count], axes: ["component"], labels: labels)))
            }
        }
        return made
    }
}
