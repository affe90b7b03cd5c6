// The frame of a record in a segment:
//
//     magic            4 bytes   93 4D 53 52
//     header length    4 bytes   little-endian
//     payload length   8 bytes   little-endian; of the payload that follows in the segment
//     checksum         8 bytes   the first of SHA-256(the 16 bytes above ‖ header)
//     header           canonical bytes
//     payload          raw; the header has its digest
//
// The checksum covers what a rebuild reads, so that it can step over payloads without reading them.

internal import Tensors

/// The fixed part of a frame.
struct Frame: Sendable, Hashable {
    static let magic: [UInt8] = [0x93, 0x4D, 0x53, 0x52]
    /// Bytes before the header.
    static let prefixLength = 24
    /// No header is longer; a longer one is damage, and is not believed.
    static let longestHeader = 1 << 26

    let headerLength: Int
    let payloadLength: Int
    let checksum: UInt64

    var length: Int { Self.prefixLength + headerLength + payloadLength }

    /// The bytes of a whole frame.
    static func encode(header: [UInt8], payload: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes = [UInt8]()
        bytes.reserveCapacity(prefixLength + header.count + payload.count)
        bytes.append(contentsOf: magic)
        withUnsafeBytes(of: UInt32(header.count).littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt64(payload.count).littleEndian) { bytes.append(contentsOf: $0) }
        let sum = bytes.withUnsafeBytes { checksum(prefix: $0, header: header[...]) }
        withUnsafeBytes(of: sum.bigEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: header)
        bytes.append(contentsOf: payload)
        return bytes
    }

    /// What the first 24 bytes say; nil when they do not begin a frame.
    init?(prefix: ArraySlice<UInt8>) {
        guard prefix.count >= Self.prefixLength, prefix.starts(with: Self.magic) else { return nil }
        let (header, payload, sum) = prefix.withUnsafeBytes { bytes in
            (
                Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
            )
        }
        guard header <= Self.longestHeader, payload <= 1 << 48 else { return nil }
        (headerLength, payloadLength, checksum) = (header, Int(payload), sum)
    }

    /// Whether the header that follows `prefix` is the one that was written.
    func isIntact(prefix: ArraySlice<UInt8>, header: ArraySlice<UInt8>) -> Bool {
        prefix.withUnsafeBytes { prefix in
            Self.checksum(prefix: UnsafeRawBufferPointer(rebasing: prefix.prefix(16)), header: header) == checksum
        }
    }

    private static func checksum(prefix: UnsafeRawBufferPointer, header: ArraySlice<UInt8>) -> UInt64 {
        var hasher = Hasher256()
        hasher.update(prefix)
        header.withUnsafeBytes { hasher.update($0) }
        return hasher.finish().words.0
    }
}
