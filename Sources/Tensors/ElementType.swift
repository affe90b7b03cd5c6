// Element types of tensors. The set is closed: each has a fixed width, a numpy descriptor and a Swift type whose
// array is the tensor's storage, so no tensor is ever reinterpreted.

/// A complex number of two 32-bit floats, laid out as numpy's `complex64`.
public struct Complex64: Sendable, Hashable {
    public var real: Float
    public var imaginary: Float

    public init(_ real: Float, _ imaginary: Float) {
        self.real = real
        self.imaginary = imaginary
    }
}

/// The type of a tensor's elements.
public enum ElementType: String, Sendable, Hashable, CaseIterable {
    case uint8, int16, int32, int64, float32, float64, complex64, bool

    /// Bytes an element.
    public var width: Int {
        switch self {
        case .uint8, .bool: 1
        case .int16: 2
        case .int32, .float32: 4
        case .int64, .float64, .complex64: 8
        }
    }

    /// The descriptor in a `.npy` header.
    public var npyDescriptor: String {
        switch self {
        case .uint8: "|u1"
        case .bool: "|b1"
        case .int16: "<i2"
        case .int32: "<i4"
        case .int64: "<i8"
        case .float32: "<f4"
        case .float64: "<f8"
        case .complex64: "<c8"
        }
    }

    public init?(npyDescriptor: String) {
        guard let type = ElementType.allCases.first(where: { $0.npyDescriptor == npyDescriptor }) else { return nil }
        self = type
    }

    public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

/// A tensor's elements, row-major and contiguous.
public enum Elements: Sendable, Hashable {
    case uint8([UInt8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case float32([Float])
    case float64([Double])
    case complex64([Complex64])
    case bool([Bool])

    public var type: ElementType {
        switch self {
        case .uint8: .uint8
        case .int16: .int16
        case .int32: .int32
        case .int64: .int64
        case .float32: .float32
        case .float64: .float64
        case .complex64: .complex64
        case .bool: .bool
        }
    }

    public var count: Int {
        switch self {
        case .uint8(let elements): elements.count
        case .int16(let elements): elements.count
        case .int32(let elements): elements.count
        case .int64(let elements): elements.count
        case .float32(let elements): elements.count
        case .float64(let elements): elements.count
        case .complex64(let elements): elements.count
        case .bool(let elements): elements.count
        }
    }

    /// The raw little-endian bytes, as numpy stores them.
    public func withBytes<Result, Issue>(
        _ body: (UnsafeRawBufferPointer) throws(Issue) -> Result
    ) throws(Issue) -> Result {
        switch self {
        case .uint8(let elements): try Self.raw(elements, body)
        case .int16(let elements): try Self.raw(elements, body)
        case .int32(let elements): try Self.raw(elements, body)
        case .int64(let elements): try Self.raw(elements, body)
        case .float32(let elements): try Self.raw(elements, body)
        case .float64(let elements): try Self.raw(elements, body)
        case .complex64(let elements): try Self.raw(elements, body)
        case .bool(let elements): try Self.raw(elements, body)
        }
    }

    private static func raw<Element, Result, Issue>(
        _ elements: [Element], _ body: (UnsafeRawBufferPointer) throws(Issue) -> Result
    ) throws(Issue) -> Result {
        try elements.withUnsafeBufferPointer { (buffer) throws(Issue) in try body(UnsafeRawBufferPointer(buffer)) }
    }

    /// Elements from raw bytes; nil when the length does not fit `count` elements, or a bool is neither 0 nor 1.
    public init?(type: ElementType, count: Int, bytes: UnsafeRawBufferPointer) {
        guard bytes.count == count * type.width else { return nil }
        func copied<Element>(_ zero: Element) -> [Element] {
            [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: bytes)
                initialized = count
            }
        }
        switch type {
        case .uint8: self = .uint8(copied(0))
        case .int16: self = .int16(copied(0))
        case .int32: self = .int32(copied(0))
        case .int64: self = .int64(copied(0))
        case .float32: self = .float32(copied(0))
        case .float64: self = .float64(copied(0))
        case .complex64: self = .complex64(copied(Complex64(0, 0)))
        case .bool:
            guard bytes.allSatisfy({ $0 <= 1 }) else { return nil }
            self = .bool(bytes.map { $0 == 1 })
        }
    }
}
