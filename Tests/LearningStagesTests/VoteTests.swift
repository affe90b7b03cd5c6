import Stages
import Tensors
import Testing

@testable import LearningStages

@Suite struct VoteTests {
    private func prediction(
        _ scores: [Double], _ classes: [String] = ["a", "b", "c"], _ output: Prediction.Output = .probability
    ) -> Value {
        var best = 0
        for index in scores.indices where scores[index] > scores[best] { best = index }
        return Prediction(classes: classes, scores: scores, output: output, predicted: classes[best]).value
    }

    private func vote(_ given: [String: Canonical] = [:], _ values: [Value]) throws -> Prediction {
        let stage = try ClassifyVote(given: given)
        let names = values.indices.map { "classifier_\($0)" }
        try stage.check(labels: names)
        return try #require(Prediction(stage.apply(MapInput(values: values, names: names, stream: someStream))))
    }

    private let three = [[0.9, 0.1, 0], [0.2, 0.5, 0.3], [0.3, 0.4, 0.3]]

    @Test func theMostVotesWin() throws {
        let made = try vote([:], three.map { prediction($0) })
        #expect(made.predicted == "b")
        #expect(made.scores == [1.0 / 3, 2.0 / 3, 0])
        #expect(made.output == .score)
    }

    @Test func aSoftVoteIsTheMeanOfProbabilities() throws {
        let made = try vote(["voting": .text("soft")], three.map { prediction($0) })
        #expect(made.predicted == "a")
        #expect(abs(made.scores[0] - 1.4 / 3) < 1e-12)
        #expect(abs(made.scores.reduce(0, +) - 1) < 1e-12)
        #expect(made.output == .probability)
    }

    @Test func weightsCount() throws {
        let made = try vote(["weights": .array([.int(3), .int(1), .int(1)])], three.map { prediction($0) })
        #expect(made.predicted == "a")
    }

    @Test func theFirstOfEqualClassesWins() throws {
        let made = try vote([:], [prediction([0, 0, 1]), prediction([0, 1, 0])])
        #expect(made.predicted == "b")
    }

    @Test func aClassThatOneDoesNotKnowHasNoVoteFromIt() throws {
        let made = try vote(
            ["voting": .text("soft")], [prediction([0.6, 0.4], ["a", "c"]), prediction([0.1, 0.8, 0.1])])
        #expect(made.classes == ["a", "c", "b"])
        #expect(made.predicted == "b")
    }

    @Test func scoresAreNoProbabilities() throws {
        #expect(throws: Failure.self) {
            try vote(["voting": .text("soft")], [prediction([2, -1, 0], ["a", "b", "c"], .score)])
        }
    }

    @Test func weightsMustBeAsManyAsClassifiers() throws {
        #expect(throws: Problem.self) { try vote(["weights": .array([.int(1)])], three.map { prediction($0) }) }
        #expect(throws: Problem.self) { try ClassifyVote(given: ["weights": .array([.int(0), .int(0)])]) }
    }
}
