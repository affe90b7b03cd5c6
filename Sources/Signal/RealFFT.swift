// Real-to-complex transforms by FFTW in double precision. Plans are made with FFTW_ESTIMATE, so that they are the same
// every time (FFTW_MEASURE chooses by timing, and so would the last bits), under a lock, as the planner is not
// thread-safe; a transform that was planned is kept and lent to one thread at a time.

internal import CFftw
public import Tensors

/// A transform of `size` real numbers to `size / 2 + 1` complex ones. Belongs to one thread at a time.
public final class RealFFT: @unchecked Sendable {
    public let size: Int
    private let input: UnsafeMutablePointer<Double>
    private let output: UnsafeMutablePointer<fftw_complex>
    private let plan: fftw_plan

    private static let idle = Lock<[Int: [RealFFT]]>([:])
    private static let planner = Lock(())

    private init(size: Int) {
        self.size = size
        guard let input = fftw_alloc_real(size), let output = fftw_alloc_complex(size / 2 + 1) else {
            preconditionFailure("out of memory for a transform of \(size)")
        }
        (self.input, self.output) = (input, output)
        var made: fftw_plan?
        Self.planner.withLock { _ in made = fftw_plan_dft_r2c_1d(Int32(size), input, output, UInt32(FFTW_ESTIMATE)) }
        guard let made else { preconditionFailure("FFTW has no plan for \(size)") }
        plan = made
    }

    deinit {
        Self.planner.withLock { _ in fftw_destroy_plan(plan) }
        fftw_free(input)
        fftw_free(output)
    }

    /// Lends a transform of that size to `body`.
    public static func with<Result>(size: Int, _ body: (RealFFT) throws -> Result) rethrows -> Result {
        let transform = idle.withLock { $0[size]?.popLast() } ?? RealFFT(size: size)
        defer { idle.withLock { $0[size, default: []].append(transform) } }
        return try body(transform)
    }

    /// The short-time Fourier transform of `padded`: each frame of `size` samples times the window, transformed in double
    /// and rounded to complex64, as librosa's is (its window is float64).
    /// - Parameters:
    ///   - window: `size` factors.
    ///   - hop: samples between frames.
    /// - Returns: frames × (size / 2 + 1), row by row.
    public func frames(of padded: [Float], window: [Double], hop: Int, count: Int) -> [Complex64] {
        precondition(window.count == size && (count == 0 || (count - 1) * hop + size <= padded.count))
        let bins = size / 2 + 1
        return [Complex64](unsafeUninitializedCapacity: count * bins) { result, initialized in
            padded.withUnsafeBufferPointer { samples in
                window.withUnsafeBufferPointer { window in
                    for frame in 0..<count {
                        let start = frame * hop
                        for index in 0..<size { input[index] = Double(samples[start + index]) * window[index] }
                        fftw_execute(plan)
                        let row = frame * bins
                        for bin in 0..<bins {
                            result[row + bin] = Complex64(Float(output[bin].0), Float(output[bin].1))
                        }
                    }
                }
            }
            initialized = count * bins
        }
    }

    /// FFTW's version, and the instruction sets that it was built for.
    public static var version: String { String(cString: fftw_version_string()) }
}
