// Autocorrelations of the frames of a signal, through the spectrum of each frame behind which zeros stand. A power
// spectrum is real and even, so its transform back is once more the transform of a real signal.

internal import CFftw

/// Autocorrelations of frames, in double precision.
public struct FrameAutocorrelation: Sendable {
    /// The largest lag.
    public let lags: Int
    private let cut: Frames
    private let plan: FourierPlan

    /// - Parameters:
    ///   - size: samples a frame, at least 1.
    ///   - hop: samples from one frame to the next, at least 1.
    ///   - lags: the largest lag, below `size`.
    ///   - padding: what frame 0 is centred on sample 0 with; nil to start frame 0 at sample 0.
    public init(size: Int, hop: Int, lags: Int, padding: Padding?) {
        precondition(size >= 1 && hop >= 1 && lags >= 0 && lags < size)
        self.lags = lags
        cut = Frames(size: size, hop: hop, padding: padding)
        plan = .size(Self.quickSize(atLeast: size + lags))
    }

    /// The least even number of at least `least` that has no prime factor above 5: such sizes transform quickly.
    static func quickSize(atLeast least: Int) -> Int {
        var best = Int.max
        var fives = 2
        while fives < best {
            var size = fives
            while size < best {
                var candidate = size
                while candidate < least { candidate *= 2 }
                best = min(best, candidate)
                size *= 3
            }
            fives *= 5
        }
        return best
    }

    /// How many frames a signal of `count` samples has; none where it is empty, or shorter than an uncentred frame.
    public func frames(_ count: Int) -> Int { cut.number(count) }

    /// Row-major (frame, lag), lags from 0: Σ x[i] · x[i + lag] within each frame, and Σ x[i]² over the first `lag`
    /// samples of each frame.
    public func values(of signal: [Float]) -> (correlations: [Double], energies: [Double]) {
        let (frames, columns) = (frames(signal.count), lags + 1)
        var correlations = [Double](repeating: 0, count: frames * columns)
        var energies = correlations
        let buffers = FourierBuffers(size: plan.size)
        let (samples, spectrum) = (buffers.samples, buffers.spectrum)
        let (full, half) = (plan.size, plan.size / 2)
        let scale = 1 / Double(full)
        let window = [Double](repeating: 1, count: cut.size)
        signal.withUnsafeBufferPointer { signal in
            correlations.withUnsafeMutableBufferPointer { correlations in
                energies.withUnsafeMutableBufferPointer { energies in
                    for frame in 0..<frames {
                        cut.load(frame, of: signal, by: window, into: samples)
                        for index in cut.size..<full { samples[index] = 0 }
                        let row = frame * columns
                        var energy = 0.0
                        for lag in 0..<columns {
                            energies[row + lag] = energy
                            energy += samples[lag] * samples[lag]
                        }
                        plan.execute(buffers)
                        for bin in 0...half {
                            let (re, im) = spectrum[bin]
                            samples[bin] = re * re + im * im
                        }
                        for bin in 1..<max(1, half) { samples[full - bin] = samples[bin] }
                        plan.execute(buffers)
                        for lag in 0..<columns { correlations[row + lag] = spectrum[lag].0 * scale }
                    }
                }
            }
        }
        return (correlations, energies)
    }
}
