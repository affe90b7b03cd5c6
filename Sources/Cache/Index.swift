// The index: slot → record, in SQLite. It is made from the segments and holds nothing else: whatever is wrong with it, it
// is thrown away and made again. Rows are read and written through prepared statements by SQLite's own calls, which
// measured three times as fast as by GRDB's rows; a row has a checksum, as SQLite has none.

internal import GRDB
internal import Tensors

/// Why the index did not answer.
enum IndexFault: Error {
    /// Another process holds it; what was to be done can be done later.
    case busy
    /// It is damaged, of another shape, or lies where nothing can be written.
    case unusable(String)
}

/// What is to be entered into the index.
enum IndexChange: Sendable {
    case record(Record, stage: Digest)
    case forgetting(Forgetting)

    var slot: Slot {
        switch self {
        case .record(let record, _): record.slot
        case .forgetting(let forgetting): forgetting.slot
        }
    }
}

/// A stretch of a segment whose frames are among the changes.
struct IndexedStretch: Sendable {
    let writer: WriterName
    let from: Int
    let to: Int
}

/// One open index.
final class Index: Sendable {
    /// The shape of the tables.
    private static let shape: Int32 = 1

    private let queue: DatabaseQueue

    /// Opens or creates the index; without a path it lives in memory.
    init(path: String?) throws(IndexFault) {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32000")
        }
        do {
            if let path {
                configuration.journalMode = .wal
                queue = try DatabaseQueue(path: path, configuration: configuration)
            } else {
                queue = try DatabaseQueue(configuration: configuration)
            }
            try queue.inDatabase { database in
                try database.inTransaction(.immediate) {
                    let found = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
                    if found == 0 {
                        try database.execute(
                            sql: """
                                CREATE TABLE records(slot BLOB PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID;
                                CREATE TABLE segments(writer INTEGER PRIMARY KEY, length INTEGER NOT NULL);
                                CREATE TABLE names(kind INTEGER, digest BLOB, PRIMARY KEY (kind, digest)) WITHOUT ROWID;
                                CREATE TABLE forgotten(
                                    writer INTEGER, offset INTEGER, extent TEXT NOT NULL, PRIMARY KEY (writer, offset)
                                ) WITHOUT ROWID;
                                PRAGMA user_version = \(Self.shape);
                                """)
                    } else if found != Self.shape {
                        throw IndexFault.unusable("it has another shape")
                    }
                    return .commit
                }
            }
        } catch { throw Self.fault(error) }
    }

    func close() {
        // A failure to close is one of SQLite's bookkeeping; there is nothing left to be lost.
        try? queue.close()
    }

    /// The records of slots.
    func find(_ slots: [Slot]) throws(IndexFault) -> [Record?] {
        try perform { database in
            var records = [Record?]()
            records.reserveCapacity(slots.count)
            let query = try IndexQuery(database, "SELECT row FROM records WHERE slot = ?")
            // One transaction spares a lock for each look-up.
            if slots.count > 1 { try database.execute(sql: "BEGIN") }
            defer { if slots.count > 1 { try? database.execute(sql: "COMMIT") } }
            for slot in slots { records.append(try query.record(slot)) }
            return records
        }
    }

    /// Calls `body` with each record.
    func forEach(_ body: (Record) -> Void) throws(IndexFault) {
        try perform { database in
            let query = try IndexQuery(database, "SELECT slot, row FROM records")
            defer { query.reset() }
            while try query.step() {
                let bytes = query.blob(0)
                guard bytes.count == 64, let key = Digest(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<32])),
                    let profile = Digest(bytes: UnsafeRawBufferPointer(rebasing: bytes[32...])),
                    let record = Record(slot: Slot(key: key, profile: profile), row: query.blob(1))
                else { throw IndexFault.unusable("a row is damaged") }
                body(record)
            }
        }
    }

    /// How far each segment has been entered.
    func lengths() throws(IndexFault) -> [WriterName: Int] {
        try perform { database in
            var lengths = [WriterName: Int]()
            for row in try Row.fetchAll(database, sql: "SELECT writer, length FROM segments") {
                let writer: Int64 = row[0]
                lengths[WriterName(number: UInt64(bitPattern: writer))] = row[1]
            }
            return lengths
        }
    }

    /// The stages that have records, and the profiles.
    func names() throws(IndexFault) -> (stages: Set<Digest>, profiles: Set<Digest>) {
        try perform { database in
            var names: (stages: Set<Digest>, profiles: Set<Digest>) = ([], [])
            let query = try IndexQuery(database, "SELECT kind, digest FROM names")
            defer { query.reset() }
            while try query.step() {
                guard let digest = Digest(bytes: query.blob(1)) else { throw IndexFault.unusable("a name is damaged") }
                if query.integer(0) == 0 { names.stages.insert(digest) } else { names.profiles.insert(digest) }
            }
            return names
        }
    }

    /// What is to be forgotten of the segments.
    func forgotten() throws(IndexFault) -> [Place: Forgetting.Extent] {
        try perform { database in try Self.forgotten(database) }
    }

    static func forgotten(_ database: Database) throws -> [Place: Forgetting.Extent] {
        var forgotten = [Place: Forgetting.Extent]()
        for row in try Row.fetchAll(database, sql: "SELECT writer, offset, extent FROM forgotten") {
            let writer: Int64 = row[0]
            let place = Place(writer: WriterName(number: UInt64(bitPattern: writer)), offset: row[1])
            forgotten[place] = Forgetting.Extent(rawValue: row[2])
        }
        return forgotten
    }

    /// Forgets everything.
    func clear() throws(IndexFault) {
        try perform { database in
            try database.inTransaction(.immediate) {
                try database.execute(
                    sql: "DELETE FROM records; DELETE FROM segments; DELETE FROM names; DELETE FROM forgotten")
                return .commit
            }
        }
    }

    /// Enters changes, all or none, and tells of records that contradict one that was there before.
    func enter(
        _ changes: [IndexChange], _ stretches: [IndexedStretch]
    ) throws(IndexFault) -> [(kept: Record, refused: Record)] {
        try perform { database in
            var conflicts = [(kept: Record, refused: Record)]()
            try database.inTransaction(.immediate) {
                var entering = try IndexEntering(database)
                conflicts = try entering.enter(changes, stretches)
                return .commit
            }
            return conflicts
        }
    }

    private func perform<Result>(_ body: (Database) throws -> Result) throws(IndexFault) -> Result {
        do { return try queue.inDatabase(body) } catch { throw Self.fault(error) }
    }

    private static func fault(_ error: any Error) -> IndexFault {
        if let fault = error as? IndexFault { return fault }
        guard let error = error as? DatabaseError else { return .unusable("\(error)") }
        let isBusy = [.SQLITE_BUSY, .SQLITE_LOCKED].contains(error.resultCode)
        return isBusy ? .busy : .unusable(error.message ?? "SQLite says \(error.resultCode)")
    }
}
