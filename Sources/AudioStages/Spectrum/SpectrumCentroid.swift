// audio.spectrum.spectral_centroid

internal import Stages
internal import Tensors

struct SpectrumCentroid: SpectrumFeature {
    static let name = "spectral_centroid"
    static let subject = "The mean frequency, weighted by magnitude,"
    static let documentation = """
        Σ f · |X(f)| / Σ |X(f)| in Hz, from 0 to half the sample rate; 0 for a silent frame.

        Source: librosa 0.11, `librosa.feature.spectral_centroid`.
        """
    static let labelPhrase = "spectral_centroid"

    let parameters: NoParameters
    var labels: [String] { [Self.name] }
    init(_ parameters: NoParameters) { self.parameters = parameters }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        let moments = FrameMoments(of: try spectrum.magnitudes(), frequencies: spectrum.frequencies)
        return try spectrum.features(moments.centroids.map { Float($0) }, labels: labels)
    }
}
