// Trees on rows as the article's: 960 rows of 3228 features, eight classes.

internal import Foundation
internal import LearningStages
internal import StageTiming
internal import Stages
internal import Tensors

func timeTrees(_ path: URL, _ only: String?) throws {
    let rows = try articleRows(path)
    let input = FitInput(
        training: TrainingSet(rows, targets: rows.indices.map { .int($0 % 8) }),
        stream: RandomStream(named: Digest(of: .text("benchmark"))))
    let parts: [(String, Int, String, [String: Canonical])] = [
        ("decision_tree", 3, "classify.decision_tree", [:]),
        ("random_forest_500", 3, "classify.random_forest", ["n_estimators": .int(500)]),
        (
            "random_forest_500_entropy", 1, "classify.random_forest",
            ["n_estimators": .int(500), "criterion": .text("entropy")]
        ),
        ("extra_trees_500", 3, "classify.extra_trees", ["n_estimators": .int(500)]),
        ("gradient_boosting_10", 1, "classify.gradient_boosting", ["max_iter": .int(10)]),
    ]
    for (name, turns, type, given) in parts {
        guard let stage = try learningStages.stage(type, given) as? any FittedStage else { continue }
        try measure(name, only: only, turns: turns) { _ = try stage.fit(input) }
        if name == "random_forest_500", only == nil {
            let state = try stage.fit(input).state
            try measure("random_forest_500_predict", only: only, turns: 3) { _ = try stage.apply(state, to: rows) }
        }
    }
}
