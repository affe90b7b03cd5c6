// Canonical bytes: the encoding of RFC 8949, pinned by the examples of its appendix A, and nothing else is read back.

import Tensors
import Testing

struct CanonicalTests {
    /// Appendix A, where it is in our subset; floats are always float64 here.
    static let examples: [(Canonical, String)] = [
        (.int(0), "00"), (.int(1), "01"), (.int(10), "0a"), (.int(23), "17"), (.int(24), "1818"), (.int(25), "1819"),
        (.int(100), "1864"), (.int(1000), "1903e8"), (.int(1_000_000), "1a000f4240"),
        (.int(1_000_000_000_000), "1b000000e8d4a51000"), (.int(-1), "20"), (.int(-10), "29"), (.int(-100), "3863"),
        (.int(-1000), "3903e7"), (.int(.max), "1b7fffffffffffffff"), (.int(.min), "3b7fffffffffffffff"),
        (.int(255), "18ff"), (.int(256), "190100"), (.int(65535), "19ffff"), (.int(65536), "1a00010000"),
        (.int(4_294_967_295), "1affffffff"), (.int(4_294_967_296), "1b0000000100000000"),
        (.float(1.1), "fb3ff199999999999a"), (.float(1.0e+300), "fb7e37e43c8800759c"),
        (.float(-4.1), "fbc010666666666666"),
        (.float(.infinity), "fb7ff0000000000000"), (.float(-.infinity), "fbfff0000000000000"),
        (.float(.nan), "fb7ff8000000000000"), (.float(0), "fb0000000000000000"),
        (.bool(false), "f4"), (.bool(true), "f5"), (.null, "f6"),
        (.bytes([]), "40"), (.bytes([1, 2, 3, 4]), "4401020304"),
        (.text(""), "60"), (.text("a"), "6161"), (.text("IETF"), "6449455446"), (.text("\"\\"), "62225c"),
        (.text("\u{fc}"), "62c3bc"), (.text("\u{6c34}"), "63e6b0b4"), (.text("\u{10151}"), "64f0908591"),
        (.array([]), "80"), (.array([.int(1), .int(2), .int(3)]), "83010203"),
        (.array([.int(1), .array([.int(2), .int(3)]), .array([.int(4), .int(5)])]), "8301820203820405"),
        (.array((1...25).map { .int($0) }), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
        (.map([:]), "a0"), (.map(["a": .int(1), "b": .array([.int(2), .int(3)])]), "a26161016162820203"),
        (.array([.text("a"), .map(["b": .text("c")])]), "826161a161626163"),
        (
            .map(["a": .text("A"), "b": .text("B"), "c": .text("C"), "d": .text("D"), "e": .text("E")]),
            "a56161614161626142616361436164614461656145"
        ),
    ]

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    @Test func theExamplesOfTheStandard() throws {
        for (value, expected) in Self.examples {
            #expect(hex(value.encoded()) == expected)
            let back = try #require(Canonical(encoded: bytes(expected)))
            #expect(back.encoded() == value.encoded())
        }
    }

    @Test func shortKeysComeFirstThenBytesDecide() {
        let map = Canonical.map(["b": .null, "aa": .null, "a": .null, "Z": .null, "é": .null])
        #expect(hex(map.encoded()) == "a5615af66161f66162f6626161f662c3a9f6")
    }

    @Test func thereIsOneNaNAndOneZero() {
        #expect(Canonical.float(-0.0).encoded() == Canonical.float(0).encoded())
        let other = Double(nan: 5, signaling: false)
        #expect(Canonical.float(-other).encoded() == Canonical.float(.nan).encoded())
        #expect(Canonical.float(1).encoded() != Canonical.int(1).encoded())
    }

    @Test(arguments: [
        "", "1800", "1817", "190018", "1a0000ffff", "1b00000000ffffffff", "f7", "f8ff", "f93c00", "fa3f800000",
        "fb8000000000000000", "fb7ff8000000000001", "fb3ff1", "5f4101ff", "9fff", "bfff", "6180", "62c328", "42ff",
        "a1010a", "a2616201616101", "a2616101616102", "a1626161", "8201", "9b7fffffffffffffff", "c000",
        "1bffffffffffffffff",
        "3bffffffffffffffff", "0000", "a262c3a901626101", "a262c3a90163 65cc8102",
    ])
    func whatIsNotCanonicalIsNotRead(_ hex: String) {
        #expect(Canonical(encoded: bytes(hex)) == nil)
    }

    @Test func deepNestingIsRefused() {
        #expect(Canonical(encoded: Array(repeating: 0x81, count: 100_000)) == nil)
    }

    @Test func randomValuesComeBackAndEveryCutIsRefused() throws {
        var stream = RandomStream(named: Digest(of: .text("canonical")))
        for _ in 0..<300 {
            let value = Self.random(&stream, depth: 0)
            let bytes = value.encoded()
            #expect(Canonical(encoded: bytes) == value)
            for cut in 0..<bytes.count { #expect(Canonical(encoded: Array(bytes[..<cut])) == nil) }
        }
    }

    static func random(_ stream: inout RandomStream, depth: Int) -> Canonical {
        switch stream.index(below: depth < 3 ? 8 : 6) {
        case 0: .null
        case 1: .bool(stream.index(below: 2) == 1)
        case 2: .int(Int(truncatingIfNeeded: stream.next()) >> stream.index(below: 64))
        case 3: .float(stream.uniform() - 0.5)
        case 4: .text(String(repeating: "ż", count: stream.index(below: 20)))
        case 5: .bytes((0..<stream.index(below: 40)).map { UInt8($0) })
        case 6: .array((0..<stream.index(below: 4)).map { _ in random(&stream, depth: depth + 1) })
        default:
            .map(
                Dictionary(
                    (0..<stream.index(below: 4)).map { _ in
                        (String(stream.index(below: 2000), radix: 36), random(&stream, depth: depth + 1))
                    }, uniquingKeysWith: { $1 }))
        }
    }
}
