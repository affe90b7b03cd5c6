// What lies before the first and after the last sample of a signal, as `numpy.pad` has it.

/// How a signal goes on beyond its ends.
public enum Padding: String, CaseIterable, Sendable {
    /// Zeros.
    case constant
    /// The end samples, repeated.
    case edge
    /// Mirrored at the end samples, which are not repeated; again and again where the signal is shorter than the
    /// padding.
    case reflect
    /// Mirrored beyond the end samples, which are repeated.
    case symmetric

    /// The signal with `count` samples more before it and after it; it must not be empty unless these are zeros.
    public func padded(_ signal: [Float], by count: Int) -> [Float] {
        func sample(_ position: Int) -> Float { source(of: position, count: signal.count).map { signal[$0] } ?? 0 }
        return (-count..<0).map(sample) + signal + (signal.count..<signal.count + count).map(sample)
    }

    /// Which of `count` samples stands at a position before or beyond them; nil for a zero.
    public func source(of position: Int, count: Int) -> Int? {
        if position >= 0 && position < count { return position }
        switch self {
        case .constant: return nil
        case .edge: return position < 0 ? 0 : count - 1
        case .reflect:
            if count == 1 { return 0 }
            let period = 2 * (count - 1)
            let phase = ((position % period) + period) % period
            return phase < count ? phase : period - phase
        case .symmetric:
            let period = 2 * count
            let phase = ((position % period) + period) % period
            return phase < count ? phase : period - 1 - phase
        }
    }
}
