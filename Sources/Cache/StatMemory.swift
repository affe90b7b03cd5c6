// The stat memory: of files that were digested once, what their status was and what the digest is, so that an unchanged
// data set is not read again. A machine's own; losing it loses only time.

internal import GRDB
public import Tensors

/// Digests of files by their fingerprints.
public final class StatMemory: Sendable {
    private let queue: DatabaseQueue

    /// Opens or creates the memory; one that is not to be used is thrown away, and where none can be had it lives in
    /// memory for as long as the process.
    public init(path: String) throws(CacheError) {
        if let queue = try? Self.open(path) {
            self.queue = queue
            return
        }
        removeDatabase(path)
        if let queue = try? Self.open(path) {
            self.queue = queue
            return
        }
        do { queue = try Self.open(nil) } catch { throw .cannotRead(path: path, reason: "\(error)") }
    }

    private static func open(_ path: String?) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        if path != nil { configuration.journalMode = .wal }
        let queue =
            try path.map { try DatabaseQueue(path: $0, configuration: configuration) }
            ?? DatabaseQueue(configuration: configuration)
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE IF NOT EXISTS files_1(
                        device INTEGER, inode INTEGER, size INTEGER, modified INTEGER, changed INTEGER, member TEXT,
                        digest TEXT NOT NULL, bytes INTEGER NOT NULL,
                        PRIMARY KEY (device, inode, member)
                    ) WITHOUT ROWID
                    """)
        }
        return queue
    }

    /// What is known of files (or members of a zip), each nil where nothing is, or where the file has changed.
    public func lookup(
        _ entries: [(fingerprint: Fingerprint, member: String?)]
    ) throws(CacheError) -> [(digest: Digest, size: Int)?] {
        try perform { queue in
            try queue.read { database in
                let statement = try database.cachedStatement(
                    sql: """
                        SELECT digest, bytes FROM files_1 WHERE device = ? AND inode = ? AND member = ?
                            AND size = ? AND modified = ? AND changed = ?
                        """)
                return try entries.map { fingerprint, member in
                    let row = try Row.fetchOne(
                        statement,
                        arguments: [
                            Int64(bitPattern: fingerprint.device), Int64(bitPattern: fingerprint.inode),
                            Self.name(member), fingerprint.size, fingerprint.modified, fingerprint.changed,
                        ])
                    guard let row, let digest = (row[0] as String?).flatMap({ Digest(hex: $0) }) else { return nil }
                    return (digest, row[1])
                }
            }
        }
    }

    /// Keeps digests of files. A file that was touched within the clock's granularity of `now` (nanoseconds since 1970,
    /// taken before the file was read) is left out: it could change again and have the same times.
    public func remember(
        _ entries: [(fingerprint: Fingerprint, member: String?, digest: Digest, size: Int)], now: Int64
    ) throws(CacheError) {
        let settled = entries.filter { Self.isSettled($0.fingerprint, now) }
        if settled.isEmpty { return }
        try perform { queue in
            try queue.write { database in
                let statement = try database.cachedStatement(
                    sql: "INSERT OR REPLACE INTO files_1 VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
                for (fingerprint, member, digest, size) in settled {
                    try statement.execute(arguments: [
                        Int64(bitPattern: fingerprint.device), Int64(bitPattern: fingerprint.inode),
                        fingerprint.size, fingerprint.modified, fingerprint.changed, Self.name(member),
                        digest.hex, size,
                    ])
                }
            }
        }
    }

    /// Whether a change from now on would show in the file's times.
    private static func isSettled(_ fingerprint: Fingerprint, _ now: Int64) -> Bool {
        let second: Int64 = 1_000_000_000
        let isCoarse = fingerprint.modified % second == 0 && fingerprint.changed % second == 0
        let granularity = isCoarse ? 2 * second : second / 10
        return max(fingerprint.modified, fingerprint.changed) < now - granularity
    }

    /// No member has an empty name; a primary key holds no null.
    private static func name(_ member: String?) -> String { member ?? "" }

    private func perform<Result>(_ body: (DatabaseQueue) throws -> Result) throws(CacheError) -> Result {
        do { return try body(queue) } catch { throw .ioFailed(path: queue.path, reason: "\(error)") }
    }
}
