// Decisions that are linear in the features: what logistic regression and linear discriminants do once they are fitted.

internal import Linear
internal import Stages
internal import Tensors

/// Decisions of several rows by `coef` and `intercept` of a state.
struct LinearDecisions {
    let classes: [String]
    /// One number a row for two classes, else one a class: the logarithms of odds, up to a constant.
    let outputs: Int
    /// Row after row.
    let values: [Double]

    init(_ state: Bundle, _ rows: [[Value]]) throws(Failure) {
        classes = try fittedClasses(of: state)
        let form = try FeatureForm(state, "coef", axis: 1)
        guard let coefficients = state.tensors["coef"]?.doubles(),
            let intercepts = state.tensors["intercept"]?.doubles(),
            coefficients.count == intercepts.count * form.count,
            intercepts.count == (classes.count == 2 ? 1 : classes.count)
        else { throw Failure("the fitted state has no fitting coef and intercept") }
        outputs = intercepts.count
        let features = try FeatureMatrix(rows, as: form)
        var values = [Double](repeating: 0, count: features.rows * outputs)
        Blas.gemm(
            features.elements, .plain(features.rows, form.count), coefficients, .transposed(outputs, form.count),
            into: &values)
        for index in values.indices { values[index] += intercepts[index % outputs] }
        guard values.allSatisfy(\.isFinite) else {
            throw Failure(
                "the features of a row are too large: its decision is not a finite number",
                advice: "scale the features first, by scale.standard")
        }
        self.values = values
    }

    /// Probabilities a row; of equal ones the first class is predicted.
    func predictions() -> [Value] {
        stride(from: 0, to: values.count, by: outputs).map { start in
            var scores = Array(values[start..<start + outputs])
            var best = 0
            if outputs == 1 {
                let decision = scores[0]
                best = decision > 0 ? 1 : 0
                scores = [logistic(-decision), logistic(decision)]
            } else {
                for index in scores.indices where scores[index] > scores[best] { best = index }
                softmax(&scores, 0..<outputs)
            }
            return Prediction(classes: classes, scores: scores, output: .probability, predicted: classes[best]).value
        }
    }

    /// The tensors of a state, from coefficients and intercepts of all classes: of two classes the difference is kept.
    static func tensors(
        _ coefficients: [Double], _ intercepts: [Double], _ targets: ClassTargets, _ form: FeatureForm
    ) -> [String: Tensor] {
        var (coefficients, intercepts, classes) = (coefficients, intercepts, targets.classes)
        if classes.count == 2 {
            coefficients = (0..<form.count).map { coefficients[form.count + $0] - coefficients[$0] }
            intercepts = [intercepts[1] - intercepts[0]]
            classes = [classes[1]]
        }
        return [
            "coef": form.tensor(coefficients, classes: classes),
            "intercept": Tensor(
                .float64(intercepts), shape: [intercepts.count], axes: ["class"], labels: ["class": classes]),
            "counts": targets.tensor,
        ]
    }
}
