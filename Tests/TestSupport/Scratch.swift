// A directory for one test, gone when the test is done with it.

internal import Glibc

/// A fresh directory with files in it.
public final class Scratch: Sendable {
    public let path: String

    public init() {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/martlet-test-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { preconditionFailure("no directory could be made below \(base)") }
        path = String(cString: made)
    }

    deinit { Self.remove(path) }

    /// The absolute path of a file in it.
    public subscript(_ name: String) -> String { path + "/" + name }

    /// Writes a file, making the directories above it; gives its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) -> String {
        var directory = path
        for part in name.split(separator: "/").dropLast() {
            directory += "/" + part
            mkdir(directory, 0o755)
        }
        guard let file = fopen(self[name], "w") else { preconditionFailure("\(self[name]) could not be written") }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return self[name]
    }

    @discardableResult
    public func write(_ text: String, to name: String) -> String { write(Array(text.utf8), to: name) }

    public func link(_ name: String, to target: String) { symlink(target, self[name]) }

    private static func remove(_ path: String) {
        if let directory = opendir(path) {
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                    String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
                }
                // A link to a directory is unlinked, not entered.
                if name == "." || name == ".." || unlink(path + "/" + name) == 0 { continue }
                remove(path + "/" + name)
            }
            closedir(directory)
        }
        rmdir(path)
    }
}
