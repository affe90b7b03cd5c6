// A tensor: typed elements with a shape, named axes, optional labels along an axis, and attributes. Stages speak of
// axes by name, never by position.

/// An n-dimensional array, row-major and contiguous, with named axes.
public struct Tensor: Sendable, Hashable {
    public let elements: Elements
    /// The size of each axis.
    public let shape: [Int]
    /// The name of each axis: `time`, `feature`, `height` ….
    public let axes: [String]
    /// Names of the positions along an axis, by axis: `feature` → `mfcc_0`, `mfcc_1` ….
    public private(set) var labels: [String: [String]]
    /// Facts about the whole: `sample_rate` → 22050.
    public private(set) var attributes: [String: Scalar]

    public var type: ElementType { elements.type }
    public var count: Int { elements.count }

    /// A tensor of `elements`. The caller vouches that the shape multiplies to their number, that there is a name for
    /// each axis and that labels fit; a violation is a fault in the program and traps.
    public init(
        _ elements: Elements, shape: [Int], axes: [String], labels: [String: [String]] = [:],
        attributes: [String: Scalar] = [:]
    ) {
        precondition(
            shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count, "shape does not fit elements")
        precondition(axes.count == shape.count && Set(axes).count == axes.count, "one distinct name an axis")
        for (axis, names) in labels {
            guard let position = axes.firstIndex(of: axis) else { preconditionFailure("labels of an unknown axis") }
            precondition(names.count == shape[position], "one label a position")
        }
        self.elements = elements
        self.shape = shape
        self.axes = axes
        self.labels = labels
        self.attributes = attributes
    }

    /// The size along a named axis, or nil when there is no such axis.
    public func size(of axis: String) -> Int? {
        axes.firstIndex(of: axis).map { shape[$0] }
    }

    /// The same elements under other labels for one axis.
    public func labelled(_ axis: String, _ names: [String]) -> Tensor {
        var copy = self
        copy.labels[axis] = names
        return Tensor(copy.elements, shape: shape, axes: axes, labels: copy.labels, attributes: attributes)
    }

    /// The elements as Float: themselves, or converted from another real type. Nil for complex.
    public func floats() -> [Float]? {
        switch elements {
        case .float32(let values): values
        case .float64(let values): values.map(Float.init)
        case .uint8(let values): values.map(Float.init)
        case .int16(let values): values.map(Float.init)
        case .int32(let values): values.map(Float.init)
        case .int64(let values): values.map(Float.init)
        case .bool(let values): values.map { $0 ? 1 : 0 }
        case .complex64: nil
        }
    }

    /// The elements as Double: themselves, or converted from another real type. Nil for complex.
    public func doubles() -> [Double]? {
        switch elements {
        case .float32(let values): values.map(Double.init)
        case .float64(let values): values
        case .uint8(let values): values.map(Double.init)
        case .int16(let values): values.map(Double.init)
        case .int32(let values): values.map(Double.init)
        case .int64(let values): values.map(Double.init)
        case .bool(let values): values.map { $0 ? 1 : 0 }
        case .complex64: nil
        }
    }

    /// Whether a NaN is among the elements.
    public var hasNaN: Bool {
        switch elements {
        case .float32(let values): Self.hasNaN(values)
        case .float64(let values): Self.hasNaN(values)
        case .complex64(let values): Self.hasNaN(values)
        default: false
        }
    }

    // Bits are gathered without a branch, as such a loop runs in vectors: every value passes here between stages.
    private static func hasNaN(_ values: [Float]) -> Bool {
        var found: UInt32 = 0
        for value in values { found |= value.bitPattern & 0x7FFF_FFFF > 0x7F80_0000 ? 1 : 0 }
        return found != 0
    }

    private static func hasNaN(_ values: [Double]) -> Bool {
        var found: UInt64 = 0
        for value in values { found |= value.bitPattern & 0x7FFF_FFFF_FFFF_FFFF > 0x7FF0_0000_0000_0000 ? 1 : 0 }
        return found != 0
    }

    private static func hasNaN(_ values: [Complex64]) -> Bool {
        var found: UInt32 = 0
        for value in values {
            found |= value.real.bitPattern & 0x7FFF_FFFF > 0x7F80_0000 ? 1 : 0
            found |= value.imaginary.bitPattern & 0x7FFF_FFFF > 0x7F80_0000 ? 1 : 0
        }
        return found != 0
    }
}
