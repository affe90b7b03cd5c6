// The difference function of YIN and its troughs: how much a frame differs from itself a period later, divided by the mean
// over all shorter periods (equation 8 of de Cheveigné and Kawahara), as librosa 0.11 has it.

internal import Signal
internal import Tensors

/// Normalised difference functions, row-major (frame, period).
struct Differences: Sendable {
    let values: [Double]
    let frames: Int
    let periods: Int
}

/// What to look for in the frames of a signal.
struct Yin: Sendable {
    let sampleRate: Double
    let shortest: Int
    let longest: Int
    private let autocorrelation: FrameAutocorrelation

    /// The caller vouches that lowest < highest ≤ sampleRate / 2 and that a period of `lowest` is shorter than
    /// `size - 1` samples.
    init(sampleRate: Double, lowest: Double, highest: Double, size: Int, hop: Int, padding: Padding?) {
        self.sampleRate = sampleRate
        shortest = Int((sampleRate / highest).rounded(.down))
        longest = min(Int((sampleRate / lowest).rounded(.up)), size - 1)
        autocorrelation = FrameAutocorrelation(size: size, hop: hop, lags: longest, padding: padding)
    }

    /// Nil where the signal has no frame.
    func differences(of signal: [Float]) -> Differences? {
        let frames = autocorrelation.frames(signal.count)
        if frames == 0 { return nil }
        let (correlations, energies) = autocorrelation.values(of: signal)
        let (columns, periods) = (longest + 1, longest - shortest + 1)
        // Keeps a silent frame from 0 / 0.
        let least = Double(Float.leastNormalMagnitude)
        let values = [Double](unsafeUninitializedCapacity: frames * periods) { output, initialized in
            correlations.withUnsafeBufferPointer { correlations in
                energies.withUnsafeBufferPointer { energies in
                    for frame in 0..<frames {
                        let (row, to) = (frame * columns, frame * periods - shortest)
                        var sum = 0.0
                        for period in 1...longest {
                            // librosa leaves the first sample's energy out at period 1, and so does the mean.
                            let energy = period == 1 ? 0 : energies[row + period]
                            let difference = 2 * (correlations[row] - correlations[row + period]) - energy
                            sum += difference
                            guard period >= shortest else { continue }
                            let mean = sum / Double(period)
                            output.initializeElement(at: to + period, to: difference / (mean + least))
                        }
                    }
                }
            }
            initialized = frames * periods
        }
        return Differences(values: values, frames: frames, periods: periods)
    }

    /// Whether the row that begins at `start` has a trough at a period. Of equal values the first is one.
    static func isTrough(_ values: [Double], _ start: Int, _ period: Int, of periods: Int) -> Bool {
        let value = values[start + period]
        if period == 0 { return value < values[start + 1] }
        guard value < values[start + period - 1] else { return false }
        return period == periods - 1 || value <= values[start + period + 1]
    }

    /// A period, in samples, refined by the parabola through it and its neighbours.
    func refined(_ values: [Double], _ start: Int, _ period: Int, of periods: Int) -> Double {
        let plain = Double(shortest + period)
        if period == 0 || period == periods - 1 { return plain }
        let (before, value, after) = (values[start + period - 1], values[start + period], values[start + period + 1])
        let (curvature, slope) = (after + before - 2 * value, (after - before) / 2)
        return abs(slope) >= abs(curvature) ? plain : plain - slope / curvature
    }

    /// The pitch of each frame in Hz: of the first trough below the threshold, else of the lowest value.
    func pitches(_ differences: Differences, below threshold: Double) -> [Float] {
        let (values, periods) = (differences.values, differences.periods)
        return (0..<differences.frames).map { frame in
            let start = frame * periods
            var (lowest, found) = (0, Int?.none)
            for period in 0..<periods {
                if values[start + period] < values[start + lowest] { lowest = period }
                if values[start + period] < threshold, Self.isTrough(values, start, period, of: periods) {
                    found = period
                    break
                }
            }
            return Float(sampleRate / refined(values, start, found ?? lowest, of: periods))
        }
    }
}
