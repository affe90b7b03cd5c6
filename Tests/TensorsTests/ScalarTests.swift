// Scalars: a total order without rounding, and decimals that read back.

import Tensors
import Testing

struct ScalarTests {
    @Test func theOrderIsTotal() {
        let large = 1 << 53
        let ordered: [Scalar] = [
            .missing, .bool(false), .bool(true), .float(-.infinity), .float(-0x1p64), .int(.min), .float(-0x1p63),
            .int(-3),
            .float(-2.5), .int(-2), .int(0), .float(0), .float(0.5), .int(1), .float(1), .int(large),
            .float(Double(large)),
            .int(large + 1), .int(large + 2), .float(Double(large + 2)), .int(.max), .float(0x1p63), .float(.infinity),
            .float(.nan), .string(""), .string("10"), .string("9"), .string("Z"), .string("a"), .string("é"),
        ]
        for (i, left) in ordered.enumerated() {
            for (j, right) in ordered.enumerated() { #expect((left < right) == (i < j), "\(left) \(right)") }
        }
    }

    @Test func textIsOrderedAsBytes() {
        #expect(Scalar.string("e\u{301}") < .string("é"))
        #expect(precedes("clip_2", "clip_a") && !precedes("a", "a") && precedes("a", "aa"))
    }

    @Test func equalNumbersAreComparable() {
        #expect(Scalar.float(3).comparable == .int(3) && Scalar.float(-0.0).comparable == .int(0))
        #expect(Scalar.float(0.5).comparable == .float(0.5) && Scalar.float(0x1p80).comparable == .float(0x1p80))
        #expect(Scalar.float(.nan).comparable == .missing && Scalar.string("3").comparable == .string("3"))
    }

    @Test func decimalsReadBack() {
        for value in [0.1, 1e300, -2.5e-9, 1, 123_456_789.125, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
            #expect(Double(decimal(value)) == value)
        }
        #expect([.nan, .infinity, -.infinity, -0.0].map(decimal) == ["nan", "inf", "-inf", "0.0"])
        #expect("\(Scalar.missing)" == "" && "\(Scalar.bool(true))" == "true" && "\(Scalar.int(-5))" == "-5")
    }

    @Test(arguments: [Scalar.missing, .bool(true), .int(3), .float(2.5), .string("ü")])
    func canonicalAndBack(_ scalar: Scalar) {
        #expect(Scalar(scalar.canonical) == scalar)
    }
}
