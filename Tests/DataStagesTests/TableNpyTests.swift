import Stages
import Tensors
import TestSupport
import Testing

@testable import DataStages

@Suite struct TableNpyTests {
    let scratch = Scratch()

    private func write(_ elements: Elements, _ shape: [Int], _ name: String) -> Canonical {
        .text(scratch.write(Npy.encode(Tensor(elements, shape: shape, axes: Npy.defaultAxes(shape.count))), to: name))
    }

    @Test func rowsKeepTheElementTypeOfTheArray() throws {
        let listing = try TableNpy(given: [
            "features": write(.float32([1, 2, 3, 4, 5, 6]), [3, 2], "x.npy"),
            "columns": .map([
                "y": write(.int64([7, 8, 9]), [3], "y.npy"), "z": write(.float64([0.5, .nan, 1]), [3], "z.npy"),
            ]),
        ]).list()
        #expect(listing.items.map(\.id) == ["row_0", "row_1", "row_2"])
        #expect(listing.items.map(\.path) == ["x.npy[0]", "x.npy[1]", "x.npy[2]"])
        #expect(listing.items[1].columns == ["y": .int(8), "z": .missing])
        guard case .value(.tensor(let tensor)) = listing.items[1].origin else {
            Issue.record("expected a tensor"); return
        }
        #expect(tensor == Tensor(.float32([3, 4]), shape: [2], axes: ["feature"]))
        #expect(listing.signature == .tensor(.float32, [Axis("feature", size: 2)]))
    }

    @Test func arraysOfMoreAxesNeedTheirNames() throws {
        let features = write(.uint8(Array(0..<12)), [2, 3, 2], "x.npy")
        let listing = try TableNpy(given: ["features": features, "axes": .array([.text("time"), .text("feature")])])
            .list()
        guard case .value(.tensor(let tensor)) = listing.items[1].origin else {
            Issue.record("expected a tensor"); return
        }
        #expect(tensor == Tensor(.uint8(Array(6..<12)), shape: [3, 2], axes: ["time", "feature"]))
        #expect(
            throws: Failure(
                "\(scratch["x.npy"]) has the shape (2, 3, 2): 2 axes behind the rows",
                advice: "name what follows the rows: axes: [NAME_1, NAME_2]")
        ) { try TableNpy(given: ["features": features]).list() }
    }

    @Test func columnsOfAnotherLengthAreAFailure() throws {
        let features = write(.float32([1, 2]), [2], "x.npy")
        #expect(
            throws: Failure(
                "the column y, \(scratch["y.npy"]), has the shape (3); expected one element for each of the 2 rows")
        ) {
            try TableNpy(given: [
                "features": features, "columns": .map(["y": write(.bool([true, false, true]), [3], "y.npy")]),
            ]).list()
        }
    }

    @Test func whatIsNoArrayIsAFailure() {
        let text = scratch.write("text, and no array", to: "x.npy")
        #expect(throws: Failure("\(text): this is not a .npy file: it does not begin with \\x93NUMPY")) {
            try TableNpy(given: ["features": .text(text)]).list()
        }
        #expect(throws: Failure.self) { try TableNpy(given: ["features": .text(scratch["none.npy"])]).list() }
    }
}
