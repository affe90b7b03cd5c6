// Media: bytes in a file, or in a member of a zip, with the digest of those bytes and the fingerprint that the file had
// when it was digested, so that whoever reads it later can tell that it is still the same file.

/// What a file's status says about its identity; equal fingerprints stand for unchanged content.
public struct Fingerprint: Sendable, Hashable {
    public let device: UInt64
    public let inode: UInt64
    public let size: Int64
    /// Nanoseconds since 1970.
    public let modified: Int64
    /// Nanoseconds since 1970; of the last change of the inode.
    public let changed: Int64

    public init(device: UInt64, inode: UInt64, size: Int64, modified: Int64, changed: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
        self.changed = changed
    }
}

/// Where media lies: a path, and the name of a member if the path is a zip.
public struct MediaLocation: Sendable, Hashable, CustomStringConvertible {
    public let path: String
    public let member: String?

    public init(path: String, member: String? = nil) {
        self.path = path
        self.member = member
    }

    public var description: String {
        if let member { path + "!" + member } else { path }
    }
}

/// Media that has been digested.
public struct MediaReference: Sendable, Hashable {
    public let location: MediaLocation
    /// SHA-256 of the bytes (of a zip member: unpacked).
    public let digest: Digest
    /// The number of those bytes.
    public let size: Int
    /// Of the file (or the zip), as it was when the bytes were digested.
    public let fingerprint: Fingerprint

    public init(location: MediaLocation, digest: Digest, size: Int, fingerprint: Fingerprint) {
        self.location = location
        self.digest = digest
        self.size = size
        self.fingerprint = fingerprint
    }
}
