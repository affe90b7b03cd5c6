// From spectra back to a signal: each frame transformed, windowed once more and added to its place, and the whole divided
// by what the squared windows add up to there (Griffin and Lim, "Signal estimation from modified short-time Fourier
// transform", 1984), as `librosa.istft` does it. Sums are in double precision.

internal import Kernels

/// The inverse of a short-time Fourier transform.
public struct InverseShortTimeTransform: Sendable {
    /// Samples a frame.
    public let size: Int
    /// Samples from one frame to the next.
    public let hop: Int
    /// Whether frame 0 is centred on sample 0.
    public let isCentred: Bool
    private let window: [Double]

    /// - Parameters: as those of the transform that is undone.
    public init(size: Int, hop: Int, window: Window, windowLength: Int, isCentred: Bool) {
        precondition(size >= 1 && hop >= 1 && windowLength >= 1 && windowLength <= size)
        self.size = size
        self.hop = hop
        self.isCentred = isCentred
        self.window = window.centred(windowLength, in: size)
    }

    /// How many samples `frames` spectra give, where no length is asked for.
    public func length(frames: Int) -> Int {
        max(0, size + hop * (frames - 1) - (isCentred ? 2 * (size / 2) : 0))
    }

    /// The signal of `length` samples that has these spectra; zeros where no frame reaches.
    /// - Parameter spectra: real and imaginary parts in turn, row-major (time, frequency).
    public func signal(of spectra: [Float], length: Int) -> [Float] {
        let row = 2 * (size / 2 + 1)
        return signal(frames: spectra.count / row, length: length) { frame, spectrum in
            spectra.withUnsafeBufferPointer { spectra in
                for index in 0..<row { spectrum[index] = spectra[frame * row + index] }
            }
        }
    }

    /// The same of spectra that are made one by one, in order: `fill` writes a row.
    func signal<Real: FourierReal>(
        frames available: Int, length: Int, fill: (_ frame: Int, _ spectrum: UnsafeMutablePointer<Real>) -> Void
    ) -> [Real] {
        let before = isCentred ? size / 2 : 0
        let needed = (length + 2 * before + hop - 1) / hop
        let frames = min(available, needed)
        guard length > 0 else { return [] }
        var sum = [Double](repeating: 0, count: length)
        var weight = [Double](repeating: 0, count: length)
        let plan: InverseFourierPlan<Real> = InverseFourierPlans.plan(size: size)
        let buffers = InverseFourierBuffers<Real>(size: size)
        // A transform and its inverse multiply by the size.
        let scaled = window.map { $0 / Double(size) }
        let squares = window.map { $0 * $0 }
        scaled.withUnsafeBufferPointer { window in
            squares.withUnsafeBufferPointer { squares in
                sum.withUnsafeMutableBufferPointer { sum in
                    weight.withUnsafeMutableBufferPointer { weight in
                        for frame in 0..<frames {
                            fill(frame, buffers.spectrum)
                            plan.execute(buffers)
                            let start = frame * hop - before
                            let from = max(0, -start)
                            let to = min(size, length - start)
                            if from >= to { continue }
                            guard let sum = sum.baseAddress, let weight = weight.baseAddress,
                                let window = window.baseAddress, let squares = squares.baseAddress
                            else { return }
                            Real.overlap(
                                buffers.samples + from, by: window + from, count: to - from, onto: sum + start + from)
                            kernel_add(squares + from, to - from, weight + start + from)
                        }
                    }
                }
            }
        }
        // What the squared windows barely cover is not blown up.
        let least = Double(Float.leastNormalMagnitude)
        return Real.quotients(of: sum, weight, least: least)
    }
}
