// What is known of a value before anything runs: what it is, of which element type, along which axes. Checked through the
// whole plan, so that a stage that cannot take its input is a spec error and not a failure in the night.

public import Tensors

/// An axis as far as it is known.
public struct Axis: Sendable, Hashable {
    public let name: String
    public let size: Int?
    public let labels: [String]?

    public init(_ name: String, size: Int? = nil, labels: [String]? = nil) {
        self.name = name
        self.size = size ?? labels?.count
        self.labels = labels
    }
}

/// The kind of value that flows along an edge.
public enum Content: String, Sendable, Hashable {
    case nothing, media, tensor, bundle, prediction, estimate
}

/// What is known of the values of a node; nil stands for "not known".
public struct Signature: Sendable, Hashable {
    public var content: Content?
    public var type: ElementType?
    public var axes: [Axis]?

    public init(_ content: Content?, type: ElementType? = nil, axes: [Axis]? = nil) {
        self.content = content
        self.type = type
        self.axes = axes
    }

    public static let unknown = Signature(nil)
    public static let media = Signature(.media)
    public static let nothing = Signature(.nothing)
    public static let prediction = Signature(.prediction)
    public static let estimate = Signature(.estimate)

    public static func tensor(_ type: ElementType?, _ axes: [Axis]? = nil) -> Signature {
        Signature(.tensor, type: type, axes: axes)
    }

    /// The signature of a value.
    public init(of value: Value) {
        switch value {
        case .tensor(let tensor):
            self = .tensor(
                tensor.type,
                zip(tensor.axes, tensor.shape).map { Axis($0, size: $1, labels: tensor.labels[$0]) })
        case .bundle: self = Signature(.bundle)
        case .media: self = .media
        case .nothing: self = .nothing
        }
    }

    /// `float32 (time, feature 20)`, for messages and plans.
    public var phrase: String {
        switch content {
        case .tensor:
            let shape = axes.map { axes in
                "(" + axes.map { axis in axis.size.map { "\(axis.name) \($0)" } ?? axis.name }.joined(separator: ", ")
                    + ")"
            }
            return [type?.rawValue ?? "tensor", shape].compactMap(\.self).joined(separator: " ")
        case let content?: return content.rawValue
        case nil: return "not known"
        }
    }
}
