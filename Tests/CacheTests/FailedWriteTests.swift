// A write that fails, at any time and in any way: what was acknowledged stays, the failure is told, and the store goes on.

import Cache
import Glibc
import Tensors
import Testing

struct FailedWriteTests {
    static let failures: [InMemoryBlobStore.Failure] = [
        .error(ENOSPC), .error(EIO), .short(0), .short(1), .short(100), .killed(after: 0), .killed(after: 200),
    ]

    /// Small values and blobs in turn.
    private func value(_ number: Int) -> Value { .tensor(tensor(number % 3 == 2 ? 20_000 : 5, seed: number)) }

    @Test(arguments: failures) func nothingThatWasAcknowledgedIsLost(failure: InMemoryBlobStore.Failure) throws {
        for write in 0..<13 {
            let disk = InMemoryBlobStore()
            let store = try Store(directory: "/c", disk: disk, index: .memory)
            disk.fail(at: write, with: failure)
            var acknowledged = [Int]()
            var failed = 0
            for number in 0..<9 {
                do {
                    try store.put(number, value(number))
                    acknowledged.append(number)
                } catch { failed += 1 }
            }
            let writesInAll = 12
            switch failure {
            case .killed: #expect(write >= writesInAll || failed > 0)
            default: #expect(failed == (write < writesInAll ? 1 : 0))
            }
            let again = try Store(directory: "/c", disk: disk.reborn(), index: .memory)
            for store in [store, again] {
                for number in acknowledged {
                    let record = try #require(try store.lookup(digest(number), profile: profile))
                    #expect(try store.value(of: record) == value(number))
                }
            }
            #expect(again.damage().isEmpty)
            for number in 0..<9 { try again.put(number, value(number)) }
            #expect(try again.verify().damage.isEmpty)
        }
    }

    @Test func aFullDiskIsToldAsOne() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        for failure in [InMemoryBlobStore.Failure.error(ENOSPC), .error(EDQUOT), .short(10)] {
            disk.fail(at: 0, with: failure)
            let error = #expect(throws: CacheError.self) { try store.put(1) }
            #expect(error?.description.contains("there is no space left for /c/segments/") == true)
        }
    }

    @Test func aDirectoryThatCannotBeWrittenIsToldAsOne() throws {
        let disk = InMemoryBlobStore()
        let store = try Store(directory: "/c", disk: disk, index: .memory)
        disk.fail(at: 0, with: .error(EACCES))
        let error = #expect(throws: CacheError.self) { try store.put(1) }
        #expect(error?.description.contains("cannot be written: give yourself permission") == true)
    }
}
