// An experiment on its way: planned on the data as it is now, then run over a cache. What `run` and `reproduce` share.

internal import ArgumentParser
internal import Cache
internal import Engine
internal import Foundation
internal import Spec
internal import Stages
internal import Tensors

/// How much of an experiment is run.
struct ScopeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Take this many items of each source at most, always the same ones.", valueName: "count"))
    var limit: Int?

    @Option(
        name: .customLong("only"),
        help: ArgumentHelp("Run what leads to this stage, and no further.", valueName: "stage"))
    var end: String?

    /// For the records.
    var told: [String: Canonical] {
        var told = [String: Canonical]()
        if let limit { told["limit"] = .int(limit) }
        if let end { told["only"] = .text(end) }
        return told
    }

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number of at least 1; got \(limit)") }
    }
}

struct Session {
    let experiment: Experiment
    let store: Store
    let plan: Plan
    let run: Run
    private let clock: any Clock

    /// - Parameter say: told what the sources have to say.
    init(
        _ experiment: Experiment, cache: CacheOptions, options: RunOptions, limit: Int?, upTo end: String?,
        clock: any Clock = SystemClock(), say: (String) -> Void
    ) throws {
        self.experiment = experiment
        self.clock = clock
        store = try cache.open()
        let survey = Survey(
            catalogue: installed.withLock { $0 }, memory: try cache.openStatMemory(), jobs: options.jobs, limit: limit)
        let start = clock.seconds()
        let shown = Lock(start)
        plan = try PlanBuilder.plan(experiment, surroundings: survey, upTo: end) { trials in
            if Interruption.flag.isUp { throw Exit(code: Interruption.exitCode) }
            let now = clock.seconds()
            guard Terminal.errorIsTerminal, now - start > 1, now - shown.withLock({ $0 }) > 0.2 else { return }
            shown.withLock { $0 = now }
            Terminal.show("\r\u{1B}[Kplanning: \(trials) trials")
        }
        if shown.withLock({ $0 }) != start { Terminal.show("\r\u{1B}[K") }
        for (_, table) in plan.sources.sorted(by: { $0.key < $1.key }) { for note in table.notes { say(note) } }
        for warning in plan.warnings { say("warning: " + warning) }
        for set in plan.twins { say("equal bytes, kept on one side of every split: " + set.joined(separator: ", ")) }
        run = Run(plan: plan, store: store, options: options, clock: clock, stop: Interruption.flag)
    }

    /// Runs to the end, or until stopped; gives what the surroundings threw.
    func execute(quiet: Bool) -> (any Error)? {
        var display = ProgressDisplay(clock: clock)
        defer { display.clear() }
        var isTold = false
        do {
            try run.execute { progress in
                if !isTold, run.stop.reason == .interrupt {
                    isTold = true
                    display.clear()
                    Terminal.say("waiting for what is running to end; once more ends it now")
                }
                if !quiet { display.show(progress) }
            }
        } catch { return error }
        return nil
    }
}
