// The stat memory answers for unchanged files only, and never for one that might still change unseen.

import Cache
import Tensors
import Testing

struct StatMemoryTests {
    static let second: Int64 = 1_000_000_000

    private func print(_ inode: UInt64, _ modified: Int64 = 5 * second + 7, changed: Int64? = nil) -> Fingerprint {
        Fingerprint(device: .max, inode: inode, size: 10, modified: modified, changed: changed ?? modified)
    }

    @Test func whatWasRememberedIsFound() throws {
        let directory = TemporaryDirectory()
        let memory = try StatMemory(path: directory.path + "/stat.sqlite")
        try memory.remember(
            [(print(1), nil, digest(1), 10), (print(2), "a.wav", digest(2), 20), (print(2), "b.wav", digest(3), 30)],
            now: 9 * Self.second)
        for memory in [memory, try StatMemory(path: directory.path + "/stat.sqlite")] {
            let found = try memory.lookup([
                (print(2), "b.wav"), (print(1), nil), (print(1), "a.wav"), (print(3), nil), (print(2), "a.wav"),
            ])
            #expect(found.map { $0?.digest } == [digest(3), digest(1), nil, nil, digest(2)])
            #expect(found.map { $0?.size } == [30, 10, nil, nil, 20])
        }
    }

    @Test func aChangedFileIsNotFound() throws {
        let directory = TemporaryDirectory()
        let memory = try StatMemory(path: directory.path + "/stat.sqlite")
        try memory.remember([(print(1), nil, digest(1), 10)], now: 9 * Self.second)
        #expect(try memory.lookup([(print(1, 5 * Self.second + 8), nil)])[0] == nil)
        #expect(try memory.lookup([(print(1, changed: 6 * Self.second), nil)])[0] == nil)
    }

    @Test(arguments: [
        // modified, changed, now, whether it is remembered
        (5 * second + 1, 5 * second + 1, 5 * second + 100_000_001, false),
        (5 * second + 1, 5 * second + 1, 5 * second + 100_000_002, true),
        (5 * second + 1, 5 * second + 1, 5 * second, false),
        (1 * second + 1, 5 * second + 1, 5 * second + 2, false),
        (5 * second, 5 * second, 6 * second + 500_000_000, false),
        (5 * second, 5 * second, 7 * second + 1, true),
    ])
    func aFileTouchedWithinTheClocksGranularityIsNotRemembered(
        modified: Int64, changed: Int64, now: Int64, isRemembered: Bool
    ) throws {
        let directory = TemporaryDirectory()
        let memory = try StatMemory(path: directory.path + "/stat.sqlite")
        let file = print(1, modified, changed: changed)
        try memory.remember([(file, nil, digest(1), 10)], now: now)
        #expect((try memory.lookup([(file, nil)])[0] != nil) == isRemembered)
    }

    @Test func aDamagedMemoryIsMadeAgain() throws {
        let directory = TemporaryDirectory()
        try directory.write(Array("no database".utf8), to: "stat.sqlite")
        let memory = try StatMemory(path: directory.path + "/stat.sqlite")
        try memory.remember([(print(1), nil, digest(1), 10)], now: 9 * Self.second)
        #expect(try memory.lookup([(print(1), nil)])[0]?.digest == digest(1))
    }
}
