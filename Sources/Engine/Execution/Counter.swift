// Counters and flags that threads share.

internal import Synchronization

/// Hands out 0, 1, 2 ….
final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func take() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
}

/// Why a run stops early. The first reason holds.
public final class StopFlag: Sendable {
    public enum Reason: Int, Sendable {
        case none, failure, interrupt, surroundings
    }

    private let value = Atomic<Int>(0)

    public init() {}

    public var reason: Reason { Reason(rawValue: value.load(ordering: .acquiring)) ?? .none }
    public var isUp: Bool { reason != .none }

    public func raise(_ reason: Reason) {
        _ = value.compareExchange(expected: 0, desired: reason.rawValue, ordering: .acquiringAndReleasing)
    }
}
