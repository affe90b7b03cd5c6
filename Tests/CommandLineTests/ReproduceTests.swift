// martlet reproduce as a person meets it: the committed lock of the voices' experiment, and locks and runs of a small experiment.

import Foundation
import TestSupport
import Testing

@Suite struct ReproduceTests {
    /// Practice speech beside the experiment of voices and its lock. (The quickstart has videos too, whose bytes are those of
    /// one libav.)
    private func voices() throws -> Scratch {
        let folder = Scratch()
        folder.write("", to: ".git/HEAD")
        for file in ["experiments/voice.yaml", "experiments/voice.lock.json"] {
            let bytes = try #require(FileManager.default.contents(atPath: Binary.root + "/" + file))
            folder.write(Array(bytes), to: file)
        }
        #expect(Binary.run(["synth", "data/practice", "--actors", "8"], in: folder.path).status == 0)
        return folder
    }

    private let lock = "experiments/voice.lock.json"

    @Test func theVoicesGiveWhatTheyGave() throws {
        let folder = try voices()
        let result = Binary.run(["reproduce", lock], in: folder.path)
        #expect(result.status == 0, "\(result)")
        #expect(result.output.hasPrefix("identical: ") || result.output.hasPrefix("within tolerance: "), "\(result)")
        // What was computed for the comparison is not left.
        #expect(!FileManager.default.fileExists(atPath: folder["results"]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder[".martlet"]).isEmpty)
    }

    /// Another machine's kernels, as far as one machine can have them.
    @Test func otherKernelsAreWithinTolerance() throws {
        let folder = try voices()
        let result = Binary.run(
            ["reproduce", lock, "-q"], in: folder.path,
            environment: ["OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1"])
        #expect(result.status == 0, "\(result)")
        #if arch(x86_64)
            #expect(result.output.hasPrefix("within tolerance: "), "\(result)")
            #expect(result.output.contains("profile: openblas is "), "\(result)")
        #endif
    }

    @Test func aChangedSampleIsNamedWithTheFirstStageThatDiffers() throws {
        let folder = try voices()
        let clip = "data/practice/Actor_03/03-01-05-02-01-01-03.wav"
        var bytes = try #require(FileManager.default.contents(atPath: folder[clip]))
        bytes[2001] ^= 4
        folder.write(Array(bytes), to: clip)
        let result = Binary.run(["reproduce", lock, "-q"], in: folder.path)
        #expect(result.status == 1)
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(
            lines.prefix(3) == [
                "different from experiments/voice.lock.json:",
                "  source: Actor_03/03-01-05-02-01-01-03.wav is not the file that it was: other bytes",
                "  the first stage whose results differ is voice (audio.load)",
            ], "\(result)")
    }

    // MARK: Locks and runs

    let tones = Tones()

    @Test func aSpecItsLockAndItsRun() {
        #expect(
            tones.martlet("reproduce", "spec.yaml").messages
                == "error: spec.yaml was never locked: martlet run spec.yaml --lock writes spec.lock.json\n")
        let locked = tones.martlet("run", "spec.yaml", "--lock", "--limit", "9", "--set", "mfcc.n_mfcc=6")
        #expect(locked.status == 0, "\(locked.messages)")
        #expect(locked.messages.contains("locked in spec.lock.json"))
        for what in ["spec.yaml", "spec.lock.json", "tones/latest"] {
            let result = tones.martlet("reproduce", what)
            #expect(result.status == 0, "\(result)")
            #expect(result.output.hasPrefix("identical: "), "\(what): \(result)")
        }
        let other = tones.martlet("reproduce", "spec.yaml", "--set", "classifier.C=0.1")
        #expect(other.status == 1)
        #expect(
            other.output.contains(
                "the first stage whose results differ is classifier (classify.logistic_regression, fit"),
            "\(other)")
        let json = tones.martlet("reproduce", "spec.yaml", "--json")
        #expect(json.output.contains("\"verdict\": \"identical\""))
    }

    @Test func whatCannotBeReproducedIsSaid() {
        tones.folder.write("{\"martlet\": 1", to: "spec.lock.json")
        let garbled = tones.martlet("reproduce", "spec.yaml")
        #expect(garbled.status == 2)
        #expect(garbled.messages == "error: spec.lock.json is not a lock that martlet run --lock wrote\n")
        #expect(tones.martlet("reproduce", "nothing").messages.hasPrefix("error: there is no run nothing in results"))
        #expect(
            tones.martlet("reproduce", "other.lock.json").messages
                == "error: there is no other.yaml beside other.lock.json\n")
    }

    /// A run that is not complete is nothing to hold others against.
    @Test func anIncompleteRunIsNotLocked() {
        tones.folder.write("no sound", to: "clips/low_9.wav")
        let result = tones.martlet("run", "spec.yaml", "--lock", "--keep-going")
        #expect(result.status == 1)
        #expect(result.messages.contains("no lock was written, as the run is not complete"), "\(result.messages)")
    }
}
