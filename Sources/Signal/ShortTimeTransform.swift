// The short-time Fourier transform. As in librosa the window is float64, so frames are windowed and transformed in
// double precision and only the result is rounded: in bins that hold nearly nothing, a transform in single precision
// shows.

internal import CFftw
internal import Kernels
public import Tensors

/// A short-time Fourier transform of real signals.
public struct ShortTimeTransform: Sendable {
    private let cut: Frames
    private let window: [Double]
    private let plan: FourierPlan

    /// - Parameters:
    ///   - size: samples a frame, at least 1.
    ///   - hop: samples from one frame to the next, at least 1.
    ///   - window: the window's shape.
    ///   - windowLength: samples that the window covers, 1 to `size`; it stands in the middle of the frame, among zeros.
    ///   - padding: what frame 0 is centred on sample 0 with; nil to start frame 0 at sample 0.
    public init(size: Int, hop: Int, window: Window, windowLength: Int, padding: Padding?) {
        precondition(size >= 1 && hop >= 1 && windowLength >= 1 && windowLength <= size)
        cut = Frames(size: size, hop: hop, padding: padding)
        self.window = window.centred(windowLength, in: size)
        plan = .size(size)
    }

    /// Samples a frame.
    public var size: Int { cut.size }
    /// Samples from one frame to the next.
    public var hop: Int { cut.hop }

    /// Frequencies a frame: 0 to half the sample rate.
    public var bins: Int { size / 2 + 1 }

    /// How many frames a signal of `count` samples has; none where it is empty, or shorter than an uncentred frame.
    public func frames(_ count: Int) -> Int { cut.number(count) }

    /// The spectra of all frames, row-major (time, frequency), rounded to complex64.
    public func spectra(of signal: [Float]) -> [Complex64] {
        let (frames, bins) = (frames(signal.count), bins)
        return [Complex64](unsafeUninitializedCapacity: frames * bins) { output, initialized in
            forEachSpectrum(of: signal) { frame, spectrum in
                let row = UnsafeMutableBufferPointer(rebasing: output[frame * bins..<(frame + 1) * bins])
                UnsafeRawPointer(spectrum).withMemoryRebound(to: Double.self, capacity: 2 * bins) { parts in
                    row.withMemoryRebound(to: Float.self) { rounded in
                        if let base = rounded.baseAddress { kernel_round(parts, 2 * bins, base) }
                    }
                }
            }
            initialized = frames * bins
        }
    }

    /// The spectrum of each frame in turn, in double precision.
    func forEachSpectrum<Real: FourierReal>(
        of signal: [Real], _ body: (_ frame: Int, _ spectrum: UnsafePointer<fftw_complex>) -> Void
    ) {
        signal.withUnsafeBufferPointer { signal in
            window.withUnsafeBufferPointer { window in
                guard let window = window.baseAddress else { return }
                let buffers = FourierBuffers(size: size)
                for frame in 0..<frames(signal.count) {
                    cut.load(frame, of: signal, by: window, into: buffers.samples)
                    plan.execute(buffers)
                    body(frame, UnsafePointer(buffers.spectrum))
                }
            }
        }
    }
}
