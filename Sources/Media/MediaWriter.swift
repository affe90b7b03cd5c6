// Writing files: aside, then renamed, so that a reader never sees half of one.

internal import Glibc

/// Writes files.
public enum MediaWriter {
    /// Writes a whole file, in place of one that may be there.
    public static func write(_ bytes: [UInt8], to path: String) throws(MediaError) {
        let aside = path + ".part"
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw failure(path) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                let issue = failure(path)
                close(descriptor)
                unlink(aside)
                throw issue
            }
            written += count
        }
        guard close(descriptor) == 0, rename(aside, path) == 0 else {
            let issue = failure(path)
            unlink(aside)
            throw issue
        }
    }

    /// Makes a directory and those above it, as far as they are missing.
    public static func makeDirectory(_ path: String) throws(MediaError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o777) != 0, errno != EEXIST { throw failure(made) }
        }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .notADirectory(path: path) }
    }

    private static func failure(_ path: String) -> MediaError {
        .ioFailed(
            path: path, why: "cannot be written: " + (strerror(errno).map { String(cString: $0) } ?? "error \(errno)"))
    }
}
