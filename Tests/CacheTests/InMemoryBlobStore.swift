// The file system's twin in memory: it can fail at any write, cut one short, or be full.

import Cache
import Glibc
import Tensors

/// A disk that tests hold in their hands.
final class InMemoryBlobStore: BlobStore {
    /// What the n-th write does instead of writing.
    enum Failure: Sendable, Hashable {
        /// Nothing is written.
        case error(Int32)
        /// The first bytes are written, and the write says so.
        case short(Int)
        /// The first bytes are written, and nothing works afterwards, as when the process was killed.
        case killed(after: Int)
    }

    private struct State: Sendable {
        var files = [String: [UInt8]]()
        var directories = Set<String>()
        var writes = 0
        var failures = [Int: Failure]()
        var isDead = false
        var time: Int64 = 1_000_000_000
    }

    private let state = Lock(State())

    /// The number of writes so far, failed ones included.
    var writes: Int { state.withLock { $0.writes } }

    var files: [String: [UInt8]] {
        get { state.withLock { $0.files } }
        set { state.withLock { $0.files = newValue } }
    }

    /// Makes the n-th write from now on (0 is the next) fail.
    func fail(at write: Int, with failure: Failure) {
        state.withLock { $0.failures[$0.writes + write] = failure }
    }

    /// The disk as another process finds it.
    func reborn() -> InMemoryBlobStore {
        let copy = InMemoryBlobStore()
        let (files, directories) = state.withLock { ($0.files, $0.directories) }
        copy.state.withLock { ($0.files, $0.directories) = (files, directories) }
        return copy
    }

    func createDirectory(_ path: String) throws(DiskFault) {
        state.withLock { state in
            var path = Substring(path)
            while let slash = path.lastIndex(of: "/") {
                state.directories.insert(String(path))
                path = path[..<slash]
            }
        }
    }

    func list(_ directory: String) throws(DiskFault) -> [DiskEntry]? {
        state.withLock { state in
            guard state.directories.contains(directory) else { return nil }
            var entries = [DiskEntry]()
            for (path, bytes) in state.files {
                if let name = Self.name(path, in: directory) {
                    entries.append(DiskEntry(name: name, size: bytes.count, modified: 1, isDirectory: false))
                }
            }
            for path in state.directories {
                if let name = Self.name(path, in: directory) {
                    entries.append(DiskEntry(name: name, size: 0, modified: 1, isDirectory: true))
                }
            }
            return entries.sorted { precedes($0.name, $1.name) }
        }
    }

    func size(of path: String) throws(DiskFault) -> Int? { state.withLock { $0.files[path]?.count } }

    func read(_ path: String, from offset: Int, count: Int) throws(DiskFault) -> [UInt8]? {
        state.withLock { state in
            state.files[path].map { Array($0.dropFirst(offset).prefix(count)) }
        }
    }

    func append(_ bytes: UnsafeRawBufferPointer, to path: String) throws(DiskFault) -> Int {
        let bytes = Array(bytes)
        return try state.withLock { (state) throws(DiskFault) in
            let failure = try Self.failure(&state, path)
            switch failure {
            case nil:
                state.files[path, default: []] += bytes
                return bytes.count
            case .error(let code): throw DiskFault(path: path, code: code, isWrite: true)
            case .short(let count):
                state.files[path, default: []] += bytes.prefix(count)
                return min(count, bytes.count)
            case .killed(let count):
                state.files[path, default: []] += bytes.prefix(count)
                throw DiskFault(path: path, code: EIO, isWrite: true)
            }
        }
    }

    func finish(_ path: String) {}

    func truncate(_ path: String, to size: Int) throws(DiskFault) {
        try state.withLock { (state) throws(DiskFault) in
            if state.isDead { throw DiskFault(path: path, code: EIO, isWrite: true) }
            if let bytes = state.files[path] { state.files[path] = Array(bytes.prefix(size)) }
        }
    }

    func write(_ pieces: [UnsafeRawBufferPointer], to path: String) throws(DiskFault) {
        let bytes = pieces.flatMap { Array($0) }
        try state.withLock { (state) throws(DiskFault) in
            let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ""
            if !state.directories.contains(directory) { throw DiskFault(path: path, code: ENOENT, isWrite: true) }
            switch try Self.failure(&state, path) {
            case nil: state.files[path] = bytes
            case .error(let code): throw DiskFault(path: path, code: code, isWrite: true)
            case .short(let count), .killed(let count):
                // It stays under its passing name.
                state.files[path + ".0.tmp"] = Array(bytes.prefix(count))
                throw DiskFault(path: path, code: ENOSPC, isWrite: true)
            }
        }
    }

    func remove(_ path: String) throws(DiskFault) { state.withLock { $0.files[path] = nil } }

    func sync(_ paths: [String]) throws(DiskFault) {}

    /// What is to happen at this write.
    private static func failure(_ state: inout State, _ path: String) throws(DiskFault) -> Failure? {
        if state.isDead { throw DiskFault(path: path, code: EIO, isWrite: true) }
        defer { state.writes += 1 }
        let failure = state.failures[state.writes]
        if case .killed = failure { state.isDead = true }
        return failure
    }

    private static func name(_ path: String, in directory: String) -> String? {
        guard path.hasPrefix(directory + "/") else { return nil }
        let name = path.dropFirst(directory.utf8.count + 1)
        return name.contains("/") ? nil : String(name)
    }
}
