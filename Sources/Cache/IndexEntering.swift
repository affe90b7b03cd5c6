// How changes come into the index, so that their order does not matter: a segment may be entered before or after another,
// and by two processes, with the same rows in the end. Of two frames of one slot, the one that keeps the value stays; what
// a forgetting names stays away, whichever was read first.

internal import GRDB
internal import GRDBSQLite
internal import Tensors

/// Enters changes within a transaction.
struct IndexEntering {
    private let database: Database
    private let insert: IndexQuery
    private let replace: IndexQuery
    private let select: IndexQuery
    private let delete: IndexQuery
    private var forgotten: [Place: Forgetting.Extent]

    init(_ database: Database) throws {
        self.database = database
        insert = try IndexQuery(database, "INSERT INTO records(slot, row) VALUES (?, ?) ON CONFLICT DO NOTHING")
        replace = try IndexQuery(database, "INSERT OR REPLACE INTO records(slot, row) VALUES (?, ?)")
        select = try IndexQuery(database, "SELECT row FROM records WHERE slot = ?")
        delete = try IndexQuery(database, "DELETE FROM records WHERE slot = ?")
        forgotten = try Index.forgotten(database)
    }

    mutating func enter(
        _ changes: [IndexChange], _ stretches: [IndexedStretch]
    ) throws -> [(kept: Record, refused: Record)] {
        var conflicts = [(kept: Record, refused: Record)]()
        var names = Set<[Digest]>()
        // In the order of the slots, as neighbours in a tree's page are cheap; changes of one slot stay in order.
        let order = changes.indices.sorted { a, b in
            let (left, right) = (changes[a].slot.key, changes[b].slot.key)
            return left == right ? a < b : left < right
        }
        for index in order {
            switch changes[index] {
            case .record(let record, let stage):
                if names.insert([stage, record.profile]).inserted { try enter(stage: stage, profile: record.profile) }
                if let conflict = try enter(record) { conflicts.append(conflict) }
            case .forgetting(let forgetting): try enter(forgetting)
            }
        }
        for stretch in stretches {
            // Only what continues what is there: a gap must be read again.
            try database.execute(
                sql: """
                    INSERT INTO segments(writer, length) SELECT :writer, 0
                        WHERE NOT EXISTS (SELECT * FROM segments WHERE writer = :writer);
                    UPDATE segments SET length = :to WHERE writer = :writer AND length BETWEEN :from AND :to
                    """,
                arguments: [
                    "writer": Int64(bitPattern: stretch.writer.number), "from": stretch.from, "to": stretch.to,
                ])
        }
        return conflicts
    }

    private func enter(stage: Digest, profile: Digest) throws {
        let name = try IndexQuery(database, "INSERT INTO names(kind, digest) VALUES (?, ?) ON CONFLICT DO NOTHING")
        for (kind, digest) in [(0, stage), (1, profile)] {
            try digest.withBytes { bytes in
                name.bind(1, kind)
                name.bind(2, bytes)
                try name.run()
            }
        }
    }

    private func enter(_ found: Record) throws -> (kept: Record, refused: Record)? {
        var record = found
        switch forgotten[record.place] {
        case .record: return nil
        case .value: record = record.withoutValue
        case nil: break
        }
        try insert.run(record)
        if sqlite3_changes(database.sqliteConnection) == 1 { return nil }
        guard let existing = try select.record(record.slot) else { return nil }
        guard existing.output == record.output else { return (existing, record) }
        if existing.place == record.place || !existing.hasValue && record.hasValue { try replace.run(record) }
        return nil
    }

    private mutating func enter(_ forgetting: Forgetting) throws {
        let place = forgetting.place
        if forgotten[place] == .record { return }
        forgotten[place] = forgetting.extent
        try database.execute(
            sql: "INSERT OR REPLACE INTO forgotten(writer, offset, extent) VALUES (?, ?, ?)",
            arguments: [Int64(bitPattern: place.writer.number), place.offset, forgetting.extent.rawValue])
        guard let existing = try select.record(forgetting.slot), existing.place == place else { return }
        switch forgetting.extent {
        case .record:
            try forgetting.slot.withBytes { bytes in
                delete.bind(1, bytes)
                try delete.run()
            }
        case .value: try replace.run(existing.withoutValue)
        }
    }
}
