// scale.minmax

internal import Stages
internal import Tensors

struct ScaleMinMax: FittedStage {
    struct Parameters: ParameterSet {
        var range = [0.0, 1.0]
        var clip = false

        static var fields: [Field<Self>] {
            [
                Field("feature_range", \.range, "what the least and the largest training value become"),
                Field("clip", \.clip, "whether values beyond those of training are cut off at the range"),
            ]
        }
    }

    static let declaration = Declaration(
        "scale.minmax", revision: 1, kind: .fitted,
        summary: "Each feature to a range, by its least and largest training value.",
        documentation: """
            x · scale + shift, where scale = (high − low) / (max − min) and shift = low − min · scale; `low` and `high` \
            are `feature_range`, min and max are those of the training rows, feature by feature. A feature that is \
            constant in training is not scaled, only moved to `low`. Values beyond those of training leave the range \
            unless `clip` is set.

            The state has `min`, `max` and `scale` over the features.

            A NaN or an infinity in a training row is a failure that names the feature; elsewhere it passes through.

            The same numbers as scikit-learn's MinMaxScaler, which however ignores NaN while it is fitted.
            """,
        inputs: [featuresPort], output: "float64, the same axis and labels", isCheap: true)

    let parameters: Parameters
    private let low: Double
    private let high: Double

    init(_ parameters: Parameters) throws(Problem) {
        guard parameters.range.count == 2, parameters.range[0] < parameters.range[1] else {
            throw Problem("expected two numbers, the lower first", at: ["feature_range"])
        }
        (low, high) = (parameters.range[0], parameters.range[1])
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { try changedFeatures(inputs) }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        guard training.count > 0 else { throw Failure("there are no rows to fit on") }
        let form = try FeatureForm(training.tensor(0))
        var least = [Double](repeating: .infinity, count: form.count)
        var most = [Double](repeating: -.infinity, count: form.count)
        for index in 0..<training.count {
            let row = try form.finiteRow(try training.tensor(index), "a training row")
            for feature in row.indices {
                least[feature] = min(least[feature], row[feature])
                most[feature] = max(most[feature], row[feature])
            }
        }
        let scales = zip(least, most).map { least, most in
            // As scikit-learn: a range below ten roundings of 1 counts as constant.
            most - least < 10 * Double.ulpOfOne ? high - low : (high - low) / (most - least)
        }
        if let feature = least.indices.first(where: { !(most[$0] - least[$0]).isFinite }) {
            throw Failure("the range of \(form.name(feature)) is too large for a double")
        }
        return Fitted(
            Bundle(tensors: ["min": form.tensor(least), "max": form.tensor(most), "scale": form.tensor(scales)]))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let form = try FeatureForm(state, "scale")
        guard let least = state.tensors["min"]?.doubles(), let scales = state.tensors["scale"]?.doubles() else {
            throw Failure("the fitted state has no min and scale")
        }
        return try form.mapped(rows) { elements in
            for feature in elements.indices {
                let scaled = elements[feature] * scales[feature] + (low - least[feature] * scales[feature])
                elements[feature] = parameters.clip && !scaled.isNaN ? min(max(scaled, low), high) : scaled
            }
        }
    }
}
