import Testing

@testable import Engine

/// The schedule, stepped by hand.
@Suite struct Scheduling {
    @Test func aUnitOpensWhenAllThatItNeedsIsClosed() {
        var schedule = Schedule([
            UnitShape(needs: [], expectedTasks: 2), UnitShape(needs: [], expectedTasks: 1),
            UnitShape(needs: [0, 1], expectedTasks: 1),
        ])
        #expect(schedule.start() == [.open(0), .open(1)])
        #expect(schedule.opened(0, tasks: 2) == [.task(unit: 0, index: 0), .task(unit: 0, index: 1)])
        #expect(schedule.opened(1, tasks: 0) == [.close(1)])
        #expect(schedule.closed(1) == [])
        #expect(schedule.finishedTask(of: 0) == [])
        #expect(schedule.finishedTask(of: 0) == [.close(0)])
        #expect(schedule.closed(0) == [.open(2)])
        #expect(schedule.opened(2, tasks: 0) == [.close(2)])
        #expect(schedule.closed(2) == [.finish])
    }

    @Test func aStopLetsWhatRunsEndAndFinishes() {
        var schedule = Schedule([UnitShape(needs: [], expectedTasks: 2), UnitShape(needs: [0], expectedTasks: 1)])
        _ = schedule.start()
        _ = schedule.opened(0, tasks: 2)
        schedule.stop()
        #expect(schedule.finishedTask(of: 0) == [])
        #expect(schedule.dropped() == [.finish])
    }

    @Test func nothingToDoIsFinishedAtOnce() {
        var schedule = Schedule([])
        #expect(schedule.start() == [.finish])
    }
}
