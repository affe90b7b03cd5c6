// Files that are not what they should be, one at a time: by default the run stops at the first and gives no metric; with
// --keep-going the row is missing and counted, and all others are done.

import Foundation
import TestSupport
import Testing

@Suite struct BadInputFiles {
    let tones = Tones()

    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let cause: String
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        let sound = Tones.clip(300)
        var holed = [Float](repeating: 0.1, count: 1600)
        holed[100] = .nan
        return [
            Case(name: "empty", bytes: [], cause: "the file is empty (0 bytes)"),
            Case(name: "of no samples", bytes: Tones.wav([]), cause: "the file holds no samples"),
            Case(name: "with NaN", bytes: Tones.wav(holed), cause: "sample 100 of channel 0 is not a number"),
            Case(
                name: "cut short", bytes: Array(sound.prefix(3044)),
                cause: "the file is cut short: its header declares 6400 bytes of samples, but there are 3000"),
            Case(
                name: "cut within its header", bytes: Array(sound.prefix(20)),
                cause: "libsndfile cannot read it: Error in WAV/W64/RF64 file. Malformed 'fmt ' chunk"),
            Case(
                name: "no sound", bytes: Array(repeatElement("a page in its place\n", count: 40).joined().utf8),
                cause: "libsndfile cannot read it: Format not recognised"),
        ]
    }()

    @Test(arguments: cases) func stopsTheRunOrIsLeftOut(_ bad: Case) throws {
        tones.folder.write(bad.bytes, to: "clips/low_9.wav")
        let stopped = tones.martlet("run", "spec.yaml", "--jobs", "1")
        #expect(stopped.status == 3)
        #expect(stopped.output.isEmpty)
        let lines = stopped.messages.split(separator: "\n").map(String.init)
        #expect(lines.first == "low_9: voice: \(bad.cause)", "\(stopped.messages)")
        #expect(
            lines.dropFirst().first?.hasPrefix("tones: stopped at the first failure (--keep-going goes on)") == true)
        #expect(tones.record("metrics.csv") == "point,repeat,fold,role,stage,metric,class,step,value\n")
        #expect(tones.column("status", of: "trials.csv") == ["stopped", "stopped"])
        #expect(tones.record("failures.csv").contains("low_9,voice,"))

        let left = tones.martlet("run", "spec.yaml", "--keep-going")
        #expect(left.status == 1)
        #expect(left.output.hasPrefix("     accuracy"), "\(left.output)")
        #expect(left.messages.contains("low_9: voice: \(bad.cause)\ntones: done, but samples failed; computed "))
        #expect(left.messages.contains(", failed 1 in "))
        #expect(tones.column("status", of: "trials.csv") == ["done", "done"])
        // It is a training row of one fold and a test row of the other, so each counts it once.
        #expect(tones.column("failed_train", of: "trials.csv").sorted() == ["0", "1"])
        #expect(tones.column("failed_test", of: "trials.csv").sorted() == ["0", "1"])
        #expect(tones.column("failed_train", of: "points.csv") == ["1"])
        #expect(tones.column("failed_test", of: "points.csv") == ["1"])
        #expect(tones.column("id", of: "predictions.csv").count == 12)

        // Put right, nothing but what the file touches is computed.
        tones.folder.write(Tones.clip(151.5), to: "clips/low_9.wav")
        let mended = tones.martlet("run", "spec.yaml")
        #expect(mended.status == 0, "\(mended.messages)")
        #expect(tones.column("id", of: "predictions.csv").count == 13)
    }

    @Test func everyFileIsBad() {
        for file in ["a_1", "a_2", "b_1", "b_2"] { tones.folder.write("no sound, \(file)", to: "bad/\(file).wav") }
        let result = tones.martlet("run", "spec.yaml", "--set", "clips.base=bad", "--keep-going")
        #expect(result.status == 1)
        #expect(result.output.isEmpty)
        #expect(result.messages.contains("b_2: voice: libsndfile cannot read it: Format not recognised\n"))
        #expect(
            result.messages.contains(
                """
                scaled (repeat 0, fold 0): the fold cannot be used: all its test rows failed
                    = see failures.csv for the causes
                """))
        #expect(result.messages.contains("there are no scores: see trials.csv for the causes\n"))
        #expect(tones.column("status", of: "trials.csv") == ["failed", "failed"])
        #expect(tones.column("failed_train", of: "trials.csv") == ["2", "2"])
        #expect(tones.column("failed_test", of: "points.csv") == ["4"])
    }

    @Test func whatIsNoFileIsPassedOverAndSaid() {
        tones.folder.link("clips/low_7.wav", to: "nowhere")
        mkfifo(tones.folder["clips/low_8.wav"], 0o600)
        let result = tones.martlet("run", "spec.yaml")
        #expect(result.status == 0)
        #expect(result.messages.contains("low_7.wav is a link to nothing; passed over\n"))
        #expect(result.messages.contains("low_8.wav is not a file; passed over\n"))
    }

    @Test func aFileThatMayNotBeReadFailsAlone() throws {
        tones.folder.write(Tones.clip(152), to: "clips/low_9.wav")
        chmod(tones.folder["clips/low_9.wav"], 0)
        // Root may read everything, and only others see this.
        if access(tones.folder["clips/low_9.wav"], R_OK) == 0 { return }
        let result = tones.martlet("run", "spec.yaml")
        #expect(result.status == 3)
        #expect(result.messages.contains("low_9.wav may not be read"))
    }

    @Test func equalBytesStayOnOneSide() throws {
        let bytes = try #require(FileManager.default.contents(atPath: tones.folder["clips/low_0.wav"]))
        tones.folder.write(Array(bytes), to: "clips/high_9.wav")
        let result = tones.martlet("run", "spec.yaml")
        #expect(result.status == 0)
        #expect(result.messages.contains("equal bytes, kept on one side of every split: high_9, low_0\n"))
    }

    @Test func onlySourcesAndMaps() {
        let maps = Tones.spec.split(separator: "\n").prefix(6).joined(separator: "\n")
        tones.folder.write(maps + "\n", to: "maps.yaml")
        let result = tones.martlet("run", "maps.yaml")
        #expect(result.status == 0)
        #expect(result.output.isEmpty)
        #expect(result.messages.contains("tones: done; computed 36, cached 0 in "), "\(result.messages)")
        let header = "point,folds,folds_done,failed_train,failed_validation,failed_test,failed_excluded"
        #expect(tones.record("points.csv") == header + "\n0,0,0,0,0,0,0\n")
        tones.folder.write("no sound", to: "clips/low_9.wav")
        #expect(tones.martlet("run", "maps.yaml").status == 3)
        #expect(tones.martlet("run", "maps.yaml", "--keep-going").status == 1)
        #expect(tones.record("failures.csv").contains("low_9,voice,"))
    }
}
