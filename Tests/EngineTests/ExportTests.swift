import Foundation
import Stages
import TestSupport
import Testing

@testable import Engine

/// States and tables of a run as files; and nothing of anybody else is touched.
@Suite struct Exporting {
    private let spec = """
        martlet: 1
        name: exported
        stages:
          numbers: {uses: toy.numbers}
          added: {uses: toy.add, in: numbers, with: {value: 1}}
          centred: {uses: toy.mean, in: added}
          guess: {uses: classify.dummy, in: centred}
          scores: {uses: evaluate.classification, in: guess}
        target: label
        group: group
        split: {uses: split.group_k_fold, with: {n_splits: 3}}
        """

    private func files(_ folder: Scratch) -> [String] {
        (FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []).filter {
            !$0.hasSuffix("states") && !$0.hasSuffix("tables")
        }.sorted()
    }

    @Test func eachFileIsListedWithItsPlace() throws {
        let folder = Scratch()
        _ = try Workshop().run(spec, exportedTo: folder["out"])
        let index = try String(contentsOfFile: folder["out/index.csv"], encoding: .utf8)
        let lines = index.split(separator: "\n").map(String.init)
        #expect(lines.first == "point,repeat,fold,stage,kind,place")
        #expect(lines.contains("0,,,added,map,tables/added"))
        #expect(lines.contains("0,0,2,centred,fit,states/centred-2"))
        for line in lines.dropFirst() {
            let place = try #require(line.split(separator: ",").last)
            #expect(FileManager.default.fileExists(atPath: folder["out/\(place)"]))
        }
        let rows = try String(contentsOfFile: folder["out/tables/added/rows.csv"], encoding: .utf8)
        #expect(rows.hasPrefix("row,id,group,label\n0,row_0000,0,c0\n1,row_0001,0,c1\n"))
    }

    /// What is fitted on inner folds is listed too: nothing lies there that the list does not name.
    @Test func innerFoldsAreListed() throws {
        let folder = Scratch()
        let stacked = spec.replacing(
            "guess: {uses: classify.dummy, in: centred}",
            with: """
                mark: {uses: toy.mark, in: centred}
                  stack: {uses: toy.stack, in: mark, with: {value: 2}}
                  guess: {uses: classify.dummy, in: stack}
                """)
        _ = try Workshop().run(stacked, exportedTo: folder["out"])
        let index = try String(contentsOfFile: folder["out/index.csv"], encoding: .utf8)
        let places = Set(
            index.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").last.map(String.init) })
        let states = try FileManager.default.contentsOfDirectory(atPath: folder["out/states"]).map { "states/" + $0 }
        #expect(Set(states).isSubset(of: places))
        #expect(index.contains(",0,1.0,mark,fit,states/mark"))
    }

    @Test func aSecondExportLeavesNothingOfTheFirstAndAllOfOthers() throws {
        let folder = Scratch()
        _ = try Workshop().run(spec, exportedTo: folder["out"])
        folder.write("mine", to: "out/tables/mine.txt")
        let small = spec.replacing("n_splits: 3", with: "n_splits: 2")
        _ = try Workshop().run(small, exportedTo: folder["out"])
        let files = files(folder)
        #expect(files.contains("out/tables/mine.txt"))
        #expect(!files.contains { $0.hasPrefix("out/states/centred-2") })
    }

    @Test func anotherIndexIsNoneOfOurs() throws {
        let folder = Scratch()
        folder.write("my,own\n1,tables/added\n", to: "out/index.csv")
        folder.write("mine", to: "out/tables/old/values.npy")
        _ = try Workshop().run(spec, exportedTo: folder["out"])
        #expect(files(folder).contains("out/tables/old/values.npy"))
    }
}
