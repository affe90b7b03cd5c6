// Media read here and there, as decoders of containers do: a file where it lies, a member of a zip unpacked in memory,
// since what is packed has no positions.

public import Tensors

/// The bytes of one media reference. Used by one thread at a time.
public final class MediaStream {
    public let location: MediaLocation
    public let size: Int
    private let content: Content
    private let fingerprint: Fingerprint

    private enum Content {
        case file(HeldFile)
        case bytes([UInt8])
    }

    /// The most that a member of a zip may hold: it is unpacked in memory, and no clip is near that.
    private static let mostUnpacked = 1 << 30

    public init(_ reference: MediaReference) throws(MediaError) {
        (location, size, fingerprint) = (reference.location, reference.size, reference.fingerprint)
        if location.member == nil {
            let file = try HeldFile(location.path)
            guard try file.fingerprint() == fingerprint else { throw .changedSinceListed(location) }
            content = .file(file)
        } else {
            guard size <= Self.mostUnpacked else { throw .tooLarge(location, size: size) }
            content = .bytes(try MediaReader.read(reference))
        }
    }

    /// Bytes from a position on, as far as there are any.
    public func read(at position: Int, count: Int) throws(MediaError) -> [UInt8] {
        let count = min(count, size - position)
        guard position >= 0, count > 0 else { return [] }
        switch content {
        case .file(let file): return try file.read(at: position, count: count)
        case .bytes(let bytes): return Array(bytes[position..<position + count])
        }
    }

    /// To be asked once all is read: what was read is what was listed.
    public func checkUnchanged() throws(MediaError) {
        if case .file(let file) = content, try file.fingerprint() != fingerprint { throw .changedWhileRead(location) }
    }
}
