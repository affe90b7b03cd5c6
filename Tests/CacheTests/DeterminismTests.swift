// One key has one result. A second one is an error that names both runs, and the first stays.

import Cache
import Tensors
import Testing

struct DeterminismTests {
    private func expectRefused(_ store: Store) throws {
        let other = Value.tensor(tensor(5, seed: 77))
        let error = try #require(
            throws: CacheError.self,
            performing: {
                try store.store(
                    key: digest(1), profile: profile, stage: stage, value: other, digest: nil, keepsValue: true,
                    note: note(2))
            })
        guard case .notDeterministic(let existing, let second, let output) = error else { throw error }
        #expect(existing.note == note(1) && second == note(2) && output == other.digest)
        #expect("\(error)".contains("run r1, stage audio.stft gave"))
        #expect("\(error)".contains("run r2, stage audio.stft gave"))
        #expect(try store.has(1))
    }

    @Test func aSecondResultIsRefused() throws {
        let directory = TemporaryDirectory()
        let store = try Store(directory: directory.path)
        try store.put(1)
        try expectRefused(store)
        try store.close()
        try expectRefused(try Store(directory: directory.path))
    }

    @Test func aMissBeforeDoesNotHideTheFirstResult() throws {
        let store = try Store(directory: "/c", disk: InMemoryBlobStore(), index: .memory)
        try store.put(0)
        #expect(try store.lookup(digest(1), profile: profile) == nil)
        try store.put(1)
        try expectRefused(store)
        try store.flush()
        try expectRefused(store)
    }

    @Test func twoProcessesThatDisagreeAreTold() throws {
        let directory = TemporaryDirectory()
        let (a, b) = (try Store(directory: directory.path), try Store(directory: directory.path))
        try a.put(1)
        try b.put(1, .tensor(tensor(5, seed: 77)))
        try a.flush()
        try b.flush()
        #expect(b.damage().contains { $0.contains("run r1") && $0.contains("two results") })
        #expect(try Store(directory: directory.path).has(1))
    }
}
