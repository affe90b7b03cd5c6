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

    @Flag(help: "Go on after failed samples; exit 1 at the end.")
    var keepGoing = false

    @Option(
        help: ArgumentHelp("Where records go; the default is results at the project's root.", valueName: "directory"))
    var results: String?

    @Flag(
        help: "Use records made by other versions of numeric libraries or on other processors too; the records say so.")
    var anyProfile = false

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
        let store = try cacheOptions.open()
        let memory = try cacheOptions.openStatMemory()
        let short = Digest(of: .array([.int(Int(begun)), .int(Int(getpid())), .text(experiment.name)])).hex.prefix(6)
        let id = Timestamp.text(begun, compact: true) + "-" + short
        let records = try RunRecords(results: results ?? Project.place("results"), experiment: experiment.name, id: id)

        // A run that cannot be planned leaves no directory.
        defer { records.abandon() }
        let stop = Interruption.flag
        Interruption.listen()
        let survey = Survey(catalogue: installed.withLock { $0 }, memory: memory, jobs: jobOptions.jobs)
        let plan = try PlanBuilder.plan(experiment, surroundings: survey)
        for (_, table) in plan.sources.sorted(by: { $0.key < $1.key }) { for note in table.notes { say(note) } }
        for (rows, twins) in plan.twins.sorted(by: { $0.key < $1.key }) {
            for set in twins {
                say(
                    "equal bytes, kept on one side of every split: "
                        + set.map { plan.rowSets[rows].ids[$0] }.joined(separator: ", "))
            }
        }
        var options = RunOptions(jobs: jobOptions.jobs, keepsGoing: keepGoing, id: id)
        options.takesAnyProfile = anyProfile
        let run = Run(plan: plan, store: store, options: options, clock: clock, stop: stop)
        var display = ProgressDisplay(clock: clock)
        defer { try? store.close() }
        var trouble: (any Error)?
        do {
            try run.execute { if !quiet { display.show($0) } }
        } catch {
            trouble = error
        }
        display.clear()
        for line in store.damage() { say("cache: " + line) }
        let failures = RunReport.failures(run)
        for line in failures { say(line) }
        let seconds = clock.seconds() - start
        let ending = trouble == nil ? run.ending : .stopped
        say("\(experiment.name): \(Self.words(ending)); " + RunReport.work(run, seconds: seconds))
        func writeRecords() throws {
            try records.write(
                run, experiment: experiment,
                about: about(run, experiment: experiment, ending: ending, begun: begun, seconds: seconds, id: id),
                log: log)
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
        if ending == .complete || ending == .withFailures {
            let scores = RunReport.scores(run, plan: plan, experiment: experiment)
            if scores.isEmpty, !plan.trials.isEmpty {
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
