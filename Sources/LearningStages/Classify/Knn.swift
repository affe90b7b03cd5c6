// classify.knn

internal import Stages
internal import Tensors

struct ClassifyKnn: FittedStage {
    enum Weights: String, CaseIterable, ParameterValue { case uniform, distance }

    struct Parameters: ParameterSet {
        var neighbours = 5
        var weights = Weights.uniform
        var power = 2

        static var fields: [Field<Self>] {
            [
                Field("n_neighbors", \.neighbours, as: .int(.atLeast(1)), "how many training rows decide"),
                Field("weights", \.weights, "uniform: all count alike; distance: by one over their distance"),
                Field("p", \.power, as: .int(.between(1, 2)), "1: distances are Σ |x − y|; 2: √ Σ (x − y)²"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.knn", revision: 1, kind: .fitted,
        summary: "Nearest neighbours: the classes of the training rows that are most like a row.",
        documentation: """
            The score of a class is the share of the `n_neighbors` nearest training rows that are of it; with `weights: \
            distance` each counts as one over its distance, and rows at distance 0, where there are any, alone. Of \
            training rows at one distance the first are the nearer ones; of classes with one score the first in order is \
            predicted. Scale the features first (`scale.standard`): a feature that varies more weighs more.

            Nothing is learned: the state is the training rows (`rows`: float32 if all of them are, else float64; \
            `classes`: the position of each row's class) and `counts` (training rows a class). All training rows are \
            looked at for each row, block by block; distances are those of the rows themselves, in double.

            Fails when there is only one class in training, when there are fewer training rows than neighbours, when a \
            feature is NaN or infinite, and when the training rows hold more than 2²⁹ numbers.

            Parameters, defaults and meaning are those of scikit-learn's KNeighborsClassifier, which leaves the choice \
            among rows at one distance to its algorithm.
            """,
        inputs: [featuresPort], output: "a prediction", readsTarget: true, arithmetic: [.openblas], tolerance: 1e-6)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        _ = try featureAxis(inputs)
        return .prediction
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        let targets = try ClassTargets(severalOf: training)
        guard parameters.neighbours <= training.count else {
            throw Failure(
                "n_neighbors is \(parameters.neighbours), and there are \(training.count) training rows",
                advice: "lower n_neighbors")
        }
        let form = try FeatureForm(training.tensor(0))
        guard form.count <= (1 << 29) / training.count else {
            throw Failure(
                "\(training.count) training rows of \(form.count) features are too many to be kept",
                advice: "put decompose.pca before this stage, or fit on fewer rows")
        }
        let elements = try self.elements(training, form)
        let axis = form.axis == "row" ? "feature" : form.axis
        let state = Bundle(tensors: [
            "rows": Tensor(
                elements, shape: [training.count, form.count], axes: ["row", axis],
                labels: form.labels.map { [axis: $0] } ?? [:]),
            "classes": Tensor(.int32(targets.positions.map(Int32.init)), shape: [training.count], axes: ["row"]),
            "counts": targets.tensor,
        ])
        guard Neighbours(elements, width: form.count, power: parameters.power) != nil else { throw Self.isTooLarge }
        return Fitted(state)
    }

    private func elements(_ training: TrainingSet, _ form: FeatureForm) throws -> Elements {
        var singles = [Float]()
        var doubles = [Double]()
        singles.reserveCapacity(training.count * form.count)
        for index in 0..<training.count {
            switch try form.held(try training.tensor(index), "a training row") {
            case .float32(let row) where doubles.isEmpty: singles += row
            case let row:
                if doubles.isEmpty {
                    doubles.reserveCapacity(training.count * form.count)
                    doubles = singles.map(Double.init)
                    singles = []
                }
                switch row {
                case .float32(let row): for element in row { doubles.append(Double(element)) }
                case .float64(let row): doubles += row
                default: break
                }
            }
        }
        return doubles.isEmpty ? .float32(singles) : .float64(doubles)
    }

    private static let isTooLarge = Failure(
        "the features are too large: distances between rows are not finite numbers",
        advice: "scale the features first, by scale.standard")

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        let names = try fittedClasses(of: state)
        let form = try FeatureForm(state, "rows", axis: 1)
        guard let stored = state.tensors["rows"], case .int32(let positions)? = state.tensors["classes"]?.elements,
            stored.axes.count == 2, stored.type == .float32 || stored.type == .float64,
            positions.count == stored.shape[0], positions.count >= parameters.neighbours,
            positions.allSatisfy({ names.indices.contains(Int($0)) })
        else { throw Failure("the fitted state has no fitting rows and classes") }
        if rows.isEmpty { return [] }
        guard let neighbours = Neighbours(stored.elements, width: form.count, power: parameters.power) else {
            throw Self.isTooLarge
        }
        var made = [Value]()
        made.reserveCapacity(rows.count)
        for start in stride(from: 0, to: rows.count, by: 128) {
            let queries = try FeatureMatrix(Array(rows[start..<min(start + 128, rows.count)]), as: form)
            guard let nearest = neighbours.nearest(parameters.neighbours, to: queries.elements) else {
                throw Self.isTooLarge
            }
            for own in nearest {
                var scores = [Double](repeating: 0, count: names.count)
                for (index, weight) in zip(own.rows, weights(own.distances)) { scores[Int(positions[index])] += weight }
                let sum = scores.reduce(0, +)
                var best = 0
                for index in scores.indices {
                    if scores[index] > scores[best] { best = index }
                }
                for index in scores.indices { scores[index] /= sum }
                made.append(
                    Prediction(classes: names, scores: scores, output: .probability, predicted: names[best]).value)
            }
        }
        return made
    }

    private func weights(_ distances: [Double]) -> [Double] {
        guard parameters.weights == .distance else { return distances.map { _ in 1 } }
        let inverse = distances.map { 1 / $0 }
        // One over a distance so small that it overflows is as one over none.
        return inverse.contains(.infinity) ? inverse.map { $0 == .infinity ? 1 : 0 } : inverse
    }
}
