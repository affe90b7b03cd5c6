// Values that were just made or read, by digest, up to a number of bytes: folds read the same rows again and again.

internal import Tensors

/// A bounded store of values in memory; what came first goes first.
final class ValueCache: Sendable {
    private struct Shard {
        var values: [Digest: Value] = [:]
        var order: [Digest] = []
        var first = 0
        var bytes = 0
    }

    /// What a value takes beside its elements: arrays of shape, axes and labels, and its place here.
    private static let overhead = 1024

    private let shards: [Lock<Shard>]
    private let budget: Int

    init(budget: Int) {
        shards = (0..<16).map { _ in Lock(Shard()) }
        self.budget = budget / 16
    }

    private func shard(_ digest: Digest) -> Lock<Shard> {
        shards[Int(truncatingIfNeeded: digest.words.3 & 15)]
    }

    subscript(digest: Digest) -> Value? {
        shard(digest).withLock { $0.values[digest] }
    }

    func insert(_ value: Value, _ digest: Digest) {
        let size = value.byteCount + Self.overhead
        if size > budget { return }
        shard(digest).withLock { shard in
            guard shard.values.updateValue(value, forKey: digest) == nil else { return }
            shard.order.append(digest)
            shard.bytes += size
            while shard.bytes > budget {
                let oldest = shard.order[shard.first]
                shard.first += 1
                if let gone = shard.values.removeValue(forKey: oldest) { shard.bytes -= gone.byteCount + Self.overhead }
                if shard.first > 1024 {
                    shard.order.removeFirst(shard.first)
                    shard.first = 0
                }
            }
        }
    }
}
