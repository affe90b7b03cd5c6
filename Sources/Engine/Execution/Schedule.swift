// The schedule: a pure state machine. It is told what happened and answers what to do next; threads, locks and time are
// elsewhere. Units are opened when all that they need is closed; opening a unit tells how many tasks it has.

/// What a unit of work is made of, and what it waits for.
struct UnitShape: Sendable, Hashable {
    /// Units that must be closed before this one opens.
    let needs: [Int]
    /// The tasks that it is expected to have, until it is opened.
    let expectedTasks: Int
}

struct Schedule: Sendable {
    enum Action: Sendable, Hashable {
        case open(Int)
        case task(unit: Int, index: Int)
        case close(Int)
        /// Nothing is left to do.
        case finish
    }

    private struct Entry {
        var waitingFor: Int
        var dependents: [Int] = []
        var tasksLeft = 0
        var tasks: Int
        var isOpen = false
        var isClosed = false
    }

    private var units: [Entry]
    private var closedCount = 0
    private var isStopped = false
    private var inFlight = 0
    private(set) var tasksDone = 0

    init(_ shapes: [UnitShape]) {
        units = shapes.map { Entry(waitingFor: Set($0.needs).count, tasks: $0.expectedTasks) }
        for (index, shape) in shapes.enumerated() {
            for need in Set(shape.needs) { units[need].dependents.append(index) }
        }
    }

    /// Tasks of all units, as far as known.
    var tasksTotal: Int { units.reduce(0) { $0 + $1.tasks } }

    /// Whether all that there was to do is done.
    var isComplete: Bool { closedCount == units.count }

    /// What is not closed, and which share of its tasks is left.
    var remaining: [(unit: Int, share: Double, isOpen: Bool)] {
        units.indices.compactMap { index in
            let unit = units[index]
            if unit.isClosed { return nil }
            return (index, unit.isOpen && unit.tasks > 0 ? Double(unit.tasksLeft) / Double(unit.tasks) : 1, unit.isOpen)
        }
    }

    mutating func start() -> [Action] {
        let ready = units.indices.filter { units[$0].waitingFor == 0 }.map { Action.open($0) }
        return issue(ready)
    }

    /// A unit was opened and has that many tasks.
    mutating func opened(_ unit: Int, tasks: Int) -> [Action] {
        inFlight -= 1
        units[unit].isOpen = true
        units[unit].tasks = tasks
        units[unit].tasksLeft = tasks
        if tasks == 0 { return issue([.close(unit)]) }
        return issue((0..<tasks).map { .task(unit: unit, index: $0) })
    }

    mutating func finishedTask(of unit: Int) -> [Action] {
        inFlight -= 1
        tasksDone += 1
        units[unit].tasksLeft -= 1
        return issue(units[unit].tasksLeft == 0 ? [.close(unit)] : [])
    }

    mutating func closed(_ unit: Int) -> [Action] {
        inFlight -= 1
        units[unit].isClosed = true
        closedCount += 1
        var ready = [Action]()
        for dependent in units[unit].dependents {
            units[dependent].waitingFor -= 1
            if units[dependent].waitingFor == 0 { ready.append(.open(dependent)) }
        }
        return issue(ready)
    }

    /// An action was dropped because of a stop.
    mutating func dropped() -> [Action] {
        inFlight -= 1
        return issue([])
    }

    /// No new work; what is under way ends.
    mutating func stop() {
        isStopped = true
    }

    private mutating func issue(_ actions: [Action]) -> [Action] {
        let issued = isStopped ? [] : actions
        inFlight += issued.count
        if inFlight == 0 { return [.finish] }
        return issued
    }
}
