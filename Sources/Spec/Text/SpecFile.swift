// Reading the file of a spec: its size is looked at before its content, and only a plain file is read, so that a wrong
// path ends in a sentence and not in memory.

internal import Glibc

/// The file of a spec.
enum SpecFile {
    /// - Parameter name: what errors call it.
    static func read(_ file: String, as name: String? = nil) throws(SpecError) -> Source {
        let path = name ?? file
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw SpecError(range: nil, message: "\(path) cannot be read: " + reason(), advice: nil)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw SpecError(range: nil, message: "\(path) cannot be read: " + reason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SpecError(
                range: nil, message: "\(path) is not a file", advice: "give the path of a spec, a YAML file")
        }
        guard status.st_size <= YamlLimits.fileSize else { throw YamlReader.tooLarge(path, Int(status.st_size)) }
        var bytes = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= YamlLimits.fileSize {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SpecError(range: nil, message: "\(path) cannot be read: " + reason())
            }
            if count == 0 { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return Source(name: path, bytes: bytes)
    }

    static func reason() -> String {
        let number = errno
        return strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
