// tensor.concat and tensor.flatten.

import Stages
import Tensors
import Testing

@testable import LearningStages

@Suite struct ConcatTests {
    private func frames(_ time: Int, _ features: Int, from first: Float = 0, labels: [String]? = nil) -> Tensor {
        Tensor(
            .float32((0..<time * features).map { first + Float($0) }), shape: [time, features],
            axes: ["time", "feature"], labels: labels.map { ["feature": $0] } ?? [:])
    }

    private func tensor(_ value: Value) throws -> Tensor {
        guard case .tensor(let tensor) = value else { throw Failure("no tensor") }
        return tensor
    }

    @Test func joinsFrameByFrame() throws {
        let joined = try tensor(
            TensorConcat(given: [:]).apply(
                mapInput(frames(2, 2, labels: ["a", "b"]), frames(2, 1, from: 10), names: ["voice", "face"])))
        #expect(joined.shape == [2, 3])
        #expect(joined.elements == .float32([0, 1, 10, 2, 3, 11]))
        #expect(joined.labels["feature"] == ["voice.a", "voice.b", "face.0"])
    }

    @Test func joinsAlongAnotherAxis() throws {
        let stage = try TensorConcat(given: ["axis": .text("time")])
        let joined = try tensor(
            stage.apply(mapInput(frames(1, 2, labels: ["a", "b"]), frames(2, 2, from: 5, labels: ["a", "b"]))))
        #expect(joined.shape == [3, 2])
        #expect(joined.elements == .float32([0, 1, 5, 6, 7, 8]))
        #expect(joined.labels == ["feature": ["a", "b"]])
    }

    @Test func aSingleInputStaysAsItIs() throws {
        let input = frames(2, 2, labels: ["a", "b"])
        #expect(try TensorConcat(given: [:]).apply(mapInput(input, names: ["voice"])) == .tensor(input))
    }

    @Test func flattensFirst() throws {
        let stage = try TensorConcat(given: ["flatten": .bool(true)])
        let joined = try tensor(stage.apply(mapInput(frames(2, 2), frames(1, 1, from: 9))))
        #expect(joined.elements == .float32([0, 1, 2, 3, 9]))
        #expect(joined.axes == ["feature"])
        #expect(joined.labels.isEmpty)
    }

    @Test func branchesOfAnyShapesAreJoinedFlat() throws {
        let branches = [
            Tensor(
                .float32([1, 2, 3, 4]), shape: [2, 2], axes: ["statistic", "feature"],
                labels: ["statistic": ["mean", "std"], "feature": ["a", "b"]]),
            Tensor(.float32([5]), shape: [1], axes: ["feature"], labels: ["feature": ["a"]]),
            Tensor(.float32([6, 7]), shape: [2], axes: ["time"]),
        ]
        let stage = try TensorConcat(given: ["flatten": .bool(true)])
        let joined = try tensor(
            stage.apply(
                MapInput(
                    values: branches.map { .tensor($0) }, names: ["noise", "raw", "slow"], stream: someStream)))
        #expect(joined.elements == .float32([1, 2, 3, 4, 5, 6, 7]))
        #expect(
            joined.labels["feature"] == [
                "noise.mean.a", "noise.mean.b", "noise.std.a", "noise.std.b", "raw.a", "slow.0", "slow.1",
            ])
        #expect(TensorConcat.declaration.inputs.first?.joinsBranches == true)
    }

    @Test func mixedTypesBecomeDoubles() throws {
        let bytes = Tensor(.uint8([7]), shape: [1], axes: ["feature"])
        let single = Tensor(.float32([0.5]), shape: [1], axes: ["feature"])
        let complex = Tensor(.complex64([Complex64(1, 0)]), shape: [1], axes: ["feature"])
        let stage = try TensorConcat(given: [:])
        #expect(try tensor(stage.apply(mapInput(bytes, single))).elements == .float64([7, 0.5]))
        #expect(throws: Failure.self) { try stage.apply(mapInput(bytes, complex)) }
    }

    @Test func aJoinOfPredictionsIsNoPrediction() throws {
        let one = Prediction(classes: ["a", "b"], scores: [1, 0], output: .probability, predicted: "a").value
        let input = MapInput(values: [one, one], names: ["x", "y"], stream: someStream)
        let joined = try TensorConcat(given: ["axis": .text("class")]).apply(input)
        #expect(Prediction(joined) == nil)
        #expect(try tensor(joined).labels["class"] == ["x.a", "x.b", "y.a", "y.b"])
    }

    @Test func differencesAreFailuresWithBothShapes() throws {
        let stage = try TensorConcat(given: [:])
        let failure = #expect(throws: Failure.self) { try stage.apply(mapInput(frames(2, 2), frames(3, 2))) }
        #expect(
            failure?.cause
                == "cannot join float32 (time 2, feature 2) and float32 (time 3, feature 2) along feature")
        #expect(throws: Failure.self) { try stage.apply(mapInput()) }
        let scalar = Tensor(.float32([1]), shape: [], axes: [])
        #expect(throws: Failure.self) { try stage.apply(mapInput(scalar)) }
        #expect(throws: Failure.self) { try stage.apply(MapInput(values: [.nothing], stream: someStream)) }
    }

    @Test func signatures() throws {
        let stage = try TensorConcat(given: [:])
        let two = Signature.tensor(.float32, [Axis("time"), Axis("feature", size: 2)])
        let three = Signature.tensor(.float32, [Axis("time", size: 9), Axis("feature", size: 3)])
        #expect(
            try stage.output(for: [two, three])
                == .tensor(.float32, [Axis("time", size: 9), Axis("feature", size: 5)]))
        let other = Signature.tensor(.float32, [Axis("time", size: 8), Axis("feature", size: 3)])
        #expect(throws: Problem.self) { try stage.output(for: [three, other]) }
        #expect(throws: Problem.self) { try stage.output(for: [.tensor(.float32, [Axis("time")])]) }
        #expect(throws: Problem.self) { try stage.output(for: [.media]) }
        #expect(try stage.output(for: []) == .tensor(nil, nil))
        let flat = try TensorConcat(given: ["flatten": .bool(true)])
        #expect(try flat.output(for: [three, other]) == .tensor(.float32, [Axis("feature", size: 51)]))
        #expect(try flat.output(for: [two, .unknown]) == .tensor(nil, [Axis("feature")]))
    }

    @Test func emptyTensorsJoin() throws {
        let joined = try tensor(TensorConcat(given: [:]).apply(mapInput(frames(0, 2), frames(0, 3))))
        #expect(joined.shape == [0, 5])
        let none = try tensor(TensorConcat(given: [:]).apply(mapInput(frames(2, 0), frames(2, 1))))
        #expect(none.elements == .float32([0, 1]))
    }
}
