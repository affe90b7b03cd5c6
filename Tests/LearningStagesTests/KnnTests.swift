// classify.knn beyond the reference numbers.

import Stages
import Tensors
import TestSupport
import Testing

@testable import LearningStages

@Suite struct KnnTests {
    /// All distances, sorted: what the search has to find without looking at all of them.
    private func sorted(_ rows: [[Double]], _ query: [Double], _ power: Int) -> [(distance: Double, row: Int)] {
        rows.enumerated().map { index, row in
            let steps = zip(row, query).map { abs($0 - $1) }
            let sum = steps.reduce(0) { $0 + (power == 1 ? $1 : $1 * $1) }
            return (power == 1 ? sum : sum.squareRoot(), index)
        }.sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }
    }

    @Test(arguments: [1, 2], [1, 3, 9, 40]) func theNearestOfAll(power: Int, width: Int) throws {
        // Far from zero, where products alone would not tell.
        let rows = (0..<300).map { index in numbers(width, "row \(index)").map { 1000 + $0 } }
        let queries = (0..<20).map { index in numbers(width, "query \(index)").map { 1000 + $0 } } + [rows[7]]
        let neighbours = try #require(Neighbours(.float64(rows.flatMap(\.self)), width: width, power: power))
        let found = try #require(neighbours.nearest(12, to: queries.flatMap(\.self)))
        for (query, nearest) in zip(queries, found) {
            let expected = sorted(rows, query, power).prefix(12)
            #expect(nearest.rows == expected.map(\.row))
            #expect(zip(nearest.distances, expected).allSatisfy { abs($0 - $1.distance) <= 1e-12 * (1 + $0) })
        }
        #expect(found.last?.distances.first == 0)
    }

    @Test func equalRowsInTheirOrder() throws {
        let rows = (0..<50).map { _ in [0.1, 0.2, 0.3] }.flatMap(\.self)
        let found = try #require(Neighbours(.float64(rows), width: 3, power: 2)?.nearest(4, to: [0.7, 0.2, 0.9]))
        #expect(found[0].rows == [0, 1, 2, 3])
    }

    private func predict(_ given: [String: Canonical], _ rows: [(Double, String)], _ query: Double) throws -> Prediction
    {
        let stage = try ClassifyKnn(given: given)
        let state = try stage.fit(fitInput(rows.map { row([$0.0]) }, rows.map { .string($0.1) })).state
        return try #require(Prediction(try stage.apply(state, to: [row([query])])[0]))
    }

    @Test func votes() throws {
        let rows = [(0.0, "a"), (1, "b"), (2, "b"), (10, "a")]
        let three: [String: Canonical] = ["n_neighbors": .int(3)]
        #expect(try predict(three, rows, 0.5).scores == [1.0 / 3, 2.0 / 3])
        #expect(try predict(three, rows, 0.5).predicted == "b")
        let weighted = try predict(["n_neighbors": .int(3), "weights": .text("distance")], rows, 0.25)
        // 4 against 4/3 + 4/7.
        #expect(abs(weighted.scores[0] - 4 / (4 + 4.0 / 3 + 4.0 / 7)) < 1e-15)
        #expect(weighted.predicted == "a")
        // A row at no distance decides alone.
        #expect(try predict(["n_neighbors": .int(3), "weights": .text("distance")], rows, 0).scores == [1, 0])
        // Two classes with one score: the first.
        #expect(try predict(["n_neighbors": .int(2)], rows, 0.9).predicted == "a")
    }

    @Test func stateIsAsTheRowsAre() throws {
        let rows = [[1, 2], [3, 4.5]]
        let single = rows.map { [Value.tensor(Tensor(.float32($0.map(Float.init)), shape: [2], axes: ["feature"]))] }
        let stage = try ClassifyKnn(given: ["n_neighbors": .int(1)])
        #expect(try stage.fit(fitInput(single, [.int(0), .int(1)])).state.tensors["rows"]?.type == .float32)
        let mixed = [single[0], row(rows[1])]
        let state = try stage.fit(fitInput(mixed, [.int(0), .int(1)])).state
        #expect(state.tensors["rows"]?.elements == .float64([1, 2, 3, 4.5]))
        #expect(try stage.apply(state, to: single).compactMap { Prediction($0)?.predicted } == ["0", "1"])
    }

    @Test func whatCannotBeFittedOn() throws {
        let targets: [Scalar] = [.int(0), .int(1)]
        #expect(
            cause { _ = try ClassifyKnn(given: [:]).fit(fitInput([row([1]), row([2])], targets)) }
                == "n_neighbors is 5, and there are 2 training rows")
        let one = try ClassifyKnn(given: ["n_neighbors": .int(1)])
        #expect(
            cause { _ = try one.fit(fitInput([row([1]), row([2])], [.int(3), .int(3)])) }
                == "there is only one class in training: 3")
        #expect(
            cause { _ = try one.fit(fitInput([row([1e200]), row([2])], targets)) }
                == "the features are too large: distances between rows are not finite numbers")
        let state = try one.fit(fitInput([row([1]), row([2])], targets)).state
        #expect(
            cause { _ = try one.apply(state, to: [row([-1e200])]) }
                == "the features are too large: distances between rows are not finite numbers")
        #expect(throws: Problem.self) { try ClassifyKnn(given: ["p": .int(3)]) }
    }
}
