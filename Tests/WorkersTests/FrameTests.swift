import Tensors
import Testing

@testable import Workers

/// Canonical values on a stream of bytes.
@Suite struct Frames {
    static let messages: [Canonical] = [
        .map([:]), .map(["number": .int(1), "value": .null]),
        .map(["text": .text(String(repeating: "ä", count: 70_000))]),
    ]

    @Test(arguments: [1, 7, 4096]) func arriveInPiecesOfAnySize(size: Int) throws {
        let bytes = Self.messages.flatMap(Frame.encode)
        var reader = FrameReader()
        var arrived = [Canonical]()
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.append(bytes[start..<min(start + size, bytes.count)])
            while let message = try reader.next() { arrived.append(message) }
        }
        #expect(arrived == Self.messages)
        #expect(reader.isEmpty)
    }

    @Test(arguments: [
        "Hello, world\n", "m!", "mrtl\u{7F}\u{7F}\u{7F}\u{7F}", "mrtl\u{1}\u{0}\u{0}\u{0}\u{1F}",
        "mrtl\u{2}\u{0}\u{0}\u{0}\u{18}\u{1}",
    ]) func anythingElseIsNoticed(text: String) {
        var reader = FrameReader()
        reader.append(Array(text.utf8))
        #expect(throws: NotAFrame.self) { try reader.next() }
    }
}
