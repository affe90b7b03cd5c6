import Stages
import Tensors
import Testing

@testable import letters

private let stream = RandomStream(named: Digest(of: .text("tests")))

@Test func lettersAreCounted() throws {
    let stage = try LetterShares(given: ["alphabet": .text("abn")])
    let value = try stage.apply(MapInput(values: [WordList.value(of: "banana")], stream: stream))
    let expected = Tensor(
        .float64([3.0 / 6, 1.0 / 6, 2.0 / 6]), shape: [3], axes: ["feature"], labels: ["feature": ["a", "b", "n"]])
    #expect(value == .tensor(expected))
}

@Test func aLetterIsThereOnce() {
    #expect(throws: Problem("expected letters that are there once, got \"aa\"", at: ["alphabet"])) {
        try LetterShares(given: ["alphabet": .text("aa")])
    }
}

@Test func theNearestClassIsPredicted() throws {
    func row(_ number: Double) -> [Value] { [.tensor(Tensor(.float64([number]), shape: [1], axes: ["feature"]))] }
    let stage = try NearestMean(given: [:])
    let training = TrainingSet([row(0), row(2), row(9)], targets: [.string("low"), .string("low"), .string("high")])
    let state = try stage.fit(FitInput(training: training, stream: stream)).state
    let predictions = try stage.apply(state, to: [row(3), row(7)]).map { Prediction($0)?.predicted }
    #expect(predictions == ["low", "high"])
}
