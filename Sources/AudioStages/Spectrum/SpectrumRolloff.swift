// audio.spectrum.spectral_rolloff

internal import Stages
internal import Tensors

struct SpectrumRolloff: SpectrumFeature {
    static let name = "spectral_rolloff"
    static let subject = "The frequency below which a share of the magnitude lies"
    static let documentation = """
        The lowest frequency, in Hz, at which the magnitudes from 0 Hz on add up to at least `roll_percent` (a share) of \
        all; 0 for a silent frame. Summed in float32 from 0 Hz on, as librosa does, since a bin is jumped by rounding.

        Source: librosa 0.11, `librosa.feature.spectral_rolloff`.
        """
    static let labelPhrase = "spectral_rolloff"

    struct Parameters: ParameterSet {
        var share = 0.85

        static var fields: [Field<Parameters>] {
            [Field("roll_percent", \.share, as: .float(.inside(0, 1)), "the share, as 0.85")]
        }
    }

    let parameters: Parameters
    var labels: [String] { [Self.name] }
    init(_ parameters: Parameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let magnitudes = try spectrum.magnitudes()
        let (bins, frequencies, share) = (spectrum.bins, spectrum.frequencies, Float(parameters.share))
        let rolloffs = magnitudes.withUnsafeBufferPointer { magnitudes in
            (0..<spectrum.frames).map { frame in
                let row = UnsafeBufferPointer(rebasing: magnitudes[frame * bins..<(frame + 1) * bins])
                var total: Float = 0
                for value in row { total += value }
                let threshold = share * total
                var sum: Float = 0
                for bin in 0..<bins {
                    sum += row[bin]
                    if sum >= threshold { return Float(frequencies[bin]) }
                }
                return Float(frequencies[bins - 1])
            }
        }
        return try spectrum.features(rolloffs, labels: labels)
    }
}
