// .npy: what numpy writes is read, what is written is what numpy writes, and anything else is an error with a sentence.

import Tensors
import Testing

struct NpyTests {
    static let tensors: [Tensor] = [
        Tensor(.uint8([0, 255]), shape: [2], axes: ["axis_0"]),
        Tensor(.int16([.min, .max]), shape: [1, 2], axes: ["axis_0", "axis_1"]),
        Tensor(.int32([1, 2, 3]), shape: [3, 1], axes: ["axis_0", "axis_1"]),
        Tensor(.int64([.min]), shape: [], axes: []),
        Tensor(.float32([1.5, -0.0]), shape: [2], axes: ["axis_0"]),
        Tensor(.float64([]), shape: [0, 3], axes: ["axis_0", "axis_1"]),
        Tensor(.complex64([Complex64(1, -1)]), shape: [1], axes: ["axis_0"]),
        Tensor(.bool([true, false]), shape: [2], axes: ["axis_0"]),
    ]

    @Test(arguments: tensors) func aTensorComesBack(_ tensor: Tensor) throws {
        let bytes = Npy.encode(tensor)
        #expect(try Npy.decode(bytes) == tensor)
        #expect(Npy.header(type: tensor.type, shape: tensor.shape).count % 64 == 0)
        for cut in 0..<bytes.count { #expect(throws: NpyError.self) { try Npy.decode(Array(bytes[..<cut])) } }
        #expect(throws: NpyError.self) { try Npy.decode(bytes + [0]) }
    }

    @Test func theHeaderIsThatOfNumpy() {
        let header = String(decoding: Npy.header(type: .float32, shape: [3, 4]).dropFirst(10), as: UTF8.self)
        #expect(
            header == "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }" + String(repeating: " ", count: 58)
                + "\n")
        #expect(Npy.header(type: .bool, shape: []).prefix(10) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 0x76, 0])
    }

    private func file(_ header: String, version: UInt8 = 1, elements: Int = 0) -> [UInt8] {
        let length = UInt8(header.utf8.count)
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + (version == 1 ? [length, 0] : [length, 0, 0, 0])
            + Array(header.utf8) + Array(repeating: 0, count: elements)
    }

    @Test func newerVersionsAndOtherSpacingAreRead() throws {
        let bytes = file("{'shape': (2,), 'fortran_order': True, 'descr': '<i2'}\n", version: 2, elements: 4)
        #expect(try Npy.decode(bytes).elements == .int16([0, 0]))
    }

    @Test(arguments: [
        ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", NpyError.unsupportedType(">f4")),
        ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }", .fortranOrder),
        ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", .wrongLength(expected: 4, got: 0)),
        (
            "{'descr': '|u1', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
            .badHeader("the shape overflows")
        ),
        (
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904,), }",
            .badHeader("the shape overflows")
        ),
        ("{'descr': '<f8'}", .badHeader("{'descr': '<f8'}")),
    ])
    func otherFilesAreErrors(header: String, expected: NpyError) {
        #expect(throws: expected) { try Npy.decode(file(header)) }
        #expect(!expected.description.isEmpty)
    }

    @Test func noNpyAtAll() {
        #expect(throws: NpyError.notNpy) { try Npy.decode(Array("RIFF and so on".utf8)) }
        #expect(throws: NpyError.unsupportedVersion(9)) { try Npy.decode(file("", version: 9)) }
    }

    @Test func aBoolThatIsNeitherIsRefused() {
        var bytes = Npy.encode(Tensor(.bool([true]), shape: [1], axes: ["x"]))
        bytes[bytes.count - 1] = 2
        #expect(throws: NpyError.self) { try Npy.decode(bytes) }
    }
}
