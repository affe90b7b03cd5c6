// What plain scalars mean.

import Tensors
import Testing

@testable import Spec

@Suite struct CoreSchemaTests {
    @Test(arguments: [
        ("", Canonical.null), ("~", .null), ("null", .null), ("NULL", .null), ("nUll", .text("nUll")),
        ("true", .bool(true)), ("True", .bool(true)), ("FALSE", .bool(false)), ("tRue", .text("tRue")),
        ("no", .text("no")), ("on", .text("on")), ("yes", .text("yes")), ("1_000", .text("1_000")),
        ("2001-01-01", .text("2001-01-01")), ("1/3", .text("1/3")), ("12:30", .text("12:30")),
        ("0", .int(0)), ("-0", .int(0)), ("+12", .int(12)), ("007", .int(7)), ("0x1F", .int(31)), ("0o17", .int(15)),
        ("0x", .text("0x")), ("0o8", .text("0o8")), ("-0x1", .text("-0x1")), ("-", .text("-")), ("+", .text("+")),
        ("1.", .float(1)), (".5", .float(0.5)), ("-.5", .float(-0.5)), ("1e3", .float(1000)), ("1.e2", .float(100)),
        ("1E-2", .float(0.01)),
        (".", .text(".")), ("1e", .text("1e")), ("e1", .text("e1")), ("1.2.3", .text("1.2.3")), ("nan", .text("nan")),
        (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)), ("inf", .text("inf")),
    ])
    func isTyped(_ plain: String, _ value: Canonical) {
        #expect(CoreSchema.value(of: plain) == value)
    }
}
