// What is stored comes back, bit by bit, in this process and in the next.

import Cache
import Tensors
import Testing

struct RoundTripTests {
    static let values: [(String, Value)] = {
        let complex = Tensor(
            .complex64([Complex64(1, -2), Complex64(.nan, 0)]), shape: [1, 2], axes: ["time", "frequency"])
        let labelled = Tensor(
            .float64([1, -0.0, .infinity]), shape: [3], axes: ["feature"], labels: ["feature": ["a", "b", "ç"]],
            attributes: ["name": .string("x"), "missing": .missing])
        return [
            ("nothing", .nothing),
            ("an empty tensor", .tensor(Tensor(.float32([]), shape: [0, 4], axes: ["time", "feature"]))),
            ("a scalar tensor", .tensor(Tensor(.int64([.min]), shape: [], axes: []))),
            ("complex", .tensor(complex)),
            ("labelled", .tensor(labelled)),
            ("bools", .tensor(Tensor(.bool([true, false]), shape: [2], axes: ["class"]))),
            (
                "one byte below a blob",
                .tensor(Tensor(.uint8(Array(repeating: 7, count: 65535)), shape: [65535], axes: ["x"]))
            ),
            (
                "the smallest blob",
                .tensor(Tensor(.uint8(Array(repeating: 7, count: 65536)), shape: [65536], axes: ["x"]))
            ),
            ("a blob", .tensor(tensor(100_000))),
            ("an empty bundle", .bundle(Bundle())),
            ("a bundle", .bundle(Bundle(tensors: ["mean": tensor(3), "z": complex], scalars: ["n": .int(3)]))),
            ("a bundle in a blob", .bundle(Bundle(tensors: ["w": tensor(30_000)], scalars: ["n": .float(0.1)]))),
        ]
    }()

    /// NaN is not equal to itself; digests tell.
    private func expectEqual(_ a: Value?, _ b: Value, _ name: String) {
        #expect(a?.digest == b.digest, "\(name)")
        #expect(a?.byteCount == b.byteCount, "\(name)")
    }

    @Test func everyKindOfValueComesBack() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for (number, (_, value)) in Self.values.enumerated() { try store.put(number, value) }
        func check(_ store: Store) throws {
            for (number, (name, value)) in Self.values.enumerated() {
                let record = try #require(try store.lookup(digest(number), profile: profile))
                #expect(record.output == value.digest && record.hasValue && record.note == note(number), "\(name)")
                expectEqual(try store.value(of: record), value, name)
            }
        }
        try check(store)
        try store.flush()
        try check(store)
        try store.close()
        try check(try Store(directory: directory.path))
        try check(try Store(directory: directory.path, index: .memory))
        #expect(directory.list("segments").count == 1)
    }

    @Test func aBlobIsARealNpyFileNamedByItsElements() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        let value = tensor(20_000)
        try store.put(1, .tensor(value))
        let name = value.payloadDigest.hex
        let bytes = try #require(directory.read("blobs/\(name.prefix(2))/\(name.dropFirst(2)).npy"))
        let back = try Npy.decode(bytes)
        #expect(back.elements == value.elements && back.shape == [20_000])
    }

    @Test func equalPayloadsShareABlob() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        for number in 0..<3 {
            let other = Tensor(tensor(20_000).elements, shape: [20_000 / 4, 4], axes: ["a\(number)", "b"])
            try store.put(number, .tensor(other))
        }
        #expect(disk.files.keys.count { $0.hasSuffix(".npy") } == 1)
    }

    @Test func aTableIsKnownByItsRootAndKeepsItsRows() throws {
        let store = try Store(directory: "/c", disk: InMemoryBlobStore(), index: .memory)
        let rows = Value.bundle(Bundle(scalars: ["rows": .string("digests")]))
        let record = try store.store(
            key: digest(1), profile: profile, stage: stage, value: rows, digest: digest(99), keepsValue: true,
            note: .null)
        #expect(record.output == digest(99))
        #expect(try store.value(of: record) == rows)
    }

    @Test func aDigestWithoutTheBytesIsARecord() throws {
        let store = try Store(directory: "/c", disk: InMemoryBlobStore(), index: .memory)
        try store.put(1, keepsValue: false)
        let record = try #require(try store.lookup(digest(1), profile: profile))
        #expect(!record.hasValue)
        #expect(try store.value(of: record) == nil)
        #expect(record.output == tensor(5, seed: 1).digest)
        // The bytes come later.
        let fuller = try store.put(1)
        #expect(fuller.hasValue)
        #expect(try store.has(1))
        // And stay.
        #expect(try store.put(1, keepsValue: false).hasValue)
    }

    @Test func theBytesThatCameLaterAreFoundByTheNextProcess() throws {
        let directory = TemporaryDirectory()
        for keepsValue in [false, true, false] {
            let store = try Store(directory: directory.path)
            try store.put(1, keepsValue: keepsValue)
            try store.close()
        }
        #expect(try Store(directory: directory.path).has(1))
        #expect(try Store(directory: directory.path, index: .memory).has(1))
    }

    @Test func lookUpsComeInTheOrderOfTheKeys() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        for number in stride(from: 0, to: 40, by: 2) { try store.put(number) }
        try store.flush()
        for number in stride(from: 40, to: 60, by: 2) { try store.put(number) }
        let found = try store.lookup((0..<60).map(digest), profile: profile)
        for (number, record) in found.enumerated() {
            #expect((record != nil) == (number % 2 == 0))
            if let record { #expect(record.output == tensor(5, seed: number).digest) }
        }
        #expect(try store.lookup(digest(0), profile: digest(-9)) == nil)
    }

    @Test func anotherProfileIsAnotherRecord() throws {
        let store = try Store(directory: "/c", disk: InMemoryBlobStore(), index: .memory)
        for other in [profile, digest(-7)] {
            try store.store(
                key: digest(1), profile: other, stage: stage, value: .tensor(tensor(2, seed: other == profile ? 0 : 1)),
                digest: nil, keepsValue: true, note: .null)
        }
        #expect(Set(try store.lookupInAnyProfile(digest(1)).map(\.profile)) == [profile, digest(-7)])
    }

    @Test func stagesThatNeverRanAreKnown() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        #expect(!store.hasRecords(of: stage))
        try store.put(1)
        #expect(store.hasRecords(of: stage) && !store.hasRecords(of: digest(7)))
        try store.close()
        #expect(try Store(directory: directory.path).hasRecords(of: stage))
    }

    @Test func nodesAndRunsAreNoted() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try store.noteNode(recipe: digest(1), parts: .map(["type": .text("audio.stft")]))
        try store.noteNode(recipe: digest(1), parts: .map(["type": .text("other")]))
        try store.noteRun(id: "2026/a b", uses: [digest(1), digest(2)])
        let again = try Store(directory: directory.path)
        #expect(try again.node(recipe: digest(1)) == .map(["type": .text("audio.stft")]))
        #expect(try again.node(recipe: digest(2)) == nil)
        #expect(try again.run(id: "2026/a b") == [digest(1), digest(2)])
        #expect(try again.runs().map(\.id) == ["2026/a b"])
    }

    @Test func whatIsInTheCacheIsCounted() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try store.put(1)
        try store.put(2, keepsValue: false)
        try store.put(3, .tensor(tensor(20_000)))
        let statistics = try store.statistics()
        #expect(statistics.records == 3 && statistics.digestsOnly == 1 && statistics.inlineValues == 1)
        #expect(statistics.inlineBytes == 20 && statistics.blobs == 1 && statistics.blobValues == 1)
        #expect(statistics.blobBytes == 80_128 && statistics.segments == 1)
    }
}
