// scale.standard

internal import Stages
internal import Tensors

struct ScaleStandard: FittedStage {
    struct Parameters: ParameterSet {
        var withMean = true
        var withStd = true

        static var fields: [Field<Self>] {
            [
                Field("with_mean", \.withMean, "whether the mean is taken off"),
                Field("with_std", \.withStd, "whether the rest is divided by the standard deviation"),
            ]
        }
    }

    static let declaration = Declaration(
        "scale.standard", revision: 1, kind: .fitted,
        summary: "Each feature to mean 0 and standard deviation 1, as in the training rows.",
        documentation: """
            z = (x − mean) / std, with mean and std of the training rows, feature by feature. The standard deviation \
            divides by the number of rows. A feature that is constant in training, up to rounding, is not divided: it \
            becomes 0 where it has its training value.

            The state has `mean`, `scale` (what is divided by, 1 for constant features) and `var` over the features.

            A NaN or an infinity in a training row is a failure that names the feature; elsewhere it passes through.

            The same numbers as scikit-learn's StandardScaler, which however ignores NaN while it is fitted.
            """,
        inputs: [featuresPort], output: "float64, the same axis and labels", isCheap: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { try changedFeatures(inputs) }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let (count, form) = (Double(training.count), try FeatureForm(training.tensor(0)))

        var sums = [Double](repeating: 0, count: form.count)
        for index in 0..<training.count {
            let row = try form.finiteRow(try training.tensor(index), "a training row")
            for feature in row.indices { sums[feature] += row[feature] }
        }
        let means = sums.map { $0 / count }

        // Two passes; the second sum is what rounding left of the first and corrects the squares (Chan et al. 1983).
        var squares = [Double](repeating: 0, count: form.count)
        var rests = squares
        for index in 0..<training.count {
            let row = try form.row(try training.tensor(index))
            for feature in row.indices {
                let distance = row[feature] - means[feature]
                rests[feature] += distance
                squares[feature] += distance * distance
            }
        }
        let variances = zip(squares, rests).map { ($0 - $1 * $1 / count) / count }
        if let feature = variances.firstIndex(where: { !$0.isFinite }) {
            throw Failure("the variance of \(form.name(feature)) is too large for a double")
        }
        let scales = zip(variances, means).map { variance, mean in
            // scikit-learn's bound for a variance that is nothing but rounding.
            let rounding = count * mean * Double.ulpOfOne
            return variance <= count * .ulpOfOne * variance + rounding * rounding ? 1 : variance.squareRoot()
        }
        return Fitted(
            Bundle(tensors: ["mean": form.tensor(means), "var": form.tensor(variances), "scale": form.tensor(scales)]))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let form = try FeatureForm(state, "scale")
        guard let means = state.tensors["mean"]?.doubles(), let scales = state.tensors["scale"]?.doubles() else {
            throw Failure("the fitted state has no mean and scale")
        }
        return try form.mapped(rows) { elements in
            for feature in elements.indices {
                if parameters.withMean { elements[feature] -= means[feature] }
                if parameters.withStd { elements[feature] /= scales[feature] }
            }
        }
    }
}
