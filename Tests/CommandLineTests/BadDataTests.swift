// Data that does not fit the spec: what the spec names and the data lacks is a spec error (2), with the columns that there
// are; data that is missing or malformed is a data error (3); both are told at their line of the spec, before anything runs.

import Foundation
import TestSupport
import Testing

@Suite struct BadInputData {
    let tones = Tones()

    private func expect(
        _ arguments: [String], code: Int32, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let result = Binary.run(["run"] + arguments, in: tones.path)
        #expect(result.status == code, sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        #expect(result.messages == message + "\n", sourceLocation: sourceLocation)
        #expect(!FileManager.default.fileExists(atPath: tones.path + "/results"), sourceLocation: sourceLocation)
    }

    // MARK: Columns, classes, groups

    @Test func columnsThatAreNotThere() {
        expect(
            ["spec.yaml", "--set", "target=tune"], code: 2,
            """
            --set:1:8: target: there is no column tune; the data has take, tone
                1 | target=tune
                  |        ^^^^
                  = did you mean tone?
            """)
        let split = "split.k_fold, with: {n_splits: 2, stratify: true}"
        tones.folder.write(
            Tones.spec.replacing(split, with: "split.leave_one_group_out") + "group: singer\n", to: "group.yaml")
        expect(
            ["group.yaml"], code: 2,
            """
            group.yaml:14:8: group: there is no column singer; the data has take, tone
               14 | group: singer
                  |        ^^^^^^
            """)
        tones.folder.write(
            Tones.spec.replacing(
                "split.k_fold, with: {n_splits: 2, stratify: true}", with: "split.by_column, with: {column: part}"),
            to: "column.yaml")
        expect(
            ["column.yaml"], code: 2,
            """
            column.yaml:13:47: split.column: there is no column part; the data has take, tone
               13 | split: {uses: split.by_column, with: {column: part}}
                  |                                               ^^^^
            """)
    }

    @Test func rowsWithoutATarget() {
        tones.folder.write(labels(leavingOut: "low_1.wav", value: ""), to: "labels.csv")
        let spec = Tones.spec.replacing(#"columns: "(?<tone>[a-z]+)_(?<take>\\d+)\\.wav""#, with: "labels: labels.csv")
        tones.folder.write(spec, to: "labels.yaml")
        expect(
            ["labels.yaml"], code: 2,
            """
            labels.yaml:12:9: target: 1 of 12 items have no tone; the first is low_1
               12 | target: tone
                  |         ^^^^
            """)
        tones.folder.write(labels(leavingOut: "low_1.wav", value: nil), to: "labels.csv")
        expect(
            ["labels.yaml"], code: 3,
            """
            labels.yaml:4:17: clips: files.media: \(tones.path)/labels.csv has no row for low_1.wav; 1 of 12 files have none
                4 |   clips: {uses: files.media, with: {base: clips, glob: "*.wav", labels: labels.csv}}
                  |                 ^^^^^^^^^^^
                  = add rows with that path, or narrow glob
            """)
        unlink(tones.folder["labels.csv"])
        expect(
            ["labels.yaml"], code: 3,
            """
            labels.yaml:4:73: clips.labels: there is no \(tones.path)/labels.csv
                4 |   clips: {uses: files.media, with: {base: clips, glob: "*.wav", labels: labels.csv}}
                  |                                                                         ^^^^^^^^^^
                  = check the path; a relative one starts at the current directory
            """)
    }

    /// A table of labels; one file has another value, or no row.
    private func labels(leavingOut file: String, value: String?) -> String {
        var rows = ["path,tone"]
        for tone in ["low", "middle", "high"] {
            for take in 0..<4 {
                let name = "\(tone)_\(take).wav"
                if name != file { rows.append(name + "," + tone) } else if let value { rows.append(name + "," + value) }
            }
        }
        return rows.joined(separator: "\n") + "\n"
    }

    @Test func aClassWithOneSample() {
        tones.folder.write(Tones.clip(3000), to: "clips/shrill_0.wav")
        expect(
            ["spec.yaml"], code: 2,
            """
            spec.yaml:13:46: split.n_splits: the class shrill has 1 row, fewer than n_splits, which is 2
               13 | split: {uses: split.k_fold, with: {n_splits: 2, stratify: true}}
                  |                                              ^
                  = set stratify: false, or leave the class out of the data
            """)
    }

    @Test func aSingleClass() {
        let result = tones.martlet("run", "spec.yaml", "--set", "clips.glob=low_*.wav", "--jobs", "1")
        #expect(result.status == 3)
        #expect(
            result.messages.hasPrefix(
                """
                classifier (repeat 0, fold 0): there is only one class in training: low
                    = check the split; every training set needs at least two classes

                """), "\(result.messages)")
    }

    @Test func moreFoldsThanThereAre() {
        expect(
            ["spec.yaml", "--set", "split.n_splits=13"], code: 2,
            """
            --set:1:16: split.n_splits: n_splits is 13, but there are 12 rows
                1 | split.n_splits=13
                  |                ^^
            """)
        tones.folder.write(
            Tones.spec.replacing(
                "split.k_fold, with: {n_splits: 2, stratify: true}", with: "split.group_k_fold, with: {n_splits: 6}")
                + "group: take\n", to: "groups.yaml")
        expect(
            ["groups.yaml"], code: 2,
            """
            groups.yaml:13:52: split.n_splits: n_splits is 6, but there are 4 groups
               13 | split: {uses: split.group_k_fold, with: {n_splits: 6}}
                  |                                                    ^
                  = set n_splits to at most 4, or use split.leave_one_group_out
            """)
    }

    // MARK: Directories and names

    @Test func missingAndEmptyDirectories() {
        let place = """
                4 |   clips: {uses: files.media, with: {base: clips, glob: "*.wav", columns: "(?<tone>[a-z]+)_(?<take>\\\\d+)\\\\.wav"}}
                  |                 ^^^^^^^^^^^
            """
        let missing = tones.martlet("run", "spec.yaml", "--set", "clips.base=nowhere")
        #expect(missing.status == 3)
        #expect(
            missing.messages.hasPrefix(
                "spec.yaml:4:17: clips: files.media: there is no \(tones.path)/nowhere\n" + place),
            "\(missing.messages)")
        #expect(missing.messages.split(separator: "\n").last?.hasPrefix("      = ") == true)
        mkdir(tones.folder["bare"], 0o755)
        expect(
            ["spec.yaml", "--set", "clips.base=bare"], code: 3,
            "spec.yaml:4:17: clips: files.media: no file below \(tones.path)/bare matches *.wav; it has no files\n"
                + place
                + "\n      = check base and glob; **/ reaches into directories")
        tones.folder.write("x", to: "clips/noname.wav")
        expect(
            ["spec.yaml"], code: 3,
            "spec.yaml:4:17: clips: files.media: noname.wav, below \(tones.path)/clips, does not match columns "
                + #"((?<tone>[a-z]+)_(?<take>\d+)\.wav)"# + "\n" + place
                + "\n      = the expression must match the whole path below base; or narrow glob")
    }

    @Test func theSameClipTwice() {
        #expect(tones.martlet("synth", "data", "--actors", "1").status == 0)
        tones.folder.write(Running.spec, to: "speech.yaml")
        let name = "03-01-05-01-01-01-01"
        func refused(_ one: String, _ other: String) {
            let result = tones.martlet("run", "speech.yaml")
            #expect(result.status == 3)
            #expect(
                result.messages.hasPrefix(
                    "speech.yaml:6:17: clips: ravdess.clips: two files would both be 01-05-01-01-01-01: \(one) and \(other), "
                        + "below \(tones.path)/data\n"), "\(result.messages)")
            #expect(
                result.messages.hasSuffix(
                    "      = remove one of them, or set root to the directory or zip that holds the copies to use\n"))
        }
        #expect(tones.shell("cp data/Actor_01/\(name).wav data/Actor_01/\(name).flac").status == 0)
        refused("Actor_01/\(name).flac", "Actor_01/\(name).wav")
        unlink(tones.folder["data/Actor_01/\(name).flac"])
        var zip = StoredZip()
        zip.add("Actor_01/\(name).wav", Tones.clip(200))
        tones.folder.write(zip.bytes, to: "data/packed.zip")
        refused("Actor_01/\(name).wav", "packed.zip!Actor_01/\(name).wav")
        tones.folder.write(Array(zip.bytes.prefix(2000)), to: "data/packed.zip")
        let damaged = tones.martlet("run", "speech.yaml")
        #expect(damaged.status == 3)
        #expect(damaged.messages.contains("clips: ravdess.clips: the zip \(tones.path)/data/packed.zip is damaged: "))
    }
}
