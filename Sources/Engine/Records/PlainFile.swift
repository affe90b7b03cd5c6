// Directories and files by the system's own calls, whose error numbers say why something could not be written.

internal import Foundation

/// Why something could not be written where the user wanted it.
public struct RecordsError: Error, Sendable, CustomStringConvertible {
    public let path: String
    public let cause: String
    /// What to do.
    public let advice: String?

    public init(
        path: String, cause: String,
        advice: String? = "choose another place with --results, or make room there"
    ) {
        self.path = path
        self.cause = cause
        self.advice = advice
    }

    init(path: String, code: Int32) { self.init(path: path, cause: String(cString: strerror(code))) }

    public var description: String { "cannot write \(path): \(cause)" }
}

/// Writing plain files.
public enum PlainFile {
    /// Makes a directory, and those above it; gives those that were not there, the innermost first.
    static func makeDirectory(_ path: String) throws(RecordsError) -> [String] {
        if mkdir(path, 0o777) == 0 { return [path] }
        var code = errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            let above = try makeDirectory(String(path[..<slash]))
            if mkdir(path, 0o777) == 0 { return [path] + above }
            code = errno
        }
        var status = stat()
        if code == EEXIST, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return [] }
        throw RecordsError(path: path, code: code == EEXIST ? ENOTDIR : code)
    }

    public static func write(_ text: String, to path: String) throws(RecordsError) {
        try write(Array(text.utf8), to: path)
    }

    /// Writes a file, in place of one that is there.
    public static func write(_ bytes: [UInt8], to path: String) throws(RecordsError) {
        let file = try Writer(path)
        try file.write(bytes)
        try file.close()
    }

    /// A file that is being written, in place of one that is there.
    final class Writer {
        private let path: String
        private var descriptor: Int32

        init(_ path: String) throws(RecordsError) {
            self.path = path
            descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
            if descriptor < 0 { throw RecordsError(path: path, code: errno) }
        }

        deinit { if descriptor >= 0 { _ = Foundation.close(descriptor) } }

        func write(_ bytes: [UInt8]) throws(RecordsError) {
            var (written, code) = (0, Int32(0))
            bytes.withUnsafeBytes { buffer in
                while written < buffer.count, code == 0 {
                    let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                    let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
                    if count >= 0 { written += count } else if errno != EINTR { code = errno }
                }
            }
            if code != 0 { throw RecordsError(path: path, code: code) }
        }

        /// Closes it; some systems tell only now that the disk is full.
        func close() throws(RecordsError) {
            let open = descriptor
            descriptor = -1
            if Foundation.close(open) != 0 { throw RecordsError(path: path, code: errno) }
        }
    }
}
