// A pool of real threads. Swift's cooperative pool is not for work that blocks or computes for long: measured, sixteen
// blocking calls took eight times as long there.

internal import Foundation

/// Runs closures on a fixed number of threads, in the order in which they were submitted.
final class Pool: Sendable {
    private let queue = JobQueue()
    let jobs: Int

    init(jobs: Int) {
        self.jobs = jobs
        for number in 0..<jobs {
            let thread = Thread { [queue] in
                while let job = queue.next() { job() }
            }
            thread.name = "worker \(number)"
            thread.stackSize = 16 << 20
            thread.start()
        }
    }

    func submit(_ jobs: [@Sendable () -> Void]) { queue.add(jobs) }

    /// Lets the threads end once the queue is empty.
    func close() { queue.close() }
}

/// A queue whose readers wait for work.
private final class JobQueue: @unchecked Sendable {
    private let condition = NSCondition()
    private var jobs: [@Sendable () -> Void] = []
    private var first = 0
    private var isClosed = false

    func add(_ new: [@Sendable () -> Void]) {
        condition.lock()
        jobs.append(contentsOf: new)
        if new.count == 1 { condition.signal() } else { condition.broadcast() }
        condition.unlock()
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    func next() -> (@Sendable () -> Void)? {
        condition.lock()
        defer { condition.unlock() }
        while first == jobs.count {
            if isClosed { return nil }
            condition.wait()
        }
        let job = jobs[first]
        first += 1
        if first > 4096 {
            jobs.removeFirst(first)
            first = 0
        }
        return job
    }
}

/// Calls `body` for each index on as many threads, and waits for all.
func forEachConcurrently(count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Void) {
    if jobs <= 1 || count <= 1 {
        for index in 0..<count { body(index) }
        return
    }
    let group = DispatchGroup()
    let next = Counter()
    for _ in 0..<min(jobs, count) {
        group.enter()
        let thread = Thread {
            while case let index = next.take(), index < count { body(index) }
            group.leave()
        }
        thread.stackSize = 16 << 20
        thread.start()
    }
    group.wait()
}
