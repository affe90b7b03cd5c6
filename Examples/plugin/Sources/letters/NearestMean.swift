// words.nearest_mean: a fitted stage.

import Stages
import Tensors

struct NearestMean: FittedStage {
    struct Parameters: ParameterSet {
        var shrinkage = 0.0

        static var fields: [Field<Self>] {
            [
                Field(
                    "shrinkage", \.shrinkage, as: .float(.between(0, 1)),
                    "how far the mean of a class is drawn to that of all rows")
            ]
        }
    }

    static let declaration = Declaration(
        "words.nearest_mean", revision: 1, kind: .fitted, summary: "The class whose mean is nearest.",
        documentation: """
            The state has `means`, a row a class. The score of a class is minus the squared distance to its mean; of \
            equal scores the first class is predicted.
            """,
        inputs: [Port(accepts: [.tensor], types: [.float64], axes: ["feature"], "features")], output: "a prediction",
        readsTarget: true)

    let parameters: Parameters

    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        let classes = ClassList(training.targets)
        let width = try training.tensor(0).count
        var sums = [Double](repeating: 0, count: classes.count * width)
        var counts = [Double](repeating: 0, count: classes.count)
        for row in 0..<training.count {
            guard let position = classes.position(of: training.targets[row]),
                let features = try training.tensor(row).doubles()
            else { throw Failure("a training row has no target", advice: "leave such rows out of the data") }
            counts[position] += 1
            for column in 0..<width { sums[position * width + column] += features[column] }
        }
        let overall = (0..<width).map { column in
            (0..<classes.count).reduce(0) { $0 + sums[$1 * width + column] } / Double(training.count)
        }
        let means = sums.indices.map { index in
            let mean = sums[index] / counts[index / width]
            return mean + parameters.shrinkage * (overall[index % width] - mean)
        }
        let tensor = Tensor(
            .float64(means), shape: [classes.count, width], axes: ["class", "feature"],
            labels: ["class": classes.names])
        return Fitted(Bundle(tensors: ["means": tensor]))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        guard let tensor = state.tensors["means"], let means = tensor.doubles(), let classes = tensor.labels["class"]
        else { throw Failure("the fitted state has no means") }
        let width = tensor.shape[1]
        return try rows.map { row in
            guard case .tensor(let tensor)? = row.first, let features = tensor.doubles(), features.count == width
            else { throw Failure("expected \(width) features") }
            let scores = classes.indices.map { position in
                (0..<width).reduce(0.0) { sum, column in
                    let difference = features[column] - means[position * width + column]
                    return sum - difference * difference
                }
            }
            let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
            return Prediction(classes: classes, scores: scores, output: .score, predicted: classes[best]).value
        }
    }
}
