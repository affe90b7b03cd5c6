// Segments: the append-only files that hold the records. One process writes one; all read all.

internal import Glibc
internal import Tensors

/// What a walk over a segment finds.
struct FoundFrame: Sendable {
    let place: Place
    let frame: Frame
    let header: FrameHeader
}

/// A walk over the frames of a segment, headers only: payloads are stepped over.
struct SegmentWalk {
    let disk: any BlobStore
    let path: String
    let writer: WriterName
    let size: Int
    /// Where the next frame begins; at the end of the walk, where the next walk goes on.
    private(set) var position: Int
    /// Stretches that hold no readable frame but lie before or are complete frames.
    private(set) var damaged = [Range<Int>]()
    private var window = [UInt8]()
    private var windowStart = 0

    private static let windowLength = 1 << 16

    init(disk: any BlobStore, path: String, writer: WriterName, from start: Int, size: Int) {
        (self.disk, self.path, self.writer, self.position, self.size) = (disk, path, writer, start, size)
    }

    /// The next frame; nil at the end, which an incomplete tail is too.
    mutating func next() throws(DiskFault) -> FoundFrame? {
        switch try frame(at: position) {
        case .found(let found):
            position += found.frame.length
            return found
        case .incomplete: return nil
        case .unreadable(let isComplete):
            // Another frame behind it tells damage from a tail that is still being written.
            let start = position
            var candidate = start + 1
            while let next = try nextMagic(from: candidate) {
                if case .found(let found) = try frame(at: next) {
                    damaged.append(start..<next)
                    position = next + found.frame.length
                    return found
                }
                candidate = next + 1
            }
            if isComplete { damaged.append(start..<size) }
            return nil
        }
    }

    private enum Reading {
        case found(FoundFrame)
        case incomplete
        case unreadable(isComplete: Bool)
    }

    private mutating func frame(at start: Int) throws(DiskFault) -> Reading {
        guard start + Frame.prefixLength <= size, let prefix = try bytes(at: start, count: Frame.prefixLength) else {
            return .incomplete
        }
        guard let frame = Frame(prefix: prefix) else {
            return .unreadable(isComplete: !prefix.starts(with: Frame.magic))
        }
        guard start + frame.length <= size else {
            // A tail cut short, or a damaged length.
            return .unreadable(isComplete: false)
        }
        guard let header = try bytes(at: start + Frame.prefixLength, count: frame.headerLength) else {
            return .incomplete
        }
        guard frame.isIntact(prefix: prefix, header: header), let content = FrameHeader(encoded: header) else {
            return .unreadable(isComplete: true)
        }
        return .found(FoundFrame(place: Place(writer: writer, offset: start), frame: frame, header: content))
    }

    /// The bytes at a position, from the window or from disk; nil when the file ends before.
    private mutating func bytes(at start: Int, count: Int) throws(DiskFault) -> ArraySlice<UInt8>? {
        if start < windowStart || start + count > windowStart + window.count {
            let wanted = max(count, min(Self.windowLength, size - start))
            window = try disk.read(path, from: start, count: wanted) ?? []
            windowStart = start
        }
        guard start + count <= windowStart + window.count else { return nil }
        return window[start - windowStart..<start - windowStart + count]
    }

    private mutating func nextMagic(from start: Int) throws(DiskFault) -> Int? {
        var position = start
        while position + Frame.prefixLength <= size {
            guard let bytes = try bytes(at: position, count: min(Self.windowLength, size - position)) else {
                return nil
            }
            var index = bytes.startIndex
            while let first = bytes[index...].firstIndex(of: Frame.magic[0]) {
                if bytes[first...].starts(with: Frame.magic) { return position + first - bytes.startIndex }
                index = first + 1
            }
            position += max(1, bytes.count - Frame.magic.count + 1)
        }
        return nil
    }
}

/// The end of the segment that this process appends to.
struct SegmentWriter: Sendable {
    let disk: any BlobStore
    let layout: Layout
    /// None until the first write.
    private var writer: WriterName?
    private(set) var path = ""
    /// The length of what is whole; everything before it has been acknowledged.
    private(set) var length = 0

    init(disk: any BlobStore, layout: Layout) {
        (self.disk, self.layout) = (disk, layout)
    }

    /// Appends a frame by one write, and tells where it begins. After a failed or short write the segment is cut back to
    /// what was whole, or, where even that fails, left for a new one.
    mutating func append(_ frame: [UInt8]) throws(DiskFault) -> Place {
        let name: WriterName
        if let writer {
            name = writer
        } else {
            name = .random()
            (writer, path, length) = (name, layout.segment(name), 0)
        }
        let written: Int
        do throws(DiskFault) {
            written = try frame.withUnsafeBufferPointer { (buffer) throws(DiskFault) in
                try disk.append(UnsafeRawBufferPointer(buffer), to: path)
            }
        } catch {
            repair(path)
            throw error
        }
        guard written == frame.count else {
            repair(path)
            throw DiskFault(path: path, code: ENOSPC, isWrite: true)
        }
        defer { length += written }
        return Place(writer: name, offset: length)
    }

    private mutating func repair(_ path: String) {
        do throws(DiskFault) {
            guard let size = try disk.size(of: path) else { return abandon() }
            if size != length { try disk.truncate(path, to: length) }
        } catch { abandon() }
    }

    /// Ends this segment; the next write begins another.
    mutating func abandon() {
        if writer != nil { disk.finish(path) }
        writer = nil
    }
}
