// The memory budget: what a chain of stages is expected to hold is reserved before the chain starts, so that many workers
// on large values take turns. How much that is, is measured on the chains that ran before.

internal import Foundation

/// Bytes that workers reserve, in the order in which they asked.
final class Budget: @unchecked Sendable {
    private let condition = NSCondition()
    private let bytes: Int
    private var reserved = 0
    private var (nextTicket, served) = (0, 0)

    init(bytes: Int) { self.bytes = bytes }

    /// Waits until there is room; what is larger than the budget waits until nothing else is reserved, and runs alone.
    private func reserve(_ wanted: Int) {
        condition.lock()
        defer { condition.unlock() }
        let ticket = nextTicket
        nextTicket += 1
        while ticket != served || (reserved > 0 && reserved + wanted > bytes) { condition.wait() }
        served += 1
        reserved += wanted
        condition.broadcast()
    }

    private func release(_ wanted: Int) {
        condition.lock()
        reserved -= wanted
        condition.broadcast()
        condition.unlock()
    }

    func with<Result>(_ wanted: Int, _ body: () throws -> Result) rethrows -> Result {
        reserve(wanted)
        defer { release(wanted) }
        return try body()
    }
}

/// What one task of a unit of work was seen to hold.
struct Footprint: Sendable {
    private var most: Int?

    /// What the next is expected to hold: a quarter more than any before; nothing being known, an equal share.
    func expected(share: Int) -> Int { most.map { $0 + $0 / 4 } ?? share }

    mutating func saw(_ bytes: Int) { most = max(most ?? 0, bytes) }
}
