// What every classifier and every regression gives for a row, and the reports on them take.

public import Tensors

/// A classifier's answer for one row.
public struct Prediction: Sendable, Hashable {
    public enum Output: String, Sendable, Hashable {
        /// Scores that are probabilities: they sum to 1.
        case probability
        /// Decision values: larger is more likely.
        case score
    }

    /// In the order of the scores.
    public let classes: [String]
    public let scores: [Double]
    public let output: Output
    /// One of the classes; not always the one of the largest score (one-versus-one votes).
    public let predicted: String

    public init(classes: [String], scores: [Double], output: Output, predicted: String) {
        precondition(classes.count == scores.count)
        self.classes = classes
        self.scores = scores
        self.output = output
        self.predicted = predicted
    }

    /// As an item's value: a float64 tensor over the axis `class`, labelled with the classes.
    public var value: Value {
        .tensor(
            Tensor(
                .float64(scores), shape: [scores.count], axes: ["class"], labels: ["class": classes],
                attributes: ["output": .string(output.rawValue), "predicted": .string(predicted)]))
    }

    /// The prediction that a value holds, if it holds one.
    public init?(_ value: Value) {
        guard case .tensor(let tensor) = value, tensor.axes == ["class"], case .float64(let scores) = tensor.elements,
            let classes = tensor.labels["class"],
            case .string(let word)? = tensor.attributes["output"], let output = Output(rawValue: word),
            case .string(let predicted)? = tensor.attributes["predicted"]
        else { return nil }
        self.init(classes: classes, scores: scores, output: output, predicted: predicted)
    }
}

/// A regression's answer for one row.
public struct Estimate: Sendable, Hashable {
    public let number: Double

    public init(_ number: Double) { self.number = number }

    /// As an item's value: a float64 tensor over the axis `estimate`, of size 1.
    public var value: Value {
        .tensor(
            Tensor(.float64([number]), shape: [1], axes: ["estimate"], attributes: ["output": .string("estimate")]))
    }

    /// The estimate that a value holds, if it holds one.
    public init?(_ value: Value) {
        guard case .tensor(let tensor) = value, tensor.axes == ["estimate"], tensor.shape == [1],
            case .float64(let numbers) = tensor.elements, tensor.attributes["output"] == .string("estimate")
        else { return nil }
        self.init(numbers[0])
    }
}

/// The distinct classes among targets, in order: ints by value, text by its bytes.
public struct ClassList: Sendable, Hashable {
    public let names: [String]
    private let positions: [String: Int]

    public init(_ targets: some Sequence<Scalar>) {
        names = Set(targets).subtracting([.missing]).sorted().map(\.description)
        positions = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    }

    /// The position of a target's class, or nil when it is none of them.
    public func position(of target: Scalar) -> Int? { positions[target.description] }
    public func position(of name: String) -> Int? { positions[name] }
    public var count: Int { names.count }
}
