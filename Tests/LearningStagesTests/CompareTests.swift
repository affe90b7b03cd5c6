import Stages
import Tensors
import Testing

@testable import LearningStages

/// Classifiers compared over the same folds. The expected p are those of SciPy 1.17.
struct CompareTests {
    @Test(
        "Student's t is SciPy's",
        arguments: [
            (1, 0.5, 0.7048327646991335), (1, 12.7062, 0.0500000185607104), (3, 2.5, 0.08770664700806556),
            (9, -1.7, 0.12334766214382385), (29, 0.01, 0.9920897648032249), (99, 3.3, 0.001344764746399179),
            (1000, 1.96, 0.050273184955748736),
        ])
    func student(_ degrees: Int, _ t: Double, _ p: Double) {
        #expect(abs(StudentT(degrees: Double(degrees)).beyond(t) / p - 1) < 1e-11)
    }

    @Test(
        "and so are its quantiles",
        arguments: [
            (1, 12.706204736174705), (3, 3.1824463052837086), (9, 2.2621571627982053), (99, 1.9842169515864176),
        ])
    func quantiles(_ degrees: Int, _ t: Double) {
        #expect(abs(StudentT(degrees: Double(degrees)).quantile(beyond: 0.05) / t - 1) < 1e-11)
    }

    @Test("of no distance p is 1, of a large one 0") func extremes() {
        #expect(StudentT(degrees: 4).beyond(0) == 1)
        #expect(StudentT(degrees: 4).beyond(1e200) == 0)
        #expect(StudentT(degrees: 4).beyond(.infinity) == 0)
    }

    @Test(
        "McNemar's p is binomial for few rows, of χ² for more",
        arguments: [
            (0, 0, 1), (3, 9, 0.14599609375), (12, 12, 1), (5, 19, 0.006610751152038574),
            (5, 20, 0.005110260660855866), (13, 12, 1), (20, 20, 1), (40, 10, 4.109787809945878e-05),
        ])
    func mcNemar(_ first: Int, _ second: Int, _ p: Double) {
        #expect(abs(PairedTests.mcNemar(first, second) / p - 1) < 1e-12)
        #expect(PairedTests.mcNemar(first, second) == PairedTests.mcNemar(second, first))
    }

    @Test func correctedT() throws {
        let found = try #require(PairedTests.correctedT([0.05, 0.02, -0.01, 0.04, 0.03], testShare: 0.25))
        #expect(abs(found.t - 1.683562161419258) < 1e-12)
        #expect(abs(found.p - 0.16755322147892307) < 1e-12)
        #expect(try #require(PairedTests.correctedT([0, 0, 0], testShare: 0.5)).p == 1)
        #expect(PairedTests.correctedT([0.1, 0.1, 0.1], testShare: 0.5) == nil)
        #expect(PairedTests.correctedT([0.1], testShare: 0.5) == nil)
    }

    @Test("Holm's correction keeps the order") func holm() {
        let corrected = PairedTests.holm([0.01, 0.04, 0.03, 0.5, 0.01])
        for (got, want) in zip(corrected, [0.05, 0.09, 0.09, 0.5, 0.05]) { #expect(abs(got - want) < 1e-15) }
        #expect(PairedTests.holm([]).isEmpty)
        #expect(PairedTests.holm([0.9, 0.8]) == [1, 1])
    }

    /// A fold whose rows are predicted right where `right` says so.
    private func fold(
        _ point: Int, _ name: String?, _ number: Int, right: [Bool], repetition: Int = 0, input: String = "classifier",
        ids: [String]? = nil, origin: Int? = nil
    ) -> PooledRows {
        let targets: [Scalar] = right.indices.map { .string($0 % 2 == 0 ? "a" : "b") }
        let predicted = zip(targets, right).map { target, isRight in
            isRight == (target == .string("a")) ? "a" : "b"
        }
        let rows = reportRows(true: targets, predicted: predicted, classes: ["a", "b"])
        return PooledRows(
            point: point, values: [("classifier", name), ("seed", "1")], input: input, repetition: repetition,
            fold: number, training: 8, origin: origin ?? 100 * point + 10 * number + (input == "mlp" ? 1 : 0),
            rows: ReportRows(
                role: .test, ids: ids ?? right.indices.map { "\(number)-\($0)" }, targets: targets, values: rows.values)
        )
    }

    private let some = [[true, true, true, false], [true, false, true, true], [true, true, true, true]]
    private let other = [[true, false, true, false], [false, false, true, false], [true, true, false, true]]

    private func compare(_ parts: [PooledRows], _ given: [String: Canonical] = [:]) throws -> Report {
        try EvaluateCompare(given: given).report(parts)
    }

    @Test("contestants come with mean and interval, pairs with their tests, all by name") func report() throws {
        let parts = (0..<3).flatMap { [fold(0, "svm", $0, right: some[$0]), fold(1, "mlp", $0, right: other[$0])] }
        let report = try compare(parts)
        #expect(report.warnings.isEmpty)
        #expect(report.metrics.prefix(8).map(\.label) == ["mlp", "mlp", "mlp", "mlp", "svm", "svm", "svm", "svm"])
        #expect(report.value("accuracy", "svm") == 2.5 / 3)
        // Accuracies 0.75, 0.75, 1: their variance is 0.25² / 3; t of two degrees is 4.302652729749464.
        let margin = 4.302652729749464 * (0.25 * 0.25 / 3 * (1.0 / 3 + 0.5)).squareRoot()
        #expect(abs((report.value("upper", "svm") ?? 0) - 2.5 / 3 - margin) < 1e-12)
        #expect(abs((report.value("lower", "svm") ?? 0) - 2.5 / 3 + margin) < 1e-12)
        #expect(report.value("folds", "svm") == 3)
        let pair = "mlp vs svm"
        #expect(abs((report.value("difference", pair) ?? 0) + 1.0 / 3) < 1e-12)
        #expect(report.value("a_only", pair) == 0)
        #expect(report.value("b_only", pair) == 4)
        #expect(report.value("p_mcnemar", pair) == 0.125)
        let expected = PairedTests.correctedT([-0.25, -0.5, -0.25], testShare: 0.5)
        #expect(report.value("p_corrected_t", pair) == expected?.p)
        #expect(report.value("p_corrected_t_holm", pair) == expected?.p)
        #expect(report.value("comparisons") == 1)
    }

    @Test("a baseline stands behind all others, alone") func baseline() throws {
        let parts = (0..<3).flatMap {
            [
                fold(0, "svm", $0, right: some[$0]), fold(1, "mlp", $0, right: other[$0]),
                fold(2, "forest", $0, right: some[2 - $0]),
            ]
        }
        let labels = try compare(parts, ["baseline": .text("mlp")]).metrics.filter { $0.name == "difference" }.map(
            \.label)
        #expect(labels == ["forest vs mlp", "svm vs mlp"])
        #expect(try compare(parts).value("comparisons") == 3)
        #expect(throws: Failure.self) { try compare(parts, ["baseline": .text("nobody")]) }
    }

    @Test("folds and rows of one side only are left out, and named") func missing() throws {
        let parts =
            (0..<3).map { fold(0, "svm", $0, right: some[$0]) }
            + (0..<2).map { fold(1, "mlp", $0, right: Array(other[$0].dropLast(1 - $0))) }
        let report = try compare(parts)
        #expect(
            report.warnings == [
                "mlp vs svm: 1 folds of one side only are left out", "mlp vs svm: 1 rows of one side only are left out",
            ])
        #expect(abs((report.value("difference", "mlp vs svm") ?? 0) + (1.0 / 3 + 0.5) / 2) < 1e-12)
    }

    @Test("McNemar's test is of the first repeat, the others of all") func repeats() throws {
        let parts = (0..<2).flatMap { repetition in
            (0..<3).flatMap {
                [
                    fold(0, "svm", $0, right: some[$0], repetition: repetition),
                    fold(1, "mlp", $0, right: other[$0], repetition: repetition),
                ]
            }
        }
        let report = try compare(parts)
        #expect(report.value("b_only", "mlp vs svm") == 4)
        #expect(report.value("folds", "svm") == 6)
    }

    @Test("several stages are contestants too") func inputs() throws {
        let parts = (0..<3).flatMap {
            [
                fold(0, "x", $0, right: some[$0], input: "svm"), fold(0, "x", $0, right: other[$0], input: "mlp"),
            ]
        }
        #expect(try compare(parts).metrics.compactMap(\.label).contains("mlp vs svm"))
    }

    @Test("what a sweep does not concern is one contestant") func sharedOrigins() throws {
        let parts = (0..<3).flatMap { number in
            [(0, "one"), (1, "five")].flatMap { point, name in
                [
                    fold(point, name, number, right: some[number], input: "knn"),
                    fold(point, name, number, right: other[number], input: "nb", origin: 1000 + number),
                ]
            }
        }
        let labels = try compare(parts).metrics.filter { $0.name == "accuracy" }.compactMap(\.label)
        #expect(labels == ["knn, five", "knn, one", "nb"])
    }

    @Test("what is alone is a warning, and what is no prediction a failure") func failures() throws {
        let alone = try compare([fold(0, "svm", 0, right: some[0])])
        #expect(alone.warnings.first?.hasPrefix("there is nothing to compare: ") == true)
        #expect(throws: Failure.self) { try compare([]) }
        #expect(throws: Problem.self) { try EvaluateCompare(given: [:]).output(for: [.tensor(.float32, nil)]) }
    }

    @Test("one fold, or the same difference in each, has no t-test, which a warning says") func oneFold() throws {
        let one = try compare([fold(0, "svm", 0, right: some[0]), fold(1, "mlp", 0, right: other[0])])
        #expect(one.warnings == ["mlp vs svm: no t-test, as there is one fold"])
        #expect(one.value("p_corrected_t", "mlp vs svm") == nil)
        #expect(one.value("lower", "svm") == nil)
        let same = try compare(
            (0..<2).flatMap { [fold(0, "svm", $0, right: some[0]), fold(1, "mlp", $0, right: other[0])] })
        #expect(same.warnings == ["mlp vs svm: no t-test, as there is the same difference in every fold"])
    }
}
