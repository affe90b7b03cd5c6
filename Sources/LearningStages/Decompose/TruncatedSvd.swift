// decompose.truncated_svd

internal import Stages
internal import Tensors

struct DecomposeTruncatedSvd: FittedStage {
    struct Parameters: ParameterSet {
        var components = 2

        static var fields: [Field<Self>] {
            [Field("n_components", \.components, as: .int(.atLeast(1)), "how many directions")]
        }
    }

    static let declaration = Declaration(
        "decompose.truncated_svd", revision: 1, kind: .fitted,
        summary: "Rows along the first right singular vectors of the training rows, which are not centred.",
        documentation: """
            A row times each direction: the right singular vectors of the matrix of training rows, by falling singular \
            value. Nothing is taken off first, so that zeros stay zeros; `decompose.pca` is the same of rows less their \
            mean. Each direction has length 1, and its entry of the largest size is positive. Directions in which the \
            training rows have nothing, up to rounding, are zero, with a warning.

            The state has `components` (component, feature), `singular_values`, `explained_variance` (of the training \
            rows' components, divided by the number of rows) and `explained_variance_ratio` (its share of the variances \
            of all features). The components are float32 where they hold more than 2²⁴ numbers, else float64. Large \
            matrices are decomposed as in `decompose.pca`.

            Fails where `n_components` is above min(rows, features), on rows that are all zero, and on NaN or an \
            infinity.

            Parameters, defaults and meaning are those of scikit-learn's TruncatedSVD, whose default solver is an \
            approximation drawn at random; this is the decomposition itself.
            """,
        inputs: [featuresPort], output: "float64 (component), with labels svd_0, svd_1 …", arithmetic: [.openblas],
        tolerance: 1e-6)

    let parameters: Parameters
    var limits = PrincipalLimits()

    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        try componentSignature(inputs, "svd", parameters.components)
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try FeatureForm(training.tensor(0))
        let (count, most) = (parameters.components, min(training.count, form.count))
        guard count <= most else {
            throw Failure(
                "n_components is \(count), and there are at most \(most) components in \(training.count) training rows "
                    + "of \(form.count) features", advice: "lower n_components")
        }
        let axes = try PrincipalAxes(training, form, limits, isCentred: false)
        guard axes.total > 0 else { throw Failure("the training rows are all zero, so that they have no direction") }
        let names = componentLabels("svd", count)
        let singular = Array(axes.singular[..<count])
        let directions = form.tensor(try axes.directions(count), components: names)
        let variances = try self.variances(training, form, directions)
        let ratios = variances.components.map { variances.total > 0 ? $0 / variances.total : 0 }

        let state = Bundle(tensors: [
            "components": directions,
            "singular_values": alongComponents(singular, names),
            "explained_variance": alongComponents(variances.components, names),
            "explained_variance_ratio": alongComponents(ratios, names),
        ])
        var warnings = [String]()
        if axes.rank < count {
            warnings.append(
                "the training rows have \(axes.rank) directions only: of the \(count) components the others are 0")
        }
        var metrics = ratios.enumerated().map { Metric("explained_variance_ratio", step: $0, $1) }
        metrics.append(Metric("explained_variance_ratio_sum", ratios.reduce(0, +)))
        return Fitted(state, warnings: warnings, metrics: metrics)
    }

    /// The variances of the training rows' components, and of their features in sum.
    private func variances(
        _ training: TrainingSet, _ form: FeatureForm, _ directions: Tensor
    ) throws -> (components: [Double], total: Double) {
        let mean = try RowBlocks(training, form, bytes: limits.block).mean()
        // Rows less their mean: the mean of the components is then 0.
        let projection = try Projection(
            Bundle(tensors: ["components": directions, "mean": form.tensor(mean)]), "components", mean: "mean")
        var components = [Double](repeating: 0, count: projection.count)
        var total = 0.0
        for start in stride(from: 0, to: training.count, by: 64) {
            let rows = try (start..<min(start + 64, training.count)).map { try training.row($0) }
            for case .tensor(let tensor) in try projection.values(of: rows) {
                for (index, value) in (tensor.doubles() ?? []).enumerated() { components[index] += value * value }
            }
            for row in rows {
                let elements = try form.row(try FeatureForm.tensor(of: row))
                for index in elements.indices {
                    let distance = elements[index] - mean[index]
                    total += distance * distance
                }
            }
        }
        let count = Double(training.count)
        guard total.isFinite, firstNotFinite(components) == nil else {
            throw Failure(
                "the variance of the training rows is too large for a double",
                advice: "scale the features first, by scale.standard")
        }
        return (components.map { $0 / count }, total / count)
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        try Projection(state, "components").values(of: rows)
    }
}
