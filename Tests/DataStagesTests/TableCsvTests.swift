import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct TableCsvTests {
    let scratch = Scratch()

    private func list(_ text: String, _ with: [String: Canonical] = [:]) throws -> Listing {
        try TableCsv(given: with.merging(["path": .text(scratch.write(text, to: "t.csv"))]) { given, _ in given })
            .list()
    }

    private func cause(_ text: String, _ with: [String: Canonical] = [:]) -> String {
        do {
            _ = try list(text, with)
            return "no failure"
        } catch let failure as Failure {
            return failure.cause.hasPrefix(scratch["t.csv"])
                ? String(failure.cause.dropFirst(scratch["t.csv"].count)) : failure.cause
        } catch { return "\(error)" }
    }

    @Test func numericColumnsAreFeaturesAndTheRestColumns() throws {
        let listing = try list("a,name,b\n1,x,2.5\n3,y,-4e1\n")
        #expect(listing.items.map(\.id) == ["row_0", "row_1"])
        #expect(listing.items.map(\.columns) == [["name": .string("x")], ["name": .string("y")]])
        guard case .value(.tensor(let tensor))? = listing.items.last?.origin else {
            Issue.record("expected a tensor"); return
        }
        #expect(tensor == Tensor(.float64([3, -40]), shape: [2], axes: ["feature"], labels: ["feature": ["a", "b"]]))
        #expect(listing.signature == .tensor(.float64, [Axis("feature", labels: ["a", "b"])]))
    }

    @Test func aNumericTargetIsAColumnWhereItIsNamed() throws {
        let listing = try list("a,y\n1,0\n2,1\n", ["columns": .array([.text("y")])])
        #expect(listing.items.map(\.columns) == [["y": .int(0)], ["y": .int(1)]])
    }

    @Test func featuresComeInTheOrderAskedFor() throws {
        let listing = try list("a,b,c\n1,2,3\n", ["features": .array([.text("c"), .text("a")])])
        guard case .value(.tensor(let tensor))? = listing.items.first?.origin else {
            Issue.record("expected a tensor"); return
        }
        #expect(tensor.elements == .float64([3, 1]))
        #expect(listing.items[0].columns == ["b": .int(2)])
    }

    @Test func idsComeFromAColumnAndOrderTheRows() throws {
        #expect(try list("id,a\nz,1\nb,2\n", ["id": .text("id")]).items.map(\.id) == ["b", "z"])
        #expect(cause("id,a\nz,1\nz,2\n", ["id": .text("id")]) == ":3: the id z is there already, in line 2")
        #expect(cause("id,a\n,1\n", ["id": .text("id")]) == ":2: the id is empty")
    }

    @Test func rowNumbersHaveOneWidth() throws {
        let listing = try list("a\n" + String(repeating: "1\n", count: 11))
        #expect(listing.items.first?.id == "row_00" && listing.items.last?.id == "row_10")
    }

    @Test func quotesLineBreaksAndMarksAreReadAsInRfc4180() throws {
        let listing = try list("\u{FEFF}\"a\",\"say \"\"it\"\"\"\r\n1,\"x,\r\ny\"\r\n\r\n2,\"\"\"\"")
        #expect(listing.items.map(\.columns) == [["say \"it\"": .string("x,\r\ny")], ["say \"it\"": .string("\"")]])
        #expect(listing.items.map(\.path) == ["t.csv:2", "t.csv:5"])
    }

    @Test func errorsNameTheLine() {
        #expect(cause("") == " is empty")
        #expect(cause("a,b\n") == " has a first line with names, and no rows")
        #expect(cause("a,b\n1,2\n3\n") == ":3: expected 2 cells, as the first line has, got 1")
        #expect(cause("a,b\n1,\"2\n3,4\n") == ":2: a quote is opened here and never closed")
        #expect(cause("a,b\n1,\"2\"x\n") == ":2: text follows a closing quote")
        #expect(cause("a,a\n1,2\n") == ":1: two columns are called a")
        #expect(cause("a,\n1,2\n") == ":1: column 2 has no name")
        #expect(cause("a\n1\nn/a\n") == ":3: the feature a is \"n/a\", which is no finite number")
        #expect(cause("a,b\n1,2\n,3\n") == ":3: the feature a is empty")
        #expect(cause("a\n1\nnan\n") == ":3: the feature a is \"nan\", which is no finite number")
        #expect(cause("a\nx\n") == " has no numeric column that could be a feature")
        #expect(cause("alpha\n1\n", ["features": .array([.text("alhpa")])]) == " has no column alhpa; it has alpha")
    }

    @Test func columnsHaveTheNarrowestTypeOfAllTheirCells() {
        #expect(typed(["1", "", "-2"]) == [.int(1), .missing, .int(-2)])
        #expect(typed(["1", "2.5"]) == [.float(1), .float(2.5)])
        #expect(typed(["true", "False"]) == [.bool(true), .bool(false)])
        #expect(typed(["1", "x"]) == [.string("1"), .string("x")])
        #expect(typed(["nan", "0x10"]) == [.string("nan"), .string("0x10")])
    }

    @Test func aColumnWithTwoPartsIsAProblem() {
        #expect(throws: Problem("y is named twice; a column has one part to play", at: ["features", "1"])) {
            try list("x,y\n1,2\n", ["features": .array([.text("x"), .text("y")]), "columns": .array([.text("y")])])
        }
    }
}
