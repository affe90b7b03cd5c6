// The mel filter bank: triangles on the mel scale, kept as bands, since each filter is zero but for a few bins.

internal import Glibc
internal import Tensors

/// A bank of triangular filters over the bins of a spectrum.
struct MelFilters: Sendable {
    enum Norm: String, Sendable, CaseIterable {
        /// Each filter has unit area (librosa's default).
        case slaney
    }

    struct Name: Sendable, Hashable {
        let sampleRate: Double
        let nFFT: Int
        let nMels: Int
        let fmin: Double
        let fmax: Double
        let isHTK: Bool
        let isSlaneyNormed: Bool
    }

    /// Of each filter: its first bin and the weights from there.
    let bands: [(first: Int, weights: [Float])]
    let bins: Int

    private static let known = Lock<[Name: MelFilters]>([:])

    /// The bank of that name; made once.
    static func named(_ name: Name) -> MelFilters {
        if let filters = known.withLock({ $0[name] }) { return filters }
        let filters = MelFilters(name)
        known.withLock { $0[name] = filters }
        return filters
    }

    /// As librosa.filters.mel: weights in double, rounded to float32.
    private init(_ name: Name) {
        bins = name.nFFT / 2 + 1
        let frequencies = (0..<bins).map { Double($0) * name.sampleRate / Double(name.nFFT) }
        let (low, high) = (Self.mel(name.fmin, name.isHTK), Self.mel(name.fmax, name.isHTK))
        let points = (0..<name.nMels + 2).map { index in
            Self.hertz(low + (high - low) * Double(index) / Double(name.nMels + 1), name.isHTK)
        }
        bands = (0..<name.nMels).map { filter in
            let (left, centre, right) = (points[filter], points[filter + 1], points[filter + 2])
            let norm = name.isSlaneyNormed ? 2 / (right - left) : 1
            var (first, weights) = (0, [Float]())
            for (bin, frequency) in frequencies.enumerated() {
                let weight = max(0, min((frequency - left) / (centre - left), (right - frequency) / (right - centre)))
                if weight > 0 {
                    if weights.isEmpty { first = bin }
                    weights.append(Float(weight) * Float(norm))
                } else if !weights.isEmpty {
                    break
                }
            }
            return (first, weights)
        }
    }

    /// Filters without a bin: too many mels for the resolution.
    var emptyFilters: Int { bands.count { $0.weights.isEmpty } }

    /// Power spectra through the bank: frames × filters.
    func apply(_ power: [Float], count: Int) -> [Float] {
        let filters = bands.count
        return [Float](unsafeUninitializedCapacity: count * filters) { result, initialized in
            power.withUnsafeBufferPointer { power in
                for (filter, band) in bands.enumerated() {
                    band.weights.withUnsafeBufferPointer { weights in
                        for frame in 0..<count {
                            let start = frame * bins + band.first
                            var sum: Float = 0
                            for index in 0..<weights.count { sum += weights[index] * power[start + index] }
                            result[frame * filters + filter] = sum
                        }
                    }
                }
            }
            initialized = count * filters
        }
    }

    /// Hz to mel: linear below 1 kHz and logarithmic above (Slaney's Auditory Toolbox), or HTK's formula.
    static func mel(_ frequency: Double, _ isHTK: Bool) -> Double {
        if isHTK { return 2595 * log10(1 + frequency / 700) }
        let spacing = 200.0 / 3
        let (corner, step) = (1000.0, log(6.4) / 27)
        return frequency >= corner ? corner / spacing + log(frequency / corner) / step : frequency / spacing
    }

    static func hertz(_ mel: Double, _ isHTK: Bool) -> Double {
        if isHTK { return 700 * (pow(10, mel / 2595) - 1) }
        let spacing = 200.0 / 3
        let (corner, step) = (1000.0, log(6.4) / 27)
        let cornerMel = corner / spacing
        return mel >= cornerMel ? corner * exp(step * (mel - cornerMel)) : spacing * mel
    }
}
