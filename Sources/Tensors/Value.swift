// What an item carries through the graph, its digest, and the form in which it is stored.

/// The value of an item.
public enum Value: Sendable, Hashable {
    case tensor(Tensor)
    case bundle(Bundle)
    case media(MediaReference)
    case nothing
}

extension Tensor {
    /// Type, shape, axes, labels and attributes: all of a tensor but its elements.
    public var header: Canonical {
        .map([
            "type": .text(type.rawValue),
            "shape": .array(shape.map { .int($0) }),
            "axes": .array(axes.map { .text($0) }),
            "labels": .map(labels.mapValues { .array($0.map { .text($0) }) }),
            "attributes": .map(attributes.mapValues(\.canonical)),
        ])
    }

    /// SHA-256 of the raw elements; the name of a tensor's blob.
    public var payloadDigest: Digest { elements.withBytes { Digest(of: $0) } }

    /// SHA-256(header ‖ SHA-256(elements)).
    public var digest: Digest { digest(payload: payloadDigest) }

    /// The digest, given that of the elements.
    public func digest(payload: Digest) -> Digest {
        Self.digest(header: header.encoded(), payload: payload)
    }

    /// The digest, given the header's canonical bytes and the digest of the elements.
    public static func digest(header: [UInt8], payload: Digest) -> Digest {
        var hasher = Hasher256()
        hasher.update(header)
        hasher.update(payload)
        return hasher.finish()
    }

    /// A tensor from its header and raw elements; nil when they do not fit each other.
    public init?(header: Canonical, payload: UnsafeRawBufferPointer) {
        guard let type = header["type"]?.textValue.flatMap(ElementType.init(rawValue:)),
            let shape = header["shape"]?.arrayValue?.compactMap(\.intValue),
            let axes = header["axes"]?.arrayValue?.compactMap(\.textValue),
            let labelMap = header["labels"]?.mapValue,
            let attributeMap = header["attributes"]?.mapValue,
            shape.count == axes.count, Set(axes).count == axes.count, shape.allSatisfy({ $0 >= 0 })
        else { return nil }
        var count = 1
        for size in shape {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow { return nil }
            count = product
        }
        let labels = labelMap.compactMapValues { $0.arrayValue?.compactMap(\.textValue) }
        for (axis, names) in labels {
            guard let position = axes.firstIndex(of: axis), shape[position] == names.count else { return nil }
        }
        let attributes = attributeMap.compactMapValues { Scalar($0) }
        guard labels.count == labelMap.count, attributes.count == attributeMap.count,
            payload.count / type.width == count,
            let elements = Elements(type: type, count: count, bytes: payload)
        else { return nil }
        self.init(elements, shape: shape, axes: axes, labels: labels, attributes: attributes)
    }
}

extension Bundle {
    /// Over the names and digests of the parts.
    public var digest: Digest {
        var parts = tensors.mapValues { Canonical.digest($0.digest) }
        for (name, scalar) in scalars { parts[name] = .digest(Digest(of: scalar.canonical)) }
        return Digest(of: .map(parts))
    }

    /// All of it as one canonical value, elements included.
    public var canonical: Canonical {
        .map([
            "scalars": .map(scalars.mapValues(\.canonical)),
            "tensors": .map(
                tensors.mapValues { tensor in
                    .array([tensor.header, .bytes(tensor.elements.withBytes { Array($0) })])
                }),
        ])
    }

    public init?(_ canonical: Canonical) {
        guard let scalarMap = canonical["scalars"]?.mapValue, let tensorMap = canonical["tensors"]?.mapValue else {
            return nil
        }
        let scalars = scalarMap.compactMapValues { Scalar($0) }
        let tensors = tensorMap.compactMapValues { part -> Tensor? in
            guard let pair = part.arrayValue, pair.count == 2, let bytes = pair[1].bytesValue else { return nil }
            return bytes.withUnsafeBytes { Tensor(header: pair[0], payload: $0) }
        }
        guard scalars.count == scalarMap.count, tensors.count == tensorMap.count,
            scalars.keys.allSatisfy({ tensors[$0] == nil })
        else { return nil }
        self.init(tensors: tensors, scalars: scalars)
    }
}

extension Value {
    /// What keys are made of: of a tensor or bundle see there; of media, SHA-256 of its bytes.
    public var digest: Digest {
        switch self {
        case .tensor(let tensor): tensor.digest
        case .bundle(let bundle): bundle.digest
        case .media(let media): media.digest
        case .nothing: Digest(of: .null)
        }
    }

    /// Bytes that the value takes in memory, as budgets and records count them.
    public var byteCount: Int {
        switch self {
        case .tensor(let tensor): tensor.count * tensor.type.width
        case .bundle(let bundle):
            bundle.tensors.values.reduce(0) { $0 + $1.count * $1.type.width } + 16 * bundle.scalars.count
        case .media(let media): media.size
        case .nothing: 0
        }
    }
}
