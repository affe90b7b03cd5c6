// audio.spectrum.spectral_contrast

internal import Glibc
internal import Kernels
internal import Stages
internal import Tensors

struct SpectrumContrast: SpectrumFeature {
    static let name = "spectral_contrast"
    static let subject = "Peaks over valleys in octave bands"
    static let documentation = """
        The bands are 0 to fmin, and n_bands octaves from there; each takes the bin below it as well, all but the last drop \
        their highest bin, and the last goes on to half the sample rate. In each, the mean of the strongest `quantile` of \
        the magnitudes over the mean of the weakest, in dB (or their difference, with `linear`): n_bands + 1 columns. \
        Peaks and valleys are each held at 80 dB below their greatest value in the whole sample.

        Fails on: bands that begin above half the sample rate (at the defaults 6400 Hz, so above 12800 samples a second are \
        needed), and bands that hold no frequency of the transform.

        Source: Jiang and others, "Music type classification by spectral contrast feature", 2002; librosa 0.11, \
        `librosa.feature.spectral_contrast`.
        """
    static let labelPhrase = "spectral_contrast_0 …"
    static let arithmetic: Set<NumericLibrary> = [.libm]
    static let tolerance: Double? = 1e-5

    struct Parameters: ParameterSet {
        var lowest = 200.0
        var bands = 6
        var quantile = 0.02
        var isLinear = false

        static var fields: [Field<Parameters>] {
            [
                Field("fmin", \.lowest, as: .float(.above(0)), unit: "Hz", "where the first octave begins"),
                Field("n_bands", \.bands, as: .int(.between(1, 30)), "how many octaves"),
                Field(
                    "quantile", \.quantile, as: .float(.inside(0, 1)), "the share that counts as peak, and as valley"),
                Field("linear", \.isLinear, "the difference of magnitudes in place of decibels"),
            ]
        }
    }

    let parameters: Parameters
    var labels: [String] { (0...parameters.bands).map { "spectral_contrast_\($0)" } }
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let bands = try bands(of: spectrum)
        let (peaks, valleys) = extremes(of: try spectrum.magnitudes(), bins: spectrum.bins, bands)
        if parameters.isLinear {
            return try spectrum.features(zip(peaks, valleys).map { Float($0 - $1) }, labels: labels)
        }
        return try spectrum.features(
            zip(decibels(peaks), decibels(valleys)).map { Float($0 - $1) }, labels: labels)
    }

    /// Bins of a band, and how many of them count as peak and as valley.
    private struct Band {
        let bins: Range<Int>
        let count: Int
    }

    private func bands(of spectrum: Spectrum) throws(Failure) -> [Band] {
        let nyquist = spectrum.sampleRate / 2
        let edges = [0] + (0...parameters.bands).map { parameters.lowest * Double(1 << $0) }
        if let beyond = edges.dropLast().first(where: { $0 >= nyquist }) {
            throw Failure(
                "a band of the spectral contrast begins at \(hertz(beyond)), not below half the sample rate "
                    + "(\(hertz(nyquist)))", advice: "lower fmin or n_bands")
        }
        let frequencies = spectrum.frequencies
        var bands = [Band]()
        for band in 0...parameters.bands {
            let isLast = band == parameters.bands
            guard var first = frequencies.firstIndex(where: { $0 >= edges[band] }),
                var end = frequencies.lastIndex(where: { $0 <= edges[band + 1] }).map({ $0 + 1 }), first < end
            else { throw empty(edges[band], edges[band + 1]) }
            if band > 0 { first -= 1 }
            if isLast { end = frequencies.count }
            let rounded = (parameters.quantile * Double(end - first)).rounded(.toNearestOrEven)
            if !isLast { end -= 1 }
            guard first < end else { throw empty(edges[band], edges[band + 1]) }
            bands.append(Band(bins: first..<end, count: min(end - first, max(1, Int(rounded)))))
        }
        return bands
    }

    private func empty(_ low: Double, _ high: Double) -> Failure {
        Failure(
            "the band from \(hertz(low)) to \(hertz(high)) of the spectral contrast holds no frequency of the transform",
            advice: "raise n_fft or fmin")
    }

    /// The means of the greatest and least magnitudes, row-major (time, band).
    private func extremes(of magnitudes: [Float], bins: Int, _ bands: [Band]) -> (peaks: [Double], valleys: [Double]) {
        let frames = magnitudes.count / bins
        var peaks = [Double](repeating: 0, count: frames * bands.count)
        var valleys = peaks
        var selection = Selection(capacity: bands.map(\.count).max() ?? 1)
        magnitudes.withUnsafeBufferPointer { magnitudes in
            for frame in 0..<frames {
                let row = UnsafeBufferPointer(rebasing: magnitudes[frame * bins..<(frame + 1) * bins])
                for (index, band) in bands.enumerated() {
                    let values = UnsafeBufferPointer(rebasing: row[band.bins])
                    let (peak, valley) = selection.means(of: values, count: band.count)
                    peaks[frame * bands.count + index] = peak
                    valleys[frame * bands.count + index] = valley
                }
            }
        }
        return (peaks, valleys)
    }

    /// 10 · log10, floored at 1e-10 and at 80 dB below the greatest.
    private func decibels(_ values: [Double]) -> [Double] {
        let decibels = values.map { 10 * log10(max(1e-10, $0)) }
        let least = (decibels.max() ?? 0) - 80
        return decibels.map { max($0, least) }
    }
}

/// Finds the few greatest and least values of a row.
private struct Selection {
    private var low: [Float]
    private var high: [Float]

    init(capacity: Int) {
        low = [Float](repeating: 0, count: capacity)
        high = low
    }

    /// The means of the `count` greatest and least values, added in ascending order in float32, as numpy does.
    mutating func means(of values: UnsafeBufferPointer<Float>, count: Int) -> (peak: Double, valley: Double) {
        let length = values.count
        if count > 64 {
            let sorted = values.sorted()
            return (mean(sorted.suffix(count)), mean(sorted.prefix(count)))
        }
        low.withUnsafeMutableBufferPointer { low in
            high.withUnsafeMutableBufferPointer { high in
                guard let values = values.baseAddress, let low = low.baseAddress,
                    let high = high.baseAddress
                else { return }
                kernel_extremes(values, length, count, low, high)
            }
        }
        return (mean(high[..<count]), mean(low[..<count]))
    }

    private func mean(_ values: some Collection<Float>) -> Double {
        var sum: Float = 0
        for value in values { sum += value }
        return Double(sum / Float(values.count))
    }
}
