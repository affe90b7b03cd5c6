// classify.vote

internal import Stages
internal import Tensors

struct ClassifyVote: MapStage {
    enum Voting: String, CaseIterable, ParameterValue { case hard, soft }

    struct Parameters: ParameterSet {
        var voting = Voting.hard
        var weights: [Double]?

        static var fields: [Field<Self>] {
            [
                Field("voting", \.voting, "hard: each classifier has a vote; soft: the mean of their probabilities"),
                Field(
                    "weights", \.weights, as: .optional(.list(.float(.atLeast(0)))),
                    "what each classifier counts, in the order of in; null: all alike"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.vote", revision: 1, kind: .map,
        summary: "What several classifiers predict together.",
        documentation: """
            `in` lists classifiers, or is a branch set of them. With `voting: hard` the class that most predict, the first \
            of equals; its scores are the shares of the votes. With `voting: soft` the class of the largest mean \
            probability; a classifier that gives scores and no probabilities is a failure. `weights` are of the votes, or \
            of the mean.

            Nothing is fitted here. Where the classifiers know different classes, those that one does not know have no \
            vote and no probability from it.

            As scikit-learn's VotingClassifier, whose default is `hard` too.
            """,
        inputs: [
            Port(accepts: [.prediction], isList: true, joinsBranches: true, "predictions of several classifiers")
        ],
        output: "a prediction")

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if let weights = parameters.weights, !weights.contains(where: { $0 > 0 }) {
            throw Problem("expected a weight above 0", at: ["weights"])
        }
        self.parameters = parameters
    }

    func check(labels: [String]) throws(Problem) {
        if let weights = parameters.weights, weights.count != labels.count {
            throw Problem(
                "expected \(labels.count) weights, one for each of \(labels.joined(separator: ", ")); got \(weights.count)",
                at: ["weights"])
        }
    }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }

    func apply(_ input: MapInput) throws -> Value {
        let answers = try predictions(input.values, names: input.names)
        let weights = parameters.weights ?? answers.map { _ in 1 }
        guard weights.count == answers.count else {
            throw Failure("expected \(answers.count) weights, got \(weights.count)")
        }
        let classes = jointClasses(answers)
        var sums = [Double](repeating: 0, count: classes.count)
        for (position, answer) in answers.enumerated() {
            switch parameters.voting {
            case .hard:
                if let choice = classes.firstIndex(of: answer.predicted) { sums[choice] += weights[position] }
            case .soft:
                guard answer.output == .probability else {
                    let name = input.names.indices.contains(position) ? input.names[position] : "input \(position + 1)"
                    throw Failure(
                        "\(name) gives scores, and a soft vote needs probabilities",
                        advice: "probability: true makes classify.svm give them; or set voting: hard")
                }
                for (name, score) in zip(answer.classes, answer.scores) {
                    if let place = classes.firstIndex(of: name) { sums[place] += weights[position] * score }
                }
            }
        }
        let total = weights.reduce(0, +)
        let scores = sums.map { $0 / total }
        var best = 0
        for index in scores.indices where scores[index] > scores[best] { best = index }
        return Prediction(
            classes: classes, scores: scores, output: parameters.voting == .soft ? .probability : .score,
            predicted: classes[best]
        ).value
    }
}

/// The predictions that several classifiers give for one row.
func predictions(_ values: [Value], names: [String]) throws(Failure) -> [Prediction] {
    var found = [Prediction]()
    for (position, value) in values.enumerated() {
        guard let prediction = Prediction(value) else {
            let name = names.indices.contains(position) ? names[position] : "input \(position + 1)"
            throw Failure("expected a prediction from \(name), got \(value.phrase)")
        }
        if prediction.scores.contains(where: \.isNaN) { throw Failure("a score is NaN") }
        found.append(prediction)
    }
    guard found.contains(where: { !$0.classes.isEmpty }) else { throw Failure("expected predictions, got none") }
    return found
}

/// The classes of several predictions: those of the first, and behind them what others know beside.
private func jointClasses(_ predictions: [Prediction]) -> [String] {
    var classes = [String]()
    for name in predictions.flatMap(\.classes) where !classes.contains(name) { classes.append(name) }
    return classes
}
