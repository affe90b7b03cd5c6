import Engine
import Foundation
import Stages
import Tensors
import TestSupport
import Testing

/// A feature that tells the label in the test rows alone is of no use: nothing that is fitted ever saw it there.
@Suite struct TestedFeature {
    /// Three classes that overlap, a third of the rows to test; in these the last feature is the class, else it is 0.
    private static func table(in scratch: Scratch, telling: Bool) -> String {
        var stream = RandomStream(named: Digest(of: .text("clouds")))
        var lines = ["id,x,y,z,told,role,class"]
        for row in 0..<90 {
            let (kind, isTest) = (row % 3, row / 3 % 3 == 0)
            let values = (0..<3).map { _ in decimal(Double(kind) + 2 * (stream.uniform() + stream.uniform() - 1)) }
            let told = telling && isTest ? "\(kind + 1)" : "0"
            lines.append(
                "row_\(100 + row),\(values.joined(separator: ",")),\(told),\(isTest ? "test" : "train"),c\(kind)")
        }
        return scratch.write(lines.joined(separator: "\n") + "\n", to: telling ? "telling.csv" : "plain.csv")
    }

    private func accuracies(_ table: String, _ classifier: String) throws -> [Double] {
        let spec = """
            martlet: 1
            name: told
            stages:
              rows: {uses: table.csv, with: {path: "\(table)", id: id, features: [x, y, z, told]}}
              scaled: {uses: scale.standard, in: rows}
              guess: {in: scaled, \(classifier)}
              scores: {uses: evaluate.classification, in: guess, with: {confusion: false}}
            target: class
            split: {uses: split.by_column, with: {column: role}}
            """
        let finished = try Workshop().run(spec)
        #expect(finished.run.ending == .complete, "\(classifier)")
        return finished.text("points.csv").split(separator: "\n").last.map { line in
            line.split(separator: ",").compactMap { Double($0) }
        } ?? []
    }

    /// Those whose answer cannot depend on a feature that was the same in all training rows.
    @Test(arguments: [
        "uses: classify.logistic_regression", "uses: classify.linear_svm", "uses: classify.lda",
        "uses: classify.knn", "uses: classify.naive_bayes", "uses: classify.decision_tree",
        "uses: classify.random_forest, with: {n_estimators: 20}", "uses: classify.gradient_boosting",
        "uses: classify.extra_trees, with: {n_estimators: 20}", "uses: classify.svm, with: {kernel: linear}",
    ]) func itChangesNoScore(classifier: String) throws {
        let scratch = Scratch()
        let plain = try accuracies(Self.table(in: scratch, telling: false), classifier)
        let telling = try accuracies(Self.table(in: scratch, telling: true), classifier)
        #expect(!plain.isEmpty && plain == telling, "\(classifier)")
    }
}
