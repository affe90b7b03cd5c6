// Where things lie in a cache's directory, and how such a directory is recognised, made, or refused.

internal import Glibc
internal import Tensors

/// The names of a cache's files.
struct Layout: Sendable {
    /// The format that this code reads and writes. Whatever changes the meaning of a byte raises it.
    static let format = "1"

    let directory: String

    var version: String { directory + "/VERSION" }
    var segments: String { directory + "/segments" }
    var blobs: String { directory + "/blobs" }
    var nodes: String { directory + "/nodes" }
    var runs: String { directory + "/runs" }

    func segment(_ writer: WriterName) -> String { "\(segments)/\(writer).seg" }

    /// The directory and the path of a file named by a digest, spread over 256 directories.
    func spread(_ root: String, _ digest: Digest, _ ending: String) -> (directory: String, path: String) {
        let hex = digest.hex
        let directory = "\(root)/\(hex.prefix(2))"
        return (directory, "\(directory)/\(hex.dropFirst(2)).\(ending)")
    }

    /// What a cache that is being made has before its `VERSION`.
    private static let own: Set = [
        ".gitignore", "CACHEDIR.TAG", "VERSION", "segments", "blobs", "nodes", "runs", "index.sqlite",
        "index.sqlite-wal", "index.sqlite-shm", "stat.sqlite", "stat.sqlite-wal", "stat.sqlite-shm",
    ]

    /// Recognises the directory as a cache of this format, or makes it one if it is missing or empty.
    func open(on disk: any BlobStore) throws(CacheError) {
        let found: [UInt8]?
        let entries: [DiskEntry]
        do throws(DiskFault) {
            found = try disk.read(version, from: 0, count: 64)
            entries = found == nil ? try disk.list(directory) ?? [] : []
        } catch {
            throw error.code == ENOTDIR ? .notACache(directory: directory) : CacheError(error)
        }
        if let found {
            let text = String(decoding: found.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
            guard text == Self.format else { throw .otherFormat(directory: directory, found: text) }
            // Someone may have emptied it by hand; a cache that cannot be written can still be read.
            for path in [segments, blobs, nodes, runs] { try? disk.createDirectory(path) }
            return
        }
        let isOurs = entries.allSatisfy { Self.own.contains($0.name) || $0.name.hasSuffix(".tmp") }
        guard isOurs else { throw .notACache(directory: directory) }
        do throws(DiskFault) {
            for path in [segments, blobs, nodes, runs] { try disk.createDirectory(path) }
            try disk.write(Array("*\n".utf8), to: directory + "/.gitignore")
            let tag = """
                Signature: 8a477f597d28d172789f06886806bc55
                # This directory is a cache of Martlet's; it can be deleted, and is made again when needed.

                """
            try disk.write(Array(tag.utf8), to: directory + "/CACHEDIR.TAG")
            // Last, so that a cache whose making was cut off is made to the end the next time.
            try disk.write(Array("\(Self.format)\n".utf8), to: version)
        } catch { throw CacheError(error, creating: true) }
    }
}

/// The name of a segment's writer: a random number, as no two processes may append to one segment.
struct WriterName: Sendable, Hashable, CustomStringConvertible {
    let number: UInt64

    init(number: UInt64) { self.number = number }

    static func random() -> WriterName { WriterName(number: .random(in: 1 ... .max)) }

    /// From a segment's file name; nil for any other name.
    init?(file: String) {
        guard file.hasSuffix(".seg"), file.utf8.count == 20,
            let number = UInt64(file.dropLast(4), radix: 16), "\(WriterName(number: number)).seg" == file
        else { return nil }
        self.number = number
    }

    var description: String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
