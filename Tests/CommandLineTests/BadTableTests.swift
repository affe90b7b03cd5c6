// Tables that are not what they should be: told with the table's line, at the stage's line of the spec.

import Foundation
import TestSupport
import Testing

@Suite struct BadInputTables {
    let folder = Scratch()

    init() {
        folder.write("", to: ".git/HEAD")
        folder.write(table(), to: "table.csv")
        folder.write(Self.spec("table.csv, with: {path: table.csv, id: id}"), to: "csv.yaml")
        folder.write(Self.spec("table.npy, with: {features: x.npy, columns: {y: y.npy}}"), to: "npy.yaml")
        folder.write(Self.npy((0..<24).map { Float(($0 * 7) % 11) }, shape: "12, 2"), to: "x.npy")
        folder.write(Self.npy((0..<12).map { Float($0 % 2) }, shape: "12,"), to: "y.npy")
    }

    static func spec(_ uses: String) -> String {
        """
        martlet: 1
        name: table
        stages:
          rows: {uses: \(uses)}
          classifier: {uses: classify.logistic_regression, in: rows}
          scores: {uses: evaluate.classification, in: classifier}
        target: y
        split: {uses: split.k_fold, with: {n_splits: 2, shuffle: false}}

        """
    }

    /// Twelve rows; the fourth as given.
    private func table(_ fourth: String = "r03,3,2,b") -> String {
        var rows = ["id,f,g,y"]
        for row in 0..<12 {
            let id = row < 10 ? "r0\(row)" : "r\(row)"
            rows.append(row == 3 ? fourth : "\(id),\(row),\(row * row % 7),\(row % 2 == 0 ? "a" : "b")")
        }
        return rows.joined(separator: "\n") + "\n"
    }

    static func npy(_ values: [Float], shape: String) -> [UInt8] {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }"
        header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
            + values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) } }
    }

    private func refused(
        _ spec: String, _ message: String, code: Int32 = 3, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let result = Binary.run(["run", spec], in: folder.path)
        #expect(result.status == code, sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        let first = result.messages.split(separator: "\n").first.map(String.init)
        #expect(first == "\(spec):\(message)", sourceLocation: sourceLocation)
    }

    @Test func csv() {
        #expect(Binary.run(["run", "csv.yaml"], in: folder.path).status == 0)
        let file = folder["table.csv"]
        for (row, message) in [
            ("r03,,2,b", "the feature f is empty"),
            ("r03,nan,2,b", "the feature f is \"nan\", which is no finite number"),
            ("r03,3,2", "expected 4 cells, as the first line has, got 3"),
            ("r02,3,2,b", "the id r02 is there already, in line 4"),
        ] {
            folder.write(table(row), to: "table.csv")
            refused("csv.yaml", "4:16: rows: table.csv: \(file):5: \(message)")
        }
        folder.write(table("r03,3,2,"), to: "table.csv")
        refused("csv.yaml", "7:9: target: 1 of 12 items have no y; the first is r03", code: 2)
        folder.write("", to: "table.csv")
        refused("csv.yaml", "4:16: rows: table.csv: \(file) is empty")
        folder.write("id,f,y\n", to: "table.csv")
        refused("csv.yaml", "4:16: rows: table.csv: \(file) has a first line with names, and no rows")
        folder.write([0x80, 0x0A, 0xFF], to: "table.csv")
        refused("csv.yaml", "4:16: rows: table.csv: \(file) is not UTF-8 text")
        folder.write("id,f,y\nr0,1,a\n", to: "table.csv")
        refused("csv.yaml", "8:46: split.n_splits: n_splits is 2, but there is 1 row", code: 2)
        unlink(file)
        refused("csv.yaml", "4:40: rows.path: there is no \(file)")
        mkdir(file, 0o755)
        refused("csv.yaml", "4:40: rows.path: \(file) is not a file")
    }

    @Test func npy() {
        #expect(Binary.run(["run", "npy.yaml"], in: folder.path).status == 0)
        folder.write("no array", to: "x.npy")
        refused(
            "npy.yaml",
            "4:16: rows: table.npy: \(folder["x.npy"]): this is not a .npy file: it does not begin with \\x93NUMPY")
        folder.write(Self.npy([], shape: "0, 2"), to: "x.npy")
        refused("npy.yaml", "4:16: rows: table.npy: \(folder["x.npy"]) has no rows")
        folder.write(Self.npy((0..<10).map(Float.init), shape: "5, 2"), to: "x.npy")
        refused(
            "npy.yaml",
            "4:16: rows: table.npy: the column y, \(folder["y.npy"]), has the shape (12); expected one element for each of "
                + "the 5 rows")
    }

    @Test func aRowWithNaN() {
        var values = (0..<24).map { Float(($0 * 7) % 11) }
        values[7] = .nan
        values[23] = 12  // No two rows are equal.
        folder.write(Self.npy(values, shape: "12, 2"), to: "x.npy")
        let stopped = Binary.run(["run", "npy.yaml"], in: folder.path)
        #expect(stopped.status == 3)
        #expect(
            stopped.messages.hasPrefix(
                """
                row_03 (x.npy[3]): rows: its value has NaN (not a number)
                    = remove the row, or fill the gap before Martlet reads it

                """), "\(stopped.messages)")
        let left = Binary.run(["run", "npy.yaml", "--keep-going"], in: folder.path)
        #expect(left.status == 1)
        #expect(!left.output.isEmpty)
        let trials =
            FileManager.default.contents(atPath: folder["results/table/latest/trials.csv"]).map {
                String(decoding: $0, as: UTF8.self)
            } ?? ""
        #expect(trials.split(separator: "\n").dropFirst().allSatisfy { $0.contains(",done,") }, "\(trials)")
    }
}
