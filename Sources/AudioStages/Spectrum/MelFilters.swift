// Mel filter banks: triangles in frequency whose corners are evenly spaced on the mel scale, as `librosa.filters.mel`
// makes them, and their product with a spectrogram. Banks are made once for each set of parameters and kept.

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

    /// Limits in the wrong order are a problem.
    func check() throws(Problem) {
        if let highest, highest <= lowest {
            throw Problem("expected a number above fmin (\(hertz(lowest))), got \(hertz(highest))", at: ["fmax"])
        }
    }
}

/// A bank of triangular filters.
struct MelFilters: Sendable {
    /// The filter of one band: where its weights begin, and how many groups of four they take.
    struct Band: Sendable {
        let first: Int
        let groups: Int
    }

    let bands: [Band]
    let bins: Int
    /// The weights of all bands in groups of four, the last group of a band filled up with zeros.
    private let weights: [SIMD4<Float>]

    private struct Key: Hashable {
        let parameters: MelParameters
        let sampleRate: Double
        let size: Int
    }
    private static let banks = Kept<Key, MelFilters>(most: 512)

    /// The bank for spectra of frames of `size` samples at `sampleRate` Hz. Limits outside 0 to half the rate are
    /// failures.
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
        return banks.value(key) { MelFilters(parameters, sampleRate: sampleRate, size: size) }
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
        var (bands, groups) = ([Band](), [SIMD4<Float>]())
        for band in 0..<parameters.bands {
            let (left, middle, right) = (corners[band], corners[band + 1], corners[band + 2])
            // Rounded to float32 before it is scaled, and again after, as in librosa.
            let weights = frequencies.map { frequency in
                let ramp = Float(
                    max(0, min((frequency - left) / (middle - left), (right - frequency) / (right - middle))))
                return parameters.norm == nil ? ramp : Float(Double(ramp) * (2 / (right - left)))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let end = (weights.lastIndex { $0 > 0 } ?? -1) + 1
            let before = groups.count
            for start in stride(from: first, to: end, by: 4) {
                var group = SIMD4<Float>.zero
                for lane in 0..<min(4, end - start) { group[lane] = weights[start + lane] }
                groups.append(group)
            }
            bands.append(Band(first: first, groups: groups.count - before))
        }
        (self.bands, weights) = (bands, groups)
    }

    /// All weights, row-major (band, bin).
    var matrix: [Float] {
        var matrix = [Float](repeating: 0, count: bands.count * bins)
        var next = weights.startIndex
        for (index, band) in bands.enumerated() {
            for bin in 0..<4 * band.groups where band.first + bin < bins {
                matrix[index * bins + band.first + bin] = weights[next + bin / 4][bin % 4]
            }
            next += band.groups
        }
        return matrix
    }

    /// The energies in the bands, row-major (time, band), of magnitudes (time, bin), in float32. A band is summed in four
    /// lanes, bin k in lane k mod 4 from its first bin, and the lanes in a fixed order: the same bits on every machine.
    func energies(of magnitudes: [Float]) -> [Float] {
        let frames = magnitudes.count / bins
        // Room behind the last bin for the last four weights of a band.
        var row = [Float](repeating: 0, count: bins + 3)
        return [Float](unsafeUninitializedCapacity: frames * bands.count) { output, initialized in
            magnitudes.withUnsafeBufferPointer { magnitudes in
                row.withUnsafeMutableBufferPointer { row in
                    for frame in 0..<frames {
                        for bin in 0..<bins { row[bin] = magnitudes[frame * bins + bin] }
                        multiply(
                            row,
                            into: UnsafeMutableBufferPointer(
                                rebasing: output[frame * bands.count..<(frame + 1) * bands.count]))
                    }
                }
            }
            initialized = frames * bands.count
        }
    }

    private func multiply(_ row: UnsafeMutableBufferPointer<Float>, into output: UnsafeMutableBufferPointer<Float>) {
        let row = UnsafeRawBufferPointer(row)
        weights.withUnsafeBufferPointer { weights in
            var next = 0
            for (index, band) in bands.enumerated() {
                var sum = SIMD4<Float>.zero
                var offset = band.first * MemoryLayout<Float>.stride
                for _ in 0..<band.groups {
                    sum += row.loadUnaligned(fromByteOffset: offset, as: SIMD4<Float>.self) * weights[next]
                    next += 1
                    offset += MemoryLayout<SIMD4<Float>>.stride
                }
                output.initializeElement(at: index, to: (sum.x + sum.y) + (sum.z + sum.w))
            }
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
