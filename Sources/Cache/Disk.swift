// The real file system, by system calls: one write(2) a record, so that a killed process loses at most the record in
// flight, and no buffering that would have to be flushed.

internal import Glibc
internal import Synchronization
internal import Tensors

/// The file system.
public final class Disk: BlobStore {
    /// Descriptors of the files that are appended to.
    private let appending = Lock([String: Int32]())
    private let passing = Atomic(0)

    public init() {}

    deinit {
        appending.withLock { files in
            for descriptor in files.values { Glibc.close(descriptor) }
        }
    }

    public func createDirectory(_ path: String) throws(DiskFault) {
        if mkdir(path, 0o777) == 0 { return }
        let code = errno
        if code == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try createDirectory(String(path[..<slash]))
            if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
            throw DiskFault(path: path, code: errno, isWrite: true)
        }
        var status = stat()
        if stat(path, &status) == 0 {
            if status.st_mode & S_IFMT == S_IFDIR { return }
            throw DiskFault(path: path, code: ENOTDIR, isWrite: true)
        }
        throw DiskFault(path: path, code: code, isWrite: true)
    }

    public func list(_ directory: String) throws(DiskFault) -> [DiskEntry]? {
        guard let stream = opendir(directory) else {
            if errno == ENOENT { return nil }
            throw DiskFault(path: directory, code: errno, isWrite: false)
        }
        defer { closedir(stream) }
        var entries = [DiskEntry]()
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            var status = stat()
            // A file that has just gone was never there.
            guard fstatat(dirfd(stream), name, &status, 0) == 0 else { continue }
            let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            entries.append(
                DiskEntry(
                    name: name, size: Int(status.st_size), modified: modified,
                    isDirectory: status.st_mode & S_IFMT == S_IFDIR))
        }
        return entries.sorted { precedes($0.name, $1.name) }
    }

    public func size(of path: String) throws(DiskFault) -> Int? {
        var status = stat()
        if stat(path, &status) == 0 { return Int(status.st_size) }
        if errno == ENOENT { return nil }
        throw DiskFault(path: path, code: errno, isWrite: false)
    }

    public func read(_ path: String, from offset: Int, count: Int) throws(DiskFault) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            if errno == ENOENT { return nil }
            throw DiskFault(path: path, code: errno, isWrite: false)
        }
        defer { Glibc.close(descriptor) }
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                guard let base = buffer.baseAddress else { break }
                let got = pread(descriptor, base + filled, count - filled, off_t(offset + filled))
                if got < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    break
                }
                if got == 0 { break }
                filled += got
            }
        }
        if failure != 0 { throw DiskFault(path: path, code: failure, isWrite: false) }
        return bytes
    }

    public func append(_ bytes: UnsafeRawBufferPointer, to path: String) throws(DiskFault) -> Int {
        let descriptor = try appending.withLock { (files) throws(DiskFault) -> Int32 in
            if let known = files[path] { return known }
            let new = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
            if new < 0 { throw DiskFault(path: path, code: errno, isWrite: true) }
            files[path] = new
            return new
        }
        while true {
            let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            if written >= 0 { return written }
            if errno != EINTR { throw DiskFault(path: path, code: errno, isWrite: true) }
        }
    }

    public func finish(_ path: String) {
        let descriptor = appending.withLock { $0.removeValue(forKey: path) }
        if let descriptor { Glibc.close(descriptor) }
    }

    public func truncate(_ path: String, to size: Int) throws(DiskFault) {
        if Glibc.truncate(path, off_t(size)) != 0 { throw DiskFault(path: path, code: errno, isWrite: true) }
    }

    public func write(_ pieces: [UnsafeRawBufferPointer], to path: String) throws(DiskFault) {
        let number = passing.add(1, ordering: .relaxed).newValue
        let aside = "\(path).\(getpid())-\(number).tmp"
        let descriptor = open(aside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw DiskFault(path: path, code: errno, isWrite: true) }
        var failure: Int32 = 0
        pieces: for piece in pieces {
            var rest = piece
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if written < 0 {
                    if errno == EINTR { continue }
                    failure = errno
                    break pieces
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            }
        }
        // Some file systems tell of a full disk only here.
        if Glibc.close(descriptor) != 0 && failure == 0 { failure = errno }
        if failure == 0 && rename(aside, path) != 0 { failure = errno }
        if failure != 0 {
            unlink(aside)
            throw DiskFault(path: path, code: failure, isWrite: true)
        }
    }

    public func remove(_ path: String) throws(DiskFault) {
        if unlink(path) != 0 && errno != ENOENT { throw DiskFault(path: path, code: errno, isWrite: true) }
    }

    public func sync(_ paths: [String]) throws(DiskFault) {
        for path in paths {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            // What has been removed meanwhile needs no medium.
            if descriptor < 0 { continue }
            let result = fdatasync(descriptor)
            let code = errno
            Glibc.close(descriptor)
            if result != 0 && code != EINVAL { throw DiskFault(path: path, code: code, isWrite: true) }
        }
    }
}
