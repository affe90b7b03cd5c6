// The door to the file system: the few operations that the cache needs of it, so that tests can put a disk in their place
// that is full, or fails, at any write.

internal import Glibc

/// A failed file operation.
public struct DiskFault: Error, Sendable, Hashable {
    public let path: String
    /// An `errno`.
    public let code: Int32
    /// Whether something was to be changed.
    public let isWrite: Bool

    public init(path: String, code: Int32, isWrite: Bool) {
        self.path = path
        self.code = code
        self.isWrite = isWrite
    }

    /// The system's words for it.
    public var reason: String { String(cString: strerror(code)) }
}

/// A file in a directory.
public struct DiskEntry: Sendable, Hashable {
    public let name: String
    public let size: Int
    /// Nanoseconds since 1970.
    public let modified: Int64
    public let isDirectory: Bool

    public init(name: String, size: Int, modified: Int64, isDirectory: Bool) {
        self.name = name
        self.size = size
        self.modified = modified
        self.isDirectory = isDirectory
    }
}

/// Files, as the cache uses them. All calls may come from any thread.
public protocol BlobStore: Sendable {
    /// Makes a directory and those above it, as far as they are missing.
    func createDirectory(_ path: String) throws(DiskFault)

    /// What is in a directory, ordered by name; nil when there is no such directory.
    func list(_ directory: String) throws(DiskFault) -> [DiskEntry]?

    /// The size of a file; nil when there is none.
    func size(of path: String) throws(DiskFault) -> Int?

    /// Up to `count` bytes from `offset`, fewer where the file ends; nil when there is no such file.
    func read(_ path: String, from offset: Int, count: Int) throws(DiskFault) -> [UInt8]?

    /// Appends by a single write, making the file if it is missing. Tells how many bytes were written.
    func append(_ bytes: UnsafeRawBufferPointer, to path: String) throws(DiskFault) -> Int

    /// Ends appending to a file, for good.
    func finish(_ path: String)

    func truncate(_ path: String, to size: Int) throws(DiskFault)

    /// Writes a file under a passing name beside `path` and renames it: a reader sees all of it or none.
    func write(_ pieces: [UnsafeRawBufferPointer], to path: String) throws(DiskFault)

    /// Removes a file; a missing one is no error.
    func remove(_ path: String) throws(DiskFault)

    /// Waits until the files' contents are on the medium.
    func sync(_ paths: [String]) throws(DiskFault)
}

extension BlobStore {
    func write(_ bytes: [UInt8], to path: String) throws(DiskFault) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(DiskFault) in
            try write([UnsafeRawBufferPointer(buffer)], to: path)
        }
    }
}
