// A file in memory that two processes have mapped: one writes arrays, the other copies them out. It grows and never
// shrinks (sealed, see CProcess), so a process that maps it is safe from whatever the other does to its length. No pointer
// leaves this module.

internal import CProcess
internal import Glibc

/// The system gave no memory to share.
public struct SharedFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ what: String) { description = "\(what): \(String(cString: strerror(errno)))" }
}

/// Used by one thread at a time.
final class SharedFile {
    let descriptor: Int32
    private var base: UnsafeMutableRawPointer?
    private var size = 0

    /// A new file.
    init() throws(SharedFileError) {
        descriptor = process_memory_file("martlet arrays")
        if descriptor < 0 { throw SharedFileError("no memory to share could be made") }
    }

    /// One that was inherited.
    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit {
        unmap()
        close(descriptor)
    }

    /// Copies bytes in; the file grows as it must.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(SharedFileError) {
        let end = offset + bytes.count
        if end > size {
            // Pages that nobody touches cost nothing, so it grows in few steps.
            let grown = (max(end, 2 * size) + 0xF_FFFF) & ~0xF_FFFF
            if ftruncate(descriptor, grown) != 0 { throw SharedFileError("the memory to share cannot grow") }
            try map(grown)
        }
        if let base, let source = bytes.baseAddress { memcpy(base + offset, source, bytes.count) }
    }

    /// Bytes that the other side wrote; nil where it has written none. To be copied at once.
    func bytes(at offset: Int, count: Int) -> UnsafeRawBufferPointer? {
        guard offset >= 0, count >= 0, offset <= Int.max - count else { return nil }
        if offset + count > size {
            var status = stat()
            guard fstat(descriptor, &status) == 0, offset + count <= status.st_size else { return nil }
            guard (try? map(Int(status.st_size))) != nil else { return nil }
        }
        return base.map { UnsafeRawBufferPointer(start: $0 + offset, count: count) }
    }

    private func map(_ length: Int) throws(SharedFileError) {
        unmap()
        guard let address = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), address != MAP_FAILED
        else { throw SharedFileError("the shared memory cannot be mapped") }
        (base, size) = (address, length)
    }

    private func unmap() {
        if let base { munmap(base, size) }
        (base, size) = (nil, 0)
    }
}
