// Values of every kind, from a seed: empty and large, with and without axes, labels and attributes.

public import Tensors

public enum AnyValue {
    /// Of 60 seeds in a row, each kind and element type comes several times.
    public static func make(_ seed: Int) -> Value {
        var stream = RandomStream(named: Digest(of: .array([.text("any value"), .int(seed)])))
        switch seed % 6 {
        case 0: return .bundle(bundle(&stream))
        case 1: return seed % 4 == 1 ? .nothing : .media(media(&stream))
        default: return .tensor(tensor(ElementType.allCases[seed / 6 % ElementType.allCases.count], &stream))
        }
    }

    public static func bundle(_ stream: inout RandomStream) -> Bundle {
        var bundle = Bundle()
        for type in ElementType.allCases where stream.index(below: 3) > 0 {
            bundle.tensors["tensor " + type.rawValue] = tensor(type, &stream)
        }
        for index in 0..<stream.index(below: 9) { bundle.scalars["scalar \(index)"] = scalar(&stream) }
        return bundle
    }

    /// Up to four axes; about one in four has none of some size, one in four is larger than a message carries.
    public static func tensor(_ type: ElementType, _ stream: inout RandomStream) -> Tensor {
        let names = ["time", "feature", "height", "größe"]
        let rank = stream.index(below: 5)
        var shape = (0..<rank).map { _ in stream.index(below: 6) + (stream.index(below: 8) == 0 ? 0 : 1) }
        if rank > 0, stream.index(below: 4) == 0 { shape[0] = 70_000 / max(1, shape.dropFirst().reduce(1, *)) + 1 }
        let count = shape.reduce(1, *)
        var labels = [String: [String]]()
        if rank > 0, shape[rank - 1] < 100, stream.index(below: 2) == 0 {
            labels[names[rank - 1]] = (0..<shape[rank - 1]).map { "label \($0) ✓" }
        }
        var attributes = [String: Scalar]()
        for index in 0..<stream.index(below: 3) { attributes["attribute \(index)"] = scalar(&stream) }
        return Tensor(
            elements(type, count, &stream), shape: shape, axes: Array(names.prefix(rank)), labels: labels,
            attributes: attributes)
    }

    private static func elements(_ type: ElementType, _ count: Int, _ stream: inout RandomStream) -> Elements {
        let bits = (0..<count).map { _ in stream.next() }
        // Infinities and denormals among the floats; a NaN is equal to nothing.
        return switch type {
        case .uint8: .uint8(bits.map { UInt8(truncatingIfNeeded: $0) })
        case .int16: .int16(bits.map { Int16(truncatingIfNeeded: $0) })
        case .int32: .int32(bits.map { Int32(truncatingIfNeeded: $0) })
        case .int64: .int64(bits.map { Int64(bitPattern: $0) })
        case .float32: .float32(bits.map { float($0) })
        case .float64: .float64(bits.map { $0 % 9 == 0 ? -.infinity : Double(Int64(bitPattern: $0)) * 0x1p-1060 })
        case .complex64: .complex64(bits.map { Complex64(float($0), float($0 >> 7)) })
        case .bool: .bool(bits.map { $0 & 1 == 1 })
        }
    }

    private static func float(_ bits: UInt64) -> Float {
        bits % 9 == 0 ? .infinity : bits % 9 == 1 ? .leastNonzeroMagnitude : Float(Int32(truncatingIfNeeded: bits)) / 3
    }

    private static func scalar(_ stream: inout RandomStream) -> Scalar {
        switch stream.index(below: 6) {
        case 0: .missing
        case 1: .bool(stream.index(below: 2) == 0)
        case 2: .int(Int(truncatingIfNeeded: stream.next()))
        case 3: .float(stream.uniform() * 1e300)
        case 4: .string("")
        default: .string("naïve \u{0} text\n")
        }
    }

    private static func media(_ stream: inout RandomStream) -> MediaReference {
        MediaReference(
            location: MediaLocation(
                path: "/some where/ünïcode.zip", member: stream.index(below: 2) == 0 ? nil : "a/b.wav"),
            digest: Digest(of: .int(stream.index(below: 1000))), size: stream.index(below: 1 << 40),
            fingerprint: Fingerprint(
                device: stream.next(), inode: stream.next(), size: Int64(stream.index(below: 1 << 40)),
                modified: Int64(bitPattern: stream.next()), changed: Int64(bitPattern: stream.next())))
    }
}
