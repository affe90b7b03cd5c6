// Support vector machines and ridge regression on rows as the article's: 960 rows of 3228 features, eight classes.

internal import Foundation
internal import LearningStages
internal import StageTiming
internal import Stages
internal import Tensors

func timeSvm(_ path: URL, _ only: String?) throws {
    let rows = try articleRows(path)
    let input = FitInput(
        training: TrainingSet(rows, targets: rows.indices.map { .int($0 % 8) }),
        stream: RandomStream(named: Digest(of: .text("benchmark"))))
    let parts: [(String, Int, String, [String: Canonical])] = [
        ("svm_rbf", 5, "classify.svm", [:]),
        ("svm_rbf_probability", 3, "classify.svm", ["probability": .bool(true)]),
        ("linear_svm", 3, "classify.linear_svm", [:]),
        ("linear_svm_hinge", 3, "classify.linear_svm", ["loss": .text("hinge")]),
        ("ridge", 5, "regress.ridge", [:]),
        ("svr_rbf", 3, "regress.svr", [:]),
    ]
    for (name, turns, type, given) in parts {
        guard let stage = try learningStages.stage(type, given) as? any FittedStage else { continue }
        try measure(name, only: only, turns: turns) { _ = try stage.fit(input) }
        if name == "svm_rbf", only == nil {
            let state = try stage.fit(input).state
            try measure("svm_rbf_predict", only: only, turns: 3) { _ = try stage.apply(state, to: rows) }
        }
    }
}
