// A file that is open for reading: its descriptor belongs to one owner and is closed with it. All that is asked of the
// file is asked of the descriptor, so that a file renamed over the path meanwhile cannot mix in.

internal import Glibc
internal import Tensors

/// A regular file, open for reading.
struct OpenFile: ~Copyable {
    let descriptor: Int32
    let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { close(descriptor) }

    static func opening(_ path: String) throws(MediaError) -> OpenFile {
        // Not blocking: a named pipe would otherwise wait for a writer before it can be refused.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        if descriptor < 0 { throw MediaError(number: errno, path: path) }
        let file = OpenFile(descriptor: descriptor, path: path)
        guard try file.status().st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        return file
    }

    func fingerprint() throws(MediaError) -> Fingerprint { Fingerprint(try status()) }

    /// Fills the buffer as far as the file goes; fewer bytes than it holds mean the end.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(MediaError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = read(descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw MediaError(number: errno, path: path)
            }
            filled += count
        }
        return filled
    }

    private func status() throws(MediaError) -> stat {
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw MediaError(number: errno, path: path) }
        return status
    }
}

/// An open file as a part of a class.
final class HeldFile: Sendable {
    private let file: OpenFile

    init(_ path: String) throws(MediaError) { file = try OpenFile.opening(path) }

    var descriptor: Int32 { file.descriptor }

    func fingerprint() throws(MediaError) -> Fingerprint { try file.fingerprint() }

    /// Bytes from a position on, as far as the file goes; does not move the position, which libzip's descriptor shares.
    func read(at position: Int, count: Int) throws(MediaError) -> [UInt8] {
        var number: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(
                    file.descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(position + filled))
                if got == 0 { return }
                if got < 0, errno == EINTR { continue }
                if got < 0 {
                    number = errno
                    return
                }
                filled += got
            }
        }
        if number != 0 { throw MediaError(number: number, path: file.path) }
        return bytes
    }
}

extension Fingerprint {
    init(_ status: stat) {
        func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
        self.init(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
    }
}
