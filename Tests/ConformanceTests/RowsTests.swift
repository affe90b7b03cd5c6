// Laws of row stages: what comes out are rows of the tables that went in, each with an id of its own, in order; no value
// and no column is made up.

import Stages
import Tensors
import Testing

@Suite struct RowsLaw {
    @Test(arguments: Registered.rows) func rowsAreOfTheTables(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let tables = sample.rowTables
        let rows = try stage.rows(of: tables)
        #expect(!rows.isEmpty)
        for row in rows {
            for place in [row.place] + row.others {
                #expect(tables.indices.contains(place.table), "\(row.id) is of table \(place.table)")
                guard tables.indices.contains(place.table) else { continue }
                #expect(tables[place.table].ids.indices.contains(place.row), "\(row.id) is row \(place.row)")
            }
        }
    }

    @Test(arguments: Registered.rows) func idsAreUniqueAndInOrder(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let ids = try stage.rows(of: sample.rowTables).map(\.id)
        #expect(Set(ids).count == ids.count && !ids.contains(""))
        #expect(ids == ids.sorted(by: precedes), "rows come in the order of their ids")
    }

    /// Tables that are held together by their names are the same in any order.
    @Test(arguments: Registered.rows) func orderOfAListDoesNotMatter(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        guard sample.declaration.inputs.contains(where: \.isList) else { return }
        func named(_ tables: [RowTable]) throws -> [String] {
            try stage.rows(of: tables).map { row in
                let table = tables[row.place.table]
                return "\(row.id) of \(table.name) \(table.ids[row.place.row]), \(row.isForTraining)"
            }
        }
        #expect(try named(sample.rowTables) == named(sample.rowTables.reversed()))
    }

    @Test(arguments: Registered.rows) func labelsOfTheSampleAreTaken(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        try stage.check(labels: sample.tableNames)
    }

    @Test(arguments: Registered.rows) func missingColumnsAreAFailure(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        guard !stage.columns.isEmpty else { return }
        let bare = sample.rowTables.map { RowTable(name: $0.name, ids: $0.ids) }
        #expect(throws: Failure.self) { try stage.rows(of: bare) }
    }

    private static func stage(_ name: String) throws -> (Sample, any RowsStage) {
        let sample = try Sample(name)
        return (sample, try #require(sample.stage as? any RowsStage))
    }
}
