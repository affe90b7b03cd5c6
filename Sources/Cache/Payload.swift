// The bytes of values: what is kept of a value, as an inline payload or a blob, and how it becomes a value again after it
// has been checked.

internal import Glibc
internal import Tensors

extension Value {
    /// Smaller payloads lie in the segment, others in a file.
    static let leastBlob = 64 << 10

    /// Calls `body` with what a record keeps of the value: a tensor's raw elements, a bundle's canonical bytes.
    func withPayload<Result>(
        _ body: (UnsafeRawBufferPointer) throws(CacheError) -> Result
    ) throws(CacheError) -> Result {
        switch self {
        case .tensor(let tensor): try tensor.elements.withBytes(body)
        case .bundle(let bundle):
            try bundle.canonical.encoded().withUnsafeBufferPointer { (buffer) throws(CacheError) in
                try body(UnsafeRawBufferPointer(buffer))
            }
        case .media, .nothing: try body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }

    /// What a header says of the value when its payload is kept; nil for media, which lies in its file. An output that
    /// is not given is the value's digest.
    func description(payload: UnsafeRawBufferPointer, output: Digest?) -> (output: Digest, value: ValueDescription?) {
        let keeping: Keeping = payload.count < Self.leastBlob ? .inline : .blob
        let digest = Digest(of: payload)
        switch self {
        case .tensor(let tensor):
            let header = tensor.header.encoded()
            let own = Tensor.digest(header: header, payload: digest)
            return (
                output ?? own,
                ValueDescription(
                    form: .tensor, tensorHeader: header, length: payload.count, payload: digest,
                    keeping: keeping, isOutput: output == nil || output == own)
            )
        case .bundle(let bundle):
            let own = bundle.digest
            return (
                output ?? own,
                ValueDescription(
                    form: .bundle, tensorHeader: [], length: payload.count, payload: digest, keeping: keeping,
                    isOutput: output == nil || output == own)
            )
        case .nothing:
            let own = self.digest
            return (
                output ?? own,
                ValueDescription(
                    form: .nothing, tensorHeader: [], length: 0, payload: digest, keeping: .nothing,
                    isOutput: output == nil || output == own)
            )
        case .media(let media): return (output ?? media.digest, nil)
        }
    }
}

/// Bytes that are not those that were written.
struct Damage: Error, Sendable, Hashable {
    /// Where and what, as a sentence.
    let sentence: String
}

extension ValueDescription {
    /// Whether these are the bytes that were kept.
    func isPayload(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count == length && Digest(of: bytes) == payload
    }

    /// The value of checked bytes; nil when it is not the one that `output` stands for.
    func value(_ bytes: UnsafeRawBufferPointer, output: Digest) -> Value? {
        let value: Value
        switch form {
        case .nothing: value = .nothing
        case .tensor:
            if isOutput, Tensor.digest(header: tensorHeader, payload: payload) != output { return nil }
            return Canonical(encoded: tensorHeader).flatMap { Tensor(header: $0, payload: bytes) }.map { .tensor($0) }
        case .bundle:
            guard let canonical = Canonical(encoded: [UInt8](bytes)), let bundle = Bundle(canonical) else { return nil }
            value = .bundle(bundle)
        }
        return !isOutput || value.digest == output ? value : nil
    }

    /// The bytes of a blob's file that precede the payload: a tensor's file is a `.npy` that numpy reads.
    var preface: [UInt8] {
        guard form == .tensor, let header = Canonical(encoded: tensorHeader),
            let type = header["type"]?.textValue.flatMap(ElementType.init(rawValue:)),
            let shape = header["shape"]?.arrayValue?.compactMap(\.intValue)
        else { return [] }
        return Npy.header(type: type, shape: shape)
    }
}

/// The files of large payloads, named by the payloads' digests.
struct Blobs: Sendable {
    let disk: any BlobStore
    let layout: Layout

    func path(_ description: ValueDescription) -> String {
        layout.spread(layout.blobs, description.payload, description.ending).path
    }

    /// Writes a payload, unless a file of its name and size is there. Tells the path of what was written.
    func write(_ payload: UnsafeRawBufferPointer, _ description: ValueDescription) throws(DiskFault) -> String? {
        let (directory, path) = layout.spread(layout.blobs, description.payload, description.ending)
        let preface = description.preface
        if try disk.size(of: path) == preface.count + payload.count { return nil }
        try preface.withUnsafeBufferPointer { (preface) throws(DiskFault) in
            let pieces = [UnsafeRawBufferPointer(preface), payload]
            do throws(DiskFault) {
                try disk.write(pieces, to: path)
            } catch {
                guard error.code == ENOENT else { throw error }
                try disk.createDirectory(directory)
                try disk.write(pieces, to: path)
            }
        }
        return path
    }

    /// The bytes of a file, and where the payload begins in them, checked; or what is wrong with it.
    func read(_ description: ValueDescription) throws(DiskFault) -> Result<(bytes: [UInt8], start: Int), Damage> {
        let path = path(description)
        let preface = description.preface
        // One byte more than there should be tells a file that is too long.
        guard let bytes = try disk.read(path, from: 0, count: preface.count + description.length + 1) else {
            return .failure(Damage(sentence: "\(path) is missing"))
        }
        guard bytes.starts(with: preface),
            bytes.withUnsafeBytes({ description.isPayload(UnsafeRawBufferPointer(rebasing: $0[preface.count...])) })
        else { return .failure(Damage(sentence: "\(path) is damaged: its bytes are not those that were written")) }
        return .success((bytes, preface.count))
    }
}
