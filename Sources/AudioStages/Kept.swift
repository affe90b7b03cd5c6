// What is made from parameters once and used for every clip: filter banks, fits. A limited number is kept, as a sweep, or
// files of many rates, can ask for ever more.

internal import Tensors

/// Values by what they are made from.
struct Kept<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let values = Lock([Key: Value]())
    private let most: Int

    init(most: Int) { self.most = most }

    /// The value of a key, made where it is not known. Two threads may make one twice; both make the same.
    func value<Issue>(_ key: Key, make: () throws(Issue) -> Value) throws(Issue) -> Value {
        if let known = values.withLock({ $0[key] }) { return known }
        let value = try make()
        values.withLock { values in
            if values.count >= most { values.removeAll() }
            values[key] = value
        }
        return value
    }
}
