// audio.spectrum.spectral_bandwidth

internal import Glibc
internal import Stages
internal import Tensors

struct SpectrumBandwidth: SpectrumFeature {
    static let name = "spectral_bandwidth"
    static let subject = "The spread of frequencies around the spectral centroid"
    static let documentation = """
        (Σ w(f) · |f − centroid|^p)^(1/p) in Hz, where w is the magnitude, divided by the sum of magnitudes of its frame \
        with `norm`; 0 for a silent frame.

        Source: librosa 0.11, `librosa.feature.spectral_bandwidth`.
        """
    static let labelPhrase = "spectral_bandwidth"
    static let arithmetic: Set<NumericLibrary> = [.libm]
    static let tolerance: Double? = 1e-6

    struct Parameters: ParameterSet {
        var isNormalized = true
        var exponent = 2.0

        static var fields: [Field<Parameters>] {
            [
                Field("norm", \.isNormalized, "whether the magnitudes of a frame are divided by their sum"),
                Field("p", \.exponent, as: .float(Bounds(lower: 0, upper: 16, isLowerOpen: true)), "the exponent"),
            ]
        }
    }

    let parameters: Parameters
    var labels: [String] { [Self.name] }
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let magnitudes = try spectrum.magnitudes()
        let frequencies = spectrum.frequencies
        let moments = FrameMoments(of: magnitudes, frequencies: frequencies)
        let (bins, exponent) = (spectrum.bins, parameters.exponent)
        let widths = magnitudes.withUnsafeBufferPointer { magnitudes in
            frequencies.withUnsafeBufferPointer { frequencies in
                (0..<spectrum.frames).map { frame in
                    let row = UnsafeBufferPointer(rebasing: magnitudes[frame * bins..<(frame + 1) * bins])
                    let centroid = moments.centroids[frame]
                    let sum =
                        exponent == 2
                        ? laneSum(bins) {
                            let deviation = frequencies[$0] - centroid
                            return Double(row[$0]) * (deviation * deviation)
                        } : laneSum(bins) { Double(row[$0]) * pow(abs(frequencies[$0] - centroid), exponent) }
                    let scaled = parameters.isNormalized ? sum / FrameMoments.divisor(moments.sums[frame]) : sum
                    return Float(exponent == 2 ? scaled.squareRoot() : pow(scaled, 1 / exponent))
                }
            }
        }
        return try spectrum.features(widths, labels: labels)
    }
}
