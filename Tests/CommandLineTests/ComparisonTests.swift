import TestSupport
import Testing

/// How `evaluate.compare` reads at the end of a run.
@Suite struct Comparison {
    let folder = Scratch()

    @Test func isTwoTablesBehindThatOfThePoints() throws {
        folder.write("", to: ".git/HEAD")
        let rows = (0..<12).map { "r\($0),\($0 * 5 % 12),\($0 % 2 == 0 ? "a" : "b")" }
        folder.write((["id,f,y"] + rows).joined(separator: "\n") + "\n", to: "table.csv")
        folder.write(
            """
            martlet: 1
            name: table
            stages:
              rows: {uses: table.csv, with: {path: table.csv, id: id}}
              classifier:
                in: rows
                cases:
                  linear: {uses: classify.logistic_regression}
                  dummy: {uses: classify.dummy}
                default: linear
              scores: {uses: evaluate.classification, in: classifier}
              compared: {uses: evaluate.compare, in: classifier}
            target: y
            split: {uses: split.k_fold, with: {n_splits: 3, shuffle: false}}
            sweep: {grid: {classifier: [linear, dummy]}}

            """, to: "spec.yaml")
        let result = Binary.run(["run", "spec.yaml", "-q"], in: folder.path)
        #expect(result.status == 0, "\(result.messages)")
        let tables = result.output.split(separator: "\n\n").map { $0.split(separator: "\n") }
        #expect(tables.map(\.count) == [3, 3, 2])
        let words = tables.map { $0.map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) } }
        #expect(words.dropFirst().first?[0] == ["compared", "accuracy", "lower", "upper", "folds"])
        #expect(words.dropFirst().first?.dropFirst().map(\.first) == ["dummy", "linear"])
        #expect(
            words.last?[0] == [
                "compared", "difference", "p_corrected_t", "p_corrected_t_holm", "a_only", "b_only", "p_mcnemar",
                "p_mcnemar_holm",
            ])
        #expect(words.last?[1].prefix(3) == ["dummy", "vs", "linear"])
    }
}
