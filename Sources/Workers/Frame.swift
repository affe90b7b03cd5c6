// Frames: canonical values on a stream of bytes, each led by a mark and its length. The mark tells at once when what
// arrives is something else, before a wrong length makes anybody wait for bytes that never come.

internal import Tensors

/// What arrived does not begin a frame, or its content is no canonical value.
struct NotAFrame: Error {}

enum Frame {
    static let mark = Array("mrtl".utf8)
    static let longest = 256 << 20

    static func encode(_ value: Canonical) -> [UInt8] {
        var bytes = mark + [0, 0, 0, 0]
        value.encode(into: &bytes)
        let length = UInt32(truncatingIfNeeded: bytes.count - 8)
        for index in 0..<4 { bytes[4 + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
        return bytes
    }
}

/// Takes bytes as they arrive and gives frames once they are whole.
struct FrameReader {
    private var bytes = [UInt8]()

    var isEmpty: Bool { bytes.isEmpty }

    mutating func append(_ new: some Collection<UInt8>) { bytes.append(contentsOf: new) }

    /// The next frame's value; nil while it is not whole.
    mutating func next() throws(NotAFrame) -> Canonical? {
        guard zip(bytes, Frame.mark).allSatisfy(==) else { throw NotAFrame() }
        guard bytes.count >= 8 else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[4 + $1]) << (8 * $1) }
        guard length <= Frame.longest else { throw NotAFrame() }
        guard bytes.count >= 8 + length else { return nil }
        guard let value = Canonical(encoded: Array(bytes[8..<8 + length])) else { throw NotAFrame() }
        bytes.removeFirst(8 + length)
        return value
    }
}
