// Windows: the weights of the samples of a frame, as `scipy.signal.get_window` with `fftbins=True` makes them.

internal import Glibc

/// A window function.
public enum Window: String, CaseIterable, Sendable {
    case hann, hamming, blackman, blackmanharris, nuttall, flattop, bartlett, triang, cosine, boxcar

    /// `count` weights, float64, of the periodic form: the symmetric window of one more sample without its last, so
    /// that windows in steps of a divisor of `count` add up to a constant. A single weight is 1.
    public func weights(_ count: Int) -> [Double] {
        guard count > 1 else { return [Double](repeating: 1, count: max(0, count)) }
        let points = count + 1
        return (0..<count).map { position in
            switch self {
            case .hann: Self.cosines([0.5, 0.5], position, points)
            case .hamming: Self.cosines([0.54, 0.46], position, points)
            case .blackman: Self.cosines([0.42, 0.50, 0.08], position, points)
            case .blackmanharris: Self.cosines([0.35875, 0.48829, 0.14128, 0.01168], position, points)
            case .nuttall: Self.cosines([0.3635819, 0.4891775, 0.1365995, 0.0106411], position, points)
            case .flattop:
                Self.cosines([0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368], position, points)
            case .bartlett: 1 - abs(2 * Double(position) / Double(points - 1) - 1)
            case .triang: Self.triangle(position, points)
            case .cosine: sin(Double.pi / Double(points) * (Double(position) + 0.5))
            case .boxcar: 1
            }
        }
    }

    /// The weights of `length` samples in the middle of `size`, among zeros.
    func centred(_ length: Int, in size: Int) -> [Double] {
        let before = (size - length) / 2
        return [Double](repeating: 0, count: before) + weights(length)
            + [Double](repeating: 0, count: size - length - before)
    }

    /// Σ coefficient[k] · cos(k·x), x from −π to π: the general cosine window of `points` samples.
    private static func cosines(_ coefficients: [Double], _ position: Int, _ points: Int) -> Double {
        let angle = -Double.pi + Double(position) * (2 * Double.pi / Double(points - 1))
        var sum = 0.0
        for (order, coefficient) in coefficients.enumerated() { sum += coefficient * cos(Double(order) * angle) }
        return sum
    }

    /// The triangle that does not reach zero at its ends.
    private static func triangle(_ position: Int, _ points: Int) -> Double {
        let fromEnd = Double(min(position, points - 1 - position) + 1)
        return points.isMultiple(of: 2) ? (2 * fromEnd - 1) / Double(points) : 2 * fromEnd / Double(points + 1)
    }
}
