// One cache, several stores and threads.

import Cache
import Glibc
import Tensors
import Testing

struct SharingTests {
    @Test func twoStoresSeeEachOthersRecords() throws {
        let directory = TemporaryDirectory()
        let (a, b) = (try Store(directory: directory.path), try Store(directory: directory.path))
        try a.put(1)
        try b.put(2)
        #expect(try b.lookup(digest(1), profile: profile) == nil)
        try b.refresh()
        #expect(try b.has(1))
        #expect(b.hasRecords(of: stage))
        try a.refresh()
        #expect(try a.has(2))
        #expect(directory.list("segments").count == 2)
        // Both have entered both segments; each once.
        try a.close()
        try b.close()
        #expect(try Store(directory: directory.path).statistics().records == 2)
    }

    @Test func aRefreshThatCrossesAFlushLosesNothing() throws {
        let directory = TemporaryDirectory()
        let (a, b) = (try Store(directory: directory.path), try Store(directory: directory.path))
        for number in 0..<30 {
            try a.put(number)
            if number % 3 == 0 { try b.refresh() }
            if number % 7 == 0 { try a.flush() }
        }
        try a.close()
        for number in 0..<30 { #expect(try b.has(number)) }
        #expect(try Store(directory: directory.path).statistics().records == 30)
    }

    /// What another store enters while this one looks what there is must not pass for more than its segment holds.
    @Test func aRecordThatComesDuringARefreshStaysFound() throws {
        let directory = TemporaryDirectory()
        let other = try Store(directory: directory.path)
        try other.put(1)
        try other.flush()
        let disk = InterruptedDisk()
        let store = try Store(directory: directory.path, disk: disk)
        disk.onceListed {
            _ = try? other.put(2)
            try? other.flush()
        }
        try store.refresh()
        for number in [1, 2] { #expect(try other.has(number)) }
        #expect(other.damage().isEmpty && store.damage().isEmpty)
    }

    @Test func threadsStoreAndLookUpAtOnce() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        inThreads(4) { thread in
            for number in 0..<1500 {
                // Every number is stored by two threads.
                let shared = number * 2 + thread / 2
                #expect(throws: Never.self) {
                    _ = try store.lookup(digest(shared), profile: profile)
                    try store.put(shared)
                    #expect(try store.has(shared))
                }
            }
        }
        try store.close()
        let again = try Store(directory: directory.path, index: .memory)
        #expect(try again.statistics().records == 3000)
        #expect(again.damage().isEmpty)
    }

    /// Runs `body` in that many threads and waits for them.
    private func inThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        final class Work: Sendable {
            let thread: Int
            let body: @Sendable (Int) -> Void
            init(_ thread: Int, _ body: @escaping @Sendable (Int) -> Void) { (self.thread, self.body) = (thread, body) }
        }
        var threads = [pthread_t]()
        for thread in 0..<count {
            var handle = pthread_t()
            let work = Unmanaged.passRetained(Work(thread, body)).toOpaque()
            pthread_create(
                &handle, nil,
                { argument in
                    guard let argument else { return nil }
                    let work = Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
                    work.body(work.thread)
                    return nil
                }, work)
            threads.append(handle)
        }
        for thread in threads { pthread_join(thread, nil) }
    }
}

/// A disk on which something happens right after a directory was listed.
private final class InterruptedDisk: BlobStore {
    private let disk = Disk()
    private let action = Lock<(@Sendable () -> Void)?>(nil)

    func onceListed(_ body: @escaping @Sendable () -> Void) { action.withLock { $0 = body } }

    func list(_ directory: String) throws(DiskFault) -> [DiskEntry]? {
        let entries = try disk.list(directory)
        let body = action.withLock { action in
            defer { action = nil }
            return action
        }
        body?()
        return entries
    }

    func createDirectory(_ path: String) throws(DiskFault) { try disk.createDirectory(path) }
    func size(of path: String) throws(DiskFault) -> Int? { try disk.size(of: path) }
    func read(_ path: String, from offset: Int, count: Int) throws(DiskFault) -> [UInt8]? {
        try disk.read(path, from: offset, count: count)
    }
    func append(_ bytes: UnsafeRawBufferPointer, to path: String) throws(DiskFault) -> Int {
        try disk.append(bytes, to: path)
    }
    func finish(_ path: String) { disk.finish(path) }
    func truncate(_ path: String, to size: Int) throws(DiskFault) { try disk.truncate(path, to: size) }
    func write(_ pieces: [UnsafeRawBufferPointer], to path: String) throws(DiskFault) {
        try disk.write(pieces, to: path)
    }
    func remove(_ path: String) throws(DiskFault) { try disk.remove(path) }
    func sync(_ paths: [String]) throws(DiskFault) { try disk.sync(paths) }
}
