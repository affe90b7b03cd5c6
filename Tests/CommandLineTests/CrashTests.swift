import Foundation
import TestSupport
import Testing

/// Whatever happens to a run, running again gives the bytes that an undisturbed run gives.
@Suite struct Surviving {
    let folder = Scratch()
    static let lasting = ["points.csv", "trials.csv", "metrics.csv", "predictions.csv", "sources.csv", "lock.json"]

    init() throws {
        #expect(Binary.run(["synth", "data", "--actors", "2"], in: folder.path).status == 0)
        try Running.spec.write(toFile: folder.path + "/spec.yaml", atomically: true, encoding: .utf8)
    }

    private func records(cache: String, results: String) throws -> [String: String] {
        let result = Binary.run(["run", "spec.yaml", "--cache", cache, "--results", results], in: folder.path)
        #expect(result.status == 0, "\(result.messages)")
        var records = [String: String]()
        for file in Self.lasting {
            records[file] = try String(
                contentsOfFile: folder.path + "/\(results)/small/latest/\(file)", encoding: .utf8)
        }
        return records
    }

    @Test func killedAtRandomMoments() throws {
        let undisturbed = try records(cache: "calm", results: "calm-results")
        for round in 0..<6 {
            let process = Binary.start(
                ["run", "spec.yaml", "--cache", "stormy", "--results", "stormy-results"], in: folder.path)
            // The moment is counted in what the cache has received, so that slow and fast machines are killed alike.
            let wanted = 2_000 + 9_000 * round
            while segmentBytes("stormy") < wanted, kill(process.id, 0) == 0, !hasEnded(process.id) { usleep(500) }
            process.signal(SIGKILL)
            _ = process.wait()
        }
        #expect(try records(cache: "stormy", results: "stormy-results") == undisturbed)
    }

    @Test func damagedInEveryWay() throws {
        let undisturbed = try records(cache: "cache", results: "results")
        let manager = FileManager.default
        let segments = try manager.contentsOfDirectory(atPath: folder.path + "/cache/segments").map {
            folder.path + "/cache/segments/" + $0
        }
        // The index deleted.
        for file in ["index.sqlite", "index.sqlite-wal", "index.sqlite-shm"] {
            try? manager.removeItem(atPath: folder.path + "/cache/" + file)
        }
        #expect(try records(cache: "cache", results: "results") == undisturbed)
        // A segment cut short.
        if let segment = segments.first {
            let size = try #require(try manager.attributesOfItem(atPath: segment)[.size] as? Int)
            truncate(segment, size / 2)
        }
        #expect(try records(cache: "cache", results: "results") == undisturbed)
        // Bytes flipped in a segment.
        if let segment = segments.first, var bytes = manager.contents(atPath: segment) {
            for position in stride(from: 1000, to: bytes.count, by: 4001) { bytes[position] ^= 0x55 }
            try bytes.write(to: URL(fileURLWithPath: segment))
        }
        #expect(try records(cache: "cache", results: "results") == undisturbed)
        // Every blob overwritten.
        let blobs = manager.enumerator(atPath: folder.path + "/cache/blobs")?.compactMap { $0 as? String } ?? []
        for blob in blobs where blob.hasSuffix(".npy") {
            try Data("not a value".utf8).write(to: URL(fileURLWithPath: folder.path + "/cache/blobs/" + blob))
        }
        #expect(try records(cache: "cache", results: "results") == undisturbed)
    }

    @Test func interruptedPolitely() throws {
        let process = Binary.start(["run", "spec.yaml"], in: folder.path)
        while segmentBytes(".martlet/cache") < 3_000, !hasEnded(process.id) { usleep(500) }
        process.signal(SIGINT)
        let result = process.wait()
        #expect([0, 130].contains(result.status), "\(result.messages)")
        if result.status == 130 {
            #expect(result.messages.contains("interrupted; run again to go on"))
            let trials = try String(contentsOfFile: folder.path + "/results/small/latest/trials.csv", encoding: .utf8)
            #expect(trials.contains("stopped"))
        }
        #expect(Binary.run(["run", "spec.yaml"], in: folder.path).status == 0)
    }

    private func hasEnded(_ id: pid_t) -> Bool {
        var info = siginfo_t()
        return waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info._sifields._sigchld.si_pid == id
    }

    private func segmentBytes(_ cache: String) -> Int {
        let folder = folder.path + "/\(cache)/segments"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.reduce(0) { sum, file in
            sum + (((try? FileManager.default.attributesOfItem(atPath: folder + "/" + file))?[.size] as? Int) ?? 0)
        }
    }
}
