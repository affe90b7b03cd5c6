// The prediction table: what every classifier gives for a row, and every report on classifiers takes.

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
