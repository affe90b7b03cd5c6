// Decisions that are sums of weighted features: the state of linear classifiers, and what it says of rows.

internal import Linear
internal import Stages
internal import Tensors

/// Decisions of several rows: one number a row for two classes, of the second; else one a class.
struct LinearDecisions {
    let outputs: Int
    let values: [Double]
    let classes: [String]

    /// From a state with `coef` (class, feature), `intercept` and `counts` (class).
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
        var decisions = [Double](repeating: 0, count: features.rows * outputs)
        Blas.gemm(
            features.elements, .plain(features.rows, form.count), coefficients, .transposed(outputs, form.count),
            into: &decisions)
        for index in decisions.indices { decisions[index] += intercepts[index % outputs] }
        guard firstNotFinite(decisions) == nil else {
            throw Failure(
                "the features of a row are too large: its decision is not a finite number",
                advice: "scale the features first, by scale.standard")
        }
        values = decisions
    }

    /// The decisions for a row.
    subscript(row: Int) -> [Double] { Array(values[row * outputs..<(row + 1) * outputs]) }

    /// Probabilities a row, of decisions that are logarithms of odds up to a constant; of equal ones the first class is
    /// predicted.
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

    /// The state of coefficients and intercepts of all classes: of two classes the difference is kept.
    static func state(
        ofAll coefficients: [Double], _ intercepts: [Double], _ targets: ClassTargets, _ form: FeatureForm
    ) -> Bundle {
        guard targets.classes.count == 2 else { return state(coefficients, intercepts, targets, form) }
        let difference = (0..<form.count).map { coefficients[form.count + $0] - coefficients[$0] }
        return state(difference, [intercepts[1] - intercepts[0]], targets, form)
    }

    /// The state that these are made from.
    /// - Parameter coefficients: one row for two classes, else one a class.
    static func state(
        _ coefficients: [Double], _ intercepts: [Double], _ targets: ClassTargets, _ form: FeatureForm
    ) -> Bundle {
        let scored = intercepts.count == 1 ? [targets.classes[1]] : targets.classes
        return Bundle(tensors: [
            "coef": form.tensor(coefficients, classes: scored),
            "intercept": Tensor(
                .float64(intercepts), shape: [intercepts.count], axes: ["class"], labels: ["class": scored]),
            "counts": targets.tensor,
        ])
    }
}
