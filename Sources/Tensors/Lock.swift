// The one lock of the house: a value that is only reachable while the lock is held. Over a pthread mutex, because the
// thread sanitizer cannot see the futex inside `Synchronization.Mutex` and reports correct code as a race.

internal import Glibc

/// A value guarded by a mutex.
public final class Lock<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    public init(_ value: sending Value) {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        self.value = value
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Runs `body` with the value; not to be nested, and never across a call into another room.
    public func withLock<Result, Issue>(_ body: (inout sending Value) throws(Issue) -> sending Result) throws(Issue)
        -> sending Result
    {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&value)
    }
}
