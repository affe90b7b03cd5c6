// Rows, states and predictions as tests need them.

import Stages
import Tensors

@testable import LearningStages

/// Numbers that are the same in every run.
func numbers(_ count: Int, _ name: String) -> [Double] {
    var stream = RandomStream(named: Digest(of: .text(name)))
    return (0..<count).map { _ in 4 * (stream.uniform() + stream.uniform() + stream.uniform() - 1.5) }
}

let someStream = RandomStream(named: Digest(of: .text("test")))

func row(_ features: [Double], labels: [String]? = nil) -> [Value] {
    [
        .tensor(
            Tensor(
                .float64(features), shape: [features.count], axes: ["feature"],
                labels: labels.map { ["feature": $0] } ?? [:]))
    ]
}

/// The rows of a matrix; those of `picked`, if given.
func rows(of matrix: Tensor, _ picked: [Int]? = nil) -> [[Value]] {
    let (elements, columns) = (matrix.doubles() ?? [], matrix.shape[1])
    return (picked ?? Array(0..<matrix.shape[0])).map { row(Array(elements[$0 * columns..<($0 + 1) * columns])) }
}

func ints(_ tensor: Tensor) -> [Int] { (tensor.doubles() ?? []).map { Int($0) } }

func doubles(_ value: Value) -> [Double] {
    if case .tensor(let tensor) = value { tensor.doubles() ?? [] } else { [] }
}

func fitInput(_ rows: [[Value]], _ targets: [Scalar] = []) -> FitInput {
    FitInput(training: TrainingSet(rows, targets: targets), stream: someStream)
}

func mapInput(_ tensors: Tensor..., names: [String] = []) -> MapInput {
    MapInput(values: tensors.map { .tensor($0) }, names: names, stream: someStream)
}

/// A table of predictions for a report; without scores, those of the predicted class are 1.
func reportRows(
    true targets: [Scalar], predicted: [String], classes: [String], scores: [[Double]]? = nil,
    output: Prediction.Output = .score
) -> ReportRows {
    let values = predicted.enumerated().map { index, name in
        Prediction(
            classes: classes, scores: scores?[index] ?? classes.map { $0 == name ? 1 : 0 }, output: output,
            predicted: name
        ).value
    }
    return ReportRows(role: .test, ids: targets.indices.map { "row-\($0)" }, targets: targets, values: values)
}

extension Report {
    func value(_ name: String, _ label: String? = nil) -> Double? {
        metrics.first { $0.name == name && $0.label == label }?.value
    }
}
