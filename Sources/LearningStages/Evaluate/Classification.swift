// evaluate.classification

internal import Stages
internal import Tensors

struct EvaluateClassification: ReportStage {
    enum RowRole: String, CaseIterable, ParameterValue {
        case train, validation, test

        var role: Role {
            switch self {
            case .train: .train
            case .validation: .validation
            case .test: .test
            }
        }
    }

    /// The classes that `macro` means are taken over.
    enum Labels: String, CaseIterable, ParameterValue {
        case occurring, all
    }

    struct Parameters: ParameterSet {
        var roles = [RowRole.test]
        var labels = Labels.occurring
        var topK = [2]
        var zeroDivision = 0
        var isOrdinal = false
        var confusion = true

        static var fields: [Field<Self>] {
            [
                Field("roles", \.roles, "the roles of the rows to report on"),
                Field(
                    "labels", \.labels,
                    "classes in macro means: those that are true or predicted in the rows, or all that were trained on"),
                Field(
                    "top_k", \.topK, as: .list(.int(.atLeast(1))), "each k: top_k_accuracy among the k largest scores"),
                Field(
                    "zero_division", \.zeroDivision, as: .int(.between(0, 1)),
                    "what a precision, recall or F1 of 0 / 0 counts as"),
                Field(
                    "ordinal", \.isOrdinal, "whether the order of the classes means something: adds a weighted kappa"),
                Field("confusion", \.confusion, "whether the counts of each pair of classes are reported"),
            ]
        }
    }

    static let declaration = Declaration(
        "evaluate.classification", revision: 1, kind: .report,
        summary: "Accuracy, precision, recall, F1, kappa, log loss, ROC AUC … of predictions.",
        documentation: """
            Names and values are those of scikit-learn. The classes are those that the classifier was fitted on, and \
            behind them those that occur in the rows only. In `macro` means those count that are true or predicted in \
            the rows, as in scikit-learn without `labels`; with `labels: all`, all of them.

            Of the predicted classes: `accuracy`; `balanced_accuracy` (the mean recall of the classes that occur); \
            `precision`, `recall`, `f1` as `_macro`, `_micro`, `_weighted`, and with `support` a class; `cohen_kappa`; \
            `matthews_corrcoef` (0 where only one class is true, or predicted); with `ordinal`, \
            `cohen_kappa_quadratic`; with `confusion`, `confusion` with the label `true->predicted`.

            Of the scores: `top_K_accuracy` for each k below the number of classes (of equal scores the later class \
            comes first); with two classes `roc_auc` and `average_precision`, of the second class; with more \
            `roc_auc_ovr`, `roc_auc_ovo`, and both `_weighted`. A tie counts as one half.

            Of probabilities: `log_loss` (clipped to [2^-52, 1 - 2^-52]; a class that was not in training has \
            probability 0), `brier_score` (summed over classes, 0 to 2), `calibration_error` (15 equal bins of the \
            largest probability).

            A metric that is not defined for the rows (an ROC AUC with a class that does not occur) is left out, and a \
            warning names it. Fails without rows, for a row without target or prediction, and for a score that is NaN.
            """,
        inputs: [Port(accepts: [.prediction], "predictions of a classifier")], output: "metrics", readsTarget: true,
        arithmetic: [.libm], tolerance: 1e-9)

    let parameters: Parameters

    init(_ parameters: Parameters) throws(Problem) {
        if parameters.roles.isEmpty { throw Problem("expected at least one role", at: ["roles"]) }
        if Set(parameters.roles).count < parameters.roles.count {
            throw Problem("a role is listed twice", at: ["roles"])
        }
        if Set(parameters.topK).count < parameters.topK.count { throw Problem("a k is listed twice", at: ["top_k"]) }
        self.parameters = parameters
    }

    var roles: [Role] { parameters.roles.map(\.role) }

    func output(for inputs: [Signature]) throws(Problem) -> Signature {
        if let input = inputs.first, let content = input.content, content != .prediction {
            throw Problem("expected predictions, got \(input.phrase)", advice: "put a classifier before this stage")
        }
        return .nothing
    }

    func report(_ rows: ReportRows) throws -> Report {
        let answers = try Answers(rows)
        let matrix = ConfusionMatrix(
            true: answers.targets, predicted: answers.predicted, classes: answers.classes.count)
        var warnings = [String]()
        var metrics = labelMetrics(matrix, &warnings)
        if let table = answers.table {
            metrics += scoreMetrics(table, isProbability: answers.isProbability, &warnings)
        } else {
            warnings.append("the predictions are of models with different classes: metrics of scores are left out")
        }
        metrics += classMetrics(matrix, answers.classes)
        return Report(metrics: metrics, headline: ["accuracy", "balanced_accuracy", "f1_macro"], warnings: warnings)
    }

    private func labelMetrics(_ matrix: ConfusionMatrix, _ warnings: inout [String]) -> [Metric] {
        var metrics = [
            Metric("accuracy", matrix.accuracy), Metric("balanced_accuracy", matrix.balancedAccuracy),
        ]
        for average in ConfusionMatrix.Average.allCases {
            let scores = matrix.scores(
                average, zeroDivision: Double(parameters.zeroDivision), countsAbsent: parameters.labels == .all)
            metrics.append(Metric("precision_" + average.rawValue, scores.precision))
            metrics.append(Metric("recall_" + average.rawValue, scores.recall))
            metrics.append(Metric("f1_" + average.rawValue, scores.f1))
        }
        metrics.append(Metric("matthews_corrcoef", matrix.matthews))
        if let kappa = matrix.kappa(isQuadratic: false) {
            metrics.append(Metric("cohen_kappa", kappa))
            if parameters.isOrdinal, let weighted = matrix.kappa(isQuadratic: true) {
                metrics.append(Metric("cohen_kappa_quadratic", weighted))
            }
        } else {
            warnings.append("cohen_kappa is left out: all rows are of one class and predicted as such")
        }
        return metrics
    }

    private func scoreMetrics(_ table: ScoreTable, isProbability: Bool, _ warnings: inout [String]) -> [Metric] {
        var metrics = [Metric]()
        if isProbability {
            metrics.append(Metric("log_loss", table.logLoss))
            metrics.append(Metric("brier_score", table.brier))
            metrics.append(Metric("calibration_error", table.calibrationError(bins: 15)))
        }
        for k in parameters.topK where k < table.classes {
            metrics.append(Metric("top_\(k)_accuracy", table.topAccuracy(k)))
        }
        let isBinary = table.classes == 2
        let undefined = "left out: a class does not occur in these rows, or was not in training"
        if table.targets.contains(where: { $0 >= table.classes }) || table.classes < 2 {
            warnings.append("roc_auc is " + undefined)
        } else if isBinary {
            if let area = table.area(1) {
                metrics.append(Metric("roc_auc", area))
            } else {
                warnings.append("roc_auc is " + undefined)
            }
            if let precision = table.averagePrecision(1) { metrics.append(Metric("average_precision", precision)) }
        } else if let rest = table.oneVersusRest, let pairs = table.oneVersusOne {
            metrics.append(Metric("roc_auc_ovr", rest.macro))
            metrics.append(Metric("roc_auc_ovr_weighted", rest.weighted))
            metrics.append(Metric("roc_auc_ovo", pairs.macro))
            metrics.append(Metric("roc_auc_ovo_weighted", pairs.weighted))
        } else {
            warnings.append("roc_auc_ovr and roc_auc_ovo are " + undefined)
        }
        return metrics
    }

    private func classMetrics(_ matrix: ConfusionMatrix, _ classes: [String]) -> [Metric] {
        var metrics = [Metric]()
        let scores = matrix.scores(zeroDivision: Double(parameters.zeroDivision))
        for (index, support) in matrix.support.enumerated() {
            metrics.append(Metric("precision", label: classes[index], scores[index].precision))
            metrics.append(Metric("recall", label: classes[index], scores[index].recall))
            metrics.append(Metric("f1", label: classes[index], scores[index].f1))
            metrics.append(Metric("support", label: classes[index], Double(support)))
        }
        guard parameters.confusion else { return metrics }
        for target in classes.indices {
            for answer in classes.indices {
                let label = classes[target] + "->" + classes[answer]
                metrics.append(Metric("confusion", label: label, Double(matrix[target, answer])))
            }
        }
        return metrics
    }
}
