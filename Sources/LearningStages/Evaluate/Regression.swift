// evaluate.regression

internal import Stages
internal import Tensors

struct EvaluateRegression: ReportStage {
    struct Parameters: ParameterSet {
        var roles = [EvaluateClassification.RowRole.test]

        static var fields: [Field<Self>] { [Field("roles", \.roles, "the roles of the rows to report on")] }
    }

    static let declaration = Declaration(
        "evaluate.regression", revision: 1, kind: .report,
        summary: "R², mean errors and the concordance correlation of estimates.",
        documentation: """
            Of n targets t and estimates e: `r2`, 1 − Σ(t − e)² / Σ(t − mean t)²; `mean_absolute_error`; \
            `mean_squared_error` and its root, `root_mean_squared_error`; `concordance_correlation` (Lin 1989), \
            2 cov(t, e) / (var t + var e + (mean t − mean e)²), all divided by n. The first four are scikit-learn's.

            `r2` is not defined where all targets are the same, nor `concordance_correlation` where all targets and all \
            estimates are: it is left out, and a warning names it. Fails without rows, for a row without an estimate or \
            without a target that is a number.
            """,
        inputs: [Port(accepts: [.estimate], "estimates of a regression")], output: "metrics", readsTarget: true)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if parameters.roles.isEmpty { throw Problem("expected at least one role", at: ["roles"]) }
        if Set(parameters.roles).count < parameters.roles.count {
            throw Problem("a role is listed twice", at: ["roles"])
        }
        self.parameters = parameters
    }

    var roles: [Role] { parameters.roles.map(\.role) }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        if let input = inputs.first, let content = input.content, content != .estimate {
            throw Problem("expected estimates, got \(input.phrase)", advice: "put regress.* before this stage")
        }
        return .nothing
    }

    func report(_ rows: ReportRows) throws -> Report {
        let count = rows.ids.count
        guard count > 0 else {
            throw Failure("there are no rows with the role \(rows.role.rawValue)", advice: "check the split")
        }
        guard rows.targets.count == count, rows.values.count == count else {
            throw Failure("expected a target and an estimate for each of \(count) rows")
        }
        var (targets, estimates) = ([Double](), [Double]())
        for index in 0..<count {
            guard let estimate = Estimate(rows.values[index]) else {
                throw Failure(
                    "expected an estimate for \(rows.ids[index]), got \(rows.values[index].phrase)",
                    advice: "put regress.* before this stage")
            }
            guard estimate.number.isFinite else {
                throw Failure("the estimate for \(rows.ids[index]) is \(decimal(estimate.number))")
            }
            targets.append(try number(rows.targets[index], rows.ids[index]))
            estimates.append(estimate.number)
        }
        let n = Double(count)
        let errors = zip(targets, estimates).map { $0 - $1 }
        let squares = errors.reduce(0) { $0 + $1 * $1 }
        let (mean, ownMean) = (targets.reduce(0) { $0 + $1 / n }, estimates.reduce(0) { $0 + $1 / n })
        let spread = targets.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let ownSpread = estimates.reduce(0) { $0 + ($1 - ownMean) * ($1 - ownMean) }
        let joint = zip(targets, estimates).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - ownMean) }
        guard squares.isFinite, spread.isFinite, ownSpread.isFinite else {
            throw Failure("the targets or the estimates are too large: the sum of their squares is not finite")
        }

        var (metrics, headline, warnings) = ([Metric](), [String](), [String]())
        let isConstant = targets.allSatisfy { $0 == targets[0] }
        let isFlat = estimates.allSatisfy { $0 == estimates[0] }
        if isConstant || spread == 0 {
            warnings.append("r2 is left out: all targets are \(decimal(targets[0]))")
        } else {
            metrics.append(Metric("r2", 1 - squares / spread))
            headline.append("r2")
        }
        if isConstant, isFlat {
            warnings.append("concordance_correlation is left out: all targets are the same, and so are all estimates")
        } else {
            let distance = mean - ownMean
            let whole = (spread + ownSpread) / n + distance * distance
            let isNone = isConstant || isFlat || whole == 0
            metrics.append(Metric("concordance_correlation", isNone ? 0 : 2 * joint / n / whole))
            headline.append("concordance_correlation")
        }
        metrics.append(Metric("mean_absolute_error", errors.reduce(0) { $0 + abs($1) / n }))
        metrics.append(Metric("mean_squared_error", squares / n))
        metrics.append(Metric("root_mean_squared_error", (squares / n).squareRoot()))
        return Report(metrics: metrics, headline: headline + ["mean_absolute_error"], warnings: warnings)
    }
}
