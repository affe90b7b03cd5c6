// The one door to time. Times go to stages.csv, run.json and the log, never into results.

internal import Foundation

/// Tells the time.
public protocol Clock: Sendable {
    /// Seconds since some moment; only differences mean anything.
    func seconds() -> Double
    /// Nanoseconds since 1970, UTC.
    func now() -> Int64
}

/// The machine's clocks.
public struct SystemClock: Clock {
    public init() {}

    public func seconds() -> Double { Double(read(CLOCK_MONOTONIC)) / 1e9 }
    public func now() -> Int64 { read(CLOCK_REALTIME) }

    private func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
