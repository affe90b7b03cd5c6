// The bytes on disk. A change here is a new format: raise `Layout.format`.

import Cache
import Tensors
import Testing

struct FormatTests {
    @Test func theBytesOfARecordArePinned() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        try store.put(1)
        try store.put(2, .bundle(Bundle(scalars: ["n": .int(1)])))
        try store.put(3, .nothing)
        try store.put(4, keepsValue: false)
        let bytes = try #require(disk.files.first { $0.key.hasSuffix(".seg") }?.value)
        #expect(bytes.starts(with: [0x93, 0x4D, 0x53, 0x52]))
        #expect(bytes.count == 1279)
        #expect(Digest(of: bytes).hex == "3f0803c8492c64e63866369b2a6c2653bf3a595fbc6f45e21556cc0d618833c4")
    }

    @Test func aFramesHeaderIsCanonicalBytes() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        try store.put(1)
        let bytes = try #require(disk.files.first { $0.key.hasSuffix(".seg") }?.value)
        let length = Int(bytes[4]) | Int(bytes[5]) << 8
        let header = Canonical(encoded: Array(bytes[24..<24 + length]))
        let value = tensor(5, seed: 1)
        #expect(
            header
                == .map([
                    "key": .digest(digest(1)), "profile": .digest(profile), "stage": .digest(stage),
                    "output": .digest(value.digest), "note": .bytes(note(1).encoded()),
                    "value": .map([
                        "form": .text("tensor"), "header": .bytes(value.header.encoded()), "length": .int(20),
                        "payload": .digest(value.payloadDigest), "blob": .bool(false), "is_output": .bool(true),
                    ]),
                ]))
        #expect(bytes.dropFirst(24 + length).elementsEqual(value.elements.withBytes { Array($0) }))
        let sum = Digest(of: Array(bytes[..<16] + bytes[24..<24 + length])).bytes.prefix(8)
        #expect(bytes[16..<24].elementsEqual(sum))
    }

    @Test func blobsLieUnderTheirDigests() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        try store.put(1, .tensor(tensor(20_000)))
        try store.put(2, .bundle(Bundle(tensors: ["w": tensor(20_000)])))
        let npy = tensor(20_000).payloadDigest.hex
        let cbor = Digest(of: Bundle(tensors: ["w": tensor(20_000)]).canonical).hex
        #expect(disk.files["/c/blobs/\(npy.prefix(2))/\(npy.dropFirst(2)).npy"]?.count == 80_128)
        #expect(disk.files["/c/blobs/\(cbor.prefix(2))/\(cbor.dropFirst(2)).cbor"] != nil)
    }
}
