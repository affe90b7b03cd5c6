// Options that several commands share, and what they lead to.

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Spec
internal import Stages
internal import Tensors

struct SpecOptions: ParsableArguments {
    @Argument(help: "The experiment's YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var spec: String

    @Option(name: .customLong("set"), help: ArgumentHelp("Set a value for this run.", valueName: "address=value"))
    var settings: [String] = []

    @Option(name: .customLong("sweep"), help: ArgumentHelp("Sweep a value.", valueName: "address=[value, …]"))
    var sweeps: [String] = []

    func read() throws -> Experiment {
        try SpecReader.read(
            path: spec, settings: Self.parse(settings, "--set"), sweeps: Self.parse(sweeps, "--sweep"),
            catalogue: installed.withLock { $0 })
    }

    /// For the records.
    var told: [String: Canonical] {
        var told = [String: Canonical]()
        if !settings.isEmpty { told["set"] = .array(settings.map { .text($0) }) }
        if !sweeps.isEmpty { told["sweep"] = .array(sweeps.map { .text($0) }) }
        return told
    }

    static func parse(_ texts: [String], _ option: String) throws -> [Setting] {
        try texts.map { text in
            guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
                throw UsageError(
                    message: "\(option) takes address=value, as in \(option) split.n_splits=5; got \(text)")
            }
            return Setting(address: String(text[..<equals]), text: String(text[text.index(after: equals)...]))
        }
    }
}

extension CompletionKind {
    /// The names of the stage types of this program.
    static let stageTypes = custom { _, _, _ in installed.withLock { $0 }.names }
}

struct CacheOptions: ParsableArguments {
    @Option(
        name: .customLong("cache"),
        help: ArgumentHelp(
            "The cache; else MARTLET_CACHE, else .martlet/cache at the project's root.", valueName: "directory"))
    var directory: String?

    var path: String {
        if let directory { return directory }
        if let named = ProcessInfo.processInfo.environment["MARTLET_CACHE"], !named.isEmpty { return named }
        return Project.place(".martlet/cache")
    }

    func open() throws -> Store { try Store(directory: path) }
    func openStatMemory() throws -> StatMemory { try StatMemory(path: path + "/stat.sqlite") }
}

struct JobOptions: ParsableArguments {
    @Option(help: "Worker threads; the default is the number of cores.")
    var jobs: Int = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        if jobs < 1 { throw ValidationError("--jobs takes a number of at least 1; got \(jobs)") }
        if jobs > 1024 { throw ValidationError("--jobs takes a number of at most 1024; got \(jobs)") }
    }
}

struct MemoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How much memory values may take: 500MB, 4GB; the default is half of the machine's.", valueName: "size"))
    var memory: String?

    /// The budget in bytes.
    func bytes() throws -> Int {
        guard let memory else { return max(1 << 28, Int(ProcessInfo.processInfo.physicalMemory) / 2) }
        do throws(Problem) { return try SpecReader.bytes(memory) } catch {
            throw UsageError(message: "--memory: " + error.message + (error.advice.map { "\n    = " + $0 } ?? ""))
        }
    }
}

/// The project that a command runs in.
enum Project {
    /// The nearest directory upward with `.martlet` or `.git`, else the current one; relative where it can be.
    static var root: String {
        let manager = FileManager.default
        var directory = manager.currentDirectoryPath
        while true {
            if manager.fileExists(atPath: directory + "/.martlet") || manager.fileExists(atPath: directory + "/.git") {
                return directory == manager.currentDirectoryPath ? "." : directory
            }
            let parent = (directory as NSString).deletingLastPathComponent
            if parent == directory || parent.isEmpty { return "." }
            directory = parent
        }
    }
}

extension Project {
    /// A place below the root, as short as it can be said.
    static func place(_ name: String) -> String { root == "." ? name : root + "/" + name }
}

/// Times as records spell them.
enum Timestamp {
    /// ISO 8601 in UTC, to the second: `2026-11-25T03:07:18Z`; with `compact`, as a name of a directory.
    static func text(_ nanoseconds: Int64, compact: Bool = false) -> String {
        var (seconds, parts) = (time_t(nanoseconds / 1_000_000_000), tm())
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (date, time) = (
            ["\(parts.tm_year + 1900)", two(parts.tm_mon + 1), two(parts.tm_mday)],
            [two(parts.tm_hour), two(parts.tm_min), two(parts.tm_sec)]
        )
        return compact
            ? date.joined() + "T" + time.joined() + "Z"
            : date.joined(separator: "-") + "T" + time.joined(separator: ":") + "Z"
    }
}
