// audio.spectrum.mel_spectrogram

internal import Stages
internal import Tensors

struct SpectrumMelSpectrogram: SpectrumFeature {
    static let name = "mel_spectrogram"
    static let subject = "Energies in mel bands"
    static let documentation = """
        Magnitudes to a power (2 by default: power), summed in triangular bands that are evenly spaced on the mel scale. \
        float32, the signal's unit to the power. `audio.power_to_db` turns them into decibels.

        Fails on: fmax above half the sample rate, powers beyond float32.

        Source: librosa 0.11, `librosa.feature.melspectrogram`.
        """
    static let labelPhrase = "mel_0 …"
    static let arithmetic: Set<NumericLibrary> = [.libm]
    static let tolerance: Double? = 1e-4

    struct Parameters: ParameterSet {
        var mel = MelParameters()
        var power = 2.0

        static var fields: [Field<Parameters>] {
            [
                Field("n_mels", \.mel.bands, as: .int(.between(1, 10_000)), "how many mel bands"),
                Field("fmin", \.mel.lowest, as: .float(.atLeast(0)), unit: "Hz", "where the lowest band begins"),
                Field(
                    "fmax", \.mel.highest, as: .optional(.float(.above(0))), unit: "Hz",
                    "where the highest band ends; null is half the sample rate"),
                Field("htk", \.mel.isHtk, "whether the mel scale is HTK's formula, else Slaney's"),
                Field("power", \.power, as: .float(.above(0)), "exponent of the magnitudes: 1 energy, 2 power"),
                Field("norm", \.mel.norm, "slaney for filters of equal area; null for peaks of 1"),
            ]
        }
    }

    let parameters: Parameters
    var labels: [String] { (0..<parameters.mel.bands).map { "mel_\($0)" } }

    init(_ parameters: Parameters) throws(Problem) {
        self.parameters = parameters
        try parameters.mel.check()
    }

    func apply(_ input: MapInput) throws -> Value {
        let spectrum = try input.spectrum()
        try checkMemory(frames: spectrum.frames, values: parameters.mel.bands)
        let filters = try MelFilters.bank(parameters.mel, sampleRate: spectrum.sampleRate, size: spectrum.size)
        return try spectrum.features(
            filters.energies(of: try spectrum.magnitudes(power: parameters.power)), labels: labels)
    }
}
