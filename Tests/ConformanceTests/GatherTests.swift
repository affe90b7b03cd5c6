// Laws of gathers: a value for each row, whatever the order of the rows; a row that lacks a declared column is a failure,
// and so is no row's silent share in what the others get.

import Stages
import Tensors
import Testing

@Suite struct GatherLaw {
    @Test(arguments: Registered.gathers) func oneValueARow(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let made = try stage.gather(sample.training(), columns: sample.columns)
        #expect(made.count == Sample.rowCount)
        for value in made { #expect(!value.hasNaN) }
    }

    @Test(arguments: Registered.gathers) func orderMovesLastBitsOnly(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let rows = try sample.training()
        let forth = try stage.gather(rows, columns: sample.columns)
        let back = try stage.gather(rows.reversed(), columns: sample.columns.mapValues { $0.reversed() })
        for (one, other) in zip(forth, back.reversed()) {
            guard case .tensor(let a) = one, case .tensor(let b) = other else { continue }
            for (x, y) in zip(a.doubles() ?? [], b.doubles() ?? []) { #expect(abs(x - y) <= 1e-9 * max(1, abs(y))) }
        }
    }

    @Test(arguments: Registered.gathers) func noRowsGiveNoValues(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        do {
            #expect(try stage.gather([], columns: sample.columns.mapValues { _ in [] }).isEmpty)
        } catch {
            #expect(error is Failure, "\(error)")
        }
    }

    @Test(arguments: Registered.gathers) func missingColumnsAreFailures(_ name: String) throws {
        let (sample, stage) = try Self.stage(name)
        let rows = try sample.training()
        for (column, values) in sample.columns {
            #expect(throws: Failure.self, "a row without \(column)") {
                try stage.gather(
                    rows, columns: sample.columns.merging([column: [.missing] + values.dropFirst()]) { $1 })
            }
            #expect(throws: Failure.self, "no \(column)") {
                try stage.gather(rows, columns: sample.columns.filter { $0.key != column })
            }
        }
    }

    private static func stage(_ name: String) throws -> (Sample, any GatherStage) {
        let sample = try Sample(name)
        return (sample, try #require(sample.stage as? any GatherStage))
    }
}
