// audio.spectrum.spectral_flatness

internal import Glibc
internal import Stages
internal import Tensors

struct SpectrumFlatness: SpectrumFeature {
    static let name = "spectral_flatness"
    static let subject = "The geometric over the arithmetic mean"
    static let documentation = """
        Of the magnitudes to `power`, none counted as less than `amin`: 1 for white noise and for silence, near 0 for a \
        tone.

        Source: librosa 0.11, `librosa.feature.spectral_flatness`.
        """
    static let labelPhrase = "spectral_flatness"
    static let arithmetic: Set<NumericLibrary> = [.libm]
    static let tolerance: Double? = 1e-6

    struct Parameters: ParameterSet {
        var least = 1e-10
        var power = 2.0

        static var fields: [Field<Parameters>] {
            [
                Field("amin", \.least, as: .float(.above(0)), "powers below it count as it"),
                Field("power", \.power, as: .float(.above(0)), "exponent of the magnitudes"),
            ]
        }
    }

    let parameters: Parameters
    var labels: [String] { [Self.name] }
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let powers = try spectrum.magnitudes(power: parameters.power)
        let (bins, least) = (spectrum.bins, Swift.max(Float(parameters.least), .leastNormalMagnitude))
        let flatness = powers.withUnsafeBufferPointer { powers in
            (0..<spectrum.frames).map { frame in
                let row = UnsafeBufferPointer(rebasing: powers[frame * bins..<(frame + 1) * bins])
                let mean = laneSum(bins) { Double(Swift.max(least, row[$0])) } / Double(bins)
                return Float(exp(Self.sumOfLogarithms(row, least: least) / Double(bins)) / mean)
            }
        }
        return try spectrum.features(flatness, labels: labels)
    }

    /// Σ ln max(least, x): one logarithm for 7 values, as a product of seven floats lies within the range of double.
    private static func sumOfLogarithms(_ values: UnsafeBufferPointer<Float>, least: Float) -> Double {
        var sum = 0.0
        for start in stride(from: 0, to: values.count, by: 7) {
            var product = 1.0
            for index in start..<min(values.count, start + 7) { product *= Double(Swift.max(least, values[index])) }
            sum += log(product)
        }
        return sum
    }
}
