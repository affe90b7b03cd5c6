// Rows that are selected, put together and stacked, from a spec to predictions, with the mistakes of each.

import TestSupport
import Testing

@Suite struct MovedRowsTests {
    let tones = Tones()

    /// The clips of two tables, joined with what another knows of their takes, and split by that.
    private static let moved = Tones.spec.replacing(
        "  voice: {uses: audio.load, in: clips",
        with: """
              takes: {uses: table.csv, with: {path: takes.csv, columns: [take]}}
              low: {uses: samples.select, in: clips, with: {where: {tone: low}}}
              rest: {uses: samples.select, in: clips, with: {not: {tone: low}}}
              all: {uses: samples.concat, in: [low, rest]}
              known: {uses: samples.join, in: {left: all, right: takes}, with: {on: take}}
              voice: {uses: audio.load, in: known
            """
    )
    .replacing(
        "split.k_fold, with: {n_splits: 2, stratify: true}",
        with: "split.by_column, with: {column: room, train: [hall, attic], test: cellar}")

    private static let stacked = Tones.spec.replacing(
        "  mfcc: {uses: audio.mfcc, in: voice",
        with: """
              variants: {in: voice, branches: {slow: {uses: audio.resample, with: {sample_rate: 6000}}, raw: {}}}
              mfcc: {uses: audio.mfcc, in: variants
            """
    )
    .replacing(
        "tensor.flatten, in: statistics}",
        with: "tensor.flatten, in: stacked}\n  stacked: {uses: samples.stack, in: statistics, with: {plain: raw}}"
    )
    .replacing("in: features}", with: "in: features, with: {by: take}}")

    private func run(_ spec: String, _ arguments: String..., rooms: String = "hall attic cellar cellar")
        -> Binary.Result
    {
        let rows = rooms.split(separator: " ").enumerated().map { take, room in "\(take),\(room),\(take)" }
        tones.folder.write((["take,room,size"] + rows).joined(separator: "\n") + "\n", to: "takes.csv")
        tones.folder.write(spec, to: "changed.yaml")
        return Binary.run(["run", "changed.yaml"] + arguments, in: tones.path)
    }

    @Test func tablesArePutTogetherAndSplitByWhatOneKnows() {
        let result = run(Self.moved)
        #expect(result.status == 0, "\(result.messages)")
        #expect(
            tones.column("id", of: "predictions.csv") == ["high_2", "high_3", "low_2", "low_3", "middle_2", "middle_3"])
        #expect(tones.column("train", of: "trials.csv") == ["6"])
    }

    @Test func copiesAreTrainedOnAndNeverTested() {
        let result = run(Self.stacked)
        #expect(result.status == 0, "\(result.messages)")
        let tested = tones.column("id", of: "predictions.csv")
        #expect(tested.count == 12)
        #expect(tested.allSatisfy { $0.hasSuffix("#raw") })
        #expect(tones.column("train", of: "trials.csv") == ["12", "12"], "six clips, two branches")
        #expect(tones.column("test", of: "trials.csv") == ["6", "6"])
    }

    @Test func learningCurvesTestTheSameRows() {
        let spec =
            Tones.spec.replacing(
                "split.k_fold, with: {n_splits: 2, stratify: true}", with: "split.leave_one_group_out")
            + "group: take\n"
        #expect(run(spec, "--sweep", "split.train_groups=[1, 2, 3]").status == 0)
        #expect(tones.column("train", of: "trials.csv") == [3, 6, 9].flatMap { Array(repeating: "\($0)", count: 4) })
        let tested = tones.column("id", of: "predictions.csv")
        #expect(tested.count == 36 && tested.prefix(12) == tested.suffix(12))
    }

    @Test func mistakesHavePlaces() {
        func expect(_ spec: String, rooms: String = "hall attic cellar cellar", _ message: String) {
            let result = run(spec, rooms: rooms)
            #expect(result.status == 2)
            #expect(result.messages == message + "\n")
        }
        expect(
            Self.moved.replacing("where: {tone: low}", with: "where: {tome: low}"),
            """
            changed.yaml:6:56: low.where: there is no column tome; the data has take, tone
                6 |   low: {uses: samples.select, in: clips, with: {where: {tome: low}}}
                  |                                                        ^^^^^^^^^^^
                  = did you mean tone?
            """)
        expect(
            Self.moved.replacing("where: {tone: low}", with: "where: {tone: lwo}"),
            """
            changed.yaml:6:15: low: samples.select: no row is left by where tone: lwo: there are high, low, middle
                6 |   low: {uses: samples.select, in: clips, with: {where: {tone: lwo}}}
                  |               ^^^^^^^^^^^^^^
                  = did you mean low?
            """)
        expect(
            Self.moved.replacing("not: {tone: low}", with: "not: {take: 0}"),
            """
            changed.yaml:8:15: all: samples.concat: low and rest both have a row low_1
                8 |   all: {uses: samples.concat, in: [low, rest]}
                  |               ^^^^^^^^^^^^^^
                  = set prefix: true to keep both as low/low_1 and rest/low_1, or use samples.join where they are one sample
            """)
        expect(
            Self.moved, rooms: "hall attic cellar",
            """
            changed.yaml:9:17: known: samples.join: 3 of 12 rows of all have no match in takes: high_3, low_3, middle_3
                9 |   known: {uses: samples.join, in: {left: all, right: takes}, with: {on: take}}
                  |                 ^^^^^^^^^^^^
                  = set unmatched: drop to leave such rows out, or keep to have those of the left stay
            """)
        expect(
            Self.moved, rooms: "hall attic cellar roof",
            """
            changed.yaml:18:47: split.column: room is roof in high_3; expected attic, hall, validation or cellar
               18 | split: {uses: split.by_column, with: {column: room, train: [hall, attic], test: cellar}}
                  |                                               ^^^^
                  = correct it, or list it under train, validation or test
            """)
        expect(
            Self.stacked.replacing("plain: raw", with: "plain: rew"),
            """
            changed.yaml:10:64: stacked.plain: plain: rew is none of the branches raw, slow
               10 |   stacked: {uses: samples.stack, in: statistics, with: {plain: rew}}
                  |                                                                ^^^
                  = did you mean raw?
            """)
    }

    @Test func aColumnThatTwoTablesTellDifferently() {
        let spec = Self.moved.replacing("path: takes.csv", with: "path: others.csv")
        tones.folder.write("take,tone,size\n0,low,0\n1,low,1\n2,low,2\n3,low,3\n", to: "others.csv")
        #expect(
            run(spec).messages == """
                changed.yaml:9:17: known: the column tone of high_0 is high in all and low in takes
                    9 |   known: {uses: samples.join, in: {left: all, right: takes}, with: {on: take}}
                      |                 ^^^^^^^^^^^^
                      = rename the column in one of the tables, or leave it out there

                """)
    }
}
