// Work on several threads whose results do not depend on their number.

internal import Foundation
internal import Tensors

/// What `body` gives for each index, made on as many threads as `threads` says.
func concurrently<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @Sendable (Int) -> Result
) -> [Result] {
    let workers = min(threads, count)
    guard workers > 1 else { return (0..<count).map(body) }
    let results = Lock([Result?](repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for index in stride(from: worker, to: count, by: workers) {
            let result = body(index)
            results.withLock { $0[index] = result }
        }
    }
    return results.withLock { $0 }.compactMap(\.self)
}
