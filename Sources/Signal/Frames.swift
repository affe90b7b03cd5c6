// How a signal is cut into frames, which transforms and autocorrelations share.

/// Frames of equal length at equal distances.
struct Frames: Sendable {
    /// Samples a frame.
    let size: Int
    /// Samples from one frame to the next.
    let hop: Int
    /// What frames reach into beyond the signal when they are centred; nil when no frame reaches beyond it.
    let padding: Padding?

    /// How many a signal of `count` samples has; none where it is empty, or shorter than an uncentred frame.
    func number(_ count: Int) -> Int {
        let padded = padding == nil || count == 0 ? count : count + 2 * (size / 2)
        return padded < size ? 0 : 1 + (padded - size) / hop
    }

    /// The samples of a frame times the window.
    func load<Real: FourierReal>(
        _ frame: Int, of signal: UnsafeBufferPointer<Real>, by window: UnsafePointer<Double>,
        into samples: UnsafeMutablePointer<Double>
    ) {
        let start = frame * hop - (padding == nil ? 0 : size / 2)
        if start >= 0 && start + size <= signal.count, let signal = signal.baseAddress {
            Real.window(signal + start, by: window, count: size, into: samples)
            return
        }
        for index in 0..<size {
            let source = padding?.source(of: start + index, count: signal.count)
            samples[index] = source.map { Double(signal[$0]) * window[index] } ?? 0
        }
    }
}
