// What is done for each type of real number: transforms by FFTW's library of that type, and the hot loops, which for Float
// (what sound files give) are kernels, and for Double plain Swift.

internal import CFftw
internal import Kernels

/// Float and Double.
protocol FourierReal: BinaryFloatingPoint, Sendable {
    typealias Source = UnsafePointer<Self>
    typealias Target = UnsafeMutablePointer<Self>

    /// A plan from `size / 2 + 1` complex values, real and imaginary parts in turn, to `size` reals; the input is lost.
    static func inversePlan(size: Int, from spectrum: Target, to samples: Target) -> OpaquePointer?
    static func execute(_ plan: OpaquePointer, from spectrum: Target, to samples: Target)
    /// windowed[i] = samples[i] · window[i].
    static func window(
        _ samples: Source, by window: UnsafePointer<Double>, count: Int, into windowed: UnsafeMutablePointer<Double>)
    /// sum[i] += samples[i] · window[i].
    static func overlap(
        _ samples: Source, by window: UnsafePointer<Double>, count: Int, onto sum: UnsafeMutablePointer<Double>)
    /// sum[i] / weight[i]; sum[i] where the weight is not above the least.
    static func quotients(of sum: [Double], _ weight: [Double], least: Double) -> [Self]
    /// Magnitudes of a frame's spectrum, parts in turn, and by how much it turns from the unit numbers `from`, which become
    /// its own. A number of magnitude below 1e-150 counts as 0, of angle 0, as a quotient would be no unit number.
    static func turns(
        _ parts: UnsafePointer<Double>, count: Int,
        from last: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>), magnitudes: Target,
        turns: (Target, Target))
    /// Writes a spectrum, parts in turn, of weighted magnitudes and phases, and turns the phases on.
    static func vocoder(
        _ magnitudes: (Source, Source), weights: (Self, Self), turns: (Source, Source), count: Int,
        phases: (Target, Target), to spectrum: Target)
}

extension Float: FourierReal {
    static func inversePlan(size: Int, from spectrum: Target, to samples: Target) -> OpaquePointer? {
        spectrum.withMemoryRebound(to: fftwf_complex.self, capacity: size / 2 + 1) {
            fftwf_plan_dft_c2r_1d(Int32(size), $0, samples, FFTW_ESTIMATE | UInt32(FFTW_DESTROY_INPUT))
        }
    }

    static func execute(_ plan: OpaquePointer, from spectrum: Target, to samples: Target) {
        spectrum.withMemoryRebound(to: fftwf_complex.self, capacity: 1) { fftwf_execute_dft_c2r(plan, $0, samples) }
    }

    static func window(
        _ samples: Source, by window: UnsafePointer<Double>, count: Int, into windowed: UnsafeMutablePointer<Double>
    ) { kernel_window(samples, window, count, windowed) }

    static func overlap(
        _ samples: Source, by window: UnsafePointer<Double>, count: Int, onto sum: UnsafeMutablePointer<Double>
    ) { kernel_overlap(samples, window, count, sum) }

    static func quotients(of sum: [Double], _ weight: [Double], least: Double) -> [Float] {
        [Float](unsafeUninitializedCapacity: sum.count) { output, initialized in
            if let output = output.baseAddress { kernel_divide(sum, weight, sum.count, least, output) }
            initialized = sum.count
        }
    }

    static func turns(
        _ parts: UnsafePointer<Double>, count: Int,
        from last: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>), magnitudes: Target,
        turns: (Target, Target)
    ) { kernel_turns(parts, count, last.0, last.1, magnitudes, turns.0, turns.1) }

    static func vocoder(
        _ magnitudes: (Source, Source), weights: (Float, Float), turns: (Source, Source), count: Int,
        phases: (Target, Target), to spectrum: Target
    ) {
        kernel_vocoder(
            magnitudes.0, magnitudes.1, weights.0, weights.1, turns.0, turns.1, count, phases.0, phases.1, spectrum)
    }
}

extension Double: FourierReal {
    static func inversePlan(size: Int, from spectrum: Target, to samples: Target) -> OpaquePointer? {
        spectrum.withMemoryRebound(to: fftw_complex.self, capacity: size / 2 + 1) {
            fftw_plan_dft_c2r_1d(Int32(size), $0, samples, FFTW_ESTIMATE | UInt32(FFTW_DESTROY_INPUT))
        }
    }

    static func execute(_ plan: OpaquePointer, from spectrum: Target, to samples: Target) {
        spectrum.withMemoryRebound(to: fftw_complex.self, capacity: 1) { fftw_execute_dft_c2r(plan, $0, samples) }
    }

    static func window(
        _ samples: Source, by window: UnsafePointer<Double>, count: Int, into windowed: UnsafeMutablePointer<Double>
    ) { for index in 0..<count { windowed[index] = samples[index] * window[index] } }

    static func overlap(
        _ samples: Source, by window: UnsafePointer<Double>, count: Int, onto sum: UnsafeMutablePointer<Double>
    ) { for index in 0..<count { sum[index] += samples[index] * window[index] } }

    static func quotients(of sum: [Double], _ weight: [Double], least: Double) -> [Double] {
        zip(sum, weight).map { $1 > least ? $0 / $1 : $0 }
    }

    static func turns(
        _ parts: UnsafePointer<Double>, count: Int,
        from last: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>), magnitudes: Target,
        turns: (Target, Target)
    ) {
        for bin in 0..<count {
            let (re, im) = (parts[2 * bin], parts[2 * bin + 1])
            let magnitude = (re * re + im * im).squareRoot()
            magnitudes[bin] = magnitude
            let isZero = magnitude < 1e-150
            let (ur, ui) = (isZero ? 1 : re / magnitude, isZero ? 0 : im / magnitude)
            turns.0[bin] = ur * last.0[bin] + ui * last.1[bin]
            turns.1[bin] = ui * last.0[bin] - ur * last.1[bin]
            last.0[bin] = ur
            last.1[bin] = ui
        }
    }

    static func vocoder(
        _ magnitudes: (Source, Source), weights: (Double, Double), turns: (Source, Source), count: Int,
        phases: (Target, Target), to spectrum: Target
    ) {
        for bin in 0..<count {
            let magnitude = weights.0 * magnitudes.0[bin] + weights.1 * magnitudes.1[bin]
            let (ur, ui) = (phases.0[bin], phases.1[bin])
            spectrum[2 * bin] = magnitude * ur
            spectrum[2 * bin + 1] = magnitude * ui
            phases.0[bin] = ur * turns.0[bin] - ui * turns.1[bin]
            phases.1[bin] = ur * turns.1[bin] + ui * turns.0[bin]
        }
    }
}
