// Equal work in flight: two nodes, or two samples, whose keys are equal are one result, also while it is being made. Who
// comes second waits and then finds the record.

internal import Foundation
internal import Tensors

final class Claims: @unchecked Sendable {
    private let condition = NSCondition()
    private var claimed = Set<Digest>()
    /// Keys that were worked on lately; bounded, as forgetting one costs no more than doing its work again.
    private var recent = Set<Digest>()
    private static let most = 1 << 20

    /// Runs `body` while no other thread works under the same key, and tells it whether one did before. Not to be nested.
    func withClaim<Result>(_ key: Digest, _ body: (_ isRepeat: Bool) throws -> Result) rethrows -> Result {
        condition.lock()
        while claimed.contains(key) { condition.wait() }
        claimed.insert(key)
        if recent.count >= Self.most { recent.removeAll(keepingCapacity: true) }
        let isRepeat = !recent.insert(key).inserted
        condition.unlock()
        defer {
            condition.lock()
            claimed.remove(key)
            condition.broadcast()
            condition.unlock()
        }
        return try body(isRepeat)
    }
}
