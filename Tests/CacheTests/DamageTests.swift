// A cut or a flipped bit anywhere costs at most the record that it hits: that one is not found or not believed, is said to
// be damaged, and can be stored again; the others stay.

import Cache
import Tensors
import Testing

struct DamageTests {
    /// Three records, and the path and bytes of their segment.
    private func filled() throws -> (disk: InMemoryBlobStore, path: String, ends: [Int]) {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        var ends = [Int]()
        var path = ""
        for number in 0..<3 {
            try store.put(number)
            path = try #require(disk.files.keys.first { $0.hasSuffix(".seg") })
            ends.append(disk.files[path]?.count ?? 0)
        }
        return (disk, path, ends)
    }

    @Test func aSegmentCutAnywhereInItsLastRecordKeepsTheOthers() throws {
        let (disk, path, ends) = try filled()
        for cut in ends[1]..<ends[2] {
            let copy = disk.reborn()
            copy.files[path] = Array(try #require(copy.files[path]).prefix(cut))
            let store = try Store(directory: "/c", disk: copy, index: .memory)
            for number in 0..<2 { #expect(try store.has(number)) }
            #expect(try store.lookup(digest(2), profile: profile) == nil)
            #expect(store.damage().isEmpty, "an incomplete tail is not damage")
            try store.put(2)
            try store.put(3)
            let again = try Store(directory: "/c", disk: copy.reborn(), index: .memory)
            for number in 0..<4 { #expect(try again.has(number)) }
        }
    }

    @Test func aReaderComesBackToATailThatWasIncomplete() throws {
        let (disk, path, ends) = try filled()
        let whole = try #require(disk.files[path])
        let copy = disk.reborn()
        copy.files[path] = Array(whole.prefix(ends[1] + 30))
        let store = try Store(directory: "/c", disk: copy, index: .memory)
        copy.files[path] = whole
        try store.refresh()
        #expect(try store.has(2))
    }

    @Test func aByteFlippedAnywhereCostsAtMostItsRecord() throws {
        let (disk, path, ends) = try filled()
        for position in 0..<ends[2] {
            let copy = disk.reborn()
            copy.files[path]?[position] ^= 0x10
            let store = try Store(directory: "/c", disk: copy, index: .memory)
            let hit = ends.firstIndex { position < $0 } ?? 0
            for number in 0..<3 where number != hit { #expect(try store.has(number), "byte \(position)") }
            #expect(try !store.has(hit), "byte \(position)")
            // A damaged length at the end looks like a tail.
            #expect(!store.damage().isEmpty || hit == 2, "byte \(position)")
            try store.put(hit)
            #expect(try store.has(hit))
            if position % 5 != 0 { continue }
            // The damage stays forgotten, in whatever order the segments are read.
            for pass in 0..<2 {
                let disk = copy.reborn()
                if pass == 1 {
                    let second = try #require(disk.files.keys.first { $0.hasSuffix(".seg") && $0 != path })
                    disk.files["/c/segments/0000000000000001.seg"] = disk.files[second]
                    disk.files[second] = nil
                }
                let again = try Store(directory: "/c", disk: disk, index: .memory)
                for number in 0..<3 { #expect(try again.has(number), "byte \(position)") }
            }
        }
    }

    @Test func aFlippedByteInABlobIsDetectedAndWrittenAnew() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        let big = Value.tensor(tensor(20_000))
        try store.put(1, big)
        let path = try #require(disk.files.keys.first { $0.hasSuffix(".npy") })
        let whole = try #require(disk.files[path])
        func expectHealed(_ damaged: [UInt8]?) throws {
            disk.files[path] = damaged
            let record = try #require(try store.lookup(digest(1), profile: profile))
            #expect(record.hasValue)
            #expect(try store.value(of: record) == nil)
            #expect(store.damage().contains { $0.contains(path) })
            #expect(try store.lookup(digest(1), profile: profile)?.hasValue == false)
            let healed = try store.put(1, big)
            #expect(try store.value(of: healed) == big)
        }
        for position in [0, 9, 61, 100, 127, 128, 50_000, whole.count - 1] {
            var damaged = whole
            damaged[position] ^= 1
            try expectHealed(damaged)
        }
        try expectHealed(Array(whole.dropLast()))
        try expectHealed(whole + [0])
        try expectHealed([])
        try expectHealed(nil)
    }

    @Test func verifyTellsAndForgetsWhatIsDamaged() throws {
        let (disk, path, ends) = try filled()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        try store.put(7, .tensor(tensor(20_000)))
        try store.put(8, .tensor(tensor(20_001)))
        #expect(try store.verify().damage.isEmpty)
        #expect(try store.verify().values == 5)
        // A payload, a header, a blob, and a tail.
        disk.files[path]?[ends[0] - 1] ^= 1
        disk.files[path]?[ends[0] + 40] ^= 1
        let blobs = disk.files.keys.filter { $0.hasSuffix(".npy") }.sorted()
        disk.files[blobs[0]]?[5000] ^= 1
        disk.files[path]? += [0x93, 0x4D]
        let report = try store.verify()
        #expect(report.damage.count == 3)
        #expect(report.incompleteBytes == 2)
        #expect(try !store.has(0))
        let again = try store.verify()
        #expect(again.damage.count == 1, "the header cannot be forgotten, as nobody knows what it was")
    }

    @Test func whatIsForgottenCanBeStoredAtOnceWithAnotherResult() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        store.forget(try store.put(1))
        try store.put(1, .tensor(tensor(9)))
        try store.close()
        for index in [IndexLocation.inside, .memory] {
            let again = try Store(directory: directory.path, index: index)
            #expect(try again.lookup(digest(1), profile: profile)?.output == tensor(9).digest)
        }
    }

    @Test func whatIsForgottenStaysForgotten() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try store.put(1)
        try store.put(2)
        store.forget(try #require(try store.lookup(digest(1), profile: profile)))
        #expect(try store.lookup(digest(1), profile: profile) == nil)
        try store.close()
        for index in [IndexLocation.inside, .memory] {
            let again = try Store(directory: directory.path, index: index)
            #expect(try again.lookup(digest(1), profile: profile) == nil)
            #expect(try again.has(2))
        }
        // And can be stored anew, with another result.
        let again = try Store(directory: directory.path)
        try again.put(1, .tensor(tensor(9)))
        #expect(try again.lookup(digest(1), profile: profile)?.output == tensor(9).digest)
    }
}
