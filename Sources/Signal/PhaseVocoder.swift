// A phase vocoder: spectra at other points in time, with phases that go on at the pace at which they went on there (Ellis,
// "A phase vocoder in Matlab", 2002; the definition followed is `librosa.phase_vocoder`).
//
// That definition adds up angles: at each output frame the phase grows by the wrapped difference of the angles of two
// neighbouring input frames. As only e^(iφ) is ever used, and wrapping takes off whole turns, this is a product of unit
// numbers: no arctangent, no sine. What belongs to the input alone (magnitudes, and the turn from each frame to the next)
// is computed once and serves all rates. Rounding stays near the type's precision, where adding up angles in float32, as
// librosa does for float32 signals, drifts by 1e-3 rad and more.

internal import CFftw

/// What a phase vocoder needs to know of a signal's spectra.
public struct PhaseSteps<Real: FourierReal>: Sendable {
    /// Frames, at least 1.
    public let frames: Int
    public let bins: Int
    /// Row-major (time, frequency).
    public let magnitudes: [Real]
    /// The unit number by which a bin turns from a frame to the next, real parts; behind the last frame lies silence, of
    /// angle 0. Row-major (time, frequency).
    public let turnsReal: [Real]
    /// Imaginary parts.
    public let turnsImaginary: [Real]
    /// The first frame's phases as unit numbers: real parts, then imaginary ones.
    public let start: [Real]

    public init(
        frames: Int, bins: Int, magnitudes: [Real], turnsReal: [Real], turnsImaginary: [Real], start: [Real]
    ) {
        precondition(magnitudes.count == frames * bins && turnsReal.count == frames * bins)
        precondition(turnsImaginary.count == frames * bins && start.count == 2 * bins)
        self.frames = frames
        self.bins = bins
        self.magnitudes = magnitudes
        self.turnsReal = turnsReal
        self.turnsImaginary = turnsImaginary
        self.start = start
    }

    /// Of a signal.
    fileprivate init(measuring signal: [Real], by transform: ShortTimeTransform) {
        let (frames, bins) = (transform.frames(signal.count), transform.bins)
        var builder = Builder(frames: frames, bins: bins)
        transform.forEachSpectrum(of: signal) { frame, spectrum in
            builder.add(frame) { (spectrum[$0].0, spectrum[$0].1) }
        }
        self = builder.finished()
    }

    /// Of spectra that are there.
    fileprivate init(measuring real: [Double], _ imaginary: [Double], bins: Int) {
        let frames = real.count / bins
        var builder = Builder(frames: frames, bins: bins)
        for frame in 0..<frames { builder.add(frame) { (real[frame * bins + $0], imaginary[frame * bins + $0]) } }
        self = builder.finished()
    }

    /// Takes spectra in order, in double precision.
    private struct Builder {
        let frames: Int
        let bins: Int
        var magnitudes: [Real]
        var turnsReal: [Real]
        var turnsImaginary: [Real]
        var start: [Real]
        /// The unit numbers of the frame before.
        var lastReal: [Double]
        var lastImaginary: [Double]

        init(frames: Int, bins: Int) {
            self.frames = frames
            self.bins = bins
            magnitudes = [Real](repeating: 0, count: frames * bins)
            turnsReal = magnitudes
            turnsImaginary = magnitudes
            start = [Real](repeating: 0, count: 2 * bins)
            lastReal = [Double](repeating: 1, count: bins)
            lastImaginary = [Double](repeating: 0, count: bins)
        }

        @inline(__always)
        mutating func add(_ frame: Int, _ value: (Int) -> (Double, Double)) {
            let offset = frame * bins
            magnitudes.withUnsafeMutableBufferPointer { magnitudes in
                turnsReal.withUnsafeMutableBufferPointer { turnsReal in
                    turnsImaginary.withUnsafeMutableBufferPointer { turnsImaginary in
                        lastReal.withUnsafeMutableBufferPointer { lastReal in
                            lastImaginary.withUnsafeMutableBufferPointer { lastImaginary in
                                for bin in 0..<bins {
                                    let (re, im) = value(bin)
                                    let magnitude = (re * re + im * im).squareRoot()
                                    magnitudes[offset + bin] = Real(magnitude)
                                    // Zero has the angle 0. Below the normal range a quotient would be no unit number.
                                    let isZero = magnitude < 1e-150
                                    let factor = 1 / (isZero ? 1 : magnitude)
                                    let (ur, ui) = (isZero ? 1 : re * factor, isZero ? 0 : im * factor)
                                    let (lr, li) = (lastReal[bin], lastImaginary[bin])
                                    if frame > 0 {
                                        turnsReal[offset - bins + bin] = Real(ur * lr + ui * li)
                                        turnsImaginary[offset - bins + bin] = Real(ui * lr - ur * li)
                                    }
                                    lastReal[bin] = ur
                                    lastImaginary[bin] = ui
                                }
                            }
                        }
                    }
                }
            }
            if frame == 0 {
                for bin in 0..<bins {
                    start[bin] = Real(lastReal[bin])
                    start[bins + bin] = Real(lastImaginary[bin])
                }
            }
        }

        consuming func finished() -> PhaseSteps<Real> {
            if frames > 0 {
                let offset = (frames - 1) * bins
                for bin in 0..<bins {
                    turnsReal[offset + bin] = Real(lastReal[bin])
                    turnsImaginary[offset + bin] = Real(-lastImaginary[bin])
                }
            }
            return PhaseSteps(
                frames: frames, bins: bins, magnitudes: magnitudes, turnsReal: turnsReal,
                turnsImaginary: turnsImaginary, start: start)
        }
    }

    /// How many frames come out at a rate: one for each of 0, rate, 2 · rate … below the number of frames.
    public func frames(at rate: Double) -> Int { Int((Double(frames) / rate).rounded(.up)) }

    fileprivate func stretchedSpectra(at rate: Double) -> [Real] {
        let count = frames(at: rate)
        var output = [Real](repeating: 0, count: 2 * count * bins)
        var phases = Phases(self)
        output.withUnsafeMutableBufferPointer { output in
            for frame in 0..<count {
                guard let base = output.baseAddress else { return }
                phases.write(at: Double(frame) * rate, to: base + 2 * frame * bins)
            }
        }
        return output
    }

    fileprivate func stretchedSignal(at rate: Double, length: Int, by inverse: InverseShortTimeTransform) -> [Real] {
        precondition(bins == inverse.size / 2 + 1)
        var phases = Phases(self)
        return inverse.signal(frames: frames(at: rate), length: length) { frame, spectrum in
            phases.write(at: Double(frame) * rate, to: spectrum)
        }
    }
}

// What other modules call is written for each type, so that it is compiled for each: called from elsewhere, generic code
// runs a hundred times slower.

extension PhaseSteps<Float> {
    /// Of a signal that has at least one frame.
    public init(of signal: [Float], by transform: ShortTimeTransform) { self.init(measuring: signal, by: transform) }

    /// The signal at a rate above 0, of `length` samples.
    public func signal(at rate: Double, length: Int, by inverse: InverseShortTimeTransform) -> [Float] {
        stretchedSignal(at: rate, length: length, by: inverse)
    }
}

extension PhaseSteps<Double> {
    /// Of a signal that has at least one frame.
    public init(of signal: [Double], by transform: ShortTimeTransform) { self.init(measuring: signal, by: transform) }

    /// Of spectra that are there: real and imaginary parts, row-major (time, frequency).
    public init(real: [Double], imaginary: [Double], bins: Int) { self.init(measuring: real, imaginary, bins: bins) }

    /// The signal at a rate above 0, of `length` samples.
    public func signal(at rate: Double, length: Int, by inverse: InverseShortTimeTransform) -> [Double] {
        stretchedSignal(at: rate, length: length, by: inverse)
    }

    /// The spectra at a rate above 0: real and imaginary parts in turn, row-major (time, frequency).
    public func spectra(at rate: Double) -> [Double] { stretchedSpectra(at: rate) }
}

/// The phases of a vocoder on its way.
private struct Phases<Real: FourierReal> {
    let steps: PhaseSteps<Real>
    var real: [Real]
    var imaginary: [Real]
    var written = 0

    init(_ steps: PhaseSteps<Real>) {
        self.steps = steps
        real = Array(steps.start[..<steps.bins])
        imaginary = Array(steps.start[steps.bins...])
    }

    /// Writes the spectrum at a point in time, in frames, and goes on from there.
    mutating func write(at time: Double, to spectrum: UnsafeMutablePointer<Real>) {
        let bins = steps.bins
        let frame = min(steps.frames - 1, Int(time))
        let above = Real(time - time.rounded(.down))
        let below = 1 - above
        let offset = frame * bins
        let hasNext = frame + 1 < steps.frames
        let isToBeScaled = written % 64 == 63
        written += 1
        steps.magnitudes.withUnsafeBufferPointer { magnitudes in
            steps.turnsReal.withUnsafeBufferPointer { turnsReal in
                steps.turnsImaginary.withUnsafeBufferPointer { turnsImaginary in
                    real.withUnsafeMutableBufferPointer { real in
                        imaginary.withUnsafeMutableBufferPointer { imaginary in
                            // Behind the last frame lies silence.
                            let next = hasNext ? offset + bins : offset
                            let share = hasNext ? above : 0
                            for bin in 0..<bins {
                                let magnitude =
                                    below * magnitudes[offset + bin] + share * magnitudes[next + bin]
                                let (ur, ui) = (real[bin], imaginary[bin])
                                spectrum[2 * bin] = magnitude * ur
                                spectrum[2 * bin + 1] = magnitude * ui
                                let (tr, ti) = (turnsReal[offset + bin], turnsImaginary[offset + bin])
                                real[bin] = ur * tr - ui * ti
                                imaginary[bin] = ur * ti + ui * tr
                            }
                            // Rounding must not let the unit numbers grow or shrink.
                            if isToBeScaled {
                                for bin in 0..<bins {
                                    let factor =
                                        1 / (real[bin] * real[bin] + imaginary[bin] * imaginary[bin]).squareRoot()
                                    real[bin] *= factor
                                    imaginary[bin] *= factor
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
