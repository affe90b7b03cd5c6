// regress.dummy

internal import Stages
internal import Tensors

struct RegressDummy: FittedStage {
    enum Strategy: String, CaseIterable, ParameterValue { case mean, median, quantile, constant }

    struct Parameters: ParameterSet {
        var strategy = Strategy.mean
        var quantile: Double?
        var constant: Double?

        static var fields: [Field<Self>] {
            [
                Field("strategy", \.strategy, "what is predicted, whatever the row"),
                Field(
                    "quantile", \.quantile, as: .optional(.float(.between(0, 1))),
                    "the quantile that strategy quantile predicts"),
                Field("constant", \.constant, "the number that strategy constant predicts"),
            ]
        }
    }

    static let declaration = Declaration(
        "regress.dummy", revision: 1, kind: .fitted,
        summary: "A regression that does not look at its input: the score to beat.",
        documentation: """
            Every row gets the `mean`, the `median` or a `quantile` of the training targets, or the `constant` given. A \
            quantile between two targets is interpolated linearly. The targets are numbers.

            The state has `constant`, what is predicted. As scikit-learn's DummyRegressor.
            """,
        inputs: [Port("in", "anything; it is not looked at")], output: "an estimate", readsTarget: true)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        let needs: [(Strategy, String, Bool)] = [
            (.quantile, "quantile", parameters.quantile != nil), (.constant, "constant", parameters.constant != nil),
        ]
        for (strategy, name, isGiven) in needs where (parameters.strategy == strategy) != isGiven {
            throw Problem(
                isGiven
                    ? "a \(name) has no effect with the strategy \(parameters.strategy.rawValue)"
                    : "the strategy \(name) needs a \(name)",
                at: [name], advice: isGiven ? "add strategy: \(name), or leave it out" : "add \(name): a number")
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .estimate }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try NumericTargets(input.training)
        let constant: Double =
            switch parameters.strategy {
            case .mean: targets.mean
            case .median: Self.quantile(0.5, of: targets.values)
            case .quantile: Self.quantile(parameters.quantile ?? 0.5, of: targets.values)
            case .constant: parameters.constant ?? 0
            }
        return Fitted(Bundle(scalars: ["constant": .float(constant)]))
    }

    private static func quantile(_ share: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        let place = share * Double(sorted.count - 1)
        let (low, part) = (Int(place), place - place.rounded(.down))
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] * (1 - part) + sorted[high] * part
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        guard case .float(let constant)? = state.scalars["constant"] else {
            throw Failure("the fitted state has no constant")
        }
        return rows.map { _ in Estimate(constant).value }
    }
}
