// Mel filter banks: triangles in frequency whose corners are evenly spaced on the mel scale, as `librosa.filters.mel` makes
// them, and their product with a spectrogram. Banks are made once for each set of parameters and kept.

internal import Glibc
internal import Stages
internal import Tensors

/// What a mel filter bank is made from, but for the signal's rate and the transform's size; names as in librosa.
struct MelParameters: Sendable, Hashable {
    enum Norm: String, CaseIterable, ParameterValue { case slaney }

    var bands = 128
    var lowest = 0.0
    /// Nil: half the sample rate.
    var highest: Double?
    var isHtk = false
    var norm: Norm? = .slaney
}

/// A bank of triangular filters.
struct MelFilters: Sendable {
    /// The filter of one band: weights of consecutive bins, all others being zero.
    struct Band: Sendable {
        let first: Int
        let weights: [Float]
    }

    let bands: [Band]
    let bins: Int

    private struct Key: Hashable {
        let parameters: MelParameters
        let sampleRate: Double
        let size: Int
    }
    private static let banks = Lock([Key: MelFilters]())

    /// The bank for spectra of frames of `size` samples at `sampleRate` Hz. Limits outside 0 to half the rate are failures.
    static func bank(_ parameters: MelParameters, sampleRate: Double, size: Int) throws(Failure) -> MelFilters {
        let nyquist = sampleRate / 2
        if let highest = parameters.highest, highest > nyquist {
            throw Failure(
                "fmax is \(hertz(highest)), above half the sample rate (\(hertz(nyquist)))",
                advice: "lower fmax, or leave it out to take half the sample rate")
        }
        guard parameters.lowest < parameters.highest ?? nyquist else {
            throw Failure("fmin is \(hertz(parameters.lowest)), not below half the sample rate (\(hertz(nyquist)))")
        }
        let key = Key(parameters: parameters, sampleRate: sampleRate, size: size)
        if let known = banks.withLock({ $0[key] }) { return known }
        let bank = MelFilters(parameters, sampleRate: sampleRate, size: size)
        banks.withLock { $0[key] = bank }
        return bank
    }

    private init(_ parameters: MelParameters, sampleRate: Double, size: Int) {
        let scale = MelScale(isHtk: parameters.isHtk)
        let (low, high) = (scale.mel(parameters.lowest), scale.mel(parameters.highest ?? sampleRate / 2))
        let step = (high - low) / Double(parameters.bands + 1)
        let corners = (0...parameters.bands + 1).map { index in
            scale.hertz(index == parameters.bands + 1 ? high : low + Double(index) * step)
        }
        let bins = size / 2 + 1
        let frequencies = (0..<bins).map { Double($0) * (1 / (Double(size) * (1 / sampleRate))) }
        self.bins = bins
        bands = (0..<parameters.bands).map { band in
            let (left, middle, right) = (corners[band], corners[band + 1], corners[band + 2])
            // Rounded to float32 before it is scaled, and again after, as in librosa.
            let weights = frequencies.map { frequency in
                let ramp = Float(max(0, min((frequency - left) / (middle - left), (right - frequency) / (right - middle))))
                return parameters.norm == nil ? ramp : Float(Double(ramp) * (2 / (right - left)))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let end = (weights.lastIndex { $0 > 0 } ?? -1) + 1
            return Band(first: first, weights: Array(weights[first..<max(first, end)]))
        }
    }

    /// All weights, row-major (band, bin).
    var matrix: [Float] {
        bands.flatMap { band in
            [Float](repeating: 0, count: band.first) + band.weights
                + [Float](repeating: 0, count: bins - band.first - band.weights.count)
        }
    }

    /// The energies in the bands, row-major (time, band), of spectra (time, bin) to a power. Eight frames at a time, one in
    /// each lane, so that every sum runs in the order of the bins.
    func energies(of spectra: [Complex64], frames: Int, power: Double) -> [Float] {
        var output = [Float](repeating: 0, count: frames * bands.count)
        var block = [SIMD8<Float>](repeating: .zero, count: bins)
        for start in stride(from: 0, to: frames, by: 8) {
            let lanes = min(8, frames - start)
            block.withUnsafeMutableBufferPointer { block in
                spectra.withUnsafeBufferPointer { spectra in
                    Self.load(spectra, from: start * bins, bins: bins, lanes: lanes, power: power, into: block)
                }
            }
            for (index, band) in bands.enumerated() {
                var sum = SIMD8<Float>.zero
                for (offset, weight) in band.weights.enumerated() { sum += block[band.first + offset] * weight }
                for lane in 0..<lanes { output[(start + lane) * bands.count + index] = sum[lane] }
            }
        }
        return output
    }

    /// The powers of up to eight frames, one in each lane; other lanes keep what they have.
    private static func load(
        _ spectra: UnsafeBufferPointer<Complex64>, from start: Int, bins: Int, lanes: Int, power: Double,
        into block: UnsafeMutableBufferPointer<SIMD8<Float>>
    ) {
        for lane in 0..<lanes {
            for bin in 0..<bins {
                let value = spectra[start + lane * bins + bin]
                block[bin][lane] = value.real * value.real + value.imaginary * value.imaginary
            }
        }
        if power == 2 { return }
        let exponent = Float(power)
        for bin in 0..<bins {
            let magnitudes = block[bin].squareRoot()
            block[bin] = magnitudes
            if power != 1 { for lane in 0..<lanes { block[bin][lane] = pow(magnitudes[lane], exponent) } }
        }
    }
}

/// The mel scale: Slaney's (linear below 1000 Hz, logarithmic above) or HTK's.
struct MelScale: Sendable {
    let isHtk: Bool
    private let step = 200.0 / 3
    private let corner = 1000.0
    private let logStep = log(6.4) / 27

    init(isHtk: Bool) { self.isHtk = isHtk }

    func mel(_ hertz: Double) -> Double {
        if isHtk { return 2595 * log10(1 + hertz / 700) }
        return hertz < corner ? hertz / step : corner / step + log(hertz / corner) / logStep
    }

    func hertz(_ mel: Double) -> Double {
        if isHtk { return 700 * (pow(10, mel / 2595) - 1) }
        return mel < corner / step ? step * mel : corner * exp(logStep * (mel - corner / step))
    }
}
