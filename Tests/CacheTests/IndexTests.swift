// The index is never needed: deleted, damaged, behind or of another time, the answers are the same.

import Cache
import Tensors
import Testing

struct IndexTests {
    private func filled() throws -> TemporaryDirectory {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<50 { try store.put(number) }
        try store.close()
        return directory
    }

    private func expectWhole(_ directory: TemporaryDirectory, _ numbers: Range<Int> = 0..<50) throws {
        let store = try Store(directory: directory.path)
        for number in numbers { #expect(try store.has(number)) }
        #expect(store.hasRecords(of: stage))
        try store.put(1000)
        try store.close()
        #expect(try Store(directory: directory.path).has(1000))
    }

    @Test func deleted() throws {
        let directory = try filled()
        try Disk().remove(directory.path + "/index.sqlite")
        try expectWhole(directory)
    }

    @Test func noDatabase() throws {
        let directory = try filled()
        try directory.write(Array("this is no database, of that one may be sure".utf8), to: "index.sqlite")
        try expectWhole(directory)
        try directory.write([], to: "index.sqlite")
        try expectWhole(directory)
    }

    @Test(arguments: [0, 3, 5, 7, 9]) func overwritten(sixteenth: Int) throws {
        let directory = try filled()
        var bytes = try #require(directory.read("index.sqlite"))
        let start = bytes.count / 16 * sixteenth
        for position in start..<min(start + 3000, bytes.count) { bytes[position] ^= 0x5A }
        try directory.write(bytes, to: "index.sqlite")
        try expectWhole(directory)
    }

    @Test func aFlippedBitInARowIsNotBelieved() throws {
        let directory = try filled()
        var bytes = try #require(directory.read("index.sqlite"))
        let output = tensor(5, seed: 3).digest.bytes
        let position = try #require(bytes.indices.first { bytes[$0...].starts(with: output) })
        bytes[position + 4] ^= 1
        try directory.write(bytes, to: "index.sqlite")
        let store = try Store(directory: directory.path)
        #expect(try store.has(3))
        #expect(store.damage().count == 1)
    }

    @Test func behind() throws {
        let directory = try filled()
        let old = try #require(directory.read("index.sqlite"))
        let store = try Store(directory: directory.path)
        for number in 50..<80 { try store.put(number) }
        try store.close()
        try directory.write(old, to: "index.sqlite")
        try expectWhole(directory, 0..<80)
    }

    @Test func aSegmentThatVanishedIsForgotten() throws {
        let directory = try filled()
        let first = try #require(directory.list("segments").first)
        let store = try Store(directory: directory.path)
        for number in 50..<60 { try store.put(number) }
        try store.close()
        try Disk().remove("\(directory.path)/segments/\(first)")
        let again = try Store(directory: directory.path)
        #expect(try again.lookup(digest(1), profile: profile) == nil)
        for number in 50..<60 { #expect(try again.has(number)) }
    }

    @Test func aReaderFindsAgainWhatWasCollectedIntoAnotherSegment() throws {
        let directory = try filled()
        let reader = try Store(directory: directory.path)
        let record = try #require(try reader.lookup(digest(1), profile: profile))
        let name = try #require(directory.list("segments").first)
        let bytes = try #require(directory.read("segments/\(name)"))
        try directory.write(bytes, to: "segments/00000000000000aa.seg")
        try Disk().remove("\(directory.path)/segments/\(name)")
        #expect(try reader.value(of: record) == .tensor(tensor(5, seed: 1)))
        #expect(reader.damage().isEmpty)
    }

    @Test func manyRecordsGoInBatches() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in 0..<9000 { try store.put(number, .nothing) }
        let found = try store.lookup((0..<9000).map(digest), profile: profile)
        #expect(found.allSatisfy { $0 != nil })
    }
}
