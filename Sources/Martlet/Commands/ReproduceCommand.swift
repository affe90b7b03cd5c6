// martlet reproduce

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Spec
internal import Stages
internal import Tensors

struct ReproduceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Compute an experiment anew and compare every number with what came out before.",
        discussion: """
            Recomputes from the sources in a fresh cache. Says identical; within tolerance, where numeric libraries or the \
            kernels that they picked differ, and results by no more than their stage types allow; or different, and then \
            what differs first. Exit code 1 where something differs.

            Examples: martlet reproduce experiments/voice.lock.json · martlet reproduce quickstart/latest
            """)

    @Argument(
        help:
            "A spec that was locked with martlet run --lock, its lock, or a run: a path, experiment/id, or part of an id.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var what: String

    @Option(
        name: .customLong("set"), help: ArgumentHelp("Set a value beside those locked.", valueName: "address=value"))
    var settings: [String] = []

    @OptionGroup var place: RunsCommand.Place
    @OptionGroup var jobOptions: JobOptions
    @OptionGroup var memoryOptions: MemoryOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but the verdict.")
    var quiet = false

    func run() throws {
        let (lock, spec, name) = try find()
        func told(_ key: String) -> [String] { (lock.told[key]?.arrayValue ?? []).compactMap(\.textValue) }
        let experiment = try SpecReader.read(
            path: spec, settings: SpecOptions.parse(told("set") + settings, "--set"),
            sweeps: SpecOptions.parse(told("sweep"), "--sweep"), catalogue: installed.withLock { $0 })
        func say(_ line: String) { if !quiet { Terminal.say(line) } }
        Interruption.listen()
        let fresh = Project.place(".martlet/reproduce-\(getpid())")
        defer { try? FileManager.default.removeItem(atPath: fresh) }
        var cache = CacheOptions()
        cache.directory = fresh
        let session = try Session(
            experiment, cache: cache,
            options: RunOptions(
                jobs: jobOptions.jobs, keepsGoing: true, memory: try memoryOptions.bytes(), id: "reproduce"),
            limit: lock.told["limit"]?.intValue, upTo: lock.told["only"]?.textValue, say: say)
        defer { try? session.store.close() }
        if let trouble = session.execute(quiet: quiet) { throw trouble }
        if session.run.ending == .interrupted { throw Exit(code: Interruption.exitCode) }
        for line in RunReport.failures(session.run) { say(line) }
        try tell(Reproduction(locked: lock, found: try session.run.lock(experiment.name, isFull: true)), name)
    }

    /// The lock, the spec that it is of, and what to call it.
    private func find() throws -> (RunLock, spec: String, name: String) {
        let manager = FileManager.default
        if what.hasSuffix(".lock.json") {
            let stem = String(what.dropLast(".lock.json".count))
            guard let spec = [".yaml", ".yml"].map({ stem + $0 }).first(where: manager.fileExists) else {
                throw UsageError(message: "there is no \(stem).yaml beside \(what)")
            }
            return (try LockFile.read(what), spec, what)
        }
        var isDirectory: ObjCBool = false
        let isFile = manager.fileExists(atPath: what, isDirectory: &isDirectory) && !isDirectory.boolValue
        if isFile, !what.hasSuffix("/lock.json") {
            let lock = LockFile.path(of: what)
            guard manager.fileExists(atPath: lock) else {
                throw UsageError(message: "\(what) was never locked: martlet run \(what) --lock writes \(lock)")
            }
            return (try LockFile.read(lock), what, lock)
        }
        let folder = try place.find(what.hasSuffix("/lock.json") ? String(what.dropLast("/lock.json".count)) : what)
        var lock = try LockFile.read(folder.path + "/lock.json")
        lock.sources = try folder.table("sources.csv").rows
        lock.metrics = try folder.table("metrics.csv").rows.filter { !RunLock.isOfCurve($0) }
        return (lock, folder.path + "/spec.yaml", folder.path)
    }

    private func tell(_ found: Reproduction, _ name: String) throws {
        let counts = "\(found.nodes) nodes, \(found.metrics) metrics"
        if json {
            let report: [String: Canonical] = [
                "verdict": .text(found.verdict.rawValue), "findings": .array(found.findings.map { .text($0) }),
                "nodes": .int(found.nodes), "metrics": .int(found.metrics),
                "tolerated_nodes": .int(found.toleratedNodes),
                "tolerated_metrics": .int(found.toleratedMetrics),
            ]
            print(Canonical.map(report).json())
        } else {
            switch found.verdict {
            case .identical: print("identical: \(counts), as in \(name)")
            case .withinTolerance:
                print(
                    "within tolerance: \(found.toleratedNodes) of \(found.nodes) nodes and \(found.toleratedMetrics) of "
                        + "\(found.metrics) metrics differ from \(name), by no more than they may")
            case .different: print("different from \(name):")
            }
            for line in found.findings { print("  " + line) }
        }
        if found.verdict == .different { throw Exit(code: 1) }
    }
}
