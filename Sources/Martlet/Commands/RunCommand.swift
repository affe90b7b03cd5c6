// martlet run

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Spec
internal import Stages
internal import Tensors

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run an experiment; compute what was never computed before.",
        discussion: """
            Example: martlet run experiments/speech-baseline.yaml --set params.root=data/ravdess --jobs 4

            Exit codes: 0 done; 1 finished, but samples failed (--keep-going); 2 the spec is wrong; 3 a stage or the data \
            failed; 4 the disk, permissions or the cache; 130 or 143 interrupted (run again to go on).
            """)

    @OptionGroup var specOptions: SpecOptions
    @OptionGroup var cacheOptions: CacheOptions
    @OptionGroup var jobOptions: JobOptions
    @OptionGroup var memoryOptions: MemoryOptions
    @OptionGroup var scope: ScopeOptions

    @Flag(help: "Go on after failed samples; exit 1 at the end.")
    var keepGoing = false

    @Option(
        help: ArgumentHelp("Where records go; the default is results at the project's root.", valueName: "directory"))
    var results: String?

    @Flag(
        help: "Use records made by other versions of numeric libraries or on other processors too; the records say so.")
    var anyProfile = false

    @Flag(help: "Write what came out to <spec>.lock.json beside the spec, for martlet reproduce.")
    var lock = false

    @Option(help: ArgumentHelp("What this run is for; martlet runs shows it.", valueName: "text"))
    var message: String?

    @Option(name: .customLong("tag"), help: ArgumentHelp("A word to find this run by; more than one can be given."))
    var tags: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write fitted states and kept tables there, as .npy, JSON and CSV.", valueName: "directory"))
    var export: String?

    @Flag(help: "Print the scores as JSON.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing but the scores.")
    var quiet = false

    func run() throws {
        let clock = SystemClock()
        let (begun, start) = (clock.now(), clock.seconds())
        var log = [String]()
        func say(_ line: String) {
            log.append(line)
            if !quiet { Terminal.say(line) }
        }
        let experiment = try specOptions.read()
        for warning in experiment.warnings {
            say(SpecErrorText.render(warning, in: SpecErrors([], sources: experiment.sources), isWarning: true))
        }
        let short = Digest(of: .array([.int(Int(begun)), .int(Int(getpid())), .text(experiment.name)])).hex.prefix(6)
        let id = Timestamp.text(begun, compact: true) + "-" + short
        let records = try RunRecords(results: results ?? Project.place("results"), experiment: experiment.name, id: id)

        // A run that cannot be planned leaves no directory.
        defer { records.abandon() }
        Interruption.listen()
        var options = RunOptions(
            jobs: jobOptions.jobs, keepsGoing: keepGoing, memory: try memoryOptions.bytes(), id: id)
        options.takesAnyProfile = anyProfile
        let session = try Session(
            experiment, cache: cacheOptions, options: options, limit: scope.limit, upTo: scope.end, clock: clock,
            say: say)
        let (run, plan, store) = (session.run, session.plan, session.store)
        defer { try? store.close() }
        let trouble = session.execute(quiet: quiet)
        for line in store.damage() { say("cache: " + line) }
        let failures = RunReport.failures(run)
        // What failed is said however quiet it is to be.
        for line in failures {
            log.append(line)
            Terminal.say(line)
        }
        let seconds = clock.seconds() - start
        let ending = trouble == nil ? run.ending : .stopped
        say("\(experiment.name): \(Self.words(ending)); " + RunReport.work(run, seconds: seconds))
        for line in RunReport.warnings(run) { say(line) }
        func writeRecords() throws {
            try records.write(
                run, experiment: experiment,
                about: about(run, experiment: experiment, ending: ending, begun: begun, seconds: seconds, id: id),
                told: scope.told, log: log)
        }
        if let trouble {
            // What the run has is left as it is; that it could not be written either is not the news.
            if (try? writeRecords()) != nil, !quiet { Terminal.say(records.directory) }
            throw trouble
        }
        do throws(CacheError) { try store.noteRun(id: id, uses: run.usedRecords) } catch {
            // The note serves a later clean-up only; the results are worth more.
            say("warning: this run is not noted in the cache: \(error)")
        }
        try writeRecords()
        if !quiet { Terminal.say(records.directory) }
        if let export {
            do { try Export(run, to: export).write() } catch let error as RecordsError {
                throw RecordsError(path: error.path, cause: error.cause, advice: "choose another place with --export")
            }
            say("exported to \(export)")
        }
        if lock {
            say(try writeLock(run, of: experiment.name, ending))
            if !scope.told.isEmpty { say("warning: the lock is of a part: --limit or --only was given") }
        }
        if ending == .complete || ending == .withFailures {
            let scores = try RunReport.scores(run, plan: plan, experiment: experiment)
            if scores.isEmpty, plan.trials.contains(where: { !$0.reports.isEmpty }) {
                Terminal.say("there are no scores: see trials.csv for the causes")
            }
            print(json ? points(run, plan, experiment) : scores, terminator: "")
        }
        switch ending {
        case .complete: break
        case .withFailures: throw Exit(code: 1)
        case .failed: throw Exit(code: 3)
        case .stopped: throw Exit(code: 4)
        case .interrupted: throw Exit(code: Interruption.exitCode)
        }
    }

    /// What it was told beside the spec.
    private var told: [String: Canonical] { scope.told.merging(specOptions.told) { own, _ in own } }

    /// The lock beside the spec, and what to say of it.
    private func writeLock(_ run: Run, of name: String, _ ending: Engine.Ending) throws -> String {
        guard ending == .complete else { return "no lock was written, as the run is not complete" }
        var lock = try run.lock(name, isFull: true)
        lock.told = told
        let path = LockFile.path(of: specOptions.spec)
        try LockFile.write(lock, to: path)
        return "locked in \(path)"
    }

    private static func words(_ ending: Engine.Ending) -> String {
        switch ending {
        case .complete: "done"
        case .withFailures: "done, but samples failed"
        case .failed: "stopped at the first failure (--keep-going goes on)"
        case .stopped: "stopped by the surroundings; run again to go on"
        case .interrupted: "interrupted; run again to go on"
        }
    }

    private func about(
        _ run: Run, experiment: Experiment, ending: Engine.Ending, begun: Int64, seconds: Double, id: String
    ) -> [String: Canonical] {
        var name = utsname()
        uname(&name)
        let machine = withUnsafeBytes(of: &name.nodename) {
            String(decoding: $0.prefix(while: { $0 != 0 }), as: UTF8.self)
        }
        return [
            "id": .text(id),
            "experiment": .text(experiment.name),
            "spec": .text(specOptions.spec),
            "command": .array(CommandLine.arguments.map { .text($0) }),
            "martlet": .text(version),
            "libraries": .map(installed.withLock { $0 }.libraryVersions.mapValues { .text($0) }),
            "machine": .text(machine),
            "any_profile": .bool(anyProfile),
            "message": message.map { .text($0) } ?? .null,
            "tags": .array(tags.map { .text($0) }),
            "told": .map(told),
            "jobs": .int(jobOptions.jobs),
            "started": .text(Timestamp.text(begun)),
            "seconds": .float((seconds * 1000).rounded() / 1000),
            "ending": .text(Self.words(ending)),
            "complete": .bool(ending == .complete),
        ]
    }

    private func points(_ run: Run, _ plan: Plan, _ experiment: Experiment) -> String {
        let trials = run.byPoint(run.trialResults)
        let points = zip(plan.points, trials).map { point, trials -> Canonical in
            let values = Dictionary(
                uniqueKeysWithValues: point.values.map { ($0.address, $0.text.map { Canonical.text($0) } ?? .null) })
            let metrics = Dictionary(
                uniqueKeysWithValues: run.summaries(of: trials).map { name, summary in
                    (
                        name,
                        Canonical.map([
                            "mean": .float(summary.mean), "std": .float(summary.deviation),
                            "margin": summary.margin.map { .float($0) } ?? .null,
                        ])
                    )
                })
            return .map(["point": .int(point.index), "values": .map(values), "metrics": .map(metrics)])
        }
        return Canonical.array(points).json() + "\n"
    }
}
