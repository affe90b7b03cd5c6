import Testing

@testable import Workers

/// What a process last wrote, fit for a line.
@Suite struct LastWordsInAMessage {
    private func text(_ bytes: [UInt8]) -> String {
        var words = LastWords()
        words.append(bytes)
        return words.text
    }

    @Test(arguments: [
        ("", ""),
        ("one\n\n  two \r\n", "one | two  "),
        ("1\n2\n3\n4\n5\n6\n7", "3 | 4 | 5 | 6 | 7"),
        ("a\u{1B}[31mred", "a\\x1b[31mred"),
        ("größer\u{202E}", "größer\\xe2\\x80\\xae"),
        ("Fatal error: no\nCurrent stack trace:\n0 libswiftCore.so 0x1234", "Fatal error: no"),
    ]) func lines(written: String, shown: String) { #expect(text(Array(written.utf8)) == shown) }

    @Test func bytesThatAreNoText() {
        #expect(text([0xFF, 0x00, 0x41, 0xC3, 0x28, 0xE2, 0x82]) == "\\xff\\x00A\\xc3(\\xe2\\x82")
    }

    @Test func onlyTheEndIsKept() {
        var words = LastWords()
        for _ in 0..<1000 { words.append(Array(repeating: 0x61, count: 1000)) }
        words.append(Array("the end".utf8))
        #expect(words.text.hasPrefix("… aaa"))
        #expect(words.text.hasSuffix("the end"))
        #expect(words.text.count == 402)
    }
}
