// classify.stack

internal import Stages
internal import Tensors

struct ClassifyStack: OutOfFoldStage {
    struct Parameters: ParameterSet {
        var folds = 5
        var inverseStrength = 1.0
        var maxIterations = 100
        var tolerance = 1e-4

        static var fields: [Field<Self>] {
            [
                Field("cv", \.folds, as: .int(.atLeast(2)), "into how many inner folds the training rows are divided"),
                Field(
                    "C", \.inverseStrength, as: .float(.above(0)),
                    "inverse strength of the penalty of the logistic regression on top"),
                Field("max_iter", \.maxIterations, as: .int(.atLeast(1)), "its iterations at most"),
                Field("tol", \.tolerance, as: .float(.above(0)), "its tolerance"),
            ]
        }
    }

    static let declaration = Declaration(
        "classify.stack", revision: 1, kind: .fitted,
        summary: "Logistic regression on what several classifiers predict for rows that they were not fitted on.",
        documentation: """
            `in` lists classifiers, or is a branch set of them. The training rows are divided into `cv` inner folds, by a \
            split of the same nature as the experiment's, groups kept whole; on each, everything fitted that leads to the \
            classifiers is fitted again, and a logistic regression learns from the predictions for the rows held out. \
            Other rows are predicted by the classifiers as they were fitted on all training rows.

            The features are the probabilities, or scores, of each classifier, class by class; with two classes those of \
            the second alone. The state is that of `classify.logistic_regression`.

            Stacked generalisation (Wolpert 1992), as scikit-learn's StackingClassifier with its default final estimator.
            """,
        inputs: [
            Port(accepts: [.prediction], isList: true, joinsBranches: true, "predictions of several classifiers")
        ],
        output: "a prediction", readsTarget: true, arithmetic: [.openblas, .libm], tolerance: 1e-4)

    let parameters: Parameters
    init(_ parameters: Parameters) { self.parameters = parameters }

    var innerFolds: Int { parameters.folds }

    func output(for inputs: [Signature]) throws(Problem) -> Signature { .prediction }

    private var final: ClassifyLogisticRegression {
        var own = ClassifyLogisticRegression.Parameters()
        (own.inverseStrength, own.maxIterations, own.tolerance) = (
            parameters.inverseStrength, parameters.maxIterations, parameters.tolerance
        )
        return ClassifyLogisticRegression(own)
    }

    func fit(_ input: FitInput) throws -> Fitted {
        let training = input.training
        let features = TrainingSet(count: training.count, targets: training.targets) { index in
            [try Self.features(of: training.row(index))]
        }
        return try final.fit(FitInput(training: features, stream: input.stream, threads: input.threads))
    }

    func apply(_ state: Bundle, to rows: [[Value]]) throws -> [Value] {
        try final.apply(state, to: rows.map { [try Self.features(of: $0)] })
    }

    /// The scores of all classifiers, one after another.
    private static func features(of row: [Value]) throws(Failure) -> Value {
        var (scores, labels) = ([Double](), [String]())
        for (position, prediction) in try predictions(row, names: []).enumerated() {
            for index in prediction.classes.indices where index > 0 || prediction.classes.count != 2 {
                scores.append(prediction.scores[index])
                labels.append("\(position).\(prediction.classes[index])")
            }
        }
        return .tensor(Tensor(.float64(scores), shape: [scores.count], axes: ["feature"], labels: ["feature": labels]))
    }
}
