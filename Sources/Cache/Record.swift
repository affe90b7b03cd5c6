// A record as the cache hands it out: what the result of a key is, and where its value lies.

public import Tensors

/// What a result is recorded under.
struct Slot: Sendable, Hashable {
    let key: Digest
    let profile: Digest

    /// The 64 bytes, as the index orders them.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let (k, p) = (key.words, profile.words)
        let words = (
            k.0.bigEndian, k.1.bigEndian, k.2.bigEndian, k.3.bigEndian, p.0.bigEndian, p.1.bigEndian, p.2.bigEndian,
            p.3.bigEndian
        )
        return try withUnsafeBytes(of: words, body)
    }
}

/// Where a frame begins.
struct Place: Sendable, Hashable {
    let writer: WriterName
    let offset: Int
}

/// How the value of a record is kept.
enum Keeping: UInt8, Sendable, Hashable {
    /// Only its digest.
    case digestOnly = 0
    /// There is nothing to keep: the value is `nothing`.
    case nothing = 1
    /// Behind the header, in the segment.
    case inline = 2
    /// In a file of its own.
    case blob = 3
}

/// The result of a key under a profile.
public struct Record: Sendable, Hashable {
    public let key: Digest
    public let profile: Digest
    /// The digest that the result is known by.
    public let output: Digest
    /// The number of bytes of the kept value.
    public let byteCount: Int
    let keeping: Keeping
    let place: Place
    let headerLength: Int
    let noteBytes: [UInt8]

    /// Whether the value is kept; else only its digest is known.
    public var hasValue: Bool { keeping != .digestOnly }

    /// What the engine wrote beside the result: run, stage, sample, seconds, warnings.
    public var note: Canonical { Canonical(encoded: noteBytes) ?? .null }

    var slot: Slot { Slot(key: key, profile: profile) }

    /// The same, without its value.
    var withoutValue: Record {
        Record(
            key: key, profile: profile, output: output, byteCount: 0, keeping: .digestOnly, place: place,
            headerLength: headerLength, noteBytes: noteBytes)
    }
}

extension Record {
    /// The fixed part of a row of the index.
    private static let rowLength = 73

    /// The row of the index: a checksum over the slot and the row, and the record but for its slot.
    var row: [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(Self.rowLength + noteBytes.count)
        bytes.append(contentsOf: repeatElement(0, count: 8))
        output.append(to: &bytes)
        withUnsafeBytes(of: place.writer.number.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(place.offset).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(headerLength).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(byteCount).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(keeping.rawValue)
        bytes.append(contentsOf: noteBytes)
        let sum = bytes.withUnsafeBytes { Self.checksum(slot, $0) }
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: sum, as: UInt64.self) }
        return bytes
    }

    /// A record from a row of the index; nil when the row is damaged.
    init?(slot: Slot, row: UnsafeRawBufferPointer) {
        func number(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: row.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        guard row.count >= Self.rowLength,
            row.loadUnaligned(as: UInt64.self) == Self.checksum(slot, row),
            let output = Digest(bytes: UnsafeRawBufferPointer(rebasing: row[8..<40])),
            let offset = Int(exactly: number(48)), let headerLength = Int(exactly: number(56)),
            let byteCount = Int(exactly: number(64)), let keeping = Keeping(rawValue: row[72])
        else { return nil }
        self.init(
            key: slot.key, profile: slot.profile, output: output, byteCount: byteCount, keeping: keeping,
            place: Place(writer: WriterName(number: number(40)), offset: offset), headerLength: headerLength,
            noteBytes: [UInt8](row[Self.rowLength...]))
    }

    private static func checksum(_ slot: Slot, _ row: UnsafeRawBufferPointer) -> UInt64 {
        var hasher = Hasher256()
        slot.withBytes { hasher.update($0) }
        hasher.update(UnsafeRawBufferPointer(rebasing: row[8...]))
        return hasher.finish().words.0
    }
}
