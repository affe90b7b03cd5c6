// `random`: what is drawn, and what does not move a draw.

import Stages
import Tensors
import Testing

@testable import Spec

private func columns(_ random: String) throws -> [[String?]] {
    let points = Array(try read(swept("{random: {\(random)}}")).points)
    let count = points.first?.values.count ?? 0
    return (0..<count).map { column in points.map { $0.values[column].text } }
}

@Suite struct DrawTests {
    @Test func drawsAreThese() throws {
        // The points of a spec are the same with every version and on every machine.
        let drawn = try points(
            """
            {random: {n: 3, seed: 1, classifier.svm.C: {log_uniform: [1e-3, 1e3]}, mfcc.lowest: {uniform: [0, 100]},
             mfcc.n_mfcc: {int: [1, 40]}, mfcc.hop: {choice: {short: 128, long: 512}}}}
            """)
        #expect(
            drawn == [
                "0: 0.9405462716422074 24.808802433276057 10 long", "1: 129.23520783796695 20.761821688152395 9 long",
                "2: 0.20331464292002194 56.63845149208879 11 short",
            ])
    }

    @Test func anotherAddressMovesNone() throws {
        let one = try columns("n: 20, seed: 3, mfcc.n_mfcc: {int: [1, 1000]}")
        let two = try columns("n: 20, mfcc.hop: {int: [1, 1000]}, mfcc.n_mfcc: {int: [1, 1000]}, seed: 3")
        #expect(one[0] == two[1])
        #expect(two[0] != two[1])
        #expect(one != (try columns("n: 20, seed: 4, mfcc.n_mfcc: {int: [1, 1000]}")))
    }

    @Test func morePointsLeaveTheFirstAsTheyAre() throws {
        let few = try columns("n: 5, mfcc.lowest: {uniform: [0, 1]}")
        let many = try columns("n: 50, mfcc.lowest: {uniform: [0, 1]}")
        #expect(few[0] == Array(many[0].prefix(5)))
    }

    @Test func stayInTheirRangesAndFillThem() throws {
        let drawn = try columns(
            "n: 2000, mfcc.n_mfcc: {int: [3, 5]}, mfcc.lowest: {uniform: [2, 6]}, classifier.svm.C: {log_uniform: [1e-4, 1e4]}"
        )
        let numbers = drawn.map { $0.compactMap { $0.flatMap(Double.init) } }
        #expect(Set(numbers[0]) == [3, 4, 5])
        for (column, low, high) in [(1, 2.0, 6.0), (2, 1e-4, 1e4)] {
            #expect(numbers[column].count == 2000)
            #expect(numbers[column].allSatisfy { $0 >= low && $0 < high })
        }
        let below = numbers[1].count { $0 < 3 }
        #expect((400...600).contains(below), "a quarter of the range")
        let small = numbers[2].count { $0 < 1e-2 }
        #expect((400...600).contains(small), "a quarter of the decades")
    }

    @Test func extremeRangesAreDrawnFrom() throws {
        let drawn = try columns(
            "n: 50, classifier.svm.C: {log_uniform: [5e-324, 1.7e308]}, mfcc.lowest: {uniform: [0, 1.7e308]}")
        let powers = drawn[0].compactMap { $0.flatMap(Double.init)?.exponent }
        #expect(
            powers.count == 50 && Set(powers).count > 30 && powers.contains { $0 < 0 } && powers.contains { $0 > 0 })
        #expect(try columns("n: 9, mfcc.n_mfcc: {int: [7, 7]}") == [["7"]])
        #expect(
            try columns("n: 9, seed: -1, mfcc.n_mfcc: {choice: [9223372036854775807]}") == [["9223372036854775807"]])
    }

    @Test func equalDrawsAreOnePoint() throws {
        #expect(try columns("n: 200, mfcc.n_mfcc: {choice: [1, 2]}, mfcc.hop: {int: [5, 6]}")[0].count == 4)
        #expect(
            try columns(
                "n: 100, classifier: {choice: [svm, mlp]}, classifier.mlp.alpha: {choice: [1, 2]}, classifier.svm.C: {choice: [3]}"
            )[0].count == 3)
    }

    @Test func drawsMultiply() throws {
        let points = Array(
            try read(swept("{grid: {seed: [1, 2]}, random: {n: 3, mfcc.lowest: {uniform: [0, 1]}}}")).points)
        #expect(points.map { $0.values[0].text } == ["1", "1", "1", "2", "2", "2"])
        #expect(points[0].values[1].text == points[3].values[1].text)
    }
}
