// New files on the way of an experiment that was run and exported.

import TestSupport
import Testing

@Suite struct ApplyingStates {
    private let tones = Tones()

    private func export(_ spec: String = Tones.spec) {
        tones.folder.write(spec, to: "spec.yaml")
        let run = tones.martlet("run", "spec.yaml", "--export", "fitted")
        #expect(run.status == 0, "\(run.messages)")
    }

    /// What the experiment predicted for a clip that it tested is what its states predict for the file.
    @Test func aFileGetsWhatTheRunPredictedForIt() throws {
        export()
        let lines = tones.record("predictions.csv").split(separator: "\n").map(String.init)
        let row = try #require(lines.dropFirst().first).split(separator: ",").map(String.init)
        let sources = tones.record("sources.csv").split(separator: "\n").map { $0.split(separator: ",") }
        let path = try #require(sources.first { $0[0] == row[3] })[1]
        let made = tones.martlet(
            "apply", "--state", "fitted", "--point", row[0], "--repeat", row[1], "--fold", row[2], "--in",
            "clips/\(path)")
        #expect(made.status == 0, "\(made.messages)")
        let told = made.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
        #expect(told.count == 2 && told[0].prefix(2) == ["file", "predicted"])
        #expect(told[1][1] == row[5])
        for (one, other) in zip(told[1].dropFirst(2), row.dropFirst(6)) {
            // A row alone and rows together may differ in last bits.
            #expect(try abs(#require(Double(one)) - #require(Double(other))) < 1e-9)
        }
    }

    @Test func anotherStageGivesItsOwnValue() {
        export()
        let file = "clips/low_0.wav"
        let made = tones.martlet("apply", "mfcc", "--state", "fitted", "--in", file, "--out", "mfcc.npy")
        #expect(made.status == 0, "\(made.messages)")
        #expect(made.output.hasPrefix("mfcc.npy: float32 ("), "\(made.output)")
    }

    @Test func whichFoldIsAskedBack() {
        export()
        let made = tones.martlet("apply", "classifier", "--state", "fitted", "--in", "clips/low_0.wav")
        #expect(made.status == 2)
        #expect(made.messages.contains("= choose by --fold (0, 1"), "\(made.messages)")
        let wrong = tones.martlet(
            "apply", "clasifier", "--state", "fitted", "--in", "clips/low_0.wav")
        #expect(wrong.status == 2 && wrong.messages.contains("did you mean classifier?"), "\(wrong.messages)")
        let none = tones.martlet("apply", "classifier", "--state", ".", "--in", "clips/low_0.wav")
        #expect(none.status == 2 && none.messages.contains("graph.json"), "\(none.messages)")
    }

    /// Rows of a table that has no labels yet.
    @Test func rowsOfAnotherTableAreTaken() {
        var lines = ["id,x,y,class"]
        for row in 0..<12 {
            lines.append("row_\(10 + row),\(row % 2 * 4).5,\(row % 3),\(row % 2 == 0 ? "even" : "odd")")
        }
        tones.folder.write(lines.joined(separator: "\n") + "\n", to: "table.csv")
        tones.folder.write("id,x,y\nnew_1,0.4,1\nnew_2,4.6,2\n", to: "new.csv")
        export(
            """
            martlet: 1
            name: tones
            stages:
              rows: {uses: table.csv, with: {path: table.csv, id: id, columns: [class]}}
              classifier: {uses: classify.logistic_regression, in: rows}
              scores: {uses: evaluate.classification, in: classifier}
            target: class
            split: {uses: split.k_fold, with: {n_splits: 3, stratify: true}}

            """)
        let made = tones.martlet("apply", "--state", "fitted", "--fold", "1", "--in", "new.csv")
        let told = made.output.split(separator: "\n").map { $0.split(separator: ",") }
        #expect(told.map { $0.prefix(2).joined(separator: ",") } == ["file,predicted", "new_1,even", "new_2,odd"])
        let wrong = tones.martlet("apply", "--state", "fitted", "--fold", "1", "--in", "table=new.csv")
        #expect(wrong.status == 2 && wrong.messages.contains("there is no source table; there is rows"))
    }
}
