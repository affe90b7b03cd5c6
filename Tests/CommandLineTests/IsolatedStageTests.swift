// Isolated stages as a person meets them: the program is that of a user's own package, which has such stages.

import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct IsolatedStages {
    let folder = Scratch()

    init() {
        folder.write(
            """
            martlet: 1
            name: toy
            stages:
              numbers: {uses: toy.numbers}
              poisoned: {uses: toy.poison, in: numbers}
              added: {uses: toy.add, in: poisoned}

            """, to: "spec.yaml")
    }

    private func toy(_ arguments: String...) -> Binary.Result {
        Binary.run(arguments, in: folder.path, program: Binary.toy)
    }

    private func text(_ file: String) throws -> String {
        try String(contentsOfFile: folder["results/toy/latest/" + file], encoding: .utf8)
    }

    @Test(arguments: [
        ("segfault", "crashed (signal 11 SIGSEGV)"), ("exit", "ended (exit code 0)"),
        ("kill", "was killed (signal 9 SIGKILL)"), ("garbage", "wrote into its connection what is no message"),
        ("binary_crash", "crashed (signal 11 SIGSEGV); it last wrote: \\xff\\x00\\x1b[A | \\xc3("),
    ]) func oneSampleFailsAndTheRestIsDone(how: String, words: String) throws {
        var lasting = [[String]]()
        for jobs in ["1", "4"] {
            let result = toy(
                "run", "spec.yaml", "--set", "poisoned.how=\(how)", "--keep-going", "--jobs", jobs, "--cache", jobs)
            #expect(result.status == 1, "\(result.messages)")
            #expect(result.output == "")
            #expect(result.messages.contains("row_0007: poisoned: " + words), "\(result.messages)")
            let failures = "sample,stage,cause\nrow_0007,poisoned,\(words)\n"
            #expect(try text("failures.csv") == failures)
            let added = try text("stages.csv").split(separator: "\n").first { $0.hasPrefix("added,") }
            #expect(added?.contains(",23,") == true)
            lasting.append(try ["points.csv", "trials.csv", "lock.json", "failures.csv"].map(text))
        }
        #expect(lasting[0] == lasting[1])
    }

    /// Limits of the spec end the process, and fail one sample.
    @Test(arguments: [
        ("hang", "timeout: 1500ms", "took longer than its timeout of 1.5 s"),
        ("grow", "memory: 150MB", "grew past its memory of 150 MB"),
    ]) func limitsOfTheSpecEndIt(how: String, limit: String, words: String) throws {
        folder.write(
            """
            martlet: 1
            name: toy
            stages:
              numbers: {uses: toy.numbers}
              poisoned: {uses: toy.poison, in: numbers, with: {how: \(how)}, \(limit)}
              added: {uses: toy.add, in: poisoned}

            """, to: "limited.yaml")
        let result = toy("run", "limited.yaml", "--keep-going")
        #expect(result.status == 1, "\(result.messages)")
        #expect(try text("failures.csv") == "sample,stage,cause\nrow_0007,poisoned,\(words)\n")
        let added = try text("stages.csv").split(separator: "\n").first { $0.hasPrefix("added,") }
        #expect(added?.contains(",23,") == true)
    }

    /// What it prints reaches nobody's terminal and no pipe of results.
    @Test(arguments: ["binary", "frame"]) func writingToStandardOutputDisturbsNothing(how: String) {
        let result = toy("run", "spec.yaml", "--set", "poisoned.how=\(how)")
        #expect(result.status == 0, "\(result.messages)")
        #expect(result.output == "")
        #expect(result.messages.hasPrefix("toy: done; computed 48"), "\(result.messages)")
    }

    @Test func withoutKeepGoingTheRunStops() {
        let result = toy("run", "spec.yaml", "--set", "poisoned.how=segfault")
        #expect(result.status == 3, "\(result.messages)")
    }

    /// The processes that one has started.
    private func children(of id: Int32) -> [Int32] {
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return ids.filter { child in
            let status = FileManager.default.contents(atPath: "/proc/\(child)/stat") ?? Data()
            let fields = String(decoding: status, as: UTF8.self).split(separator: ")").last?.split(separator: " ")
            return fields.map { $0.count > 1 && $0[1] == String(id) } ?? false
        }
    }

    /// Gone, or dead and left to whoever adopts orphans.
    private func isGone(_ id: Int32) -> Bool {
        guard let status = FileManager.default.contents(atPath: "/proc/\(id)/stat") else { return true }
        return String(decoding: status, as: UTF8.self).split(separator: ")").last?.hasPrefix(" Z") ?? true
    }

    @Test(arguments: ["hang", "stop"]) func killedWithItsChildAtWork(how: String) throws {
        let run = Binary.start(
            ["run", "spec.yaml", "--set", "poisoned.how=\(how)", "--jobs", "1"], in: folder.path, program: Binary.toy)
        var workers = [Int32]()
        for _ in 0..<60_000 where workers.isEmpty {
            workers = children(of: run.id)
            usleep(500)
        }
        try #require(workers.count == 1)
        run.signal(SIGKILL)
        #expect(run.wait().status == 128 + SIGKILL)
        for _ in 0..<60_000 where !isGone(workers[0]) { usleep(500) }
        #expect(isGone(workers[0]))
    }

    @Test func appliedToOneFile() {
        folder.write(
            Npy.encode(Tensor(.float64([7]), shape: [1], axes: ["feature"])), to: "x.npy")
        let sound = toy("apply", "toy.poison", "--in", "x.npy", "--with", "{value: 8}", "--axes", "feature")
        #expect(sound.status == 0)
        #expect(sound.output.hasPrefix("float64 (feature 1)"), "\(sound.output)")
        let poisoned = toy("apply", "toy.poison", "--in", "x.npy", "--with", "{how: segfault}")
        #expect(poisoned.status == 3)
        #expect(poisoned.messages == "error: x.npy: toy.poison: crashed (signal 11 SIGSEGV)\n")
    }

    @Test func theWorkersCommandIsNotForPeople() {
        #expect(!Binary.run(["--help"], in: folder.path).output.contains("worker"))
        let result = Binary.run(["worker"], in: folder.path)
        #expect(result.status == 2)
        #expect(
            result.messages == "error: a worker is started by martlet itself, with a connection to its parent\n")
    }
}
