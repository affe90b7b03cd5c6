// scale.standard

internal import Stages
internal import Tensors

struct ScaleStandard: FittedStage, GatherStage {
    struct Parameters: ParameterSet {
        var withMean = true
        var withStd = true
        var by: String?

        static var fields: [Field<Self>] {
            [
                Field("with_mean", \.withMean, "whether the mean is taken off"),
                Field("with_std", \.withStd, "whether the rest is divided by the standard deviation"),
                Field(
                    "by", \.by, as: .optional(.column),
                    "a column: scale among the rows that share its value, test rows included; null: as in training"),
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

            With `by: actor` nothing is fitted, and this is a gather: each feature gets mean 0 and standard deviation 1 \
            among all rows of one actor, so that what is left is how a sample differs from its own speaker's others. \
            This is transductive: test rows take part in the mean and the deviation by which they are scaled (of their \
            own actor, or whatever `by` names), so the scores hold for a use in which the samples of a new actor are \
            there together before one is predicted. No targets are used, and the target cannot be named. A value with a \
            single row becomes 0. A row without a value in the column is a failure.

            The same numbers as scikit-learn's StandardScaler, which however ignores NaN while it is fitted.
            """,
        inputs: [featuresPort], output: "float64, the same axis and labels", isCheap: true)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var kind: Kind { parameters.by == nil ? .fitted : .gather }
    var columns: [String] { parameters.by.map { [$0] } ?? [] }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { try changedFeatures(inputs) }

    func fit(_ input: FitInput) throws -> Fitted {
        Fitted(try state(of: input.training, "a training row"))
    }

    func gather(_ rows: [[Value]], columns: [String: [Scalar]]) throws -> [Value] {
        guard let by = parameters.by, let values = columns[by], values.count == rows.count else {
            throw Failure("expected a value of \(parameters.by ?? "a column") for each of \(rows.count) rows")
        }
        let missing = values.count { $0.isAbsent }
        guard missing == 0 else {
            throw Failure(
                "\(missing) of \(values.count) rows have no value in \(by)",
                advice: "fill the column, or leave those rows out with samples.select: complete: [\(by)]")
        }
        var made = [Value](repeating: .nothing, count: rows.count)
        let members = Dictionary(grouping: values.indices) { values[$0].comparable }
        for (value, members) in members.sorted(by: { $0.key < $1.key }) {
            let shared = members.map { rows[$0] }
            let state = try state(of: TrainingSet(shared), "a row of \(by) \(value)")
            for (row, scaled) in zip(members, try apply(state, to: shared)) { made[row] = scaled }
        }
        return made
    }

    private func state(of training: TrainingSet, _ role: String) throws -> Bundle {
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let (count, form) = (Double(training.count), try FeatureForm(training.tensor(0)))

        var sums = [Double](repeating: 0, count: form.count)
        for index in 0..<training.count {
            let row = try form.finiteRow(try training.tensor(index), role)
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
        return Bundle(
            tensors: ["mean": form.tensor(means), "var": form.tensor(variances), "scale": form.tensor(scales)])
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
