// Butterworth filters of any order as second-order sections, forward or without delay: what `scipy.signal.butter` with
// `output="sos"`, `sosfilt` and `sosfiltfilt` compute. The poles are designed in continuous time and brought over by the
// bilinear transform; sections are scaled one by one to a gain of 1 in the passband, where scipy scales the first by the
// product, so that intermediate numbers stay as large as the signal.

internal import Glibc

/// A filter whose passband is as flat as can be.
public struct Butterworth: Sendable {
    /// A section: b0 + b1 z⁻¹ + b2 z⁻² over 1 + a1 z⁻¹ + a2 z⁻².
    public struct Section: Sendable, Hashable {
        public let b0, b1, b2, a1, a2: Double
    }

    public let sections: [Section]
    /// How many samples `sosfiltfilt` continues a signal by at each end.
    public let padding: Int

    /// - Parameters:
    ///   - low: the lower edge as a share of the sample rate, above 0 and below `high`; nil for a low-pass.
    ///   - high: the upper edge, below 0.5; nil for a high-pass. One of the two is there.
    public init(order: Int, low: Double?, high: Double?) {
        let passband = Passband(low: low, high: high)
        var sections = [Section]()
        // Poles of the prototype with an imaginary part of at least zero, the least damped first.
        for index in 0..<(order + 1) / 2 {
            let isReal = 2 * index + 1 == order
            let angle = Double.pi * Double(order - 1 - 2 * index) / Double(2 * order)
            let pole = Complex(-cos(angle), isReal ? 0 : sin(angle))
            sections += passband.sections(of: pole, isReal: isReal)
        }
        self.sections = sections
        let firstOrder = sections.count { $0.a2 == 0 && $0.b2 == 0 }
        padding = 3 * (2 * sections.count + 1 - firstOrder)
    }

    /// Filtered from rest.
    public func filtered(_ signal: [Double]) -> [Double] {
        var output = signal
        for section in sections { section.run(&output, from: (0, 0)) }
        return output
    }

    /// Filtered forward and backward, so that no frequency is delayed and each is damped twice. The signal is continued
    /// beyond its ends, turned about its end samples, and each run starts as if the first sample had always been there.
    /// The signal must be longer than `padding`.
    public func filteredBothWays(_ signal: [Double]) -> [Double] {
        precondition(signal.count > padding, "a signal longer than the padding")
        let (first, last) = (signal[0], signal[signal.count - 1])
        var output = (1...padding).reversed().map { 2 * first - signal[$0] }
        output += signal
        output += (1...padding).map { 2 * last - signal[signal.count - 1 - $0] }
        for _ in 0..<2 {
            runFromStanding(&output)
            output.reverse()
        }
        return Array(output[padding..<padding + signal.count])
    }

    private func runFromStanding(_ samples: inout [Double]) {
        var level = samples[0]
        for section in sections {
            let gain = (section.b0 + section.b1 + section.b2) / (1 + section.a1 + section.a2)
            let second = section.b2 - section.a2 * gain
            let first = section.b1 - section.a1 * gain + second
            section.run(&samples, from: (first * level, second * level))
            level *= gain
        }
    }
}

extension Butterworth.Section {
    /// In place, in the transposed direct form II.
    fileprivate func run(_ samples: inout [Double], from state: (Double, Double)) {
        var (first, second) = state
        samples.withUnsafeMutableBufferPointer { samples in
            for index in samples.indices {
                let input = samples[index]
                let output = b0 * input + first
                first = b1 * input - a1 * output + second
                second = b2 * input - a2 * output
                samples[index] = output
            }
        }
    }
}

/// Where a filter lets through, in continuous time, with the sample rate 2 of scipy's formulas.
private struct Passband {
    private enum Shape { case low, high, band }
    private let shape: Shape
    /// The edge, or the geometric middle of the band.
    private let centre: Double
    private let width: Double

    init(low: Double?, high: Double?) {
        func warped(_ frequency: Double) -> Double { 4 * tan(Double.pi * frequency) }
        switch (low, high) {
        case (let low?, let high?):
            (shape, centre) = (.band, (warped(low) * warped(high)).squareRoot())
            width = warped(high) - warped(low)
        case (let low?, nil): (shape, centre, width) = (.high, warped(low), 0)
        case (nil, let high): (shape, centre, width) = (.low, warped(high ?? 0.25), 0)
        }
    }

    /// The sections of a pole of the prototype and its conjugate.
    func sections(of pole: Complex, isReal: Bool) -> [Butterworth.Section] {
        switch shape {
        case .low: return [section(pole * Complex(centre, 0), nil, isReal: isReal)]
        case .high: return [section(Complex(centre, 0) / pole, nil, isReal: isReal)]
        case .band:
            let half = pole * Complex(width / 2, 0)
            let root = (half * half - Complex(centre * centre, 0)).squareRoot
            if isReal { return [section(half + root, half - root, isReal: false)] }
            return [
                section(half + root, nil, isReal: false), section(half - root, nil, isReal: false),
            ]
        }
    }

    /// Of a pole and another; without another, of a pole and its conjugate, or of a real one alone.
    private func section(_ pole: Complex, _ other: Complex?, isReal: Bool) -> Butterworth.Section {
        let first = pole.bilinear
        let second = isReal ? Complex(0, 0) : other?.bilinear ?? Complex(first.re, -first.im)
        let a1 = -(first.re + second.re)
        let a2 = (first * second).re
        // Zeros: all at −1 for a low-pass, at 1 for a high-pass, one at each for a band.
        let (b1, b2): (Double, Double) =
            switch shape {
            case .low: isReal ? (1, 0) : (2, 1)
            case .high: isReal ? (-1, 0) : (-2, 1)
            case .band: (0, -1)
            }
        // z⁻¹ where the gain is to be 1.
        let inverse: Complex =
            switch shape {
            case .low: Complex(1, 0)
            case .high: Complex(-1, 0)
            case .band: Complex(1, 0) / Complex(0, centre).bilinear
            }
        let above = Complex(1, 0) + inverse * (Complex(b1, 0) + inverse * Complex(b2, 0))
        let below = Complex(1, 0) + inverse * (Complex(a1, 0) + inverse * Complex(a2, 0))
        let gain = (below / above).magnitude
        return Butterworth.Section(b0: gain, b1: gain * b1, b2: gain * b2, a1: a1, a2: a2)
    }
}

private struct Complex {
    let re, im: Double

    init(_ re: Double, _ im: Double) { (self.re, self.im) = (re, im) }

    static func + (a: Complex, b: Complex) -> Complex { Complex(a.re + b.re, a.im + b.im) }
    static func - (a: Complex, b: Complex) -> Complex { Complex(a.re - b.re, a.im - b.im) }
    static func * (a: Complex, b: Complex) -> Complex {
        Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    }
    static func / (a: Complex, b: Complex) -> Complex {
        let square = b.re * b.re + b.im * b.im
        return Complex((a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square)
    }

    var magnitude: Double { (re * re + im * im).squareRoot() }

    /// The root with a real part of at least zero.
    var squareRoot: Complex {
        let size = magnitude
        let real = max(0, (size + re) / 2).squareRoot()
        let imaginary = max(0, (size - re) / 2).squareRoot()
        return Complex(real, im < 0 ? -imaginary : imaginary)
    }

    /// From continuous time to z.
    var bilinear: Complex { (Complex(4, 0) + self) / (Complex(4, 0) - self) }
}
