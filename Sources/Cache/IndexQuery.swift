// Prepared statements by SQLite's own calls, for the few queries that run once a record.

internal import GRDB
internal import GRDBSQLite
internal import Tensors

/// A prepared statement of SQLite's. Bound bytes must stay until it has run.
struct IndexQuery {
    private let database: Database
    private let statement: OpaquePointer

    init(_ database: Database, _ sql: String) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql).sqliteStatement
    }

    func bind(_ index: Int32, _ bytes: UnsafeRawBufferPointer) {
        sqlite3_bind_blob(statement, index, bytes.baseAddress, Int32(bytes.count), nil)
    }

    func bind(_ index: Int32, _ integer: Int) { sqlite3_bind_int64(statement, index, Int64(integer)) }

    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
    }

    func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

    func reset() {
        sqlite3_reset(statement)
        sqlite3_clear_bindings(statement)
    }

    /// Whether there is a row.
    func step() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let message = String(cString: sqlite3_errmsg(database.sqliteConnection))
            reset()
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
        }
    }

    func run() throws {
        _ = try step()
        reset()
    }

    /// Writes a record, as the two values of a row.
    func run(_ record: Record) throws {
        try record.row.withUnsafeBytes { row in
            try record.slot.withBytes { slot in
                bind(1, slot)
                bind(2, row)
                try run()
            }
        }
    }

    /// Reads the record of a slot.
    func record(_ slot: Slot) throws -> Record? {
        try slot.withBytes { bytes in
            bind(1, bytes)
            defer { reset() }
            guard try step() else { return nil }
            guard let record = Record(slot: slot, row: blob(0)) else { throw IndexFault.unusable("a row is damaged") }
            return record
        }
    }
}
