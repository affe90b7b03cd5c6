// classify.dummy

internal import Stages
internal import Tensors

struct ClassifyDummy: FittedStage {
    enum Strategy: String, CaseIterable, ParameterValue {
        case prior, stratified, uniform, constant
        case mostFrequent = "most_frequent"
    }

    struct Parameters: ParameterSet {
        var strategy = Strategy.prior
        var constant = Canonical.null

        static var fields: [Field<Self>] {
            [
                Field("strategy", \.strategy, "what is predicted; see the documentation"),
                Field(
                    "constant", \.constant, as: .optional(.either([.int(.any), .bool, .text])),
                    "the class that strategy constant predicts"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.dummy", revision: 1, kind: .fitted,
        summary: "A classifier that does not look at its input: the score to beat.",
        documentation: """
            `prior`: the most frequent class of the training rows (the first of equals); scores are the shares of the \
            classes. `most_frequent`: the same class, with score 1. `stratified`: a class drawn by these shares, with \
            score 1. `uniform`: a class drawn from all alike; scores are all equal. `constant`: the class given, with \
            score 1; it must occur in training.

            A draw for a row depends on the row's value and the stage's stream only: equal rows get equal classes.

            The state has `counts` (training rows a class) and, where classes are drawn, a `seed`. As scikit-learn's \
            DummyClassifier, but for the draws.
            """,
        inputs: [Port("in", "anything; it is not looked at, except to draw")], output: "a prediction",
        readsTarget: true,
        draws: true)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if parameters.strategy == .constant, parameters.constant == .null {
            throw Problem("the strategy constant needs a constant", at: ["constant"], advice: "add constant: CLASS")
        }
        if parameters.strategy != .constant, parameters.constant != .null {
            throw Problem(
                "a constant has no effect with the strategy \(parameters.strategy.rawValue)", at: ["constant"],
                advice: "add strategy: constant, or leave constant out")
        }
        self.parameters = parameters
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }

    private var constant: String? { Scalar(parameters.constant).flatMap { $0 == .missing ? nil : $0.description } }

    func fit(_ input: FitInput) throws -> Fitted {
        let targets = try ClassTargets(input.training)
        if let constant, !targets.classes.contains(constant) {
            throw Failure(
                "the class \(constant) does not occur in training",
                advice: "one of \(targets.classes.joined(separator: ", "))")
        }
        var state = Bundle(tensors: ["counts": targets.tensor])
        if parameters.strategy == .stratified || parameters.strategy == .uniform {
            var stream = input.stream
            state.scalars["seed"] = .int(Int(truncatingIfNeeded: stream.next() as UInt64))
        }
        return Fitted(state)
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let classes = try fittedClasses(of: state)
        guard let counts = state.tensors["counts"]?.doubles(), let largest = counts.max(),
            let frequent = counts.firstIndex(of: largest)
        else { throw Failure("the fitted state has no counts") }
        var seed = 0
        if case .int(let drawn)? = state.scalars["seed"] { seed = drawn }
        let total = counts.reduce(0, +)
        let fixed = constant.flatMap { classes.firstIndex(of: $0) } ?? frequent

        return rows.map { row in
            var scores = [Double](repeating: 0, count: classes.count)
            var choice = fixed
            switch parameters.strategy {
            case .prior: scores = counts.map { $0 / total }
            case .mostFrequent, .constant: scores[choice] = 1
            case .stratified:
                var stream = stream(seed, row)
                choice = position(of: stream.uniform() * total, in: counts)
                scores[choice] = 1
            case .uniform:
                var stream = stream(seed, row)
                choice = stream.index(below: classes.count)
                scores = scores.map { _ in 1 / Double(classes.count) }
            }
            return Prediction(classes: classes, scores: scores, output: .probability, predicted: classes[choice]).value
        }
    }

    private func stream(_ seed: Int, _ row: [Value]) -> RandomStream {
        RandomStream(named: Digest(of: .array([.int(seed)] + row.map { .digest($0.digest) })))
    }

    /// The class whose stretch of the line of all rows has the point.
    private func position(of point: Double, in counts: [Double]) -> Int {
        var end = 0.0
        for (index, count) in counts.enumerated() {
            end += count
            if point < end { return index }
        }
        return counts.count - 1
    }
}
