// Values as they travel: small arrays inside the message, larger ones in the sender's file in memory, from where the
// receiver copies them. What is received is checked as what a stranger says.

internal import Tensors

/// Puts the arrays of one message into a file, one after another.
struct ArrayWriter {
    /// From here on an array is not put into the message.
    static let leastShared = 64 << 10

    let file: SharedFile
    private var end = 0

    init(file: SharedFile) { self.file = file }

    mutating func form(of value: Value) throws(SharedFileError) -> Canonical {
        switch value {
        case .nothing: return .null
        case .tensor(let tensor): return .map(["tensor": try form(of: tensor)])
        case .bundle(let bundle):
            var tensors = [String: Canonical]()
            for (name, tensor) in bundle.tensors { tensors[name] = try form(of: tensor) }
            return .map([
                "bundle": .map([
                    "tensors": .map(tensors), "scalars": .map(bundle.scalars.mapValues(\.canonical)),
                ])
            ])
        case .media(let media): return .map(["media": media.form])
        }
    }

    private mutating func form(of tensor: Tensor) throws(SharedFileError) -> Canonical {
        let size = tensor.count * tensor.type.width
        if size < Self.leastShared {
            return .array([tensor.header, .bytes(tensor.elements.withBytes { Array($0) })])
        }
        let offset = end
        try tensor.elements.withBytes { (bytes) throws(SharedFileError) in try file.write(bytes, at: offset) }
        // The next array begins at a cache line of its own.
        end = (offset + size + 63) & ~63
        return .array([tensor.header, .int(offset), .int(size)])
    }
}

extension Value {
    /// Nil for what is no value.
    init?(form: Canonical, arrays: SharedFile) {
        if form == .null {
            self = .nothing
        } else if let form = form["tensor"] {
            guard let tensor = Tensor(form: form, arrays: arrays) else { return nil }
            self = .tensor(tensor)
        } else if let form = form["bundle"] {
            guard let parts = form["tensors"]?.mapValue, let others = form["scalars"]?.mapValue else { return nil }
            let tensors = parts.compactMapValues { Tensor(form: $0, arrays: arrays) }
            let scalars = others.compactMapValues { Scalar($0) }
            guard tensors.count == parts.count, scalars.count == others.count,
                scalars.keys.allSatisfy({ tensors[$0] == nil })
            else { return nil }
            self = .bundle(Bundle(tensors: tensors, scalars: scalars))
        } else {
            guard let media = form["media"].flatMap(MediaReference.init(form:)) else { return nil }
            self = .media(media)
        }
    }
}

extension Tensor {
    fileprivate init?(form: Canonical, arrays: SharedFile) {
        guard let parts = form.arrayValue else { return nil }
        if parts.count == 2, case .bytes(let bytes) = parts[1] {
            guard let tensor = bytes.withUnsafeBytes({ Tensor(header: parts[0], payload: $0) }) else { return nil }
            self = tensor
        } else {
            guard parts.count == 3, let offset = parts[1].intValue, let size = parts[2].intValue,
                let bytes = arrays.bytes(at: offset, count: size),
                let tensor = Tensor(header: parts[0], payload: bytes)
            else { return nil }
            self = tensor
        }
    }
}

extension MediaReference {
    fileprivate var form: Canonical {
        .map([
            "path": .text(location.path), "member": location.member.map { .text($0) } ?? .null,
            "digest": .digest(digest), "size": .int(size),
            "fingerprint": .array(
                [
                    Int(truncatingIfNeeded: fingerprint.device), Int(truncatingIfNeeded: fingerprint.inode),
                    Int(fingerprint.size), Int(fingerprint.modified), Int(fingerprint.changed),
                ].map { .int($0) }),
        ])
    }

    fileprivate init?(form: Canonical) {
        guard let path = form["path"]?.textValue, let digest = form["digest"]?.digestValue,
            let size = form["size"]?.intValue,
            let parts = form["fingerprint"]?.arrayValue?.compactMap(\.intValue), parts.count == 5
        else { return nil }
        self.init(
            location: MediaLocation(path: path, member: form["member"]?.textValue), digest: digest, size: size,
            fingerprint: Fingerprint(
                device: UInt64(truncatingIfNeeded: parts[0]), inode: UInt64(truncatingIfNeeded: parts[1]),
                size: Int64(parts[2]), modified: Int64(parts[3]), changed: Int64(parts[4])))
    }
}
