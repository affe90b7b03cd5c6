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
        #expect(bytes.count == 1277)
        #expect(Digest(of: bytes).hex == "cb061e6aabfc36ccaa7f89aa8bb75371ef02868d822181c24d99ed77fc10142d")
    }
}
