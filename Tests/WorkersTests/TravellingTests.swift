import Glibc
import Tensors
import TestSupport
import Testing

@testable import Workers

/// Values arrive as they were sent, whatever they are.
@Suite struct Travelling {
    private func sent(_ value: Value) throws -> Value? {
        let file = try SharedFile()
        var writer = ArrayWriter(file: file)
        let form = try writer.form(of: value)
        let message = try #require(Canonical(encoded: form.encoded()))
        // The other process has a mapping of its own.
        return Value(form: message, arrays: SharedFile(descriptor: dup(file.descriptor)))
    }

    @Test(arguments: 0..<60) func anyValue(seed: Int) throws {
        let value = AnyValue.make(seed)
        let arrived = try #require(try sent(value))
        #expect(arrived.digest == value.digest)
        #expect(arrived == value)
    }

    @Test func largeArraysDoNotTravelInTheMessage() throws {
        let file = try SharedFile()
        var writer = ArrayWriter(file: file)
        let tensor = Tensor(.uint8(Array(repeating: 7, count: 15_000_000)), shape: [15_000_000], axes: ["time"])
        let form = try writer.form(of: .bundle(Bundle(tensors: ["a": tensor, "b": tensor])))
        #expect(form.encoded().count < 1000)
        #expect(Value(form: form, arrays: file) == .bundle(Bundle(tensors: ["a": tensor, "b": tensor])))
    }

    @Test(arguments: [
        Canonical.bool(true), .map([:]), .map(["tensor": .null]), .map(["tensor": .array([.null, .bytes([])])]),
        .map(["tensor": .array([header([4]), .bytes([1, 2])])]),
        .map(["tensor": .array([header([4]), .int(0), .int(5)])]),
        .map(["tensor": .array([header([4]), .int(-4), .int(4)])]),
        .map(["tensor": .array([header([4]), .int(.max), .int(4)])]),
        .map(["tensor": .array([header([1 << 30]), .int(0), .int(1 << 30)])]),
        .map(["tensor": .array([header([-4]), .int(0), .int(4)])]),
        .map(["bundle": .map(["tensors": .map(["x": .null]), "scalars": .map([:])])]),
        .map(["bundle": .map(["tensors": .map([:]), "scalars": .map(["x": .array([])])])]),
        .map(["media": .map(["path": .text("x")])]),
    ]) func whatIsNoValueIsNone(form: Canonical) throws {
        let file = try SharedFile()
        try [UInt8](repeating: 0, count: 100).withUnsafeBytes { bytes in try file.write(bytes, at: 0) }
        #expect(Value(form: form, arrays: file) == nil)
    }

    private static func header(_ shape: [Int]) -> Canonical {
        .map([
            "type": .text("uint8"), "shape": .array(shape.map { .int($0) }), "axes": .array([.text("time")]),
            "labels": .map([:]), "attributes": .map([:]),
        ])
    }
}
