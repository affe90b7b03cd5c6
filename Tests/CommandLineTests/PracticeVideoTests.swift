// martlet synth --video as a person meets it.

import Foundation
import TestSupport
import Testing

@Suite struct PracticeVideoTests {
    private func files(_ folder: Scratch, _ directory: String) -> [String: Data] {
        let names = FileManager.default.enumerator(atPath: folder[directory])?.compactMap { $0 as? String } ?? []
        var files = [String: Data]()
        for name in names where !name.hasSuffix("Actor_01") {
            files[name] = FileManager.default.contents(atPath: folder[directory + "/" + name])
        }
        return files
    }

    @Test func facesAreWrittenBesideTheSameVoices() throws {
        let folder = Scratch()
        let made = Binary.run(
            ["synth", "both", "--actors", "1", "--video", "--size", "96x54"], in: folder.path)
        #expect(made.status == 0, "\(made)")
        #expect(made.output == "both: 30 clips, voice and face, by 1 actors\n")
        #expect(Binary.run(["synth", "voices", "--actors", "1"], in: folder.path).status == 0)
        let (both, voices) = (files(folder, "both"), files(folder, "voices"))
        #expect(both.count == 60 && voices.count == 30)
        for (name, bytes) in voices {
            #expect(both[name] == bytes)
            let face = both[name.replacing("03-01-", with: "01-01-").replacing(".wav", with: ".mp4")]
            #expect((face?.count ?? 0) > 1000, "\(name)")
        }
        #expect(Set(both.values).count == 60)
        // Again, into another directory: the same bytes, however the work is shared out.
        #expect(
            Binary.run(["synth", "again", "--actors", "1", "--video", "--size", "96x54"], in: folder.path).status == 0)
        #expect(files(folder, "again") == both)

        let face = "both/Actor_01/01-01-05-02-01-01-01.mp4"
        let frames = Binary.run(["apply", "video.decode", "--in", face, "--out", "frames.npy"], in: folder.path)
        #expect(frames.status == 0, "\(frames)")
        let header = String(
            decoding: (FileManager.default.contents(atPath: folder["frames.npy"]) ?? Data()).prefix(128), as: UTF8.self)
        #expect(header.contains(", 54, 96, 3)"), "\(header)")
        let sound = Binary.run(["apply", "audio.load", "--in", face, "--out", "sound.npy"], in: folder.path)
        #expect(sound.status == 0, "\(sound)")
    }

    @Test func wrongSizesAreUsageErrors() {
        let folder = Scratch()
        for (size, arguments) in [("321x180", ["--video"]), ("2000x900", ["--video"]), ("big", ["--video"])] {
            let result = Binary.run(["synth", "x", "--size", size] + arguments, in: folder.path)
            #expect(result.status == 2)
            #expect(
                result.messages.hasPrefix(
                    "Error: --size takes an even width and height from 64x36 to 1280x720, like 320x180; got \(size)"),
                "\(result)")
        }
        let alone = Binary.run(["synth", "x", "--size", "320x180"], in: folder.path)
        #expect(alone.status == 2 && alone.messages.hasPrefix("Error: --size is that of the faces; add --video"))
    }

    /// Faces of some clips are missing, of others the voice: the message names both, and samples.join brings them together.
    @Test func facesAndVoicesThatDoNotMatchAreJoined() throws {
        let folder = Scratch()
        folder.write("", to: ".git/HEAD")
        #expect(
            Binary.run(["synth", "data", "--actors", "3", "--video", "--size", "64x36"], in: folder.path).status == 0)
        for gone in ["01/01-01-03-01-01-01-01.mp4", "02/01-01-04-01-02-01-02.mp4", "03/03-01-05-01-01-01-03.wav"] {
            try FileManager.default.removeItem(atPath: folder["data/Actor_" + gone])
        }
        func spec(_ lines: String) -> String {
            """
            martlet: 1
            name: both
            stages:
              faces: {uses: ravdess.clips, with: {root: data, modality: audio_video}}
              voices: {uses: ravdess.clips, with: {root: data}}
            \(lines)
              frames: {uses: video.decode, in: face, with: {size: [9, 16], n_frames: 4, colour: gray}}
              sound: {uses: audio.load, in: voice, with: {sample_rate: 16000}}
              mfcc: {uses: audio.mfcc, in: sound, with: {n_mfcc: 13, n_mels: 40}}
              mean: {uses: tensor.summary, in: mfcc, with: {over: time, statistics: [mean]}}
              features: {uses: tensor.concat, in: [frames, mean], with: {flatten: true}}
              scaled: {uses: scale.standard, in: features}
              classifier: {uses: classify.logistic_regression, in: scaled, with: {max_iter: 1000}}
              scores: {uses: evaluate.classification, in: classifier}
            target: emotion
            group: actor
            split: {uses: split.leave_one_group_out}
            """
        }
        folder.write(
            spec("").replacing("in: face,", with: "in: faces,").replacing("in: voice,", with: "in: voices,"),
            to: "apart.yaml")
        let apart = Binary.run(["run", "apart.yaml"], in: folder.path)
        #expect(apart.status == 2, "\(apart)")
        #expect(
            apart.messages.contains(
                "its inputs have different items: frames has 88, mean has 89, and 01-05-01-01-01-03 is in one of them only"
            ),
            "\(apart)")
        #expect(apart.messages.contains("samples.join"), "\(apart)")

        folder.write(
            spec(
                """
                  face: {uses: samples.join, in: {left: faces, right: voices}, with: {unmatched: drop}}
                  voice: {uses: samples.join, in: {left: faces, right: voices}, with: {unmatched: drop, value: right}}
                """), to: "joined.yaml")
        let joined = Binary.run(["run", "joined.yaml"], in: folder.path)
        #expect(joined.status == 0, "\(joined)")
        let predictions =
            FileManager.default.contents(atPath: folder["results/both/latest/predictions.csv"]) ?? Data()
        #expect(String(decoding: predictions, as: UTF8.self).split(separator: "\n").count == 1 + 87)
    }
}
