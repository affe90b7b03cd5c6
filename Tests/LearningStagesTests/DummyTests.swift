// classify.dummy.

import Stages
import Tensors
import Testing

@testable import LearningStages

@Suite struct DummyTests {
    private let targets: [Scalar] = ["b", "a", "c", "b", "a"].map { .string($0) }
    private let nothing = [[Value]](repeating: [.nothing], count: 5)

    private func predictions(_ given: [String: Canonical], _ rows: [[Value]]? = nil) throws -> [Prediction] {
        let stage = try ClassifyDummy(given: given)
        let state = try stage.fit(fitInput(nothing, targets)).state
        return try stage.apply(state, to: rows ?? nothing).compactMap { Prediction($0) }
    }

    @Test func priorAndMostFrequent() throws {
        let prior = try predictions([:])
        #expect(prior.count == 5)
        #expect(prior[0].predicted == "a")
        #expect(prior[0].scores == [0.4, 0.4, 0.2])
        let frequent = try predictions(["strategy": .text("most_frequent")])
        #expect(frequent[0].predicted == "a")
        #expect(frequent[0].scores == [1, 0, 0])
    }

    @Test func aConstant() throws {
        let given: [String: Canonical] = ["strategy": .text("constant"), "constant": .text("c")]
        #expect(try predictions(given).map(\.predicted) == ["c", "c", "c", "c", "c"])
        #expect(throws: Failure.self) { try predictions(["strategy": .text("constant"), "constant": .text("d")]) }
        #expect(throws: Problem.self) { try ClassifyDummy(given: ["strategy": .text("constant")]) }
        #expect(throws: Problem.self) { try ClassifyDummy(given: ["constant": .text("c")]) }
    }

    @Test func drawsHaveTheRightShares() throws {
        let rows = (0..<4000).map { row([Double($0)]) }
        let stratified = try predictions(["strategy": .text("stratified")], rows)
        let shares = ["a", "b", "c"].map { name in Double(stratified.count { $0.predicted == name }) / 4000 }
        #expect(zip(shares, [0.4, 0.4, 0.2]).allSatisfy { abs($0 - $1) < 0.03 })
        let uniform = try predictions(["strategy": .text("uniform")], rows)
        #expect(abs(Double(uniform.count { $0.predicted == "c" }) / 4000 - 1 / 3) < 0.03)
        // A row's draw depends on the row alone.
        let turned = try predictions(["strategy": .text("stratified")], rows.reversed())
        #expect(Array(turned.reversed()) == stratified)
    }

    @Test func edges() throws {
        let stage = try ClassifyDummy(given: [:])
        #expect(throws: Failure.self) { try stage.fit(fitInput([])) }
        #expect(throws: Failure.self) {
            try stage.fit(fitInput(nothing, [.missing, .missing, .missing, .missing, .missing]))
        }
        let state = try stage.fit(fitInput([[.nothing]], [.bool(true)])).state
        #expect(try stage.apply(state, to: [[]]).compactMap { Prediction($0)?.predicted } == ["true"])
        #expect(throws: Failure.self) { try stage.apply(Bundle(), to: nothing) }
    }
}
