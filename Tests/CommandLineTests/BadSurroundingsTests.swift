// Disks that are full, places that may not be written, caches that are none or spoiled, readers that went away, and
// Ctrl-C: one clear error and exit code 4 (or 130), and running again goes on where it stopped.

import Foundation
import TestSupport
import Testing

@Suite struct BadInputSurroundings {
    let tones = Tones()

    /// Whether file systems can be mounted here: tests that need one are skipped elsewhere.
    static let canMount: Bool = {
        let folder = Scratch()
        folder.write("", to: "at/file")
        return Binary.shell("mount -t tmpfs -o size=64k tmpfs at && umount at", in: folder.path).status == 0
    }()

    // MARK: Full disks

    @Test(.enabled(if: canMount), arguments: [48, 100, 200]) func aFullDiskBelowTheCache(kilobytes: Int) {
        #expect(tones.shell("mkdir disk && mount -t tmpfs -o size=\(kilobytes)k tmpfs disk").status == 0)
        defer { _ = tones.shell("umount disk") }
        let full = tones.martlet("run", "spec.yaml", "--cache", "disk/cache", "--jobs", "1")
        #expect(full.status == 4)
        #expect(full.output.isEmpty)
        #expect(full.messages.contains("tones: stopped by the surroundings; run again to go on"), "\(full.messages)")
        #expect(full.messages.contains("\nerror: there is no space left for disk/cache/"), "\(full.messages)")
        #expect(full.messages.hasSuffix("what was computed so far is kept, run again to go on\n"))
        // The run leaves what it has, marked as stopped, and says where.
        #expect(full.messages.contains("\nresults/tones/"), "\(full.messages)")
        #expect(tones.record("run.json").contains("\"ending\": \"stopped by the surroundings; run again to go on\""))
        #expect(tones.record("run.json").contains("\"complete\": false"))

        #expect(tones.shell("mount -o remount,size=40m disk").status == 0)
        let whole = tones.martlet("run", "spec.yaml", "--cache", "calm", "--results", "calm-results")
        let again = tones.martlet("run", "spec.yaml", "--cache", "disk/cache")
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.output == whole.output)
        if kilobytes == 200 { #expect(Tones.computed(again) == 0, "\(again.messages)") }
        for file in ["metrics.csv", "predictions.csv", "lock.json"] {
            #expect(tones.record(file) == tones.record(file, results: "calm-results"))
        }
    }

    @Test(.enabled(if: canMount)) func aFullDiskBelowTheResults() {
        #expect(tones.shell("mkdir disk && mount -t tmpfs -o size=16k tmpfs disk").status == 0)
        defer { _ = tones.shell("umount disk") }
        let full = tones.martlet("run", "spec.yaml", "--results", "disk")
        #expect(full.status == 4)
        let end = full.messages.split(separator: "\n").suffix(2).map(String.init)
        #expect(end[0].hasPrefix("error: cannot write disk/tones/"))
        #expect(end[0].hasSuffix(".csv: No space left on device"))
        #expect(
            end[1]
                == "    = make room there, or choose another place with --results; what was computed is in the cache: run again"
        )
        #expect(tones.shell("find disk -name '.*'").output.isEmpty)
        let elsewhere = tones.martlet("run", "spec.yaml")
        #expect(elsewhere.status == 0)
        #expect(Tones.computed(elsewhere) == 0)
    }

    @Test func standardOutputIsFull() {
        guard access("/dev/full", W_OK) == 0 else { return }
        let result = tones.shell("$MARTLET run spec.yaml >/dev/full")
        #expect(result.status == 4)
        #expect(result.messages.hasSuffix("error: standard output cannot be written: No space left on device\n"))
        // The records are there all the same; and words that cannot be said stop nothing.
        #expect(tones.column("status", of: "trials.csv") == ["done", "done"])
        #expect(tones.shell("$MARTLET run spec.yaml 2>/dev/full").status == 0)
    }

    // MARK: Places that may not be written

    @Test(.enabled(if: canMount)) func aReadOnlyCacheAnswersWhatItKnows() {
        #expect(tones.martlet("run", "spec.yaml", "--cache", "cache").status == 0)
        #expect(tones.shell("mkdir ro && mount --bind cache ro && mount -o remount,ro,bind ro").status == 0)
        defer { _ = tones.shell("umount ro") }
        let known = tones.martlet("run", "spec.yaml", "--cache", "ro")
        #expect(known.status == 0, "\(known.messages)")
        #expect(known.messages.contains("warning: this run is not noted in the cache: ro/runs/"))
        #expect(tones.column("status", of: "trials.csv") == ["done", "done"])
        let new = tones.martlet("run", "spec.yaml", "--cache", "ro", "--set", "mfcc.n_mfcc=6")
        #expect(new.status == 4)
        #expect(new.messages.contains("error: ro/segments/"))
        #expect(
            new.messages.hasSuffix(
                "cannot be written: give yourself permission to write there, or choose another cache with --cache\n"))
        #expect(tones.martlet("run", "spec.yaml", "--cache", "cache", "--set", "mfcc.n_mfcc=6").status == 0)
    }

    @Test func placesWhereNothingCanBeWritten() {
        let cache = tones.martlet("run", "spec.yaml", "--cache", "/proc/martlet")
        #expect(cache.status == 4)
        #expect(
            cache.messages
                == "error: the cache cannot be made at /proc/martlet: No such file or directory; choose another directory "
                + "with --cache\n")
        let results = tones.martlet("run", "spec.yaml", "--results", "spec.yaml")
        #expect(results.status == 4)
        #expect(results.messages.hasPrefix("error: cannot write spec.yaml/tones"))
        #expect(
            results.messages.hasSuffix(
                ": Not a directory\n    = choose another place with --results, or make room there\n"))
        // Told before anything is computed.
        #expect(Tones.computed(results) == nil)
        let practice = tones.martlet("synth", "spec.yaml/data", "--actors", "1")
        #expect(practice.status == 4)
        #expect(practice.messages.contains("cannot be written: Not a directory\n"))
        let out = tones.martlet("apply", "audio.load", "--in", "clips/low_0.wav", "--out", "nowhere/x.npy")
        #expect(out.status == 4)
        #expect(
            out.messages
                == "error: cannot write nowhere/x.npy: No such file or directory\n    = choose another place with --out\n"
        )
    }

    // MARK: Caches

    @Test(arguments: ["run spec.yaml", "plan spec.yaml", "cache stats", "cache verify"])
    func aCacheOfAnotherFormat(command: String) {
        tones.folder.write("7\n", to: "old/VERSION")
        let result = Binary.run(command.split(separator: " ").map(String.init) + ["--cache", "old"], in: tones.path)
        #expect(result.status == 4)
        #expect(
            result.messages
                == "error: the cache at old is of format 7, and this Martlet writes format 1: choose another with --cache, "
                + "or delete it; a cache can always be made again\n")
        #expect(tones.shell("ls old").output == "VERSION\n")
    }

    @Test func doctorTellsOfItOnce() {
        tones.folder.write("7\n", to: "old/VERSION")
        let result = tones.martlet("doctor", "--cache", "old")
        #expect(result.status == 4)
        #expect(result.output.contains("  trouble    the cache at old is of format 7"))
        #expect(result.messages.isEmpty)
    }

    @Test(arguments: ["clips", "spec.yaml"]) func whatIsNoCache(place: String) {
        let before = tones.shell("ls -R \(place)").output
        let result = tones.martlet("run", "spec.yaml", "--cache", place)
        #expect(result.status == 4)
        #expect(
            result.messages
                == "error: \(place) holds something else and is no cache: choose another directory with --cache\n")
        #expect(tones.shell("ls -R \(place)").output == before)
    }

    @Test(
        arguments: ["index.sqlite", "stat.sqlite"],
        [
            "head -c 9000 /dev/urandom >", "mkdir ", ": >",
            "head -c 5000 /dev/urandom | dd bs=4096 seek=1 conv=notrunc status=none of=",
        ])
    func databasesAreMadeAgain(file: String, spoil: String) {
        #expect(tones.martlet("run", "spec.yaml", "--cache", "cache").status == 0)
        // In the last case the file begins as it should, and its pages are damaged.
        let isKept = spoil.hasSuffix("of=")
        #expect(tones.shell((isKept ? "" : "rm -f cache/\(file)*; ") + "\(spoil)cache/\(file)").status == 0)
        for _ in 0..<2 {
            let again = tones.martlet("run", "spec.yaml", "--cache", "cache")
            #expect(again.status == 0, "\(again.messages)")
            #expect(Tones.computed(again) == 0, "\(again.messages)")
            #expect(tones.column("status", of: "trials.csv") == ["done", "done"])
        }
    }

    // MARK: Readers that went away, and Ctrl-C

    @Test func aReaderThatHasSeenEnough() {
        let list = tones.shell("($MARTLET stages; echo $? >code) | head -1")
        #expect(list.output.hasPrefix("type "))
        #expect(tones.shell("cat code").output == "0\n")
        let run = tones.shell("($MARTLET run spec.yaml; echo $? >code) 2>&1 | true")
        #expect(run.status == 0)
        #expect(tones.shell("cat code").output == "0\n")
    }

    @Test func closedStreamsHarmNothing() {
        #expect(tones.shell("$MARTLET run spec.yaml --cache cache >&- 2>&- <&-").status == 0)
        let verified = tones.martlet("cache", "verify", "--cache", "cache")
        #expect(verified.status == 0)
        #expect(verified.output.hasSuffix(" 0 damaged\n"))
    }

    @Test func interruptedTwice() throws {
        let process = Binary.start(["run", "spec.yaml", "--cache", "cache", "--jobs", "1"], in: tones.path)
        while !FileManager.default.fileExists(atPath: tones.path + "/cache/segments"), kill(process.id, 0) == 0 {
            usleep(500)
        }
        // The listener is set after the cache was opened.
        usleep(20_000)
        process.signal(SIGINT)
        usleep(1000)
        process.signal(SIGINT)
        let result = process.wait()
        #expect([0, 130].contains(result.status), "\(result.status): \(result.messages)")
        let again = tones.martlet("run", "spec.yaml", "--cache", "cache")
        #expect(again.status == 0, "\(again.messages)")
        #expect(tones.column("status", of: "trials.csv") == ["done", "done"])
    }
}
