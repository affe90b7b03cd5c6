// A run: the plan's units on the pool, driven by the schedule. This file is the thin shell: it hands out actions, waits,
// and stops. What a unit does is in `Region.swift` (samples through chains of maps) and `Barrier.swift` (fits, applies,
// gathers, reports); values on demand are in `Values.swift`.

public import Cache
internal import Foundation
internal import Stages
internal import Tensors

/// How a run is to be done.
public struct RunOptions: Sendable {
    public var jobs: Int
    public var keepsGoing: Bool
    /// Whether records made by other numeric libraries or processors answer too.
    public var takesAnyProfile = false
    /// Bytes for values: those that chains of stages hold while they run, and those that are kept between stages.
    public var memory: Int
    /// What of the memory is for values between stages.
    var valueBudget: Int { min(memory / 4, 1 << 29) }
    /// The run's id, noted in the cache's records.
    public var id: String

    public init(jobs: Int, keepsGoing: Bool = false, memory: Int = 1 << 32, id: String) {
        self.jobs = jobs
        self.keepsGoing = keepsGoing
        self.memory = memory
        self.id = id
    }
}

/// Where a run stands.
public struct Progress: Sendable {
    public let done: Int
    public let total: Int
    public let stage: String
    /// Nil where that cannot be told yet.
    public let secondsLeft: Double?
}

/// One execution of a plan.
public final class Run: Sendable {
    let plan: Plan
    let store: Store
    let clock: any Clock
    let runner: any Runner
    let options: RunOptions
    public let stop: StopFlag
    let tables: [Lock<NodeTable>]
    let values: ValueCache
    let claims = Claims()
    let pace = Lock(Pace())
    let budget: Budget
    /// By unit; units of one stage, in whatever fold, share what was seen.
    let footprints: [Lock<Footprint>]
    /// How many units still have to take a node's values.
    private let takers: [Lock<Int>]
    /// Whether units other than a node's own take its values.
    let isTakenElsewhere: [Bool]
    let units: [Unit]
    /// The unit of each node.
    let unitOf: [Int]
    let regions: [Lock<RegionState>]
    private let schedule: Lock<Schedule>
    private let current = Lock("")
    private let fatal = Lock<(any Error)?>(nil)

    public init(
        plan: Plan, store: Store, options: RunOptions, clock: any Clock = SystemClock(),
        runner: any Runner = ChildRunner(), stop: StopFlag = StopFlag()
    ) {
        self.plan = plan
        self.store = store
        self.options = options
        self.clock = clock
        self.runner = runner
        self.stop = stop
        tables = plan.nodes.indices.map { index in Lock(Run.initialTable(index, plan)) }
        values = ValueCache(budget: options.valueBudget)
        budget = Budget(bytes: options.memory - options.valueBudget)
        let units = Unit.units(of: plan, jobs: options.jobs)
        self.units = units
        var families = [String: Lock<Footprint>]()
        footprints = units.map { unit in
            let name = unit.nodes.first.map { plan.nodes[$0].kindWord + " " + plan.nodes[$0].name } ?? ""
            let footprint = families[name] ?? Lock(Footprint())
            families[name] = footprint
            return footprint
        }
        regions = units.map { _ in Lock(RegionState()) }
        let unitOf = Unit.index(units, nodes: plan.nodes.count)
        self.unitOf = unitOf
        isTakenElsewhere = plan.nodes.indices.map { index in
            plan.nodes[index].consumers.contains { unitOf[$0] != unitOf[index] }
        }
        takers = plan.nodes.map { node in Lock(Set(node.consumers.map { unitOf[$0] }).count) }
        schedule = Lock(
            Schedule(
                units.enumerated().map { number, unit in
                    let needs = unit.nodes.flatMap { plan.nodes[$0].inputs }.map { unitOf[$0] }.filter {
                        $0 != number
                    }
                    return UnitShape(needs: Array(Set(needs)).sorted(), expectedTasks: unit.expectedTasks(plan))
                }))
    }

    private static func initialTable(_ index: Int, _ plan: Plan) -> NodeTable {
        var table = NodeTable()
        table.rowCount = plan.rowSets[plan.nodes[index].rows].count
        if let source = plan.sources[index] {
            table.digests = source.digests
            table.root = source.valuesRoot
            for (row, failure) in source.failures {
                table.failures[row] = SampleFailure(
                    node: index, row: row, cause: failure.cause, advice: failure.advice)
            }
            table.tally.cached = 0
            table.tally.computed = source.digests.count { $0 != nil }
            table.tally.failed = source.failures.count
        }
        return table
    }

    /// Runs to the end, or until stopped. Calls `observe` on the calling thread, several times a second.
    /// - Throws: what the surroundings threw (`CacheError`); failures of stages are in the tables.
    public func execute(observe: (Progress) -> Void = { _ in }) throws {
        if !options.keepsGoing, plan.sources.values.contains(where: { !$0.failures.isEmpty }) { stop.raise(.failure) }
        let pool = Pool(jobs: options.jobs)
        let finished = FinishSignal()
        if stop.isUp { finished.raise() } else { perform(schedule.withLock { $0.start() }, on: pool, finished) }
        while !finished.wait(seconds: 0.1) {
            if stop.isUp { schedule.withLock { $0.stop() } }
            observe(progress())
        }
        pool.close()
        runner.rest()
        observe(progress())
        if let error = fatal.withLock({ $0 }) { throw error }
        if !stop.isUp, !schedule.withLock({ $0.isComplete }) {
            stop.raise(.surroundings)
            throw Failure(
                "the run ended with work left that waits for itself",
                advice: "this is a fault of Martlet: please report it")
        }
        for (index, node) in plan.nodes.enumerated() where !tables[index].withLock({ $0.isAnswered }) {
            try store.noteNode(recipe: node.recipe, parts: node.parts)
        }
        try store.flush()
    }

    private func progress() -> Progress {
        let (done, total) = schedule.withLock { ($0.tasksDone, $0.tasksTotal) }
        return Progress(
            done: done, total: total, stage: current.withLock { $0 },
            secondsLeft: secondsLeft(schedule.withLock { $0.remaining }))
    }

    private func perform(_ actions: [Schedule.Action], on pool: Pool, _ finished: FinishSignal) {
        pool.submit(
            actions.map { action in
                { [self] in
                    if case .finish = action {
                        finished.raise()
                        return
                    }
                    let next: [Schedule.Action]
                    if stop.isUp {
                        next = schedule.withLock { schedule in
                            schedule.stop()
                            return schedule.dropped()
                        }
                    } else {
                        next = self.perform(action)
                    }
                    if !next.isEmpty { perform(next, on: pool, finished) }
                }
            })
    }

    private func perform(_ action: Schedule.Action) -> [Schedule.Action] {
        do {
            switch action {
            case .open(let unit):
                let tasks = try open(unit)
                return schedule.withLock { $0.opened(unit, tasks: tasks) }
            case .task(let unit, let index):
                let name = plan.nodes[units[unit].nodes[0]].name
                current.withLock { $0 = name }
                try task(index, of: unit)
                return schedule.withLock { $0.finishedTask(of: unit) }
            case .close(let unit):
                try close(unit)
                return schedule.withLock { $0.closed(unit) }
            case .finish:
                return []
            }
        } catch {
            // Only the surroundings throw this far: a failed sample or fit is noted where it happened.
            fatal.withLock { if $0 == nil { $0 = error } }
            stop.raise(.surroundings)
            return schedule.withLock { schedule in
                schedule.stop()
                return schedule.dropped()
            }
        }
    }

    private func open(_ unit: Int) throws -> Int {
        do {
            switch units[unit].kind {
            case .sources: return 0
            case .region: return try openRegion(unit)
            case .barrier: return try openBarrier(unit)
            }
        } catch let failure as NodeFailure {
            failAll(of: unit, failure)
            return 0
        }
    }

    /// What a unit would work on cannot be had.
    private func failAll(of unit: Int, _ failure: NodeFailure) {
        for node in units[unit].nodes where tables[node].withLock({ $0.root == nil && $0.failure == nil }) {
            tables[node].withLock { $0.failure = SampleFailure(failure) }
        }
        noteFailure()
    }

    private func task(_ index: Int, of unit: Int) throws {
        let share = (options.memory - options.valueBudget) / options.jobs
        try budget.with(footprints[unit].withLock { $0.expected(share: share) }) {
            try runTask(index, of: unit)
        }
    }

    private func runTask(_ index: Int, of unit: Int) throws {
        switch units[unit].kind {
        case .sources: break
        case .region: try runSamples(index, of: unit)
        case .barrier: try runBarrier(index, of: unit)
        }
    }

    private func close(_ unit: Int) throws {
        do {
            switch units[unit].kind {
            case .sources: break
            case .region: for node in units[unit].nodes { try closeTable(node) }
            case .barrier: try closeBarrier(unit)
            }
        } catch let failure as NodeFailure {
            failAll(of: unit, failure)
        }
        regions[unit].withLock { $0 = RegionState() }
        for node in units[unit].nodes where takers[node].withLock({ $0 == 0 }) { tables[node].withLock { $0.unload() } }
        for input in Set(units[unit].nodes.flatMap { plan.nodes[$0].inputs }) {
            let left = takers[input].withLock { count in
                count -= 1
                return count
            }
            if left == 0 { tables[input].withLock { $0.unload() } }
        }
    }

    /// The records of keys; of another profile too, where the run was told to take those.
    func find(_ keys: [Digest], for node: PlanNode) throws(CacheError) -> [Record?] {
        var found = try store.lookup(keys, profile: node.profileDigest)
        if options.takesAnyProfile {
            for (position, key) in keys.enumerated() where found[position] == nil {
                found[position] = try store.lookupInAnyProfile(key).first
            }
        }
        return found
    }

    func find(_ key: Digest, for node: PlanNode) throws(CacheError) -> Record? {
        if let record = try store.lookup(key, profile: node.profileDigest) { return record }
        return options.takesAnyProfile ? try store.lookupInAnyProfile(key).first : nil
    }

    /// A sample failed: unless the run is to go on, no new work begins.
    func noteFailure() {
        if !options.keepsGoing { stop.raise(.failure) }
    }

    /// What a record says of where it came from.
    func note(_ node: PlanNode, sample: String? = nil, seconds: Double = 0) -> [String: Canonical] {
        var note: [String: Canonical] = [
            "run": .text(options.id), "stage": .text(node.name), "type": .text(node.declaration.name),
        ]
        if let sample { note["sample"] = .text(sample) }
        if seconds > 0 { note["seconds"] = .float(seconds) }
        return note
    }
}

/// Raised once, waited for with patience.
private final class FinishSignal: @unchecked Sendable {
    private let condition = NSCondition()
    private var isRaised = false

    func raise() {
        condition.lock()
        isRaised = true
        condition.broadcast()
        condition.unlock()
    }

    func wait(seconds: Double) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        if !isRaised { _ = condition.wait(until: Date(timeIntervalSinceNow: seconds)) }
        return isRaised
    }
}
