// Windows of the short-time Fourier transform, periodic, as scipy.signal.get_window gives them with fftbins=True.

internal import Glibc

/// A window function.
public enum Window: String, Sendable, CaseIterable {
    case hann, hamming, blackman, bartlett, boxcar

    /// `length` factors over one period, centred in `size` places with zeros around.
    public func factors(length: Int, in size: Int) -> [Double] {
        precondition(length >= 1 && length <= size)
        var factors = [Double](repeating: 0, count: size)
        let offset = (size - length) / 2
        for index in 0..<length {
            let phase = 2 * Double.pi * Double(index) / Double(length)
            factors[offset + index] =
                switch self {
                case .hann: 0.5 - 0.5 * cos(phase)
                case .hamming: 0.54 - 0.46 * cos(phase)
                case .blackman: 0.42 - 0.5 * cos(phase) + 0.08 * cos(2 * phase)
                case .bartlett: 1 - abs(2 * Double(index) / Double(length) - 1)
                case .boxcar: 1
                }
        }
        return factors
    }
}

/// How a signal is continued beyond its ends, as numpy.pad names it.
public enum Padding: String, Sendable, CaseIterable {
    case constant, edge, reflect

    /// The signal with `count` samples added at each end. Nil where `reflect` has too few samples to mirror.
    public func pad(_ signal: [Float], by count: Int) -> [Float]? {
        guard count > 0 else { return signal }
        switch self {
        case .constant:
            let zeros = [Float](repeating: 0, count: count)
            return zeros + signal + zeros
        case .edge:
            guard let first = signal.first, let last = signal.last else { return nil }
            return [Float](repeating: first, count: count) + signal + [Float](repeating: last, count: count)
        case .reflect:
            guard signal.count > count else { return nil }
            let before = (1...count).reversed().map { signal[$0] }
            let after = (1...count).map { signal[signal.count - 1 - $0] }
            return before + signal + after
        }
    }
}
