// What classifiers by Bayes' rule share: the classes' probabilities before a row is seen, their means, and the prediction
// from logarithms.

internal import Stages
internal import Tensors

/// A parameter: the probabilities of the classes, in their order.
struct ClassPriors: ParameterValue, Hashable {
    let values: [Double]

    static let help = "the probabilities of the classes, in their order; null: their shares in training"
    static var kind: ParameterKind { .list(.float(.above(0))) }
    init?(canonical: Canonical) {
        guard let values = [Double](canonical: canonical) else { return nil }
        self.values = values
    }
    var canonical: Canonical { values.canonical }

    func check() throws(Problem) {
        let sum = values.reduce(0, +)
        guard abs(sum - 1) <= 1e-5 else {
            throw Problem(
                "expected probabilities that sum to 1, got a sum of \(decimal(sum))", at: ["priors"],
                advice: "null takes the shares of the classes in training")
        }
    }
}

extension ClassTargets {
    /// The probability of each class before a row is seen.
    func priors(_ given: ClassPriors?) throws(Failure) -> [Double] {
        guard let given else { return counts.map { Double($0) / Double(positions.count) } }
        guard given.values.count == classes.count else {
            throw Failure(
                "priors has \(given.values.count) probabilities, and there are \(classes.count) classes in training: "
                    + classes.joined(separator: ", "),
                advice: "give one probability a class, in this order, or leave priors out")
        }
        let sum = given.values.reduce(0, +)
        return given.values.map { $0 / sum }
    }

    /// The mean of each class's rows, class after class.
    func means(_ training: TrainingSet, _ form: FeatureForm) throws -> [Double] {
        var means = [Double](repeating: 0, count: classes.count * form.count)
        for (index, position) in positions.enumerated() {
            let row = try form.finiteRow(try training.tensor(index), "a training row")
            let start = position * form.count
            for feature in row.indices { means[start + feature] += row[feature] }
        }
        for index in means.indices { means[index] /= Double(counts[index / form.count]) }
        if let index = firstNotFinite(means) {
            throw Failure(
                "the mean of \(form.name(index % form.count)) is too large for a double",
                advice: "scale the features first, by scale.minmax")
        }
        return means
    }

    /// The rows of one class.
    func rows(of position: Int, _ training: TrainingSet) -> TrainingSet {
        let members = positions.indices.filter { positions[$0] == position }
        return TrainingSet(count: members.count) { try training.row(members[$0]) }
    }
}

/// The prediction for a row from the logarithm of each class's probability, up to a constant: the first of the most
/// probable ones.
func prediction(ofLogarithms logarithms: [Double], _ classes: [String]) throws(Failure) -> Value {
    guard firstNotFinite(logarithms) == nil, !logarithms.isEmpty else {
        throw Failure(
            "the features of a row are too large: its decision is not a finite number",
            advice: "scale the features first, by scale.standard")
    }
    var (scores, best) = (logarithms, 0)
    for index in scores.indices where scores[index] > scores[best] { best = index }
    softmax(&scores, scores.indices)
    return Prediction(classes: classes, scores: scores, output: .probability, predicted: classes[best]).value
}
