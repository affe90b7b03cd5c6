import Foundation
import TestSupport
import Testing

/// `martlet run` as a person meets it.
@Suite struct Running {
    let folder = Scratch()

    init() throws {
        let made = Binary.run(["synth", "data", "--actors", "3"], in: folder.path)
        #expect(made.status == 0)
        try Self.spec.write(toFile: folder.path + "/spec.yaml", atomically: true, encoding: .utf8)
    }

    static let spec = """
        martlet: 1
        name: small
        seed: 7
        params: {root: data}
        stages:
          clips: {uses: ravdess.clips, with: {root: "${root}"}}
          voice: {uses: audio.load, in: clips, with: {sample_rate: 16000}}
          mfcc: {uses: audio.mfcc, in: voice, with: {n_mfcc: 13, n_mels: 40}}
          statistics: {uses: tensor.summary, in: mfcc, with: {over: time}}
          features: {uses: tensor.flatten, in: statistics}
          scaled: {uses: scale.standard, in: features}
          classifier: {uses: classify.logistic_regression, in: scaled, with: {max_iter: 1000}}
          scores: {uses: evaluate.classification, in: classifier}
        target: emotion
        group: actor
        split: {uses: split.leave_one_group_out}
        """

    @Test func scoresGoToStandardOutputAndWordsToStandardError() throws {
        let result = Binary.run(["run", "spec.yaml"], in: folder.path)
        #expect(result.status == 0, "\(result.messages)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0].split(separator: " ") == ["accuracy", "balanced_accuracy", "f1_macro"])
        #expect(result.messages.contains("small: done; computed"))
        let latest = folder.path + "/results/small/latest"
        for file in [
            "spec.yaml", "lock.json", "sources.csv", "points.csv", "trials.csv", "metrics.csv", "predictions.csv",
            "stages.csv",
            "failures.csv", "run.json", "log.txt",
        ] {
            #expect(FileManager.default.fileExists(atPath: latest + "/" + file), "\(file)")
        }
    }

    @Test func aSecondRunComputesNothingWhateverWasTouched() throws {
        #expect(Binary.run(["run", "spec.yaml"], in: folder.path).status == 0)
        // Every file touched, the spec reformatted.
        let files = FileManager.default.enumerator(atPath: folder.path + "/data")?.compactMap { $0 as? String } ?? []
        for file in files where file.hasSuffix(".wav") {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)],
                ofItemAtPath: folder.path + "/data/" + file)
        }
        try (Self.spec + "\n# a remark\n").write(toFile: folder.path + "/spec.yaml", atomically: true, encoding: .utf8)
        let again = Binary.run(["run", "spec.yaml"], in: folder.path)
        #expect(again.status == 0)
        #expect(again.messages.contains("computed 0,"), "\(again.messages)")
    }

    @Test func packedAndUnpackedDataShareResults() throws {
        #expect(Binary.run(["run", "spec.yaml"], in: folder.path).status == 0)
        let zipped = Process()
        zipped.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        zipped.arguments = ["python3", "-c", "import shutil; shutil.make_archive('packed/speech', 'zip', 'data')"]
        zipped.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        try zipped.run()
        zipped.waitUntilExit()
        guard zipped.terminationStatus == 0 else { return }
        let again = Binary.run(["run", "spec.yaml", "--set", "params.root=packed"], in: folder.path)
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.messages.contains("computed 0,"), "\(again.messages)")
    }

    @Test func planTellsWhatWouldRun() throws {
        let before = Binary.run(["plan", "spec.yaml", "--json"], in: folder.path)
        #expect(before.status == 0, "\(before.messages)")
        #expect(before.output.contains("\"depends_on\": \"voice\""))
        #expect(Binary.run(["run", "spec.yaml"], in: folder.path).status == 0)
        let after = Binary.run(["plan", "spec.yaml"], in: folder.path)
        #expect(after.status == 0)
        for line in after.output.split(separator: "\n").dropFirst(2) {
            let cells = line.split(separator: " ").map(String.init)
            #expect(cells.suffix(2) == ["-", "-"], "\(line)")
        }
    }

    @Test func runsAreListedShownAndCompared() throws {
        #expect(Binary.run(["run", "spec.yaml"], in: folder.path).status == 0)
        #expect(Binary.run(["run", "spec.yaml", "--set", "mfcc.n_mfcc=5"], in: folder.path).status == 0)
        let list = Binary.run(["runs"], in: folder.path)
        #expect(list.output.split(separator: "\n").count == 3)
        #expect(Binary.run(["runs", "show", "small"], in: folder.path).output.contains("scores.accuracy"))
        let ids = list.output.split(separator: "\n").dropFirst().map { String($0.split(separator: " ")[1]) }
        #expect(Binary.run(["runs", "compare", ids[0], ids[0]], in: folder.path).output == "equal: 1 points\n")
        #expect(Binary.run(["runs", "compare", ids[0], ids[1]], in: folder.path).status == 1)
    }
}
