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
public struct PhaseSteps<Real: BinaryFloatingPoint & Sendable>: Sendable {
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

    /// How many frames come out at a rate: one for each of 0, rate, 2 · rate … below the number of frames.
    public func frames(at rate: Double) -> Int { Int((Double(frames) / rate).rounded(.up)) }
}

extension PhaseSteps where Real: FourierReal {
    /// Of a signal.
    fileprivate init(measuring signal: [Real], by transform: ShortTimeTransform) {
        let (frames, bins) = (transform.frames(signal.count), transform.bins)
        var builder = PhaseBuilder<Real>(frames: frames, bins: bins)
        transform.forEachSpectrum(of: signal) { frame, spectrum in
            UnsafeRawPointer(spectrum).withMemoryRebound(to: Double.self, capacity: 2 * bins) { parts in
                builder.add(frame, parts)
            }
        }
        self = builder.finished()
    }

    /// Of spectra that are there.
    fileprivate init(measuring real: [Double], _ imaginary: [Double], bins: Int) {
        let frames = real.count / bins
        var builder = PhaseBuilder<Real>(frames: frames, bins: bins)
        var parts = [Double](repeating: 0, count: 2 * bins)
        for frame in 0..<frames {
            for bin in 0..<bins {
                parts[2 * bin] = real[frame * bins + bin]
                parts[2 * bin + 1] = imaginary[frame * bins + bin]
            }
            builder.add(frame, parts)
        }
        self = builder.finished()
    }

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

/// Takes spectra in order, in double precision.
private struct PhaseBuilder<Real: FourierReal> {
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

    mutating func add(_ frame: Int, _ parts: UnsafePointer<Double>) {
        magnitudes.withUnsafeMutableBufferPointer { magnitudes in
            turnsReal.withUnsafeMutableBufferPointer { turnsReal in
                turnsImaginary.withUnsafeMutableBufferPointer { turnsImaginary in
                    lastReal.withUnsafeMutableBufferPointer { lastReal in
                        lastImaginary.withUnsafeMutableBufferPointer { lastImaginary in
                            guard let magnitude = magnitudes.baseAddress, let real = turnsReal.baseAddress,
                                let imaginary = turnsImaginary.baseAddress, let lastReal = lastReal.baseAddress,
                                let lastImaginary = lastImaginary.baseAddress
                            else { return }
                            // How the first frame turns from nothing is its start; it is overwritten by the next.
                            let turn = max(0, frame - 1) * bins
                            Real.turns(
                                parts, count: bins, from: (lastReal, lastImaginary),
                                magnitudes: magnitude + frame * bins, turns: (real + turn, imaginary + turn))
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
                            guard let magnitude = magnitudes.baseAddress, let turnReal = turnsReal.baseAddress,
                                let turnImaginary = turnsImaginary.baseAddress, let re = real.baseAddress,
                                let im = imaginary.baseAddress
                            else { return }
                            Real.vocoder(
                                (magnitude + offset, magnitude + next), weights: (below, share),
                                turns: (turnReal + offset, turnImaginary + offset), count: bins, phases: (re, im),
                                to: spectrum)
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
