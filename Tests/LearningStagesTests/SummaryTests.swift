// tensor.summary against plain arithmetic.

import Stages
import Tensors
import Testing

@testable import LearningStages

@Suite struct SummaryTests {
    private let all = ["mean", "std", "var", "min", "max", "median", "range", "sum", "first", "last"]

    private func summary(_ statistics: [String], of tensor: Tensor, over: String = "time") throws -> Tensor {
        let given: [String: Canonical] = ["statistics": .array(statistics.map { .text($0) }), "over": .text(over)]
        guard case .tensor(let result) = try TensorSummary(given: given).apply(mapInput(tensor)) else {
            throw Failure("no tensor")
        }
        return result
    }

    @Test func theBaselineHasEightyColumns() throws {
        let (time, count) = (7, 20)
        let elements = numbers(time * count, "mfcc").map(Float.init)
        let mfcc = Tensor(
            .float32(elements), shape: [time, count], axes: ["time", "feature"],
            labels: ["feature": (0..<count).map { "mfcc_\($0)" }], attributes: ["sample_rate": .int(22050)])
        guard case .tensor(let result) = try TensorSummary(given: [:]).apply(mapInput(mfcc)) else { return }
        #expect(result.axes == ["statistic", "feature"])
        #expect(result.type == .float32)
        let flat = TensorFlatten.flatten(result)
        #expect(flat.labels["feature"]?[0] == "mean.mfcc_0")
        #expect(flat.labels["feature"]?[79] == "max.mfcc_19")
        let got = flat.floats() ?? []
        for feature in 0..<count {
            let series = (0..<time).map { Double(elements[$0 * count + feature]) }
            let mean = series.reduce(0, +) / Double(time)
            let variance = series.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(time)
            #expect(abs(Double(got[feature]) - mean) < 1e-6)
            #expect(abs(Double(got[20 + feature]) - variance.squareRoot()) < 1e-6)
            #expect(Double(got[40 + feature]) == series.min())
            #expect(Double(got[60 + feature]) == series.max())
        }
    }

    @Test(arguments: ["a", "b", "c"])
    func anyAxisMayGo(over: String) throws {
        let tensor = Tensor(.float64(numbers(24, "abc")), shape: [2, 3, 4], axes: ["a", "b", "c"])
        let result = try summary(["last", "sum", "first"], of: tensor, over: over)
        let (position, elements) = (["a", "b", "c"].firstIndex(of: over) ?? 0, tensor.doubles() ?? [])
        let strides = [12, 4, 1]
        var want = [[Double]](repeating: [], count: 3)
        for index in 0..<24 where index / strides[position] % tensor.shape[position] == 0 {
            let series = (0..<tensor.shape[position]).map { elements[index + $0 * strides[position]] }
            want[0].append(series.last ?? 0)
            want[1].append(series.reduce(0, +))
            want[2].append(series.first ?? 0)
        }
        #expect(result.doubles() == want.flatMap(\.self))
        #expect(result.axes == ["statistic"] + tensor.axes.filter { $0 != over })
    }

    @Test func allStatistics() throws {
        let result = try summary(all, of: Tensor(.int16([4, 1, 3, 8]), shape: [4], axes: ["time"]))
        #expect(result.type == .float64)
        #expect(result.labels["statistic"] == all)
        #expect(result.doubles() == [4, 6.5.squareRoot(), 6.5, 1, 8, 3.5, 7, 16, 4, 8])
        let one = try summary(all, of: Tensor(.float64([2]), shape: [1], axes: ["time"]))
        #expect(one.doubles() == [2, 0, 0, 2, 2, 2, 0, 2, 2, 2])
    }

    @Test func notANumberSpreads() throws {
        let result = try summary(all, of: Tensor(.float64([1, .nan, 3]), shape: [3], axes: ["time"]))
        #expect(result.doubles()?.dropLast(2).allSatisfy(\.isNaN) == true)
        #expect(result.doubles()?.suffix(2) == [1, 3])
    }

    @Test func whatCannotBeSummarised() throws {
        let stage = try TensorSummary(given: [:])
        for tensor in [
            Tensor(.float32([]), shape: [0, 2], axes: ["time", "feature"]),
            Tensor(.float32([1]), shape: [1], axes: ["feature"]),
            Tensor(.float32([1]), shape: [1, 1], axes: ["statistic", "time"]),
            Tensor(.complex64([Complex64(0, 1)]), shape: [1], axes: ["time"]),
        ] {
            #expect(throws: Failure.self) { try stage.apply(mapInput(tensor)) }
            #expect(throws: Problem.self) { try stage.output(for: [Signature(of: .tensor(tensor))]) }
        }
        let none = Tensor(.float32([]), shape: [3, 0], axes: ["time", "feature"])
        #expect(try summary(all, of: none).shape == [10, 0])
        #expect(throws: Problem.self) { try TensorSummary(given: ["statistics": .array([])]) }
        #expect(throws: Problem.self) {
            try TensorSummary(given: ["statistics": .array([.text("mean"), .text("mean")])])
        }
        #expect(throws: Problem.self) { try TensorSummary(given: ["statistics": .array([.text("skew")])]) }
    }

    @Test func theSignatureIsWhatComesOut() throws {
        let stage = try TensorSummary(given: [:])
        let tensor = Tensor(
            .float32([1, 2]), shape: [1, 2], axes: ["time", "feature"], labels: ["feature": ["a", "b"]])
        let out = try stage.apply(mapInput(tensor))
        #expect(try stage.output(for: [Signature(of: .tensor(tensor))]) == Signature(of: out))
    }
}
